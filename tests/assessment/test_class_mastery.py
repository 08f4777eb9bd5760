"""Mastery of a class by learning outcome: what its students' own pages add up to, from five of them on, and nobody's own."""

from collections import Counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from elearn import clock
from elearn.accounts import service
from elearn.assessment.class_mastery_queries import FEWEST_STUDENTS, class_mastery
from elearn.assessment.mastery_queries import mastery_of
from elearn.assessment.models import Attempt, QuizSetting
from elearn.db import counted_statements, db, unit_of_work
from elearn.learning import service as learning
from elearn.learning.access import class_for_teaching
from elearn.learning.models import CourseClass, Enrolment
from elearn.learning.progress import GRADINGS
from tests.assessment.conftest import PRACTICE, class_quiz
from tests.assessment.test_mastery import take
from tests.cast import Cast, visitor_of

#: What each student gets wrong, attempt by attempt.
WRONG = (
    (("explain-basics",), ()),
    (("explain-basics", "judge-statistics"), ("judge-statistics",)),
    (("apply-theory",),),
    ((), ("explain-basics", "apply-theory")),
    (("judge-statistics", "apply-theory", "explain-basics"),),
)


def enrol(app: Flask, cast: Cast, number: int) -> int:
    with app.app_context(), app.test_request_context(), unit_of_work():
        person = service.sign_up(
            name=f"Student {number}", email=f"s{number}@example.org", password_hash="", role=None, institution_id=None, is_verified=True
        )
        learning.enrol(db.session.get_one(CourseClass, cast.classes["Bruno"]), person.id, person.name, "student")
        return person.id


@pytest.fixture
def students(app: Flask, browse, cast: Cast) -> list[int]:
    """Five students of Bruno's class who have taken its quiz."""
    ids = [enrol(app, cast, number) for number in range(len(WRONG))]
    for person_id, attempts in zip(ids, WRONG, strict=True):
        for wrong in attempts:
            take(app, browse(person_id), class_quiz(cast), *wrong)
    return ids


def of_class(app: Flask, cast: Cast) -> dict[str, Any]:
    with app.app_context(), app.test_request_context():
        module = class_mastery(class_for_teaching(visitor_of(cast.bruno), cast.classes["Bruno"]))[0]
        return {line.words: (line.students, line.total.points, line.total.max_points, +Counter(line.levels)) for line in module.lines or ()}


def of_each(app: Flask, students: list[int]) -> dict[str, Any]:
    """Return the same, added up from the students' own pages."""
    found: dict[str, Any] = {}
    with app.app_context(), app.test_request_context():
        for person_id in students:
            for line in mastery_of(person_id)[0].lines or ():
                number, points, maximum, levels = found.get(line.words, (0, 0, 0, Counter()))
                total = line.mastery.total
                levels = levels + Counter([line.mastery.level])
                found[line.words] = (number + 1, points + total.points, maximum + total.max_points, levels)
    return found


@pytest.mark.parametrize("grading", GRADINGS)
def test_it_is_what_the_students_own_pages_add_up_to(app: Flask, cast: Cast, students: list[int], grading: str) -> None:
    with app.app_context(), unit_of_work():
        module_id = db.session.scalars(select(Attempt.module_id)).first()
        whose = {"class_id": cast.classes["Bruno"], "module_id": module_id, "changed_by_id": cast.bruno, "changed_at": clock.now()}
        db.session.add(QuizSetting(**whose, grading=grading))
    found = of_class(app, cast)
    assert len(found) == 7
    assert found == of_each(app, students)


def test_practice_previews_and_who_has_left_do_not_count_and_four_are_too_few(app: Flask, browse, cast: Cast, students: list[int]) -> None:
    bruno = browse(cast.bruno)
    path = f"/teach/classes/{cast.classes['Bruno']}/mastery"
    before = of_class(app, cast)
    take(app, bruno, class_quiz(cast), "explain-basics")
    take(app, browse(students[2]), PRACTICE, "explain-basics")
    assert of_class(app, cast) == before
    page = bruno.get(path)
    assert f"{FEWEST_STUDENTS} students have submitted the quiz." in page.text
    assert "Student 0" not in page.text
    with app.app_context(), unit_of_work():
        ended = {"ended_at": clock.now(), "end_reason": "withdrawn"}
        db.session.execute(update(Enrolment).where(Enrolment.person_id == students[0]).values(**ended))
    page = bruno.get(path)
    assert "Too few to show" in page.text
    assert "4 students have submitted this quiz" in page.text
    assert not page.all("table")


def test_those_who_teach_find_it_and_nobody_else(app: Flask, browse, cast: Cast) -> None:
    path = f"/teach/classes/{cast.classes['Bruno']}/mastery"
    assert path in browse(cast.bruno).get(f"/teach/classes/{cast.classes['Bruno']}/").links().values()
    assert "Too few to show" in browse(cast.bruno).get(path).text
    for stranger in (cast.ana, cast.dora, cast.carla):
        browse(stranger).get(path, 404)


def test_it_costs_the_same_for_more_students(app: Flask, browse, cast: Cast, students: list[int]) -> None:
    bruno = browse(cast.bruno)
    path = f"/teach/classes/{cast.classes['Bruno']}/mastery"

    def cost() -> int:
        bruno.get(path)
        with counted_statements() as counted:
            bruno.get(path)
        return len(counted)

    before = cost()
    assert before <= 6
    take(app, browse(enrol(app, cast, 77)), class_quiz(cast))
    assert cost() == before
