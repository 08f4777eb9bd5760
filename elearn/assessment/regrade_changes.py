"""What a regrade changes, as CSV: a line per attempt for those who teach the class, else a line per class and no names."""

import csv
import io
from collections.abc import Iterator

from elearn.assessment.regrade_list_queries import ChangeLine, ClassLine, change_lines, class_lines
from elearn.learning.progress import percent, shown_points
from elearn.text import plain_cell
from elearn.web.names import called

NAMED = (
    "name", "student_id", "attempt", "question points before", "out of before", "question points after", "out of after",
    "percent before", "percent after", "passed before", "passed after",
)  # fmt: skip
COUNTED = ("institution", "class", "attempts", "another mark", "better", "worse", "now passed", "no longer passed")


def change_csv(regrade_id: int, *, shows_names: bool) -> Iterator[str]:
    """Yield the lines of the file."""
    yield _line(NAMED if shows_names else COUNTED)
    if shows_names:
        yield from (_line(_named(line)) for line in change_lines(regrade_id, most=None))
    else:
        yield from (_line(_counted(line)) for line in class_lines(regrade_id))


def _named(line: ChangeLine) -> tuple[object, ...]:
    return (
        plain_cell(called(line.name)),
        plain_cell(line.student_id),
        line.number,
        *(shown_points(each) for each in (line.points_before, line.max_before, line.points_after, line.max_after)),
        percent(line.total_before, line.out_of_before),
        percent(line.total_after, line.out_of_after),
        *("yes" if passed else "no" for passed in (line.passed_before, line.passed_after)),
    )


def _counted(line: ClassLine) -> tuple[object, ...]:
    return (plain_cell(line.institution), plain_cell(line.title), line.attempts, line.changed, line.up, line.down, line.passes, line.fails)


def _line(cells: tuple[object, ...]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()
