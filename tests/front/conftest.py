"""A person of whom everything is kept that can be kept, in words that stand nowhere else."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import JSON, LargeBinary, String, Text, select, update

from elearn import audit, clock, mail
from elearn.accounts import institution_service, service
from elearn.accounts.models import EmailAddress, OneTimeLink, Person, RecoveryCode, SignIn
from elearn.accounts.permissions import Role
from elearn.assessment.models import Attempt
from elearn.db import Base, db, unit_of_work
from elearn.learning.models import Announcement, ClassGroup, Enrolment, EnrolmentChange, RosterUpload, Slip
from tests.assessment.conftest import class_quiz, sit
from tests.cast import Cast
from tests.reader import Browser

NAME = "Zinnia Quartzwood"
ADDRESS = "zinnia.quartzwood@example.net"
#: What is Ana's alone, by what it is.
CANARIES = {
    "name": NAME,
    "sign-in name": "zq-signin-7781",
    "address": "ana@example.org",
    "second address": ADDRESS,
    "student number": "STUD-77-ZQ",
    "roster address": "zq-roster@example.net",
    "own words": "vermilion answer of mine",
    "own words elsewhere": "practice ultramarine words",
    "own words in review": "cerulean words recalled",
    "browser": "Zephyrbrowser/77",
    "word of a decision": "a marigold word about you",
    "word on an institution": "an indigo word about your request",
    "time zone": "Pacific/Chatham",
}


@dataclass
class Everything:
    """Ana, of whom everything is kept."""

    app: Flask
    cast: Cast
    id: int
    attempt_id: int

    def export(self, browser: Any) -> Any:
        return json.loads(browser.client.get("/account/data/my-data.json").get_data(as_text=True))


def texts() -> list[tuple[str, str, str]]:
    """Return every text that the database holds (table, column, text): whatever kind of column it stands in."""
    found = []
    for table in Base.metadata.tables.values():
        columns = [c for c in table.columns if isinstance(c.type, String | Text | JSON | LargeBinary)]
        if not columns:
            continue
        for row in db.session.execute(select(*columns)):
            for column, value in zip(columns, row, strict=True):
                if isinstance(value, bytes):
                    found.append((table.name, column.name, value.decode("utf-8", "replace")))
                elif value is not None:
                    found.append((table.name, column.name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)))
    return found


def where(canary: str) -> set[str]:
    """Return in which columns ``canary`` stands."""
    return {f"{table}.{column}" for table, column, text in texts() if canary.lower() in text.lower()}


@pytest.fixture
def everything(app: Flask, browse, cast: Cast, tmp_path) -> Everything:
    app.config["MAIL_URL"] = (tmp_path / "mail").as_uri()
    ana = browse(cast.ana)
    begin = next(url for words, url in ana.get("/home").links().items() if words.startswith("Begin "))
    ana.post(begin, {"state": "done"})
    sitting = sit(app, ana, class_quiz(cast))
    text = sitting.item("short-text")
    sitting.send((text.key, CANARIES["own words"]))
    sitting.post(**sitting.fields(), action="submit")
    practice = sit(app, ana, "/modules/introduction-to-cybercrime/quiz")
    practice.send((practice.item("short-text").key, CANARIES["own words elsewhere"]))
    with app.app_context(), app.test_request_context(), unit_of_work():
        _account(cast)
        _places(cast)
    _review(app, ana, cast)
    return Everything(app, cast, cast.ana, sitting.id)


def _review(app: Flask, ana: Browser, cast: Cast) -> None:
    """Have a question come back, and be answered in words that are Ana's alone."""
    practice = sit(app, ana, "/modules/introduction-to-cybercrime/quiz")
    practice.send((practice.item("short-text").key, CANARIES["own words elsewhere"]))
    practice.post(**ana.get(practice.path).form(practice.path), action="submit-anyway")
    ana.post("/review/habit", {"wanted": "on"})
    earlier = clock.now() - timedelta(days=2)
    with app.app_context(), unit_of_work():
        db.session.execute(update(Attempt).where(Attempt.id == practice.id).values(finished_at=earlier))
    fields = ana.get("/review").form("/review")
    asked = next(name for name in fields if name.startswith("answer-"))
    ana.post("/review", fields | {asked: CANARIES["own words in review"]})


def _account(cast: Cast) -> None:
    at = clock.now()
    person = db.session.get_one(Person, cast.ana)
    person.name, person.sign_in_name, person.timezone = NAME, CANARIES["sign-in name"], CANARIES["time zone"]
    db.session.add(EmailAddress(person_id=cast.ana, address=ADDRESS))
    service.begin_sign_in(person, user_agent=CANARIES["browser"], remember=False)
    link = {"made_at": at, "expires_at": at + timedelta(days=1)}
    db.session.add(OneTimeLink(person_id=cast.ana, purpose="verify-address", address=ADDRESS, token_digest="0" * 64, **link))
    db.session.add(RecoveryCode(person_id=cast.ana, code_digest="1" * 64, made_at=at))
    asked = service.add_membership(cast.ana, Role.PROFESSOR, institution_id=cast.institutions["LAG"], state="requested")
    asked.note = CANARIES["word of a decision"]
    audit.record("ask-for-role", "membership", asked.id, actor_id=cast.ana)
    audit.record("decline-membership", "membership", asked.id, actor_id=cast.carla, details={"person": cast.ana, "role": "professor"})
    institution = institution_service.request_institution(person_id=cast.ana, name="A school that is not listed", country="NG")
    institution.decision_note = CANARIES["word on an institution"]
    mail.post([mail.Letter(ADDRESS, f"To {NAME}", f"Dear {NAME}", cast.ana)], about="greeting")
    mail.post([mail.Letter("ana@example.org", "To your address", "Dear you")], about="greeting")


def _places(cast: Cast) -> None:
    at = clock.now()
    group = ClassGroup(class_id=cast.classes["Bruno"], name="Tuesday")
    db.session.add(group)
    db.session.flush()
    seat = db.session.scalars(select(Enrolment).where(Enrolment.person_id == cast.ana)).one()
    seat.name, seat.student_id, seat.email = NAME, CANARIES["student number"], CANARIES["roster address"]
    seat.group_id, seat.extended_until, seat.last_seen_at = group.id, at.date(), at
    db.session.add(EnrolmentChange(enrolment_id=seat.id, kind="extended", at=at, by_id=cast.bruno))
    db.session.add(
        Slip(kind="password", enrolment_id=seat.id, code_digest="2" * 64, made_by_id=cast.bruno, made_at=at, expires_at=at, used_by_id=None)
    )
    db.session.add(
        Announcement(
            class_id=cast.classes["Bruno"], author_id=cast.bruno, title="Room", body="Room 12", body_html="<p>Room 12</p>", made_at=at
        )
    )
    db.session.add(
        RosterUpload(class_id=cast.classes["Bruno"], sent_by_id=cast.bruno, sent_at=at, name="list.csv", content=b"name,email\n")
    )
    audit.record("make-slip", "enrolment", seat.id, actor_id=cast.bruno, institution_id=cast.institutions["LAG"])
    db.session.execute(update(SignIn).where(SignIn.user_agent == CANARIES["browser"]).values(second_factor_at=at))
    assert db.session.scalars(select(Attempt).where(Attempt.person_id == cast.ana)).all()
