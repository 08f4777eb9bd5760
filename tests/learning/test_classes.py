"""Classes: making, joining, reading, marking done, and what the professor sees."""

import csv
import io

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn import clock
from elearn.accounts.models import Person
from elearn.adaptation.queries import edition
from elearn.db import counted_statements, db, unit_of_work
from elearn.learning import teaching_views
from elearn.learning.gradebook import TOGETHER
from elearn.learning.models import Activity, CourseClass, ModuleProgress, SectionMark, SectionTally
from tests.cast import Cast

SLUG = "introduction-to-cybercrime"


def count(app: Flask, table) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table))


@pytest.fixture
def keys(app: Flask, cast: Cast) -> tuple[str, ...]:
    with app.app_context():
        found = edition(db.session.get_one(CourseClass, cast.classes["Bruno"]).edition_id).module(SLUG)
        return found.student_keys


def reading(cast: Cast, key: str = "", who: str = "Bruno") -> str:
    return f"/classes/{cast.classes[who]}/{SLUG}/{key}"


NEW = {"title": "Cybercrime, spring", "modules": SLUG, "starts_on": "2026-09-01", "ends_on": "2099-01-31", "timezone": "", "welcome": ""}


def test_a_professor_makes_a_class_and_a_student_joins_it_by_its_link(browse, cast: Cast) -> None:
    bruno = browse(cast.bruno)
    page = bruno.submit(
        "/teach/classes/new", NEW | {"institution": str(cast.institutions["LAG"]), "welcome": "**Karibu** <script>x</script>"}
    )
    link = next(url for url in page.links().values() if "/join/" in url)
    assert len(link.rsplit("/", 1)[1].replace("-", "")) >= 9
    emil = browse(cast.emil)
    joining = emil.get(link.removeprefix("http://localhost"))
    fields = joining.form("/join")
    assert "Cybercrime, spring" in emil.submit("/join", fields).heading
    assert "Emil Example" in bruno.get(page.response.request.path).text
    assert "Karibu" in emil.get("/home").text or "Karibu" in emil.get(emil.get("/home").links()["Cybercrime, spring"]).text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": ""}, "Give the class a title"),
        ({"modules": ""}, "not a valid choice"),
        ({"ends_on": "2026-08-01"}, "ends before it begins"),
        ({"ends_on": "soon"}, "Not a valid date"),
        ({"timezone": "Mars/Olympus"}, "no time zone of that name"),
        ({"institution": "0"}, "Not a valid choice"),
    ],
)
def test_a_class_that_cannot_be_is_refused_beside_the_field(app, browse, cast: Cast, change, message) -> None:
    before = count(app, CourseClass)
    typed = NEW | {"institution": str(cast.institutions["LAG"]), "welcome": "My words"} | change
    page = browse(cast.bruno).post("/teach/classes/new", typed, 422)
    assert message in page.text
    assert page.form("")["welcome"] == "My words"
    assert count(app, CourseClass) == before


def test_markdown_that_takes_too_long_is_refused_and_kept(app, browse, cast: Cast) -> None:
    slow = "[" * 60000
    typed = NEW | {"institution": str(cast.institutions["LAG"]), "welcome": slow}
    page = browse(cast.bruno).post("/teach/classes/new", typed, 422)
    assert page.form("")["welcome"] == slow


def test_a_welcome_is_laid_out_while_nobody_waits_for_it(app, browse, cast: Cast, monkeypatch) -> None:
    at_work: list[bool] = []

    def render(text: str) -> str:
        at_work.append(db.session().in_transaction())
        return f"<p>{text}</p>"

    monkeypatch.setattr(teaching_views, "render_personal", render)
    page = browse(cast.bruno).submit("/teach/classes/new", NEW | {"institution": str(cast.institutions["LAG"]), "welcome": "Karibu"})
    assert at_work == [False], "no transaction is open, so the write turn is free"
    assert "Cybercrime, spring" in page.heading


