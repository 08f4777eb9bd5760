"""Questions about classes and what is done in them."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, Row, String, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from elearn.accounts.models import Institution, Person
from elearn.adaptation.queries import EditionContents, EditionLine, ModuleInEdition
from elearn.catalogue.queries import trusted
from elearn.db import db
from elearn.learning.models import CourseClass, Enrolment, ModuleProgress, SectionTally
from elearn.learning.progress import CourseMark, course_mark, key_to_resume, percent

STUDENTS_A_PAGE = 50


@dataclass(frozen=True)
class ClassOfPerson:
    """A class as the person in it sees it in a list."""

    class_id: int
    title: str
    role: str
    enrolment_id: int
    edition_id: int
    institution: str
    starts_on: date
    ends_on: date


def classes_of(person_id: int, roles: tuple[str, ...]) -> list[ClassOfPerson]:
    """Return the classes in which a person is one of ``roles`` now, newest first."""
    rows = db.session.execute(
        select(
            CourseClass.id,
            CourseClass.title,
            Enrolment.role,
            Enrolment.id,
            CourseClass.edition_id,
            Institution.name,
            CourseClass.starts_on,
            CourseClass.ends_on,
        )
        .join(CourseClass, CourseClass.id == Enrolment.class_id)
        .join(Institution, Institution.id == CourseClass.institution_id)
        .where(Enrolment.person_id == person_id, Enrolment.ended_at.is_(None), Enrolment.role.in_(roles))
        .order_by(CourseClass.ends_on.desc(), CourseClass.id.desc())
        .limit(200),
    )
    return [ClassOfPerson(*row) for row in rows]


@dataclass(frozen=True)
class ClassFacts:
    """What the class's page says of it."""

    institution: str
    starts_on: date
    ends_on: date
    timezone: str
    welcome: Markup


def class_facts(class_id: int) -> ClassFacts:
    """Return what the page of a class says of it."""
    row = db.session.execute(
        select(
            Institution.name,
            CourseClass.starts_on,
            CourseClass.ends_on,
            CourseClass.timezone,
            CourseClass.welcome_html,
        )
        .join(Institution, Institution.id == CourseClass.institution_id)
        .where(CourseClass.id == class_id),
    ).one()
    return ClassFacts(row.name, row.starts_on, row.ends_on, row.timezone, trusted(row.welcome_html))


def titles_of_classes(class_ids: Collection[int]) -> dict[int, str]:
    """Return the titles of these classes."""
    rows = db.session.execute(select(CourseClass.id, CourseClass.title).where(CourseClass.id.in_(class_ids)))
    return {row.id: row.title for row in rows}


def classes_of_enrolments(enrolment_ids: Collection[int]) -> dict[int, str]:
    """Return by enrolment the title of its class: coordinators read of acts in classes, not the names of students."""
    rows = db.session.execute(
        select(Enrolment.id, CourseClass.title)
        .join(CourseClass, CourseClass.id == Enrolment.class_id)
        .where(Enrolment.id.in_(enrolment_ids)),
    )
    return {row.id: row.title for row in rows}


def progress_of(enrolment_ids: Sequence[int]) -> dict[tuple[int, int], ModuleProgress]:
    """Return progress by (enrolment, module)."""
    rows = db.session.scalars(select(ModuleProgress).where(ModuleProgress.enrolment_id.in_(enrolment_ids)))
    return {(row.enrolment_id, row.module_id): row for row in rows}


@dataclass(frozen=True)
class Stage:
    """How far a student is in one module of a class, and where to go on."""

    module: ModuleInEdition
    done: int
    total: int
    #: The section to go on with; None: all are done.
    next_line: EditionLine | None
    #: Of the quiz, with the most there is; None: not handed in.
    points: int | None
    max_points: int
    attempts: int
    is_complete: bool

    @property
    def percent(self) -> int | None:
        """The mark of the quiz."""
        return None if self.points is None else percent(self.points, self.max_points)


def mark_of(stages: Sequence[Stage]) -> CourseMark:
    """Return the mark of a course: those of its quizzes, each for what it weighs."""
    marks = [(stage.points, stage.max_points, stage.module.weight) for stage in stages if stage.points is not None]
    return course_mark(marks, sum(stage.module.weight for stage in stages))


def stages(edition: EditionContents, enrolment_id: int, progress: Mapping[tuple[int, int], ModuleProgress]) -> list[Stage]:
    """Return how far a student is in each module of the class's edition."""
    found = []
    for module in edition.modules:
        known = progress.get((enrolment_id, module.module_id))
        order = module.student_keys
        key = key_to_resume(known.done if known else (), known.last_key if known else "", order)
        found.append(
            Stage(
                module,
                known.done_count if known else 0,
                len(order),
                module.line(key) if key else None,
                known.points if known else None,
                (known.max_points or 0) if known else 0,
                known.attempts if known else 0,
                known is not None and known.completed_at is not None,
            ),
        )
    return found


def next_stage(stages: Sequence[Stage]) -> Stage | None:
    """Return the module to go on with: the first one begun and not complete, else the first not complete."""
    unfinished = [stage for stage in stages if not stage.is_complete]
    return next((stage for stage in unfinished if stage.done), unfinished[0] if unfinished else None)


