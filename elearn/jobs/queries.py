"""How jobs fare."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, text

from elearn import clock
from elearn.accounts.models import Person
from elearn.db import db, table
from elearn.errors import NotFound
from elearn.jobs.models import WRONG, Job
from elearn.jobs.work import State

JOBS_A_PAGE = 50
JOBS = table(Job)


@dataclass(frozen=True)
class JobLine:
    """A job as a page or a test looks at it."""

    id: int
    name: str
    arguments: dict[str, Any]
    state: str
    key: str | None
    seconds: int | None
    made_at: datetime
    made_by_id: int | None
    due_at: datetime
    begun_at: datetime | None
    worker: str
    tries: int
    progress_done: int
    progress_total: int
    result: dict[str, Any] | None
    error: str
    finished_at: datetime | None

    @property
    def progress(self) -> tuple[int, int]:
        """How much is done, of how much."""
        return self.progress_done, self.progress_total

    @property
    def is_unfinished(self) -> bool:
        """Whether it waits or runs."""
        return self.state in {State.QUEUED, State.RUNNING}

    @property
    def is_for_later(self) -> bool:
        """Whether it waits until a moment that is to come."""
        return self.state == State.QUEUED and self.due_at > clock.now()

    @property
    def reason(self) -> str:
        """Why it failed, in words for whoever asked for it; empty where it is a fault of ours."""
        return "" if self.where_it_went_wrong else self.error

    @property
    def what_went_wrong(self) -> str:
        """The error in a line."""
        return self.error.partition("\n")[0]

    @property
    def where_it_went_wrong(self) -> str:
        """The places in the program, for those who mend it."""
        return self.error.partition("\n")[2]


COLUMNS = tuple(JOBS.c[name] for name in JobLine.__dataclass_fields__)


def job_of(job_id: int) -> JobLine:
    """Return a job; raise NotFound where it was swept away."""
    found = jobs_of([job_id])
    if not found:
        raise NotFound
    return found[0]


def jobs_of(ids: Iterable[int]) -> list[JobLine]:
    """Return these jobs, as far as there are any, in the order asked for."""
    wanted = list(ids)
    found = {row.id: JobLine(*row) for row in db.session.execute(select(*COLUMNS).where(JOBS.c.id.in_(wanted)))} if wanted else {}
    return [found[job_id] for job_id in wanted if job_id in found]


def newest_jobs(keys: Iterable[str]) -> Mapping[str, JobLine]:
    """Return by key the newest job of each, as far as there is one."""
    newest = select(func.max(JOBS.c.id)).where(JOBS.c.key.in_(list(keys))).group_by(JOBS.c.key)
    return {row.key: JobLine(*row) for row in db.session.execute(select(*COLUMNS).where(JOBS.c.id.in_(newest)))}


def _asked(asked: Mapping[str, str]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.get("name"):
        conditions.append(JOBS.c.name == asked["name"])
    if asked.get("state") == State.FAILED:
        # What comes round is queued again whatever became of it.
        conditions.append(went_wrong())
    elif asked.get("state"):
        conditions.append(JOBS.c.state == asked["state"])
    return conditions


def went_wrong() -> ColumnElement[bool]:
    """Return the condition that a job failed, or went wrong the last time it came round."""
    return and_(text(f"job.{WRONG}"), or_(JOBS.c.state == State.FAILED, JOBS.c.seconds.is_not(None)))


def count_of_jobs(asked: Mapping[str, str]) -> int:
    """Return how many jobs there are of the ``state`` and ``name`` asked for."""
    return db.session.scalar(select(func.count()).select_from(JOBS).where(*_asked(asked))) or 0


def newest_first(asked: Mapping[str, str], offset: int, size: int = JOBS_A_PAGE) -> list[tuple[JobLine, str | None]]:
    """Return a page of the same, each with the name of whoever asked for it (None: nobody did); one statement."""
    found = db.session.execute(
        select(*COLUMNS, Person.name.label("asker"))
        .outerjoin(Person, Person.id == JOBS.c.made_by_id)
        .where(*_asked(asked))
        .order_by(JOBS.c.id.desc())
        .offset(offset)
        .limit(size),
    )
    return [(JobLine(*row[:-1]), row[-1]) for row in found]


def count_of_failed(since: datetime) -> int:
    """Return how many jobs failed since then, or went wrong the last time they came round."""
    return db.session.scalar(select(func.count()).select_from(JOBS).where(went_wrong(), JOBS.c.finished_at >= since)) or 0
