"""Slips of paper: printed for lines of a roster, good once, each for one place."""

import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from elearn import clock
from elearn.accounts.credentials import LETTERS
from elearn.accounts.models import EmailAddress, Membership, Person, SignIn
from elearn.accounts.sign_in_names import is_sign_in_name, suggested_names
from elearn.audit import AuditEntry
from elearn.db import counted_statements, db, unit_of_work
from elearn.learning import roster_service, slip_queries, slip_service
from elearn.learning.models import CourseClass, Enrolment, EnrolmentChange, Slip
from elearn.learning.roster import read_roster
from elearn.learning.slip_codes import digest_of_code, drawn_path, slip_code, typed_slip_code
from elearn.learning.slip_service import make_slips
from elearn.reach.recount import recount
from tests.assessment.conftest import class_quiz, sit
from tests.cast import PASSWORD, Cast, visitor_of
from tests.learning.test_classes import SLUG, keys  # noqa: F401 (a fixture)

ROSTER = "name,email,student_id,language,group\nZara Noor,,19,ar,Tuesday\nمحمد علي,,20,ar,Monday\nEmil Example,,21,,Monday\n"
NOTHING = "This slip opens nothing now; ask your professor."
CHOSEN = {"sign_in_name": "zara.noor", "password": PASSWORD, "email": ""}


def take_roster(cast: Cast, text: str = ROSTER) -> None:
    roster_service.import_roster(cast.classes["Bruno"], read_roster(text.encode()), by_id=cast.bruno, leave_out_faulty=False, invite=False)


@pytest.fixture
def page(app: Flask, cast: Cast) -> str:
    with app.app_context(), app.test_request_context(), unit_of_work():
        take_roster(cast)
    return f"/teach/classes/{cast.classes['Bruno']}/slips"


def codes(browse, cast: Cast, page: str, query: str = "") -> dict[str, str]:
    """Return the codes on the page to be printed, by name."""
    printed = browse(cast.bruno).get(f"{page}/print{query}")
    found = {}
    for slip in printed.all("li", class_="slip"):
        words = " ".join("".join(slip.itertext()).split())
        code = next(iter(re.findall(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}\b", words)))
        found[next(e for e in slip.iter("bdi")).text] = code
    return found


@pytest.fixture
def code(browse, cast: Cast, page: str) -> str:
    """The code on Zara's slip."""
    browse(cast.bruno).submit(page + "/make", {})
    return codes(browse, cast, page)["Zara Noor"]


def line(app: Flask, name: str = "Zara Noor") -> Enrolment:
    with app.app_context():
        listed = select(Enrolment).join(CourseClass, CourseClass.id == Enrolment.class_id).where(CourseClass.title == "Bruno's class")
        return db.session.scalars(listed.where(Enrolment.name == name)).one()


# Codes


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.text(min_size=32, max_size=40))
def test_a_code_is_twelve_letters_that_cannot_be_mistaken_and_is_read_however_it_is_typed(slip_id: int, place: int, key: str) -> None:
    made = datetime(2026, 9, 1, 8, 30, 15, 123456, UTC)
    code = slip_code(key, slip_id=slip_id, enrolment_id=place, made_at=made)
    assert re.fullmatch(rf"(?:[{LETTERS}]{{4}}-){{2}}[{LETTERS}]{{4}}", code)
    assert len(LETTERS) ** 12 > 2**55
    assert typed_slip_code(f"  {code.lower().replace('-', ' . ')} ") == code
    assert code != slip_code(key, slip_id=slip_id + 1, enrolment_id=place, made_at=made)
    assert code != slip_code(key + "x", slip_id=slip_id, enrolment_id=place, made_at=made)
    assert digest_of_code(key, code) != digest_of_code(key + "x", code)


@given(st.text(max_size=30))
def test_what_is_no_code_is_none(text: str) -> None:
    code = typed_slip_code(text)
    assert code == "" or typed_slip_code(code) == code


@given(st.lists(st.lists(st.integers(0, 1), min_size=9, max_size=9), min_size=1, max_size=9))
def test_a_drawing_has_every_dark_module_and_no_other(rows: list[list[int]]) -> None:
    dark = {
        (x, int(y))
        for start, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1H\d+z", drawn_path(rows))
        for x in range(int(start), int(start) + int(width))
    }
    assert dark == {(x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module}


@given(st.text(max_size=40))
def test_a_sign_in_name_is_suggested_for_any_name(name: str) -> None:
    assert all(is_sign_in_name(each) for each in suggested_names(name))


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("Zara Noor", "zara.noor"),
        ("José María Muñoz", "jose.munoz"),
        ("X", "student"),
        ("👩🏽‍🎓", "student"),
        ("Cher", "cher"),
        ("Root", "student"),
    ],
)
def test_a_sign_in_name_suits_its_name(name: str, suggested: str) -> None:
    assert suggested_names(name)[0] == suggested


