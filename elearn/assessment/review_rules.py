"""What of a submitted attempt its student is shown, and what the class keeps back for now (pure)."""

from dataclasses import replace
from datetime import datetime

from markupsafe import Markup

from elearn.assessment.review import ReviewedChoice, ReviewedItem, ReviewedPart
from elearn.assessment.rules import QuizRules

_NOTHING = Markup("")


def may_see_key(rules: QuizRules, at: datetime) -> bool:
    """Return whether the right answers of a submitted attempt are shown at that moment."""
    return all(rules.shows(what, at) for what in ("marks", "answers", "key"))


def without_key(item: ReviewedItem) -> ReviewedItem:
    """Return a question with what was answered and how it was marked, and nothing of what would have been right."""
    return replace(
        item,
        choices=tuple(_choice(choice) for choice in item.choices),
        parts=tuple(_part(part) for part in item.parts),
        accepted=(),
        answer_feedback=_NOTHING,
        feedback=_NOTHING,
        model=_NOTHING,
    )


def _choice(choice: ReviewedChoice) -> ReviewedChoice:
    # Which of several ticked ones were right would tell the rest of the key.
    return replace(choice, state="", feedback=_NOTHING)


def _part(part: ReviewedPart) -> ReviewedPart:
    return replace(part, right=_NOTHING, state="", feedback=_NOTHING)
