"""Giving a planned class: its edition, its professors, its students and all they do in it."""

from datetime import UTC, datetime, time
from random import Random

from elearn.accounts.models import Institution
from elearn.accounts.permissions import Visitor
from elearn.adaptation import service as adaptation
from elearn.adaptation.edition_service import publish_edition
from elearn.adaptation.queries import EditionContents, edition
from elearn.catalogue.queries import current_series
from elearn.demo.history import Outline, acts
from elearn.demo.lives import live
from elearn.demo.plan import PREPARED, Attendance, PlannedClass
from elearn.learning import class_service
from elearn.learning import service as learning
from elearn.learning.models import CourseClass

#: How many modules of the series classes read, most of them one.
MODULES_A_CLASS = (1, 1, 1, 2, 3)


def open_planned(planned: PlannedClass, institution: Institution, professors: list[Visitor], seed: str) -> CourseClass:
    """Return a new class on an edition of its own: the first module of the series, and perhaps those that follow."""
    series = current_series()
    modules = [module.slug for module in series.modules if module.kind == "module"]
    wanted = Random(f"{seed}:modules").choice(MODULES_A_CLASS)  # noqa: S311 (to be repeated)
    at = datetime.combine(planned.term.starts_on, time(), UTC) - PREPARED
    first, *others = professors
    course = adaptation.make_course(
        institution_id=institution.id,
        title=planned.title,
        slugs=modules[:wanted],
        language=series.source,
        person_id=first.id,
        at=at,
    )
    course_class = class_service.open_class(
        edition=publish_edition(course, person_id=first.id, at=at),
        institution=institution,
        title=f"{planned.title}, {planned.term.starts_on:%Y}",
        timezone=institution.timezone,
        starts_on=planned.term.starts_on,
        ends_on=planned.term.ends_on,
        professor=first,
        at=at,
    )
    for professor in others:
        learning.enrol(course_class, professor.id, professor.name, "professor", at=at)
    return course_class


def attend(planned: PlannedClass, course_class: CourseClass, attendance: Attendance, student: Visitor, seed: str) -> None:
    """Leave the class with the student in it and everything done that they do there."""
    learning.enrol(course_class, student.id, student.name, "student", at=attendance.joined_at)
    own = f"{seed}:life:{attendance.student}"
    modules = outlines(edition(course_class.edition_id))
    # Chance, to be repeated.
    done = acts(Random(own), attendance.temperament, modules, planned.term, attendance.joined_at)  # noqa: S311
    live(student, course_class.id, done, seed=own, ability=attendance.temperament.ability)


def close_if_over(planned: PlannedClass, course_class: CourseClass, professor: Visitor) -> None:
    """Leave the class closed to newcomers if its term is over."""
    if planned.term.ends_on < planned.term.until.date():
        class_service.set_open(course_class, professor, is_open=False)


def outlines(contents: EditionContents) -> list[Outline]:
    """Return the modules of an edition as students meet them."""
    return [
        Outline(
            module.slug,
            tuple((line.key, line.minutes) for line in module.lines if line.audience == "everyone"),
            has_quiz=module.quiz is not None and bool(module.item_revision_ids),
        )
        for module in contents.modules
    ]