@pytest.mark.parametrize("name", ["ab", "a@b.org", "two words", ".dot", "x" * 41, "admin", "a/b", ""])
def test_what_looks_like_an_address_or_cannot_be_typed_is_no_sign_in_name(name: str) -> None:
    assert not is_sign_in_name(name)


# Printing


def test_slips_are_made_and_printed_and_printed_again_with_the_same_codes(app: Flask, browse, cast: Cast, page: str) -> None:
    bruno = browse(cast.bruno)
    assert "There is no slip to print" in bruno.get(page + "/print").text
    assert "3 slips are ready to print" in bruno.submit(page + "/make", {}).text
    first = codes(browse, cast, page)
    assert set(first) == {"Zara Noor", "محمد علي", "Emil Example"}
    assert codes(browse, cast, page) == first
    assert "Everybody who waits has a slip already" in bruno.submit(page + "/make", {}).text
    assert codes(browse, cast, page) == first
    printed = bruno.get(page + "/print")
    assert "localhost/join" in printed.text
    assert printed.response.get_data(as_text=True).count('class="slip-code"') == 3
    with app.app_context():
        kept = db.session.scalars(select(Slip.code_digest)).all()
        assert not {code.replace("-", "") for code in first.values()} & set(kept)
        assert db.session.scalars(select(AuditEntry.details).where(AuditEntry.action == "make-slips")).all() == [{"slips": 3}]


def test_slips_are_printed_by_group_and_one_by_one(app: Flask, browse, cast: Cast, page: str) -> None:
    browse(cast.bruno).submit(page + "/make", {})
    everything = codes(browse, cast, page)
    assert codes(browse, cast, page, f"?group={line(app).group_id}") == {"Zara Noor": everything["Zara Noor"]}
    assert codes(browse, cast, page, f"?line={line(app, 'Emil Example').id}") == {"Emil Example": everything["Emil Example"]}
    for query in ("?line=999999", "?line=x", "?group=999999", "?line=99999999999999999999"):
        browse(cast.bruno).get(f"{page}/print{query}", 404)


def test_new_codes_end_the_old_ones_of_those_that_are_meant(app: Flask, browse, cast: Cast, page: str, code: str) -> None:
    before = codes(browse, cast, page)
    browse(cast.bruno).submit(page + "/renew", {"line": str(line(app).id)})
    after = codes(browse, cast, page)
    assert {name for name in after if after[name] != before[name]} == {"Zara Noor"}
    assert NOTHING in browse().get(f"/slip/{code}", 422).text
    assert "Zara Noor" in browse().get(f"/slip/{after['Zara Noor']}").text
    browse(cast.bruno).submit(page + "/renew", {})
    assert not set(codes(browse, cast, page).values()) & set(after.values())


def test_the_list_is_found_by_name_and_group(app: Flask, browse, cast: Cast, page: str) -> None:
    bruno = browse(cast.bruno)
    assert "Emil" not in bruno.get(f"{page}?q=zara").text
    assert "محمد علي" in bruno.get(f"{page}?group={line(app, 'Emil Example').group_id}").text
    assert "Nobody like that waits" in bruno.get(f"{page}?q=100%25").text


def test_slips_are_for_those_who_wait_alone(browse, cast: Cast, page: str, code: str) -> None:
    browse().submit(f"/slip/{code}", CHOSEN)
    assert "Zara Noor" not in browse(cast.bruno).get(page).text
    assert set(codes(browse, cast, page)) == {"محمد علي", "Emil Example"}


