"""An invented class of many students, each with a history: rows put straight into the tables, and browsers that are signed in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from flask import Flask, session
from flask_login import login_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy import insert

from bench.marks import put_marks
from bench.series import CHOICES, ITEMS, MODULES, POINT, SECTIONS, section_key, slug
from elearn import clock
from elearn.accounts.credentials import digest_of_token, new_token
from elearn.accounts.models import Membership, Person, SignIn
from elearn.accounts.permissions import Visitor
from elearn.accounts.service import add_institution
from elearn.adaptation import service as adaptation
from elearn.adaptation.edition_service import publish_edition
from elearn.adaptation.models import Edition
from elearn.assessment.models import Answer, Attempt
from elearn.db import db, unit_of_work
from elearn.learning import class_service
from elearn.learning.models import Activity, CourseClass, Enrolment, ModuleProgress, SectionTally

STUDENTS = 10_000
#: How many of them are signed in and press buttons.
AWAKE = 1_000
PROFESSOR = 1
EDITOR = 2
#: People and enrolments from here on are students; what the services make themselves has lower numbers.
FIRST = 1_001
#: Of so many marks, one is its student's first in the month and module, and counts in reach.
FIRST_OF_MONTH_IN = 12
SAVED_BEFORE = 10


@dataclass(frozen=True)
class Browser:
    """A signed-in browser: its cookie, and the token that its forms carry."""

    cookie: str
    csrf_token: str


@dataclass(frozen=True)
class World:
    """What the cases need to know of what was put in."""

    class_id: int
    course_id: int
    students: list[Browser]
    professor: Browser
    editor: Browser


def teach(app: Flask) -> World:
    """Have a class of invented students on all modules, and sign some of them in."""
    with app.app_context(), app.test_request_context(), unit_of_work():
        course_class = _class()
        class_id = course_class.id
        course_id = db.session.get_one(Edition, course_class.edition_id).course_id
        _enrol(course_class, Random(2))
        put_marks(course_class, PROFESSOR, range(FIRST, FIRST + STUDENTS))
        tokens = _sign_in([PROFESSOR, EDITOR, *range(FIRST, FIRST + AWAKE)])
    professor, editor, *students = (_browser(app, token) for token in tokens)
    return World(class_id, course_id, students, professor, editor)


def _put(model: Any, rows: list[dict[str, Any]]) -> None:
    db.session.execute(insert(model.__table__), rows)


def _class() -> CourseClass:
    at = clock.now()
    new = {"password_hash": "", "created_at": at}
    _put(Person, [{"id": PROFESSOR, "name": "Pat Professor", **new}, {"id": EDITOR, "name": "Eddy Editor", **new}])
    _put(Membership, [{"person_id": EDITOR, "role": "editor", "state": "confirmed", "began_at": at, "decided_at": at}])
    institution = add_institution(code="BENCH", name="Bench University", kind="university", country="KE", timezone="Africa/Nairobi")
    place = {"institution_id": institution.id, "state": "confirmed", "began_at": at, "decided_at": at}
    _put(Membership, [{"person_id": PROFESSOR, "role": "professor", **place}])
    course = adaptation.make_course(
        institution_id=institution.id,
        title="Invented course",
        slugs=[slug(module) for module in range(1, MODULES + 1)],
        language="en",
        person_id=PROFESSOR,
    )
    return class_service.open_class(
        edition=publish_edition(course, person_id=PROFESSOR),
        institution=institution,
        title="Invented class",
        timezone="Africa/Nairobi",
        starts_on=at.date() - timedelta(days=60),
        ends_on=at.date() + timedelta(days=60),
        professor=Visitor(PROFESSOR, "Pat Professor", "", ""),
    )


def _sign_in(people: list[int]) -> list[str]:
    """Return the tokens of new sign-ins."""
    times = {"began_at": clock.now(), "expires_at": clock.now() + timedelta(days=1), "second_factor_at": clock.now()}
    tokens = {person: new_token() for person in people}
    _put(SignIn, [{"person_id": person, "token_digest": digest_of_token(tokens[person]), "user_agent": "", **times} for person in people])
    return list(tokens.values())


def _enrol(course_class: CourseClass, random: Random) -> None:
    at = clock.now()
    ids = range(FIRST, FIRST + STUDENTS)
    names = {number: f"{random.choice('ABCDEFGHIJKLM')}{number} Student" for number in ids}
    _put(Person, [{"id": number, "name": names[number], "password_hash": "", "created_at": at} for number in ids])
    place = {"class_id": course_class.id, "role": "student", "enrolled_at": at}
    _put(Enrolment, [{"id": n, "person_id": n, "name": names[n], "student_id": f"S{n}", **place} for n in ids])
    for module in range(1, MODULES + 1):
        _put(ModuleProgress, [_progress(random, number, module) for number in ids])
    _put(Activity, list(_activity(course_class)))
    _put(
        SectionTally,
        [
            {"class_id": course_class.id, "module_id": module, "section_key": section_key(section), "done": random.randrange(STUDENTS // 2)}
            for module in range(1, MODULES + 1)
            for section in range(1, SECTIONS + 1)
        ],
    )
    _put(Attempt, [_attempt(random, number, course_class) for number in ids[:AWAKE]])
    _put(Answer, [_answer(number, item) for number in ids[:AWAKE] for item in range(1, SAVED_BEFORE + 1)])


def _progress(random: Random, enrolment_id: int, module: int) -> dict[str, Any]:
    """Return a history in which the last section is not done yet: the one that the bench marks."""
    count = random.randrange(SECTIONS)
    done = [section_key(section) for section in range(1, count + 1)]
    scored = random.random() < 0.6
    return {
        "enrolment_id": enrolment_id,
        "module_id": module,
        "done": done,
        "done_count": count,
        "last_key": done[-1] if done else "",
        "points": random.randrange(ITEMS) * POINT if scored else None,
        "max_points": ITEMS * POINT if scored else None,
        "attempts": int(scored),
        "completed_at": clock.now() if scored and count == SECTIONS - 1 else None,
        "changed_at": clock.now(),
    }


def _activity(course_class: CourseClass) -> Iterator[dict[str, Any]]:
    at = clock.now()
    for number in range(FIRST, FIRST + STUDENTS):
        for module in range(1, MODULES + 1):
            if (number + module) % FIRST_OF_MONTH_IN:
                yield {
                    "person_id": number,
                    "month": at.date().replace(day=1),
                    "class_id": course_class.id,
                    "institution_id": course_class.institution_id,
                    "module_id": module,
                    "language": "en",
                    "at": at,
                }


def _attempt(random: Random, number: int, course_class: CourseClass) -> dict[str, Any]:
    """Return an open attempt at the quiz of the first module; its id is the student's."""
    return {
        "id": number,
        "person_id": number,
        "class_id": course_class.id,
        "edition_id": course_class.edition_id,
        "enrolment_id": number,
        "module_id": 1,
        "revision_id": 1,
        "number": 1,
        "language": "en",
        "seed": number,
        "layout": [[item, random.sample(CHOICES, len(CHOICES))] for item in random.sample(range(1, ITEMS + 1), ITEMS)],
        "started_at": clock.now(),
        "sequence": SAVED_BEFORE,
    }


def _answer(attempt: int, item: int) -> dict[str, Any]:
    saved = {"sender": "bench", "sent_sequence": item, "saved_at": clock.now(), "is_late": False}
    return {"attempt_id": attempt, "item_revision_id": item, "sequence": item, "response": CHOICES[-1], **saved}


def _browser(app: Flask, token: str) -> Browser:
    """Return a browser whose cookie is what the application itself would have set."""
    with app.test_request_context():
        login_user(Visitor(0, "", "", "", token=token))
        csrf_token = generate_csrf()
        response = app.response_class()
        app.session_interface.save_session(app, session, response)  # type: ignore[arg-type]
        return Browser(response.headers["Set-Cookie"].partition(";")[0], csrf_token)
