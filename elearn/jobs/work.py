"""How a room says what work there is: ``@job`` for work that is asked for, ``@every`` for work that comes round by itself.

A job runs *at least once*: a worker may die after the work and before that is written down, and the next one runs it again. So each
function is written to do no harm when it is run again. It opens its own units of work, small ones where there is much to do (SQLite
has one writer), and calls ``progress`` between them::

    @job("regrade", title=_l("Marking answers again"))
    def regrade(progress: Progress, *, regrade_id: int) -> dict[str, Any] | None: ...

    @every(seconds=30, name="close-attempts")
    def close_attempts(progress: Progress) -> dict[str, Any] | None: ...

What it returns is kept with the job. A Refusal that it raises fails the job at once, with its words; whatever else it raises is tried
again, later each time. ``app.py`` lists the modules in which such functions stand.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import ModuleType
from typing import Any, Protocol, TypeVar

#: A job is tried so often in all before it has failed for good.
MOST_TRIES = 5
#: How long it waits after the first, second, … try that went wrong.
WAITS = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800))
#: A running job belongs to its worker for so long, renewed while it runs; one whose worker died is then anybody's.
HELD_FOR = timedelta(seconds=60)


class State(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Progress(Protocol):
    """Says how far a job is. It may end the job here, where it is to be run elsewhere: call it between units of work."""

    def __call__(self, done: int, total: int) -> None:
        """Keep that ``done`` of ``total`` are done: about once a second, whoever calls how often."""


Function = TypeVar("Function", bound=Callable[..., dict[str, Any] | None])


@dataclass(frozen=True)
class Work:
    """A kind of job."""

    name: str
    function: Callable[..., dict[str, Any] | None]
    #: What people call it; a lazy text, or empty: its name.
    title: Any = ""
    #: It comes round by itself, so often; None: when it is asked for.
    seconds: int | None = None

    @property
    def key(self) -> str:
        """The key of the one row of a job that comes round."""
        return f"every:{self.name}"


LONGEST_NAME = 60


def job(name: str, *, title: Any = "") -> Callable[[Function], Function]:
    """Have the function run where a job of this name is enqueued."""

    def mark(function: Function) -> Function:
        function.work = Work(name, function, title)  # type: ignore[attr-defined]
        return function

    return mark


def every(*, seconds: int, name: str, title: Any = "") -> Callable[[Function], Function]:
    """Have the function run once in each interval of so many seconds, by one worker of all there are."""

    def mark(function: Function) -> Function:
        function.work = Work(name, function, title, seconds)  # type: ignore[attr-defined]
        return function

    return mark


def works_in(sources: Iterable[ModuleType | Callable[..., Any]]) -> Iterator[Work]:
    """Yield the kinds of job that stand in these modules, or are these functions."""
    for source in sources:
        for each in vars(source).values() if isinstance(source, ModuleType) else (source,):
            work = getattr(each, "work", None)
            if isinstance(work, Work) and (work.function.__module__ == getattr(source, "__name__", "") or each is source):
                yield work


def next_turn(now: datetime, seconds: int) -> datetime:
    """Return when the next interval of so many seconds begins: the same moment for all workers."""
    return datetime.fromtimestamp((int(now.timestamp()) // seconds + 1) * seconds, UTC)
