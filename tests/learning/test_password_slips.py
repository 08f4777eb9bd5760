"""Slips for a lost password: made by a confirmed professor for a student of the class, shown once, good once, for nobody's colleague."""

import re
import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from elearn import clock
from elearn.accounts import service as accounts
from elearn.accounts.models import EmailAddress, Institution, Membership, Person, SignIn
from elearn.accounts.permissions import Role
from elearn.audit import AuditEntry
from elearn.db import db, unit_of_work
from elearn.learning import password_slip_service, slip_queries, slip_service
from elearn.learning.models import Enrolment, Slip
from tests.cast import PASSWORD, Cast
from tests.learning.test_rosters import imported
from tests.reader import Browser, Page

NEW = "an entirely new password"
NOTHING = "This slip opens nothing now; ask your professor."


def place_of(app: Flask, person_id: int, class_id: int) -> int:
    with app.app_context():
        mine = select(Enrolment.id).where(Enrolment.person_id == person_id, Enrolment.class_id == class_id, Enrolment.ended_at.is_(None))
        return db.session.scalars(mine).one()


@pytest.fixture
def page(app: Flask, cast: Cast) -> str:
    """Where Bruno makes a slip for Ana."""
    class_id = cast.classes["Bruno"]
    return f"/teach/classes/{class_id}/students/{place_of(app, cast.ana, class_id)}/slip"


def code_on(page: Page) -> str:
    return re.findall(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}\b", page.text)[0]


@pytest.fixture
def code(browse, cast: Cast, page: str) -> str:
    return code_on(browse(cast.bruno).submit(page, {}))


def use(browser: Browser, code: str, status: int = 303, password: str = NEW) -> Page:
    return browser.post("/slip", {"code": code, "password": password}, status)


def signs_in(browser: Browser, password: str) -> bool:
    sent = {"email": "ana@example.org", "password": password, "csrf_token": browser.csrf_token}
    return browser.client.post("/sign-in", data=sent).status_code == 303


def test_a_student_who_lost_the_password_chooses_a_new_one_with_a_slip(app: Flask, browse, cast: Cast, page: str, tmp_path) -> None:
    app.config["MAIL_URL"] = tmp_path.as_uri()
    bruno, elsewhere = browse(cast.bruno), browse(cast.ana)
    assert "Make the slip" in bruno.get(page).text
    shown = bruno.submit(page, {})
    assert "This page is shown once" in shown.text
    told = next(iter(tmp_path.glob("*.eml"))).read_text(encoding="utf-8")
    assert "ana@example.org" in told
    assert "Bruno Example" in told
    assert code_on(shown) not in told
    ana = browse()
    assert "/slip" in ana.get("/sign-in").links().values()
    signing_in = ana.submit("/slip", {"code": code_on(shown).lower().replace("-", ""), "password": NEW})
    assert signing_in.response.request.path == "/sign-in"
    assert "Your new password is set" in signing_in.text
    assert signs_in(browse(), NEW)
    assert not signs_in(browse(), PASSWORD)
    assert "/sign-in" in elsewhere.get("/home", 302).response.headers["Location"], "every sign-in is over"
    assert len(list(tmp_path.glob("*.eml"))) == 2
    with app.app_context():
        entries = {e.action: e for e in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))}
        made = entries["make-password-slip"]
        assert (made.actor_id, made.institution_id) == (cast.bruno, cast.institutions["LAG"])
        assert entries["set-password"].details == {"slip": made.details["slip"]}
        assert [(s.made_by, s.state) for s in slip_queries.slips_of(cast.ana)] == [("Bruno Example", "used")]
        assert slip_queries.slips_of(cast.emil) == []


def test_a_student_sees_who_made_which_slip(app: Flask, browse, cast: Cast, page: str) -> None:
    assert "made a slip" not in browse(cast.ana).get("/account").text
    use(browse(), code_on(browse(cast.bruno).submit(page, {})))
    browse(cast.bruno).submit(page, {})
    browse(cast.bruno).submit(page, {})
    shown = browse(cast.ana).get("/account").text
    assert shown.count("Bruno Example made a slip") == 3
    for words in ("(used)", "(not used yet)", "(withdrawn)"):
        assert shown.count(words) == 1
    assert "made a slip" not in browse(cast.emil).get("/account").text


