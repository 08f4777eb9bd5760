"""How a job changes hands: taken by one worker, held while it runs, finished by who holds it, and anybody's once that one is gone.

Each function is a transaction of its own, and to be called where no other one of this context is open.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Update, and_, case, or_, select, text, true, update

from elearn import clock, db
from elearn.jobs.models import UNFINISHED, Job
from elearn.jobs.work import HELD_FOR, MOST_TRIES, WAITS, State, Work, next_turn

JOBS = db.table(Job)
#: A worker that takes a job down with it each time is not let near it for ever.
LOST = "The worker that ran it was gone before it was done."


@dataclass(frozen=True)
class Held:
    """A job that a worker holds; ``worker`` names this try of it, and no other one."""

    id: int
    name: str
    arguments: dict[str, Any]
    worker: str
    tries: int
    #: It comes round by itself.
    is_a_turn: bool

    @property
    def is_ours(self) -> ColumnElement[bool]:
        """The condition that it is still this try that holds the job."""
        return and_(JOBS.c.id == self.id, JOBS.c.state == State.RUNNING, JOBS.c.worker == self.worker)


def plan(works: Collection[Work]) -> None:
    """Leave one row for each of the ``works`` that come round; the first turn of a new one is now."""
    at = clock.now()
    rows = [
        {"name": work.name, "arguments": {}, "state": State.QUEUED, "key": work.key, "seconds": work.seconds}
        | {"again": False, "made_at": at, "due_at": at, "worker": "", "tries": 0, "progress_done": 0, "progress_total": 0, "error": ""}
        for work in works
        if work.seconds
    ]
    known = select(JOBS.c.key, JOBS.c.seconds).where(JOBS.c.key.in_([row["key"] for row in rows]), JOBS.c.seconds.is_not(None))
    present = {(row.key, row.seconds) for row in db.db.session.execute(known)}
    changed = [row for row in rows if (row["key"], row["seconds"]) not in present]
    if not changed:
        return
    with db.own_transaction() as connection:
        into = db.insert(JOBS)
        there = {"seconds": into.excluded.seconds}
        connection.execute(into.on_conflict_do_update(index_elements=["key"], index_where=text(UNFINISHED), set_=there), changed)


def take(names: Collection[str], worker: str, *, only_turns: bool = False) -> Held | None:
    """Return the job that is due longest of those called so, held for ``worker`` from now on; None: nothing is due.

    ``only_turns``: only those that come round by themselves.
    """
    at = clock.now()
    due = _due(at, names, only_turns=only_turns)
    if db.db.session.scalar(due) is None:
        # Most looks find nothing: they do not keep SQLite's one writer from its work.
        return None
    if db.dialect() == "postgresql":
        due = due.with_for_update(skip_locked=True)
    with db.own_transaction() as connection:
        while (job_id := connection.scalar(due)) is not None:
            row = connection.execute(select(JOBS).where(JOBS.c.id == job_id)).one()
            if row.tries >= MOST_TRIES:
                connection.execute(update(JOBS).where(JOBS.c.id == job_id).values(_gone_wrong(row, LOST, at)))
                continue
            taken = {"state": State.RUNNING, "worker": worker, "tries": row.tries + 1, "begun_at": at, "held_until": at + HELD_FOR}
            started = {"again": False, "progress_done": 0, "progress_total": 0, "finished_at": None}
            connection.execute(update(JOBS).where(JOBS.c.id == job_id).values(**taken, **started))
            return Held(row.id, row.name, row.arguments, worker, row.tries + 1, row.seconds is not None)
    return None


def _due(at: datetime, names: Collection[str], *, only_turns: bool) -> Any:
    waits = and_(JOBS.c.state == State.QUEUED, JOBS.c.due_at <= at)
    left = and_(JOBS.c.state == State.RUNNING, JOBS.c.held_until <= at)
    turns = JOBS.c.seconds.is_not(None) if only_turns else true()
    return select(JOBS.c.id).where(or_(waits, left), JOBS.c.name.in_(list(names)), turns).order_by(JOBS.c.due_at, JOBS.c.id).limit(1)


def renew(held: Collection[Held]) -> None:
    """Hold these jobs for as long again; those that somebody else holds by now stay theirs."""
    with db.own_transaction() as connection:
        for job in sorted(held, key=lambda each: each.id):
            connection.execute(update(JOBS).where(job.is_ours).values(held_until=clock.now() + HELD_FOR))


def write_progress(held: Held, done: int, total: int) -> bool:
    """Keep how far a job is, and hold it for as long again; return whether it is still ours."""
    values = {"progress_done": done, "progress_total": total, "held_until": clock.now() + HELD_FOR}
    return _written(update(JOBS).where(held.is_ours).values(values))


def put_back(held: Held) -> None:
    """Leave a job as if this try had not been: the next worker takes it at once."""
    waits = {"state": State.QUEUED, "held_until": None, "worker": "", "tries": JOBS.c.tries - 1, "due_at": clock.now()}
    _written(update(JOBS).where(held.is_ours).values(waits))


def finish(held: Held, result: dict[str, Any] | None) -> None:
    """Leave a job done; one that comes round or was asked for once more meanwhile waits for its next turn."""
    at = clock.now()
    queued_again = or_(JOBS.c.again, JOBS.c.seconds.is_not(None))
    values = {
        "state": case((queued_again, State.QUEUED.value), else_=State.DONE.value),
        "tries": case((queued_again, 0), else_=JOBS.c.tries),
        "held_until": None,
        "result": result,
        "error": "",
        "finished_at": at,
    }
    with db.own_transaction() as connection:
        seconds = connection.scalar(select(JOBS.c.seconds).where(held.is_ours))
        if seconds:
            values["due_at"] = next_turn(at, seconds)
        connection.execute(update(JOBS).where(held.is_ours).values(values))


def go_wrong(held: Held, error: str, *, for_good: bool) -> None:
    """Leave a job to be tried again later, or failed with its error after the last try."""
    with db.own_transaction() as connection:
        row = connection.execute(select(JOBS).where(held.is_ours).with_for_update()).one_or_none()
        if row is not None:
            connection.execute(update(JOBS).where(held.is_ours).values(_gone_wrong(row, error, clock.now(), for_good=for_good)))


def _gone_wrong(row: Any, error: str, at: datetime, *, for_good: bool = False) -> dict[str, Any]:
    over: dict[str, Any] = {"held_until": None, "error": error, "finished_at": at}
    is_last = for_good or row.tries >= MOST_TRIES
    later = at + WAITS[min(max(row.tries, 1), len(WAITS)) - 1]
    if row.seconds:
        turn = next_turn(at, row.seconds)
        return over | {"state": State.QUEUED, "due_at": turn if is_last else min(turn, later), "tries": 0 if is_last else row.tries}
    if not is_last:
        return over | {"state": State.QUEUED, "due_at": later}
    if row.again:
        # Asked for once more while it ran: that wish has all its tries before it.
        return over | {"state": State.QUEUED, "tries": 0}
    return over | {"state": State.FAILED}


def _written(change: Update) -> bool:
    with db.own_transaction() as connection:
        return bool(connection.execute(change).rowcount)
