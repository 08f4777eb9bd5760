"""What a role may do: one table, to be read aloud."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """A person's role at an institution (the first three) or in the programme."""

    STUDENT = "student"
    PROFESSOR = "professor"
    COORDINATOR = "coordinator"
    EDITOR = "editor"
    REGIONAL_COORDINATOR = "regional-coordinator"
    PROGRAMME_COORDINATOR = "programme-coordinator"


AT_AN_INSTITUTION = frozenset({Role.STUDENT, Role.PROFESSOR, Role.COORDINATOR})
#: Roles that give nothing until the second factor was shown in this sign-in, outside demonstrations.
WANT_SECOND_FACTOR = frozenset({Role.COORDINATOR, Role.EDITOR, Role.REGIONAL_COORDINATOR, Role.PROGRAMME_COORDINATOR})
#: Whoever holds a role answers for those that stand before it: nobody hands out a link into the account of somebody above them.
RANK = {role: rank for rank, role in enumerate(Role)}


class Permission(StrEnum):
    """Something that not everyone may do."""

    PREPARE_CLASSES = "prepare-classes"
    """Make a course and a class, which students cannot join yet."""
    TEACH = "teach"
    """Have students join a class."""
    READ_TEACHER_SECTIONS = "read-teacher-sections"
    """Read answer keys, model answers and rubrics."""
    SEE_FIGURES = "see-figures"
    """See the figures of one's institution, region or programme, unrounded."""
    SEE_ALL_FIGURES = "see-all-figures"
    """See the figures of every institution, unrounded."""
    CONFIRM_PEOPLE = "confirm-people"
    """Confirm or decline people who asked for a role at an institution."""
    CONFIRM_ALL_PEOPLE = "confirm-all-people"
    """The same, at any institution; and give and end the roles of the programme."""
    SEE_PROBLEMS = "see-problems"
    """Read what readers report of the series' passages."""
    HANDLE_PROBLEMS = "handle-problems"
    """Answer it, and say which revision mends it."""
    EDIT_SERIES = "edit-series"
    """Put a question of the series right, publish that, and have answers to it marked again everywhere."""
    SEE_ITEM_STATISTICS = "see-item-statistics"
    """See how the questions of the series did, over all institutions."""
    MANAGE_ACCOUNTS = "manage-accounts"
    """Deactivate and reactivate accounts, and help people back in who lost their password or second factor."""
    READ_INSTITUTIONS = "read-institutions"
    """Read the registry of institutions: one's own, those of one's region, or all."""
    CORRECT_INSTITUTIONS = "correct-institutions"
    """Correct the local name, time zone and mail domains of one's institution."""
    MANAGE_INSTITUTIONS = "manage-institutions"
    """Add institutions, change all of them, and decide on those that people ask for."""
    READ_AUDIT = "read-audit"
    """Read who did what to whom at one's institution."""
    READ_ALL_AUDIT = "read-all-audit"
    """The same, everywhere."""
    LOOK_AFTER_JOBS = "look-after-jobs"
    """See what runs in the background, and have tried again what failed."""


#: A role that is only asked for gives what stands in the second column; once confirmed, the third as well.
TABLE: dict[Role, tuple[frozenset[Permission], frozenset[Permission]]] = {
    Role.STUDENT: (frozenset(), frozenset()),
    Role.PROFESSOR: (
        frozenset({Permission.PREPARE_CLASSES}),
        frozenset({Permission.TEACH, Permission.READ_TEACHER_SECTIONS}),
    ),
    Role.COORDINATOR: (
        frozenset(),
        frozenset(
            {
                Permission.READ_TEACHER_SECTIONS,
                Permission.SEE_FIGURES,
                Permission.CONFIRM_PEOPLE,
                Permission.READ_INSTITUTIONS,
                Permission.CORRECT_INSTITUTIONS,
                Permission.READ_AUDIT,
            }
        ),
    ),
    Role.EDITOR: (
        frozenset(),
        frozenset(
            {
                Permission.READ_TEACHER_SECTIONS,
                Permission.SEE_PROBLEMS,
                Permission.HANDLE_PROBLEMS,
                Permission.SEE_ITEM_STATISTICS,
                Permission.EDIT_SERIES,
            }
        ),
    ),
    Role.REGIONAL_COORDINATOR: (
        frozenset(),
        frozenset({Permission.READ_TEACHER_SECTIONS, Permission.SEE_FIGURES, Permission.READ_INSTITUTIONS}),
    ),
    Role.PROGRAMME_COORDINATOR: (
        frozenset(),
        frozenset(
            {
                Permission.READ_TEACHER_SECTIONS,
                Permission.SEE_FIGURES,
                Permission.SEE_ALL_FIGURES,
                Permission.CONFIRM_PEOPLE,
                Permission.CONFIRM_ALL_PEOPLE,
                Permission.SEE_PROBLEMS,
                Permission.SEE_ITEM_STATISTICS,
                Permission.MANAGE_ACCOUNTS,
                Permission.READ_INSTITUTIONS,
                Permission.CORRECT_INSTITUTIONS,
                Permission.MANAGE_INSTITUTIONS,
                Permission.READ_AUDIT,
                Permission.READ_ALL_AUDIT,
                Permission.LOOK_AFTER_JOBS,
            }
        ),
    ),
}


@dataclass(frozen=True)
class Held:
    """A role that a person holds now."""

    role: Role
    institution_id: int | None
    region: str | None
    is_confirmed: bool
    #: It waits for the second factor.
    is_withheld: bool = False

    @property
    def permissions(self) -> frozenset[Permission]:
        """What this role gives now: as far as it is confirmed, and nothing while it waits for the second factor."""
        return frozenset() if self.is_withheld else self.promised

    @property
    def promised(self) -> frozenset[Permission]:
        """What this role gives once the second factor is shown."""
        asked, confirmed = TABLE[self.role]
        return asked | confirmed if self.is_confirmed else asked


@dataclass(frozen=True)
class Visitor:
    """The person who is asking: what every page needs to know of them, and nothing else.

    It answers what Flask-Login asks of a user.
    """

    id: int
    name: str
    language: str
    timezone: str
    memberships: tuple[Held, ...] = ()
    sign_in_id: int | None = None
    token: str = field(default="", repr=False)
    #: What stands for the account on a device.
    mark: str = ""
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return what the cookie keeps: the token of this sign-in, not the person."""
        return self.token

    @property
    def initials(self) -> str:
        """One or two letters that stand for the name."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def lacks_second_factor(self) -> bool:
        """Whether a role of this person gives nothing until the second factor is shown."""
        return any(held.is_withheld for held in self.memberships)

    def institutions(self, permission: Permission) -> Iterator[int]:
        """Yield the institutions at which this person holds ``permission``."""
        for held in self.memberships:
            if held.institution_id is not None and permission in held.permissions:
                yield held.institution_id


def may(visitor: object, permission: str, institution_id: int | None = None) -> bool:
    """Return whether ``visitor`` holds ``permission``, at this institution or (None) at any."""
    if not isinstance(visitor, Visitor):
        return False
    return any(
        permission in held.permissions and (institution_id is None or held.institution_id in {None, institution_id})
        for held in visitor.memberships
    )


def waits_for_second_factor(visitor: object, permission: str) -> bool:
    """Return whether ``visitor`` would hold ``permission``, had they shown their second factor in this sign-in."""
    return isinstance(visitor, Visitor) and any(held.is_withheld and permission in held.promised for held in visitor.memberships)