def test_making_and_listing_takes_the_same_statements_however_many_lines_wait(app: Flask, browse, cast: Cast, page: str) -> None:
    bruno = browse(cast.bruno)
    bruno.get(page)
    counts = []
    for many in (3, 240):
        with app.app_context(), app.test_request_context(), unit_of_work():
            take_roster(cast, "name\n" + "".join(f"N{many}-{n}\n" for n in range(many)))
        with counted_statements() as counted:
            bruno.get(page)
            bruno.post(page + "/make", {})
            bruno.get(page + "/print")
        counts.append(len(counted))
    assert counts[0] == counts[1] <= 30
    assert "print each page" in bruno.get(page + "/print").text


@pytest.mark.parametrize(("who", "status"), [("dora", 404), ("ana", 404), ("carla", 404), ("root", 404)])
def test_nobody_else_sees_or_makes_slips(browse, cast: Cast, page: str, who: str, status: int) -> None:
    somebody = browse(getattr(cast, who))
    somebody.get(page, status)
    somebody.get(page + "/print", status)
    somebody.post(page + "/make", {}, status)
    somebody.post(page + "/renew", {}, status)


def test_an_assistant_prints_no_slips_and_an_unconfirmed_professor_makes_none(app: Flask, browse, cast: Cast, page: str) -> None:
    with app.app_context(), unit_of_work():
        db.session.add(Enrolment(class_id=cast.classes["Bruno"], person_id=cast.emil, role="assistant", name="E", enrolled_at=clock.now()))
    browse(cast.emil).get(page, 403)
    browse(cast.emil).get(page + "/print", 403)
    own = f"/teach/classes/{cast.classes['Gita']}/slips"
    assert "has to confirm you first" in browse(cast.gita).get(own).text
    browse(cast.gita).post(own + "/make", {}, 403)
    browse(cast.gita).get(own + "/print", 403)


# Taking a place


def test_a_student_without_an_address_goes_from_the_slip_to_a_quiz_and_leaves_nothing_on_a_shared_computer(
    app: Flask,
    browse,
    cast: Cast,
    page: str,
    code: str,
    keys,  # noqa: F811
) -> None:
    computer = browse()
    shown = computer.submit("/join", {"code": code.lower().replace("-", " ")})
    assert "This place is for Zara Noor in “Bruno's class”" in shown.text
    fields = shown.form(f"/slip/{code}")
    assert fields["sign_in_name"] == "zara.noor"
    inside = computer.submit(f"/slip/{code}", fields | {"password": PASSWORD})
    assert inside.heading == "Bruno's class"
    assert "sign in as “zara.noor”" in inside.text
    computer.submit(f"/classes/{cast.classes['Bruno']}/{SLUG}/{keys[0]}", {"state": "done"})
    attempt = sit(app, computer, class_quiz(cast))
    result = computer.submit(attempt.path, attempt.fields() | {"action": "submit"})
    assert "100" in result.text
    computer.submit("/sign-out", {})
    for left in (class_quiz(cast), "/home", f"/classes/{cast.classes['Bruno']}/", attempt.path):
        assert "/sign-in" in computer.get(left, 302).response.headers["Location"]
    assert "Zara" not in computer.get("/").text
    assert NOTHING in computer.get(f"/slip/{code}", 422).text
    computer.submit("/sign-in", {"email": "Zara.Noor", "password": PASSWORD})
    assert computer.get(f"/classes/{cast.classes['Bruno']}/").heading == "Bruno's class"
    assert re.search(r"Zara Noor.*100 %", browse(cast.bruno).get(f"/teach/classes/{cast.classes['Bruno']}/").text)
    with app.app_context():
        person = db.session.scalars(select(Person).where(Person.sign_in_name == "zara.noor")).one()
        place = db.session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)).one()
        slip = db.session.scalars(select(Slip).where(Slip.enrolment_id == place.id)).one()
        assert (person.language, place.student_id, slip.used_by_id) == ("ar", "19", person.id)
        assert [c.details for c in db.session.scalars(select(EnrolmentChange).where(EnrolmentChange.kind == "claimed"))] == [
            {"way": "slip"}
        ]
        assert not recount().differences


