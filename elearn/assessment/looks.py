"""What the page of an open attempt says of a question that its person had checked, where feedback comes at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from elearn.assessment.answers import Saved, standing
from elearn.assessment.attempt_access import OwnAttempt
from elearn.assessment.queries import LaidItem, laid_items
from elearn.assessment.try_queries import looks_in
from elearn.assessment.try_service import is_settled
from elearn.catalogue.queries import trusted


@dataclass(frozen=True)
class Looked:
    """How a question stands between its looks."""

    #: right or wrong, where the answer that stands was checked; else empty.
    state: str
    #: Whether the answer can change no more.
    is_settled: bool
    tries_left: int
    hints: tuple[Markup, ...]
    #: What there is to learn: of what was chosen, and once it is settled of the question.
    feedback: tuple[Markup, ...]


def looks_of(attempt: OwnAttempt) -> dict[str, Looked]:
    """Return how each question of an open attempt stands, by key; nothing where the quiz tells only afterwards. One statement."""
    if not attempt.is_immediate:
        return {}
    looks, answers = looks_in(attempt.id), standing(attempt.saved)
    return {
        item.key: _looked(item, answers.get(item.id), looks.get(item.id, []), attempt.language)
        for item in laid_items(attempt.layout)
        if item.is_checkable
    }


def _looked(item: LaidItem, answer: Saved | None, looks: Sequence[tuple[int, bool]], language: str) -> Looked:
    seen = [is_right for answer_id, is_right in looks if answer is not None and answer_id == answer.id]
    settled = is_settled(item, looks)
    wrong = sum(not is_right for _answer, is_right in looks)
    feedback: list[str] = []
    if seen and answer is not None:
        explained = item.explained(answer.response, language)
        feedback = [choice.feedback_html for choice in explained.choices if choice.chosen]
        feedback.append(explained.answer_html)
        # What is said of a part, or of the question, tells what is right.
        feedback += [*(part.feedback_html for part in explained.parts), explained.feedback_html] if settled else []
    return Looked(
        ("right" if seen[-1] else "wrong") if seen else "",
        settled,
        max(item.tries - len(looks), 0),
        tuple(trusted(html) for html in item.shown(language).hints_html[:wrong]),
        tuple(trusted(html) for html in feedback if html),
    )