def test_using_a_slip_signs_out_whoever_was_signed_in_on_that_computer(app: Flask, browse, cast: Cast, code: str) -> None:
    computer = browse(cast.emil)
    use(computer, code)
    assert "/sign-in" in computer.get("/home", 302).response.headers["Location"]
    with app.app_context():
        theirs = select(SignIn.ended_at).where(SignIn.person_id == cast.emil).order_by(SignIn.id.desc())
        assert db.session.scalars(theirs).first() is not None


def test_a_slip_is_shown_once_and_a_new_one_ends_it(app: Flask, browse, cast: Cast, page: str) -> None:
    bruno = browse(cast.bruno)
    first = code_on(bruno.submit(page, {}))
    again = bruno.get(page)
    assert first not in again.text
    assert "Make the slip" in again.text
    second = code_on(bruno.submit(page, {}))
    assert NOTHING in use(browse(), first, 422).text
    use(browse(), second)
    with app.app_context():
        assert [s.state for s in slip_queries.slips_of(cast.ana)] == ["used", "revoked"]


def test_a_slip_is_not_kept_as_it_is_printed(app: Flask, browse, cast: Cast, code: str) -> None:
    with app.app_context():
        slip = db.session.scalars(select(Slip)).one()
        assert code not in str(slip.code_digest)
        assert code.replace("-", "") not in str(slip.code_digest).upper()


@pytest.mark.parametrize("how", ["used", "revoked", "unknown", "nonsense", "left", "deactivated", "erased", "office", "old"])
def test_a_slip_that_opens_nothing_says_so_alike_and_the_password_stays(app: Flask, browse, cast: Cast, code: str, how: str) -> None:
    with app.app_context(), unit_of_work():
        slip, ana = db.session.scalars(select(Slip)).one(), db.session.get_one(Person, cast.ana)
        if how == "used":
            slip.used_at = clock.now()
        elif how == "revoked":
            slip.revoked_at = clock.now()
        elif how == "left":
            place = db.session.get_one(Enrolment, slip.enrolment_id)
            place.ended_at, place.end_reason = clock.now(), "left"
        elif how == "deactivated":
            ana.deactivated_at = clock.now()
        elif how == "erased":
            ana.erased_at = clock.now()
        elif how == "office":
            accounts.add_membership(cast.ana, Role.EDITOR)
        elif how == "old":
            slip.expires_at = clock.now() - timedelta(seconds=1)
        hashed = ana.password_hash
    typed = {"unknown": "ABCD-EFGH-JKMN", "nonsense": "certainly no code"}.get(how, code)
    refused = use(browse(), typed, 422)
    assert ("This slip is too old" if how == "old" else NOTHING) in refused.text
    assert refused.form("/slip")["code"] == typed
    assert "Ana" not in refused.text
    with app.app_context():
        assert db.session.get_one(Person, cast.ana).password_hash == hashed


def test_a_slip_lasts_two_days(app: Flask, browse, code: str) -> None:
    with app.app_context():
        slip = db.session.scalars(select(Slip)).one()
        assert slip.expires_at - slip.made_at == timedelta(hours=48)


def test_a_short_password_uses_no_slip_up(browse, code: str) -> None:
    assert "Use 10 to 200 characters" in use(browse(), code, 422, "short").text
    use(browse(), code)


@pytest.mark.parametrize("role", [Role.PROFESSOR, Role.COORDINATOR, Role.EDITOR, Role.PROGRAMME_COORDINATOR])
@pytest.mark.parametrize("state", ["requested", "confirmed"])
def test_nobody_makes_a_slip_for_somebody_who_holds_an_office(app: Flask, browse, cast: Cast, page: str, role: Role, state: str) -> None:
    with app.app_context(), unit_of_work():
        institution = db.session.scalars(select(Institution)).first() if role in {Role.PROFESSOR, Role.COORDINATOR} else None
        accounts.add_membership(cast.ana, role, institution_id=institution.id if institution else None, state=state)
    assert "is more than a student" in browse(cast.bruno).post(page, {}, 403).text
    with app.app_context():
        assert db.session.scalars(select(Slip)).all() == []


