"""A class's progress and results as CSV: one statement and a stream, whatever the size of the class."""

import csv
import functools
import io
from collections.abc import Iterator

from elearn.adaptation.queries import ModuleInEdition
from elearn.learning import queries
from elearn.learning.progress import course_mark, percent, shown_points
from elearn.text import plain_cell
from elearn.web.names import called

#: At the end of a line: the mean by weight of the quizzes handed in, and how much of the weights that is.
TOGETHER = ("course percent", "course weight handed in", "course weight")
COLUMNS = ("sections done", "sections", "completed on", "quiz attempts", "points", "percent")


def gradebook_lines(class_id: int, code: str, modules: tuple[ModuleInEdition, ...], *, group_id: int | None = None) -> Iterator[str]:
    """Yield the gradebook, or that of one group, in pieces of a thousand lines: a heading, then a line per student."""
    heading = ["class", "name", "student_id", *(f"{module.slug} {column}" for module in modules for column in COLUMNS), *TOGETHER]
    yield _quoted(heading) + "\r\n"
    places = {str(module.module_id): (place, len(module.student_keys)) for place, module in enumerate(modules)}
    untouched = [f",0,{sections},,0,," for _place, sections in places.values()]
    weights, mark = {str(module.module_id): module.weight for module in modules}, functools.cache(_mark)
    total = sum(weights.values())
    for batch in queries.gradebook(class_id, group_id):
        lines = []
        for name, student_id, grades in batch:
            cells, marks = untouched.copy(), []
            for grade in grades.split(";") if grades else ():
                module, done, points, most, attempts, day = grade.split("|")
                if module in places:
                    place, sections = places[module]
                    # Numbers and days need no quoting.
                    cells[place] = f",{done},{sections},{day},{attempts},{mark(points, most)}"
                    if points:
                        marks.append((int(points), int(most), weights[module]))
            of_course = course_mark(marks, total)
            cells.append(f",{'' if of_course.percent is None else of_course.percent},{of_course.taken},{total}")
            lines.append(_quoted([code, plain_cell(called(name)), plain_cell(student_id)]) + "".join(cells) + "\r\n")
        yield "".join(lines)


def _mark(points: str, most: str) -> str:
    return f"{shown_points(int(points))},{percent(int(points), int(most))}" if points else ","


def _quoted(cells: list[str]) -> str:
    """Return the cells as a line of CSV, without its end."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(cells)
    return buffer.getvalue()
