"""What is typed to mark an answer: a level for each criterion, words to the student, and points beside the rubric with their reason."""

from dataclasses import dataclass, field

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from elearn.assessment.marking import typed_points
from elearn.catalogue.items.essay import missing_criteria, points_of
from elearn.catalogue.items.item import MICRO, Definition
from elearn.learning.progress import shown_points

LONGEST_COMMENT = 10_000
LONGEST_REASON = 1_000
LONGEST_NUMBER = 10


@dataclass
class MarkForm:
    """A form as it was typed, with what is wrong by field."""

    levels: dict[str, str]
    comment: str = ""
    #: Points beside the rubric's, as typed; empty: the rubric's.
    instead: str = ""
    reason: str = ""
    #: The mark that the page showed as the newest.
    seen: int = 0
    faults: dict[str, str] = field(default_factory=dict)

    def rubric_points(self, definition: Definition) -> int | None:
        """Return what the levels are worth together; None as long as a criterion has none."""
        return None if missing_criteria(definition, self.levels) else points_of(definition, self.levels)

    def points(self, definition: Definition) -> int | None:
        """Return the points that this form gives; None as long as it does not say."""
        return typed_points(self.instead) if self.instead else self.rubric_points(definition)

    def check(self, definition: Definition, *, may_adjust: bool, is_change: bool) -> bool:
        """Return whether the form can be taken; ``faults`` says what is wrong."""
        self.faults = {f"level-{key}": _("Choose a level.") for key in missing_criteria(definition, self.levels)}
        self._check_length("comment", self.comment, LONGEST_COMMENT)
        self._check_length("reason", self.reason, LONGEST_REASON)
        if self.instead:
            self._check_points(int(definition["points"]), may_adjust=may_adjust)
        if not self.reason and (self.instead or is_change):
            self.faults["reason"] = (
                _("Say why the points are not the rubric's.")
                if self.instead
                else _("This answer is marked already. Say why you change it.")
            )
        return not self.faults

    def _check_length(self, name: str, text: str, longest: int) -> None:
        if len(text) > longest:
            told = _("This has %(length)d characters; %(longest)d are the most. Please shorten it.", length=len(text), longest=longest)
            self.faults[name] = told

    def _check_points(self, most: int, *, may_adjust: bool) -> None:
        points = typed_points(self.instead)
        if not may_adjust:
            self.faults["instead"] = _("Only the professors of this class give points beside the rubric. Leave this empty.")
        elif points is None:
            self.faults["instead"] = _("Enter a number such as 3 or 2.5, with at most 5 decimals.")
        elif not 0 <= points <= most:
            self.faults["instead"] = _("From 0 to %(most)s points.", most=shown_points(most))


def typed_mark(form: MultiDict[str, str], definition: Definition) -> MarkForm:
    """Return what a form said."""
    seen = form.get("seen", "")
    return MarkForm(
        {each["id"]: form.get(f"level-{each['id']}", "")[:80] for each in definition["rubric"]},
        form.get("comment", "").replace("\r\n", "\n").strip(),
        form.get("instead", "").strip()[:80],
        form.get("reason", "").replace("\r\n", "\n").strip(),
        int(seen) if len(seen) <= LONGEST_NUMBER and seen.isascii() and seen.isdecimal() else 0,
    )


def mark_as_given(definition: Definition, levels: dict[str, str], comment: str, points: int, seen: int) -> MarkForm:
    """Return a form filled in from a mark that was given before, to be changed."""
    form = MarkForm(dict(levels), comment, seen=seen)
    if form.rubric_points(definition) not in {None, points}:
        form.instead = f"{points / MICRO:f}".rstrip("0").rstrip(".")
    return form