@pytest.mark.parametrize("role", ["professor", "assistant"])
def test_nobody_makes_a_slip_for_somebody_who_teaches_anywhere(app: Flask, browse, cast: Cast, page: str, role: str) -> None:
    with app.app_context(), unit_of_work():
        db.session.add(Enrolment(class_id=cast.classes["Dora"], person_id=cast.ana, role=role, name="A", enrolled_at=clock.now()))
    browse(cast.bruno).post(page, {}, 403)


def test_a_slip_is_made_for_one_whose_request_was_declined_or_whose_office_is_over(app: Flask, browse, cast: Cast, page: str) -> None:
    with app.app_context(), unit_of_work():
        declined = accounts.add_membership(cast.ana, Role.PROFESSOR, institution_id=cast.institutions["LIM"], state="declined")
        declined.ended_at = clock.now()
        accounts.add_membership(cast.ana, Role.EDITOR).ended_at = clock.now()
        accounts.add_membership(cast.ana, Role.STUDENT, institution_id=cast.institutions["LAG"])
    browse(cast.bruno).submit(page, {})


@pytest.mark.parametrize(("who", "status"), [("dora", 404), ("ana", 404), ("emil", 404), ("carla", 404), ("root", 404), ("bruno", 303)])
def test_only_the_professors_of_the_class_make_a_slip(browse, cast: Cast, page: str, who: str, status: int) -> None:
    browse(getattr(cast, who)).get(page, 200 if status == 303 else status)
    browse(getattr(cast, who)).post(page, {}, status)


def test_neither_an_assistant_nor_an_unconfirmed_professor_makes_a_slip(app: Flask, browse, cast: Cast, page: str) -> None:
    with app.app_context(), unit_of_work():
        db.session.add(Enrolment(class_id=cast.classes["Bruno"], person_id=cast.emil, role="assistant", name="E", enrolled_at=clock.now()))
    browse(cast.emil).post(page, {}, 403)
    with app.app_context(), unit_of_work():
        db.session.scalars(select(Membership).where(Membership.person_id == cast.bruno)).one().state = "requested"
    browse(cast.bruno).post(page, {}, 403)


def test_a_student_of_another_class_a_line_that_waits_and_staff_are_not_there(app: Flask, browse, cast: Cast) -> None:
    base = f"/teach/classes/{cast.classes['Bruno']}/students/"
    with app.app_context(), unit_of_work():
        waiting = Enrolment(class_id=cast.classes["Bruno"], role="student", name="W", enrolled_at=clock.now())
        db.session.add(waiting)
        db.session.flush()
        waiting_id = waiting.id
    bruno = browse(cast.bruno)
    for number in (place_of(app, cast.emil, cast.classes["Dora"]), waiting_id, place_of(app, cast.bruno, cast.classes["Bruno"]), 999999):
        bruno.post(f"{base}{number}/slip", {}, 404)
        bruno.get(f"{base}{number}/slip", 404)


def test_the_slip_of_one_student_is_not_shown_on_the_page_of_another(app: Flask, browse, cast: Cast, page: str) -> None:
    browse(cast.emil).submit("/join", {"code": cast.codes["Bruno"]})
    other = f"/teach/classes/{cast.classes['Bruno']}/students/{place_of(app, cast.emil, cast.classes['Bruno'])}/slip"
    bruno = browse(cast.bruno)
    bruno.post(page, {})
    assert "This page is shown once" not in bruno.get(other).text


def test_only_verified_addresses_are_written_to(app: Flask, browse, cast: Cast, page: str, tmp_path) -> None:
    app.config["MAIL_URL"] = tmp_path.as_uri()
    with app.app_context(), unit_of_work():
        db.session.add(EmailAddress(person_id=cast.ana, address="claimed@example.org"))
    browse(cast.bruno).submit(page, {})
    assert len(list(tmp_path.glob("*.eml"))) == 1


def test_making_slips_and_guessing_them_is_throttled(browse, cast: Cast, page: str, code: str, monkeypatch) -> None:
    monkeypatch.setattr(password_slip_service, "SLIPS_PER_HOUR", 2)
    bruno = browse(cast.bruno)
    bruno.post(page, {})
    bruno.post(page, {}, 429)
    monkeypatch.setattr(slip_service, "CODES_PER_ADDRESS", 3)
    for _ in range(3):
        use(browse(), "ABCD-EFGH-JKMN", 422)
    use(browse(), code, 429)


