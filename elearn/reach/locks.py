"""Who waits for whom while acts are counted. SQLite has one writer, so there nobody needs to.

On PostgreSQL each unit of work takes advisory locks, held until its end, always in this order: the gate, learners, classes, professors;
within each in order of id. Small units share the gate; a unit of very many people, and a repair, has it alone and needs no other lock.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import text

from elearn.db import db

#: More locks than this and PostgreSQL's table of locks might fill; the unit has the gate alone instead.
MOST_LOCKS = 500
#: Namespaces of our advisory locks.
GATE, LEARNERS, CLASSES, PROFESSORS = 7101, 7102, 7103, 7104

_EACH = text(
    "select case when alone then pg_advisory_xact_lock(space, key)::text else pg_advisory_xact_lock_shared(space, key)::text end "
    "from unnest(cast(:spaces as int[]), cast(:keys as int[]), cast(:alone as bool[])) as wanted(space, key, alone)",
)


def _wanted() -> bool:
    return db.engine.dialect.name == "postgresql"


def _take(wanted: Iterable[tuple[int, int, bool]]) -> None:
    """Take (namespace, key, alone) in the order given; one statement."""
    if rows := list(wanted):
        spaces, keys, alone = zip(*rows, strict=True)
        db.session.connection().execute(_EACH, {"spaces": list(spaces), "keys": list(keys), "alone": list(alone)})


def take(learners: Collection[int], *, shared: Collection[int], exclusive: Collection[int], publishing: Collection[int]) -> None:
    """Hold ``learners``, and their classes (``shared``, so that classmates do not wait); those who get a professor ``exclusive``.

    Professors are held later, once it is known who they are; ``publishing`` are counted here because the gate cannot be had alone then.
    """
    if not _wanted():
        return
    if len(learners) + len(shared) + len(exclusive) + len(publishing) > MOST_LOCKS:
        take_gate()
        return
    _take(
        [
            (GATE, 0, False),
            *((LEARNERS, key, True) for key in sorted(learners)),
            *((CLASSES, key, key in exclusive) for key in sorted({*shared, *exclusive})),
        ]
    )


def take_professors(people: Collection[int]) -> None:
    """Hold these people as professors."""
    if _wanted():
        _take((PROFESSORS, key, True) for key in sorted(people))


def take_gate() -> None:
    """Keep everybody else from counting until this unit of work ends."""
    if _wanted():
        _take([(GATE, 0, True)])
