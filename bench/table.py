"""The table: every figure beside the floor's of the same run, every goal beside what was reached."""

from collections.abc import Iterator

from bench.cases import Case, Single
from bench.measure import Figures

HEADINGS = ("", "requests/s", "p95 ms", "CPU ms (+ database)", "SQL", "bytes", "MB a worker", "goal")
WIDTHS = (40, 14, 14, 21, 9, 16, 14, 0)


def lines(figures: list[Figures]) -> Iterator[str]:
    """Yield the table of one database."""
    floors = {f.case.floor: f for f in figures if isinstance(f.case, Case) and f.case.goal is None}
    yield _line(HEADINGS)
    for found in figures:
        floor = floors[found.case.floor if isinstance(found.case, Case) else "read"]
        yield _line((found.case.name, *_cells(found, floor), judgement(found, floor)[0]))


def judgement(found: Figures, floor: Figures) -> tuple[str, bool]:
    """Return the goal and the result in words, and whether the goal is reached."""
    case = found.case
    parts: list[tuple[str, bool]] = []
    if isinstance(case, Single):
        if case.most_cpu_ms is not None:
            spent = found.cpu_ms + found.database_ms
            parts.append((f"CPU under {case.most_cpu_ms:g} ms: {spent:.1f}", spent < case.most_cpu_ms))
        if case.most_seconds is not None:
            parts.append((f"under {case.most_seconds:g} s: {found.seconds:.3f}", found.seconds < case.most_seconds))
    elif case.goal is not None:
        share = found.share_of(floor)
        parts.append((f"at least {case.goal:g} of the floor: {share:.2f}", share >= case.goal))
        if case.most_statements is not None:
            parts.append((f"at most {case.most_statements} statements: {found.statements}", found.statements <= case.most_statements))
    if found.faults:
        parts.append((found.faults, False))
    words = "; ".join(f"{text} {'ok' if reached else 'MISSED'}" for text, reached in parts)
    return words, all(reached for _text, reached in parts)


def _cells(found: Figures, floor: Figures) -> Iterator[str]:
    is_floor = found is floor
    if isinstance(found.case, Case):
        yield _with_ratio(f"{found.per_second:,.0f}", found.share_of(floor), 1, is_floor=is_floor)
        yield _with_ratio(f"{found.p95_ms:.1f}", found.p95_ms, floor.p95_ms, is_floor=is_floor)
    else:
        yield "one by one"
        yield f"{1000 * found.seconds:.0f} (median)"
    spent, least = found.cpu_ms + found.database_ms, floor.cpu_ms + floor.database_ms
    own = f"{found.cpu_ms:.2f}" + (f" + {found.database_ms:.2f}" if found.database_ms else "")
    yield _with_ratio(own, spent, least, is_floor=is_floor)
    yield _with_ratio(f"{found.statements}", found.statements, floor.statements, is_floor=is_floor)
    yield _with_ratio(f"{found.bytes:,.0f}", found.bytes, floor.bytes, is_floor=is_floor)
    yield _with_ratio(f"{found.megabytes:.1f}", found.megabytes, floor.megabytes, is_floor=is_floor)


def _with_ratio(text: str, value: float, of: float, *, is_floor: bool) -> str:
    return text if is_floor or not of else f"{text} ({value / of:.2f})"


def _line(cells: tuple[str, ...]) -> str:
    first, *others = cells
    columns = [cell.rjust(width) for cell, width in zip(others[:-1], WIDTHS[1:-1], strict=True)]
    return "  ".join([first.ljust(WIDTHS[0]), *columns, others[-1]]).rstrip()