def test_a_slip_for_a_place_typed_here_leads_to_the_place(app: Flask, browse, cast: Cast) -> None:
    bruno, base = browse(cast.bruno), f"/teach/classes/{cast.classes['Bruno']}/"
    bruno.submit(bruno.post(base + "roster", {"pasted": "name\nZara\n"}).response.headers["Location"], {})
    bruno.post(base + "slips/make", {})
    code = code_on(bruno.get(base + "slips/print"))
    assert "This place is for Zara" in browse().submit("/slip", {"code": code, "password": NEW}).text


def test_a_slip_for_a_password_takes_no_place(browse, cast: Cast, code: str) -> None:
    assert NOTHING in browse().get(f"/slip/{code}", 422).text
    assert NOTHING in browse(cast.emil).post(f"/slip/{code}", {"is_me": "y"}, 422).text


def both_at_once(app: Flask, press) -> list[int]:
    """Return the statuses of two presses at the same moment."""
    browsers = [Browser.of(app, None) for _ in range(2)]
    tokens = [browser.csrf_token for browser in browsers]
    gate, statuses = threading.Barrier(2), list[int]()

    def run(browser: Browser, token: str, number: int) -> None:
        gate.wait()
        statuses.append(press(browser, token, number))

    threads = [threading.Thread(target=run, args=(b, t, n)) for n, (b, t) in enumerate(zip(browsers, tokens, strict=True))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


def test_of_two_who_use_a_slip_at_once_one_sets_the_password(app: Flask, browse, code: str) -> None:
    def press(browser: Browser, token: str, number: int) -> int:
        sent = {"code": code, "password": f"{NEW} {number}", "csrf_token": token}
        return browser.client.post("/slip", data=sent).status_code

    assert both_at_once(app, press) == [303, 422]
    assert [signs_in(browse(), f"{NEW} {number}") for number in (0, 1)].count(True) == 1


def test_of_two_phones_with_the_same_slip_at_once_one_gets_the_place(app: Flask, browse, cast: Cast) -> None:
    bruno, base = browse(cast.bruno), f"/teach/classes/{cast.classes['Bruno']}/"
    bruno.submit(bruno.post(base + "roster", {"pasted": "name\nZara\n"}).response.headers["Location"], {})
    bruno.post(base + "slips/make", {})
    code = code_on(bruno.get(base + "slips/print"))

    def press(browser: Browser, token: str, number: int) -> int:
        sent = {"sign_in_name": f"zara{number}", "password": PASSWORD, "email": "", "csrf_token": token}
        return browser.client.post(f"/slip/{code}", data=sent).status_code

    assert both_at_once(app, press) == [303, 422]
    with app.app_context():
        people = db.session.scalars(select(Person).where(Person.sign_in_name.in_(["zara0", "zara1"]))).all()
        assert len(people) == 1, "whoever was second has no account left over"
        assert db.session.scalars(select(Enrolment).where(Enrolment.name == "Zara")).one().person_id == people[0].id
        assert len(db.session.scalars(select(SignIn).where(SignIn.person_id == people[0].id)).all()) == 1


def test_whoever_was_put_into_the_class_by_a_roster_gets_no_slip(app: Flask, browse, cast: Cast) -> None:
    """Else a professor who knows an address would open the account of anybody, by listing them."""
    class_id = cast.classes["Bruno"]
    bruno = browse(cast.bruno)
    imported(bruno, f"/teach/classes/{class_id}/roster", "name,email\nEmil Example,emil@example.org\n")
    path = f"/teach/classes/{class_id}/students/{place_of(app, cast.emil, class_id)}/slip"
    assert "put into the class by a roster" in bruno.post(path, {}, 403).text
    browse(cast.emil).post("/join", {"code": cast.codes["Bruno"]})
    bruno.post(path, {}, 403)
    bruno.submit(f"/teach/classes/{class_id}/students/{place_of(app, cast.ana, class_id)}/slip", {})


def test_the_audit_names_the_class_of_a_slip_and_not_the_student(browse, cast: Cast, page: str) -> None:
    browse(cast.bruno).submit(page, {})
    shown = browse(cast.carla).get("/coordinate/audit").text
    assert "Ana Example" not in shown
    assert "Bruno's class" in shown