def test_an_address_given_with_a_slip_is_a_claim(app: Flask, browse, code: str) -> None:
    browse().submit(f"/slip/{code}", CHOSEN | {"email": " Zara@Example.net "})
    with app.app_context():
        kept = db.session.scalars(select(EmailAddress).where(EmailAddress.address == "zara@example.net")).one()
        assert kept.verified_at is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sign_in_name": ""}, "Choose a name to sign in with"),
        ({"sign_in_name": "no spaces"}, "letters and digits"),
        ({"sign_in_name": "x@example.org"}, "letters and digits"),
        ({"sign_in_name": "TAKEN"}, "Somebody has this sign-in name"),
        ({"password": "short"}, "Use 10 to 200 characters"),
        ({"email": "nonsense"}, "does not look like an e-mail address"),
    ],
)
def test_what_cannot_be_an_account_is_refused_beside_the_field_and_the_slip_stays_good(app, browse, code: str, change, words: str) -> None:
    with app.app_context(), unit_of_work():
        db.session.add(Person(name="T", sign_in_name="taken", created_at=clock.now()))
    typed = CHOSEN | {"email": "mine@example.net"} | change
    refused = browse().post(f"/slip/{code}", typed, 422)
    assert words in refused.text
    assert refused.form(f"/slip/{code}")["sign_in_name"] == typed["sign_in_name"]
    browse().submit(f"/slip/{code}", CHOSEN)


def test_a_suggested_sign_in_name_is_free(app: Flask, browse, code: str) -> None:
    with app.app_context(), unit_of_work():
        db.session.add_all(Person(name="T", sign_in_name=name, created_at=clock.now()) for name in ("zara.noor", "zara.noor2"))
    assert browse().get(f"/slip/{code}").form(f"/slip/{code}")["sign_in_name"] == "zara.noor3"


def test_who_has_an_account_takes_the_place_with_it(app: Flask, browse, cast: Cast, page: str, code: str) -> None:
    code = codes(browse, cast, page)["Emil Example"]
    shown = browse().get(f"/slip/{code}")
    assert f"/sign-in?next=/slip/{code}" in shown.links().values()
    emil = browse(cast.emil)
    shown = emil.get(f"/slip/{code}")
    assert "Is this you?" not in shown.text
    assert "Bruno's class" in emil.submit(f"/slip/{code}", shown.form(f"/slip/{code}")).text
    assert line(app, "Emil Example").person_id == cast.emil


def test_a_place_of_another_name_is_taken_only_when_one_says_that_it_is_oneself(app: Flask, browse, cast: Cast, code: str) -> None:
    emil = browse(cast.emil)
    assert "The slip says Zara Noor, and your account Emil Example" in emil.get(f"/slip/{code}").text
    assert "Say that this place is yours" in emil.post(f"/slip/{code}", {}, 422).text
    assert line(app).person_id is None
    emil.submit(f"/slip/{code}", {"is_me": "y"})
    assert line(app).person_id == cast.emil


def test_who_is_in_the_class_already_keeps_their_place_and_gets_what_the_slip_says(app: Flask, browse, cast: Cast, code: str) -> None:
    browse(cast.ana).submit(f"/slip/{code}", {"is_me": "y"})
    with app.app_context():
        mine = db.session.scalars(select(Enrolment).where(Enrolment.person_id == cast.ana)).one()
        assert (mine.name, mine.student_id, mine.ended_at) == ("Ana Example", "19", None)
        assert not recount().differences
    assert line(app).end_reason == "error"


def test_a_professor_of_the_class_is_told_so_and_nothing_changes(app: Flask, browse, cast: Cast, code: str) -> None:
    bruno = browse(cast.bruno)
    assert "You teach this class" in bruno.get(f"/slip/{code}").text
    assert "You teach this class" in bruno.post(f"/slip/{code}", {"is_me": "y"}, 409).text
    assert line(app).person_id is None
    browse(cast.dora).submit(f"/slip/{code}", {"is_me": "y"})
    assert line(app).person_id == cast.dora, "a professor of another class may be a student here"