@pytest.mark.parametrize("how", ["deactivated_at", "erased_at"])
def test_a_code_opens_nothing_once_its_only_professor_is_gone(app, browse, cast: Cast, how: str) -> None:
    with app.app_context(), unit_of_work():
        setattr(db.session.get_one(Person, cast.bruno), how, clock.now())
    browse(cast.emil).get(f"/join/{cast.codes['Bruno']}", 422)
    browse(cast.emil).post("/join", {"code": cast.codes["Bruno"]}, 422)


def test_codes_that_open_a_class_use_up_no_tries(browse, cast: Cast) -> None:
    emil = browse(cast.emil)
    for _ in range(25):
        emil.get(f"/join/{cast.codes['Bruno']}")
    emil.post("/join", {"code": "AAA-BBB-CCC"}, 422)
    emil.post("/join", {"code": cast.codes["Bruno"]})


@pytest.mark.parametrize("how", ["unknown", "closed", "ended", "unconfirmed", "nonsense"])
def test_codes_that_open_nothing_are_answered_alike(app: Flask, browse, cast: Cast, how: str) -> None:
    code = {"unknown": "AAA-BBB-CCC", "nonsense": "'; drop table", "unconfirmed": cast.codes["Gita"]}.get(how, cast.codes["Bruno"])
    with app.app_context():
        course_class = db.session.get_one(CourseClass, cast.classes["Bruno"])
        course_class.is_open = how != "closed"
        if how == "ended":
            course_class.ends_on = course_class.starts_on
        db.session.commit()
    emil = browse(cast.emil)
    assert "This code opens no class now; ask your professor." in emil.post("/join", {"code": code}, 422).text
    if how != "nonsense":
        assert "This code opens no class now; ask your professor." in emil.get(f"/join/{code}", 422).text


