"""The job of a regrade: count, apply or undo, whatever its state asks for. It may be killed at any point and begun again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from elearn import clock
from elearn.assessment.regrade_letter_service import tell_professors, tell_students
from elearn.assessment.regrade_models import Regrade
from elearn.assessment.regrade_queries import Judge
from elearn.assessment.regrade_step_service import apply_some, count_some, finish_count, hold_missed, locked, undo_some
from elearn.db import unit_of_work
from elearn.jobs.service import enqueue
from elearn.jobs.work import Progress, job

#: Then whatever was submitted while other processes did not know of the regrade yet is long committed.
SECOND_LOOK_AFTER = timedelta(minutes=1)

Step = Callable[[Regrade, int], tuple[int, int]]


@job("regrade", title=_l("Marking answers again"))
def run(progress: Progress, *, regrade_id: int) -> dict[str, Any] | None:
    """Bring the regrade to where its state says it is going."""
    with unit_of_work():
        regrade = locked(regrade_id)
        state, counts = regrade.state, regrade.counts
        total = Judge(regrade).count_of_news() if counts is None else counts["changed"]
    match state:
        case "draft" if counts is None:
            _go(progress, regrade_id, "draft", total, _count)
            _finish_count(regrade_id)
        case "running":
            # What came in since it was counted is counted now: it is marked with the rest.
            _go(progress, regrade_id, "running", 0, _count)
            _go(progress, regrade_id, "running", total, lambda regrade, after: apply_some(regrade, after, clock.now()))
            _close(regrade_id, "running", "done")
            _tell(progress, regrade_id)
        case "done":
            _tell(progress, regrade_id)
            _go(progress, regrade_id, "done", 0, lambda regrade, after: hold_missed(Judge(regrade), after, clock.now()))
        case "undoing":
            _go(progress, regrade_id, "undoing", total, lambda regrade, after: undo_some(regrade, after, clock.now()))
            _close(regrade_id, "undoing", "undone")
            _tell(progress, regrade_id)
        case "undone":
            _tell(progress, regrade_id)
    return None


def _count(regrade: Regrade, after: int) -> tuple[int, int]:
    last = count_some(Judge(regrade), after)
    return 0, last


def _go(progress: Progress, regrade_id: int, state: str, total: int, step: Step) -> None:
    """Take one step after the other, each a unit of work, as long as the regrade is in this state."""
    done, after = 0, 0
    while True:
        with unit_of_work():
            regrade = locked(regrade_id)
            if regrade.state != state:
                return
            count, after = step(regrade, after)
        done += count
        progress(min(done, total), total)
        if not after:
            return


def _finish_count(regrade_id: int) -> None:
    with unit_of_work():
        regrade = locked(regrade_id)
        if regrade.state == "draft":
            finish_count(regrade, clock.now())


def _close(regrade_id: int, before: str, after: str) -> None:
    with unit_of_work():
        regrade = locked(regrade_id)
        if regrade.state != before:
            return
        regrade.state = after
        if after == "done":
            regrade.done_at = clock.now()
            enqueue("regrade", {"regrade_id": regrade_id}, key=f"regrade:{regrade_id}", due_at=clock.now() + SECOND_LOOK_AFTER)


def _tell(progress: Progress, regrade_id: int) -> None:
    """Write to everyone concerned, once."""
    for tell in (tell_students, tell_professors):
        after = 0
        while True:
            with unit_of_work():
                after = tell(locked(regrade_id), after)
            progress(0, 0)
            if not after:
                break