def make_refused(app: Flask, cast: Cast, code: str, how: str) -> None:
    with app.app_context(), unit_of_work():
        slip = db.session.scalars(select(Slip).where(Slip.enrolment_id == line(app).id)).one()
        if how == "used":
            slip.used_at = clock.now()
        elif how == "revoked":
            slip.revoked_at = clock.now()
        elif how == "claimed":
            db.session.get_one(Enrolment, slip.enrolment_id).person_id = cast.emil
        elif how == "withdrawn":
            place = db.session.get_one(Enrolment, slip.enrolment_id)
            place.ended_at, place.end_reason = clock.now(), "withdrawn"
        elif how == "unconfirmed":
            db.session.scalars(select(Membership).where(Membership.person_id == cast.bruno)).one().state = "requested"
        elif how == "over":
            db.session.get_one(CourseClass, cast.classes["Bruno"]).ends_on = date(2021, 1, 1)


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("how", ["used", "revoked", "claimed", "withdrawn", "unconfirmed", "unknown", "nonsense", "over"])
def test_a_slip_that_opens_nothing_says_so_alike(app: Flask, browse, cast: Cast, code: str, how: str, signed_in: bool) -> None:
    make_refused(app, cast, code, how)
    typed = {"unknown": "ABCD-EFGH-JKMN", "nonsense": "nonsense"}.get(how, code)
    words = "The class of this slip is over" if how == "over" else NOTHING
    somebody = browse(cast.emil if signed_in else None)
    shown = somebody.get(f"/slip/{typed}", 422)
    assert words in shown.text
    assert "Zara" not in shown.text
    assert "Bruno" not in shown.text
    refused = somebody.post(f"/slip/{typed}", CHOSEN | {"is_me": "y"}, 422)
    assert words in refused.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Person).where(Person.sign_in_name == "zara.noor")) == 0


def test_a_slip_used_twice_makes_one_account(app: Flask, browse, code: str) -> None:
    first, second = browse(), browse()
    first.get(f"/slip/{code}")
    second.get(f"/slip/{code}")
    first.submit(f"/slip/{code}", CHOSEN)
    assert NOTHING in second.post(f"/slip/{code}", CHOSEN | {"sign_in_name": "zara.two"}, 422).text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Person).where(Person.sign_in_name.startswith("zara"))) == 1


def test_a_slip_stays_good_when_the_class_goes_on_longer(app: Flask, browse, cast: Cast, page: str) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        course_class = db.session.get_one(CourseClass, cast.classes["Bruno"])
        course_class.ends_on = date(2021, 1, 1)
        make_slips(course_class, visitor_of(cast.bruno))
        course_class.ends_on = date(2099, 1, 1)
    browse().get(f"/slip/{codes(browse, cast, page)['Zara Noor']}")


def test_guessing_slips_is_throttled_for_the_address_it_comes_from(browse, code: str, monkeypatch) -> None:
    monkeypatch.setattr(slip_service, "CODES_PER_ADDRESS", 5)
    guesser = browse()
    for _ in range(5):
        guesser.get("/slip/ABCD-EFGH-JKMN", 422)
    for path in (f"/slip/{code}", f"/join/{code}"):
        assert guesser.client.get(path, follow_redirects=True).status_code == 429
    guesser.post(f"/slip/{code}", CHOSEN, 429)
    guesser.post("/slip", {"code": code, "password": PASSWORD}, 429)


def test_slips_that_open_something_use_up_no_tries(browse, code: str, monkeypatch) -> None:
    monkeypatch.setattr(slip_service, "CODES_PER_ADDRESS", 2)
    for _ in range(6):
        browse().get(f"/slip/{code}")


def test_the_join_page_takes_codes_of_classes_from_those_who_are_not_signed_in(browse, cast: Cast) -> None:
    nobody = browse()
    nobody.get("/join")
    shown = nobody.submit("/join", {"code": cast.codes["Bruno"]})
    assert "To join, sign in or make an account" in shown.text
    assert "This code opens no class now" in nobody.post("/join", {"code": "AAA-BBB-CCC"}, 422).text


def test_a_slip_whose_secret_key_has_changed_opens_nothing(app: Flask, browse, code: str) -> None:
    with app.app_context():
        assert slip_queries.slip_opened_by(code) is not None
        app.config["SECRET_KEY"] = "another key, as long as the first one"
        assert slip_queries.slip_opened_by(code) is None


def test_a_new_account_by_slip_is_not_signed_in_for_long(app: Flask, browse, code: str) -> None:
    browse().submit(f"/slip/{code}", CHOSEN)
    with app.app_context():
        person = db.session.scalars(select(Person).where(Person.sign_in_name == "zara.noor")).one()
        sign_in = db.session.scalars(select(SignIn).where(SignIn.person_id == person.id)).one()
        assert (sign_in.expires_at - sign_in.began_at).total_seconds() == 12 * 3600
