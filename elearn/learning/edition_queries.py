"""Questions about classes and the editions that they are taught on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from elearn import clock
from elearn.adaptation.course_classes import ClassOnCourse
from elearn.adaptation.edition_difference_queries import NO_ITEMS, ItemDifference, changed_sections, item_differences, renamed_sections
from elearn.adaptation.models import Edition
from elearn.adaptation.queries import EditionContents, EditionLine, ModuleInEdition
from elearn.db import db
from elearn.learning.models import CourseClass, Enrolment
from elearn.learning.open_attempts import open_attempts
from elearn.learning.queries import tallies
from elearn.learning.terms import day_in


def classes_on_courses(person_id: int, course_ids: Collection[int]) -> Mapping[int, list[ClassOnCourse]]:
    """Return by course the classes on it that the person runs, those first that are not over."""
    rows = db.session.execute(
        select(
            CourseClass.id,
            CourseClass.title,
            CourseClass.timezone,
            CourseClass.ends_on,
            Edition.id.label("edition_id"),
            Edition.course_id,
            Edition.number,
        )
        .join(Edition, Edition.id == CourseClass.edition_id)
        .join(Enrolment, Enrolment.class_id == CourseClass.id)
        .where(
            Edition.course_id.in_(course_ids),
            Enrolment.person_id == person_id,
            Enrolment.role == "professor",
            Enrolment.ended_at.is_(None),
        )
        .order_by(CourseClass.ends_on.desc(), CourseClass.id.desc()),
    )
    now, found = clock.now(), dict[int, list[ClassOnCourse]]()
    for row in rows:
        over = day_in(row.timezone, now) > row.ends_on
        found.setdefault(row.course_id, []).append(ClassOnCourse(row.id, row.title, row.edition_id, row.number, over))
    return found


@dataclass(frozen=True)
class SectionChange:
    """A section that another edition has, has not, or has otherwise."""

    title: str
    is_for_teachers: bool
    #: How many students have it done.
    done: int


@dataclass(frozen=True)
class ModuleChange:
    """What another edition makes of a module for a class."""

    title: str
    #: new, gone, or empty: both have it.
    state: str
    new: tuple[SectionChange, ...]
    gone: tuple[SectionChange, ...]
    changed: tuple[SectionChange, ...]
    #: How many sections stay as they are.
    same: int
    items: ItemDifference
    #: Attempts under way: they go on with the questions that they began with.
    under_way: int
    #: Whether the order, the rules of the quiz or the title are others.
    has_other_rules: bool

    @property
    def is_nothing(self) -> bool:
        """Whether the module is the same."""
        return not (self.state or self.new or self.gone or self.changed or self.has_other_rules or self.items != NO_ITEMS)


def changes_for_class(class_id: int, before: EditionContents, after: EditionContents) -> tuple[ModuleChange, ...]:
    """Return what moving a class from one edition to another changes for its students, module by module; six statements."""
    renamed = renamed_sections(before, after)
    changed, items = changed_sections(before.id, after.id, renamed), item_differences(before.id, after.id)
    done, attempts = tallies(class_id), open_attempts(class_id)
    there = {module.module_id: module for module in before.modules}
    here = {module.module_id for module in after.modules}
    found = [
        _module_change(there.get(m.module_id), m, changed, items.get(m.module_id, NO_ITEMS), renamed.get(m.module_id, {}), done, attempts)
        for m in after.modules
    ]
    for module in before.modules:
        if module.module_id not in here:
            gone = tuple(_section(line, module.module_id, line.key, done) for line in module.lines)
            left = attempts.get(module.module_id, 0)
            found.append(ModuleChange(module.title, "gone", (), gone, (), 0, NO_ITEMS, left, has_other_rules=False))
    return tuple(found)


Tallies = Mapping[tuple[int, str], int]


def _section(line: EditionLine, module_id: int, key: str, done: Tallies) -> SectionChange:
    return SectionChange(line.title, line.audience == "teacher", done.get((module_id, key), 0))


def _module_change(
    before: ModuleInEdition | None,
    after: ModuleInEdition,
    changed: Collection[tuple[int, str]],
    items: ItemDifference,
    renamed: Mapping[str, str],
    done: Tallies,
    attempts: Mapping[int, int],
) -> ModuleChange:
    module_id, lines = after.module_id, before.lines if before else ()
    former = {renamed.get(line.key, line.key): line for line in lines}
    old = {new: old for old, new in renamed.items()}
    here = {line.key for line in after.lines}
    new = [line for line in after.lines if line.key not in former]
    gone = [line for key, line in former.items() if key not in here]
    other = [line for line in after.lines if (module_id, line.key) in changed]
    rules = before is not None and (
        (before.quiz, before.title) != (after.quiz, after.title)
        or [key for key in former if key in here] != [line.key for line in after.lines if line.key in former]
    )
    return ModuleChange(
        after.title,
        "" if before else "new",
        tuple(_section(line, module_id, line.key, done) for line in new),
        tuple(_section(line, module_id, line.key, done) for line in gone),
        tuple(_section(line, module_id, old.get(line.key, line.key), done) for line in other),
        len(after.lines) - len(new) - len(other),
        items if before else NO_ITEMS,
        attempts.get(module_id, 0),
        has_other_rules=rules,
    )
