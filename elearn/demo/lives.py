"""Doing what a student does in a class, act by act, as the pages would: the doors, then the services, at the moment of the act."""

from collections.abc import Iterable
from datetime import timedelta

from elearn.accounts.permissions import Visitor
from elearn.assessment.access import QuizPlace, quiz_in_class
from elearn.assessment.attempt_access import attempt_for_taking
from elearn.assessment.queries import LaidItem, laid_items
from elearn.assessment.responses import Given
from elearn.assessment.service import save_answers
from elearn.assessment.start_service import start_attempt
from elearn.assessment.submit_service import submit_attempt
from elearn.demo.history import Act, Sitting
from elearn.demo.minds import Mind
from elearn.learning.access import desk_for_learning
from elearn.learning.progress import percent
from elearn.learning.service import mark_section

#: Ability that a further attempt adds: the feedback was read.
LEARNT = 0.5


def live(student: Visitor, class_id: int, acts: Iterable[Act], *, seed: str, ability: float) -> None:
    """Leave the class with everything done in it that ``acts`` say."""
    mind = Mind(seed, ability)
    for act in acts:
        if isinstance(act, Sitting):
            _sit(student, class_id, mind, act)
        else:
            mark_section(desk_for_learning(student, class_id, act.slug, writing=True), act.key, is_done=act.is_done, at=act.at)


def _sit(student: Visitor, class_id: int, mind: Mind, sitting: Sitting) -> None:
    """Leave an attempt answered in two halves and submitted, or left open after the first; nothing if there is no need of one."""
    place = quiz_in_class(student, class_id, sitting.slug, writing=True)
    if _is_passed(place) or (place.allowed and sitting.number > place.allowed):
        return
    attempt_id = start_attempt(student, place, at=sitting.at)
    attempt = attempt_for_taking(student, attempt_id, at=sitting.at)
    items = laid_items(attempt.layout)
    half = len(items) // 2
    mind = Mind(mind.seed, mind.ability + LEARNT * (sitting.number - 1))
    minute = timedelta(minutes=1)
    save_answers(attempt, _given(mind, items[:half], sitting.number), at=sitting.at + minute * sitting.minutes / 2)
    if sitting.is_left_open:
        return
    at = sitting.at + minute * sitting.minutes
    attempt = attempt_for_taking(student, attempt_id, at=at)
    submit_attempt(attempt, save_answers(attempt, _given(mind, items[half:], sitting.number), at=at).standing, at=at)


def _is_passed(place: QuizPlace) -> bool:
    desk = place.desk
    return desk is not None and desk.points is not None and percent(desk.points, desk.max_points or 0) >= place.pass_mark


def _given(mind: Mind, items: list[LaidItem], attempt: int) -> list[Given]:
    return [Given(item.key, mind.response(item.pinned.definition, item.key, attempt)) for item in items]