def holds(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """Return the condition that ``column`` holds ``text``, in capitals or not: SQLite's own way of disregarding case knows A to Z only."""
    return or_(*(column.icontains(spelling, autoescape=True) for spelling in sorted({text, text.lower(), text.upper(), text.title()})))


def _students(class_id: int, group_id: int | None = None, *, claimed: bool = True) -> tuple[ColumnElement[bool], ...]:
    """Return which places are those of a class's students now (or of one group's); ``claimed``: without lines that nobody has taken."""
    conditions = [Enrolment.class_id == class_id, Enrolment.role == "student", Enrolment.ended_at.is_(None)]
    if claimed:
        conditions.append(Enrolment.person_id.is_not(None))
    if group_id is not None:
        conditions.append(Enrolment.group_id == group_id)
    return tuple(conditions)


def count_of_students(class_id: int, group_id: int | None = None) -> int:
    """Return how many students a class (or one group of it) has now."""
    return db.session.scalar(select(func.count()).select_from(Enrolment).where(*_students(class_id, group_id))) or 0


def count_of_waiting(class_id: int) -> int:
    """Return how many lines of a class's roster nobody has claimed yet."""
    unclaimed = (*_students(class_id, claimed=False), Enrolment.person_id.is_(None))
    return db.session.scalar(select(func.count()).select_from(Enrolment).where(*unclaimed)) or 0


def own_staff_place(class_id: int, person_id: int) -> int | None:
    """Return the number of a person's place among the staff of a class now."""
    return db.session.scalar(
        select(Enrolment.id).where(
            Enrolment.class_id == class_id, Enrolment.person_id == person_id, Enrolment.role != "student", Enrolment.ended_at.is_(None)
        ),
    )


def students_page(class_id: int, page: int, group_id: int | None = None) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return one page of a class's students (or of one group's), by name: enrolment id, name, student id."""
    return db.session.execute(
        select(Enrolment.id, Enrolment.name, Enrolment.student_id)
        .where(*_students(class_id, group_id))
        .order_by(Enrolment.name_key, Enrolment.id)
        .limit(STUDENTS_A_PAGE)
        .offset((page - 1) * STUDENTS_A_PAGE),
    ).all()


def progress_lines(enrolment_ids: Sequence[int]) -> dict[tuple[int, int], Row[*tuple[Any, ...]]]:
    """Return by (enrolment, module): sections done, points, maximum, when completed."""
    rows = db.session.execute(
        select(
            ModuleProgress.enrolment_id,
            ModuleProgress.module_id,
            ModuleProgress.done_count,
            ModuleProgress.points,
            ModuleProgress.max_points,
            ModuleProgress.completed_at,
        ).where(ModuleProgress.enrolment_id.in_(enrolment_ids)),
    )
    return {(row.enrolment_id, row.module_id): row for row in rows}


def tallies(class_id: int) -> dict[tuple[int, str], int]:
    """Return how many students have each (module, section) done."""
    rows = db.session.execute(
        select(SectionTally.module_id, SectionTally.section_key, SectionTally.done).where(SectionTally.class_id == class_id),
    )
    return {(row.module_id, row.section_key): row.done for row in rows}


def tallies_of_group(class_id: int, group_id: int) -> dict[tuple[int, str], int]:
    """Return how many students of one group have each (module, section) done, counted from their progress."""
    rows = db.session.execute(
        select(ModuleProgress.module_id, ModuleProgress.done)
        .join(Enrolment, Enrolment.id == ModuleProgress.enrolment_id)
        .where(*_students(class_id, group_id)),
    )
    return Counter((row.module_id, key) for row in rows for key in row.done)


#: What a gradebook says of a student in a module, as one text: a row per student is fetched, not one per student and module.
_GRADES = (
    ModuleProgress.module_id,
    ModuleProgress.done_count,
    ModuleProgress.points,
    ModuleProgress.max_points,
    ModuleProgress.attempts,
    func.substr(cast(ModuleProgress.completed_at, String), 1, 10),
)
_CELLS: list[ColumnElement[str]] = [func.coalesce(cast(column, String), "") for column in _GRADES]
_GRADES_TEXT = reduce(lambda text, cell: text + "|" + cell, _CELLS)


def gradebook(class_id: int, group_id: int | None = None) -> Iterator[Sequence[Row[str, str, str | None]]]:
    """Yield a class's students (or one group's) by name, in batches; one statement.

    A row: name, student id, and for each module, between semicolons, ``module|sections done|points|maximum|attempts|day of completion``.
    """
    grades = select(func.aggregate_strings(_GRADES_TEXT, ";")).where(ModuleProgress.enrolment_id == Enrolment.id).scalar_subquery()
    result = db.session.execute(
        select(Enrolment.name, Enrolment.student_id, grades)
        .where(*_students(class_id, group_id))
        .order_by(Enrolment.name_key, Enrolment.id),
        execution_options={"yield_per": 1000},
    )
    yield from result.partitions()


def staff_of(class_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the professors and assistants of a class: name, role."""
    return db.session.execute(
        select(Person.name, Enrolment.role)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.class_id == class_id, Enrolment.role != "student", Enrolment.ended_at.is_(None))
        .order_by(Enrolment.id),
    ).all()
