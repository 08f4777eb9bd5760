"""Statistics, counted while nobody waits."""

from typing import Any

from flask_babel import lazy_gettext as _l

from elearn.assessment import statistics_service as service
from elearn.jobs.work import Progress, every, job


@every(seconds=300, name="sweep-statistics", title=_l("Counting quiz statistics anew where marks changed"))
def sweep_statistics(progress: Progress) -> dict[str, Any]:
    """Count the classes and quizzes whose marks changed since the last sweep, each kept in a unit of its own."""
    return {"counted": service.refresh_stale(progress=progress)}


@job("count-statistics", title=_l("Counting the quiz statistics of a class"))
def count_statistics(progress: Progress, *, class_id: int, module_id: int) -> dict[str, Any]:
    """Count one class at one quiz; counted again, it is the same."""
    return {"counted": service.refresh_each([(class_id, module_id)], progress)}
