"""Looking, question by question, whether an answer is right, where the quiz lets one learn at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from flask_babel import gettext as _

from elearn import clock
from elearn.assessment.answers import Saved
from elearn.assessment.attempt_access import OwnAttempt
from elearn.assessment.models import ItemTry
from elearn.assessment.queries import LaidItem
from elearn.assessment.try_queries import looks_in
from elearn.db import db
from elearn.errors import Conflict, Invalid


def is_settled(item: LaidItem, looks: Sequence[tuple[int, bool]]) -> bool:
    """Return whether nothing about the answer can change any more: it was seen to be right, or no try is left."""
    return len(looks) >= item.tries or any(is_right for _answer, is_right in looks)


def check_not_settled(attempt: OwnAttempt, items: Iterable[LaidItem], added: Iterable[Saved]) -> None:
    """Raise Invalid where a new answer is to a question that is settled; nothing of what was sent is saved then."""
    by_id = {item.id: item for item in items}
    looks = looks_in(attempt.id)
    faults = {
        by_id[answer.item_revision_id].field: _(
            "Question %(number)s was checked, and its answer stands.", number=by_id[answer.item_revision_id].number
        )
        for answer in added
        if is_settled(by_id[answer.item_revision_id], looks.get(answer.item_revision_id, ()))
    }
    if faults:
        raise Invalid(" ".join(faults.values()), faults)


def look(attempt: OwnAttempt, item: LaidItem, answer: Saved | None, *, at: datetime | None = None) -> bool:
    """Return whether the answer that stands is right; the look is kept, as a try. The attempt is locked.

    Raise Conflict where the quiz shows nothing before it is submitted, Invalid where there is no answer. To look again at the same
    answer is no further try.
    """
    if not attempt.is_immediate:
        raise Conflict(_("This quiz shows what is right once it is submitted."))
    if answer is None or answer.response is None or answer.id is None:
        words = _("Question %(number)s has no answer yet.", number=item.number)
        raise Invalid(words, {item.field: words})
    looks = looks_in(attempt.id).get(item.id, [])
    seen = [is_right for answer_id, is_right in looks if answer_id == answer.id]
    if seen or is_settled(item, looks):
        return seen[-1] if seen else looks[-1][1]
    grade = item.graded(answer.response)
    if grade.correct is None:
        raise Conflict(_("Nobody can say at once whether question %(number)s is answered rightly: it is for people.", number=item.number))
    is_right = grade.correct
    db.session.add(
        ItemTry(
            attempt_id=attempt.id,
            item_revision_id=item.id,
            number=len(looks) + 1,
            answer_id=answer.id,
            is_right=is_right,
            at=at or clock.now(),
        )
    )
    db.session.flush()
    return is_right