def test_joining_twice_changes_nothing(browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    ana.submit("/join", {"code": cast.codes["Bruno"].lower().replace("-", " ")})
    assert "1 student" in browse(cast.bruno).get(f"/teach/classes/{cast.classes['Bruno']}/").text


def test_a_professor_who_follows_the_own_link_stays_professor(browse, cast: Cast) -> None:
    page = browse(cast.bruno).submit("/join", {"code": cast.codes["Bruno"]})
    assert "You teach this class" in page.text


def test_guessing_codes_is_throttled(browse, cast: Cast) -> None:
    emil = browse(cast.emil)
    for _ in range(20):
        emil.post("/join", {"code": "AAA-BBB-CCC"}, 422)
    emil.post("/join", {"code": cast.codes["Bruno"]}, 429)


def test_a_section_done_is_counted_once_and_the_professor_sees_it(app, browse, cast: Cast, keys) -> None:
    ana = browse(cast.ana)
    page = ana.submit(reading(cast, keys[0]), {"state": "done"})
    assert page.response.request.path == reading(cast, keys[1])
    ana.submit(reading(cast, keys[0]), {"state": "done"})
    assert count(app, SectionMark) == 1
    assert count(app, Activity) == 1
    assert f"1/{len(keys)}" in browse(cast.bruno).get(f"/teach/classes/{cast.classes['Bruno']}/").text
    ana.submit(reading(cast, keys[0]), {"state": "not-done"})
    assert f"0/{len(keys)}" in browse(cast.bruno).get(f"/teach/classes/{cast.classes['Bruno']}/").text
    assert count(app, SectionMark) == 2
    with app.app_context():
        assert db.session.scalar(select(SectionTally.done)) == 0


def test_one_resumes_after_the_last_section_done(browse, cast: Cast, keys) -> None:
    ana = browse(cast.ana)
    ana.post(reading(cast, keys[2]), {"state": "done"})
    phone = browse(cast.ana)
    links = phone.get(f"/classes/{cast.classes['Bruno']}/").links()
    assert reading(cast, keys[3]) in links.values()


def test_a_module_is_complete_only_with_its_quiz(app, browse, cast: Cast, keys) -> None:
    ana = browse(cast.ana)
    for key in keys:
        ana.post(reading(cast, key), {"state": "done"})
    with app.app_context():
        assert db.session.scalars(select(ModuleProgress)).one().completed_at is None


def test_the_staff_of_a_class_reads_more_and_never_counts(app, browse, cast: Cast, keys) -> None:
    bruno = browse(cast.bruno)
    bruno.get(reading(cast, "marking-guide"))
    browse(cast.ana).get(reading(cast, "marking-guide"), 404)
    bruno.post(reading(cast, keys[0]), {"state": "done"}, 403)
    assert count(app, Activity) == 0


def test_what_is_another_class_s_is_not_there(browse, cast: Cast, keys) -> None:
    for person in (cast.emil, cast.dora, cast.faisal, cast.root, cast.gita):
        other = browse(person)
        other.get(f"/classes/{cast.classes['Bruno']}/", 404)
        other.get(reading(cast, keys[0]), 404)
        other.post(reading(cast, keys[0]), {"state": "done"}, 404)
        if person != cast.emil:
            continue
        other.get(f"/teach/classes/{cast.classes['Bruno']}/", 404)
        other.get(f"/teach/classes/{cast.classes['Bruno']}/progress.csv", 404)
        other.post(f"/teach/classes/{cast.classes['Bruno']}/joining", {"state": "closed"}, 404)
    for path in ("", "progress.csv"):
        browse(cast.ana).get(f"/teach/classes/{cast.classes['Bruno']}/{path}", 404)


def test_nonsense_is_refused(browse, cast: Cast, keys) -> None:
    ana = browse(cast.ana)
    ana.post(reading(cast, "no-such-section"), {"state": "done"}, 404)
    ana.post(reading(cast, keys[0]), {"state": "perhaps"}, 422)
    ana.post(reading(cast, keys[0]), {}, 422)
    ana.get("/classes/99999999999999999999/", 404)
    ana.get(f"/teach/classes/{cast.classes['Bruno']}/?page=-3", 404)


def test_the_gradebook_is_a_table_that_no_spreadsheet_runs(app, browse, cast: Cast, keys) -> None:
    mallory = browse()
    mallory.submit("/sign-up", {"name": "=cmd|' /C calc'!A0", "email": "m@example.org", "password": "long enough now", "role": "student"})
    mallory.submit("/join", {"code": cast.codes["Bruno"]})
    browse(cast.ana).post(reading(cast, keys[0]), {"state": "done"})
    answer = browse(cast.bruno).get(f"/teach/classes/{cast.classes['Bruno']}/progress.csv").response
    lines = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    names = {line["name"]: line for line in lines}
    assert set(names) == {"Ana Example", "'=cmd|' /C calc'!A0"}
    assert names["Ana Example"][f"{SLUG} sections done"] == "1"
    assert names["Ana Example"][f"{SLUG} percent"] == ""
    assert [names["Ana Example"][column] for column in TOGETHER] == ["", "0", "1"]


def test_a_section_costs_two_short_statements(app: Flask, browse, cast: Cast, keys) -> None:
    ana = browse(cast.ana)
    ana.get(reading(cast, keys[0]))
    with counted_statements() as statements:
        ana.get(reading(cast, keys[0]))
    assert len(statements) <= 2, statements


def test_the_class_page_costs_the_same_for_one_and_for_many(app: Flask, browse, cast: Cast) -> None:
    bruno = browse(cast.bruno)
    path = f"/teach/classes/{cast.classes['Bruno']}/"
    bruno.get(path)
    with counted_statements() as few:
        bruno.get(path)
    for number in range(5):
        student = browse()
        student.submit(
            "/sign-up", {"name": f"S{number}", "email": f"s{number}@example.org", "password": "long enough now", "role": "student"}
        )
        student.submit("/join", {"code": cast.codes["Bruno"]})
    with counted_statements() as many:
        bruno.get(path)
    assert len(many) == len(few)
