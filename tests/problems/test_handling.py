"""Reports for those who answer them: who sees which, the answers, what becomes of a report, and the page with reports beside passages."""

import email
import email.policy

import pytest
from flask import Flask
from sqlalchemy import select

from elearn import clock
from elearn.audit import AuditEntry
from elearn.catalogue.models import ModuleRevision, Section
from elearn.db import counted_statements, db, unit_of_work
from elearn.learning.models import Enrolment
from elearn.problems import queries
from elearn.problems.models import ProblemAnswer, ProblemReport
from elearn.problems.queries import REPORTS_A_PAGE
from tests.cast import Cast, visitor_of
from tests.learning.test_together import at_once
from tests.problems.conftest import KEY, SLUG, TEACHERS_KEY, WORDS, Desk, new_url, publish_anew, report, reports
from tests.reader import Browser, text_of

ANSWER = "Thank you, we look into it."


@pytest.fixture
def assistant(app: Flask, browse, cast: Cast) -> Browser:
    """Emil's browser, who assists in Bruno's class."""
    with app.app_context(), unit_of_work():
        place = {"class_id": cast.classes["Bruno"], "person_id": cast.emil, "role": "assistant", "name": "Emil Example"}
        db.session.add(Enrolment(**place, enrolled_at=clock.now()))
    return browse(cast.emil)


def states(app: Flask) -> list[str]:
    return [kept.state for kept in reports(app)]


@pytest.mark.parametrize(
    ("name", "reads", "answers"),
    [
        ("Ana", True, False), ("Bruno", True, True), ("Carla", False, False), ("Dora", False, False), ("Emil", False, False),
        ("Faisal", False, False), ("Gita", False, False), ("Edda", True, True), ("Rosa", False, False), ("Root", True, False),
    ],
)  # fmt: skip
def test_a_report_of_a_class_is_read_and_answered_by_whom_it_concerns(browse, cast: Cast, of_class: Desk, name, reads, answers) -> None:
    person = browse(cast.people[name])
    person.get(of_class.url, 200 if reads else 404)
    typed = {"act": "answered", "words": ANSWER, "seen": "0", "revision": "0"}
    person.post(of_class.url, typed, 303 if answers else (403 if reads else 404))
    person.post(f"{of_class.url}/reopen", {}, 303 if answers else (403 if reads else 404))
    person.post(f"{of_class.url}/pass-on", {}, 303 if name == "Bruno" else (403 if reads else 404))


@pytest.mark.parametrize(
    ("name", "reads", "answers"),
    [("Ana", False, False), ("Bruno", False, False), ("Edda", True, True), ("Root", True, False)],
)
def test_a_report_from_the_series_is_for_the_editors(browse, cast: Cast, of_stranger: Desk, name, reads, answers) -> None:
    person = browse(cast.people[name])
    person.get(of_stranger.url, 200 if reads else 404)
    person.post(of_stranger.url, {"act": "answered", "words": ANSWER, "seen": "0"}, 303 if answers else (403 if reads else 404))
    person.post(f"{of_stranger.url}/pass-on", {}, 403 if reads else 404)


def test_an_assistant_reads_and_does_not_answer(assistant: Browser, of_class: Desk) -> None:
    assert WORDS in assistant.get("/problems/").text
    assert "Your words to the reader" not in assistant.get(of_class.url).text
    assistant.post(of_class.url, {"act": "answered", "words": ANSWER, "seen": "0"}, 403)


def test_whoever_has_left_the_class_sees_its_reports_no_more(app: Flask, browse, cast: Cast, of_class: Desk) -> None:
    bruno = browse(cast.bruno)
    bruno.get(of_class.url)
    with app.app_context(), unit_of_work():
        for place in db.session.scalars(select(Enrolment).where(Enrolment.person_id.in_([cast.bruno, cast.ana]))):
            place.ended_at, place.end_reason = clock.now(), "left"
    bruno.get(of_class.url, 404)
    browse(cast.ana).get(of_class.url)


def test_the_editors_role_waits_for_the_second_factor(app: Flask, cast: Cast, of_stranger: Desk) -> None:
    Browser.of(app, cast.edda).get(of_stranger.url)
    without = Browser.of(app, cast.edda, second_factor=False)
    without.get(of_stranger.url, 404)
    without.get(f"/problems/on/{SLUG}/{KEY}", 404)


def test_a_report_on_a_section_for_teachers_is_hidden_from_those_who_may_not_read_it(app: Flask, browse, cast: Cast) -> None:
    report(browse(cast.bruno), new_url(TEACHERS_KEY, cast.classes["Bruno"]))
    (kept,) = reports(app)
    with app.app_context(), unit_of_work():
        place = {"class_id": cast.classes["Bruno"], "person_id": cast.gita, "role": "professor", "name": "Gita Example"}
        db.session.add(Enrolment(**place, enrolled_at=clock.now()))
    bruno, gita = browse(cast.bruno), browse(cast.gita)
    assert kept.passage.split("\n")[0] in bruno.get(f"/problems/{kept.id}").text
    gita.get(f"/problems/{kept.id}", 404)
    assert "1 report" in bruno.get("/problems/").text
    assert "Nobody has reported" in gita.get("/problems/").text
    gita.get(f"/problems/on/{SLUG}/{TEACHERS_KEY}?class={cast.classes['Bruno']}", 404)
    with app.app_context(), unit_of_work():
        db.session.get_one(ProblemReport, kept.id).reporter_id = cast.gita
    page = gita.get(f"/problems/{kept.id}")
    assert WORDS in page.text
    assert kept.passage.split("\n")[0] not in page.text


def test_an_answer_reaches_the_reader_on_the_page_and_by_mail(app: Flask, browse, cast: Cast, tmp_path) -> None:
    app.config["MAIL_URL"] = f"file://{tmp_path}"
    report(browse(cast.ana), new_url(class_id=cast.classes["Bruno"]), wants_mail="y")
    desk = Desk(reports(app)[0].id)
    desk.answer(browse(cast.bruno), words="It is from 2024.\r\n<script>alert(1)</script>")
    page = browse(cast.ana).get(desk.url)
    assert "It is from 2024." in page.text
    assert "<script>alert(1)</script>" in page.text
    assert "Bruno Example" in page.text
    assert "answered" in browse(cast.ana).get("/problems/mine").text
    (letter,) = [email.message_from_bytes(p.read_bytes(), policy=email.policy.default) for p in sorted(tmp_path.glob("*.eml"))]
    assert letter["To"] == "ana@example.org"
    assert "It is from 2024." in letter.get_content()
    assert f"http://localhost{desk.url}" in letter.get_content()


def test_nobody_is_mailed_who_did_not_wish_it_or_whose_address_is_not_verified(app: Flask, browse, cast: Cast, tmp_path, of_class) -> None:
    app.config["MAIL_URL"] = f"file://{tmp_path}"
    of_class.answer(browse(cast.bruno))
    with app.app_context(), unit_of_work():
        db.session.get_one(ProblemReport, of_class.report_id).wants_mail = True
        db.session.execute(db.text("update email_address set verified_at = null"))
    of_class.answer(browse(cast.bruno), words="And another thing.")
    assert not list(tmp_path.glob("*.eml"))


def test_what_becomes_of_a_report(app: Flask, browse, cast: Cast, of_class: Desk) -> None:
    bruno = browse(cast.bruno)
    of_class.answer(bruno)
    assert states(app) == ["answered"]
    of_class.answer(bruno, act="no-fault", words="It says so in the source.")
    assert states(app) == ["no-fault"]
    bruno.submit(f"{of_class.url}/reopen")
    bruno.submit(f"{of_class.url}/reopen")
    assert states(app) == ["open"]
    publish_anew(app)
    edda = browse(cast.edda)
    page = edda.get(of_class.url)
    newest = [o for o in page.root.iter("option") if "9.0.0" in text_of(o)]
    assert text_of(newest[0]) == "9.0.0: The count of devices is of this year."
    of_class.answer(edda, act="mended", words="", revision=newest[0].get("value"))
    assert states(app) == ["mended"]
    page = browse(cast.ana).get(of_class.url)
    assert "in version 9.0.0" in page.text
    assert [text_of(li.find(".//strong")) for li in page.all("ol", class_="acts")[0]] == ["Answer", "Not a fault", "Opened again", "Mended"]
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "handle-report").order_by(AuditEntry.id)).all()
        assert [entry.details["act"] for entry in entries] == ["answered", "no-fault", "reopened", "mended"]
        assert {entry.institution_id for entry in entries} == {cast.institutions["LAG"]}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"words": ""}, "Say something to the reader"),
        ({"words": "   ", "act": "no-fault"}, "Say something to the reader"),
        ({"words": "x" * 2001}, "Use at most 2000"),
        ({"act": "mended"}, "Choose the version that mends it"),
        ({"act": "mended", "revision": "999"}, "Not a valid choice"),
        ({"act": "mended", "revision": "x"}, "could not coerce"),
        ({"act": "deleted"}, "Not a valid choice"),
        ({"act": ""}, "Choose one"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_and_kept(app: Flask, browse, cast: Cast, of_class: Desk, fields, message: str) -> None:
    bruno = browse(cast.bruno)
    typed = bruno.get(of_class.url).form(of_class.url) | {"act": "answered", "words": ANSWER} | fields
    page = bruno.post(of_class.url, typed, 422)
    assert message in page.text
    assert page.form(of_class.url)["words"] == typed["words"].strip()
    assert states(app) == ["open"]


def test_a_version_before_the_report_mends_nothing(app: Flask, browse, cast: Cast) -> None:
    publish_anew(app)
    report(browse(), new_url())
    desk = Desk(reports(app)[0].id)
    with app.app_context():
        old, new = db.session.scalars(
            select(ModuleRevision.id).where(ModuleRevision.module_id == reports(app)[0].module_id).order_by(ModuleRevision.number)
        ).all()
    for revision in (old, new):
        desk.answer(browse(cast.edda), 422, act="mended", revision=str(revision))
    assert states(app) == ["open"]


def test_a_second_press_says_it_once(app: Flask, browse, cast: Cast, of_class: Desk) -> None:
    bruno = browse(cast.bruno)
    typed = bruno.get(of_class.url).form(of_class.url) | {"act": "answered", "words": ANSWER, "csrf_token": bruno.csrf_token}
    assert at_once([(browse(cast.bruno).client, of_class.url, typed) for _ in range(3)]) == [303] * 3
    with app.app_context():
        assert len(db.session.scalars(select(ProblemAnswer)).all()) == 1


def test_of_two_who_answer_at_once_the_second_reads_the_first_before_sending(app: Flask, browse, cast: Cast, of_class: Desk) -> None:
    presses = []
    for person, words in ((cast.bruno, "From the professor."), (cast.edda, "From the editor.")):
        browser = browse(person)
        typed = browser.get(of_class.url).form(of_class.url) | {"act": "answered", "words": words, "csrf_token": browser.csrf_token}
        presses.append((browser.client, of_class.url, typed))
    assert sorted(at_once(presses)) == [303, 409]
    with app.app_context():
        said = db.session.scalars(select(ProblemAnswer.words)).one()
    client, url, typed = next(press for press in presses if press[2]["words"] != said)
    again = Browser(app)
    again.client = client
    page = again.post(url, typed, 409)
    assert said in page.text
    assert page.form(url)["words"] == typed["words"], "the words are kept"
    again.post(url, page.form(url) | {"act": "answered"})
    with app.app_context():
        assert len(db.session.scalars(select(ProblemAnswer)).all()) == 2


def test_a_class_passes_a_report_on_to_the_editors(app: Flask, browse, cast: Cast, of_class: Desk) -> None:
    edda, bruno = browse(cast.edda), browse(cast.bruno)
    assert "No report is like that" in edda.get("/problems/?whose=editors").text
    bruno.submit(f"{of_class.url}/pass-on")
    bruno.submit(f"{of_class.url}/pass-on")
    assert "1 report" in edda.get("/problems/?whose=editors").text
    with app.app_context():
        assert db.session.scalars(select(ProblemAnswer.act)).all() == ["passed-on"]
    of_class.answer(bruno)
    of_class.answer(edda, words="So do we.")


def test_a_report_says_whether_the_passage_has_changed_since(app: Flask, browse, cast: Cast, of_class: Desk) -> None:
    edda, (kept,) = browse(cast.edda), reports(app)
    assert "It still stands like this" in edda.get(of_class.url).text
    first = kept.passage.split()[0]
    with app.app_context():
        section = db.session.scalars(select(Section).where(Section.key == KEY)).one()
        line = next(line for line in section.markdown.splitlines() if line.startswith(" ".join(kept.passage.split()[:2])))
    publish_anew(app, line, line.replace(first, f"Formerly, {first}", 1))
    page = edda.get(of_class.url)
    assert "The passage has changed since" in page.text
    quoted = [text_of(q) for q in page.root.iter("blockquote")]
    assert len(quoted) == 2
    assert quoted[1].startswith(f"Formerly, {first}")
    assert WORDS in edda.get(f"/problems/on/{SLUG}/{KEY}").text.partition("The page, with each report")[0]


def test_the_way_to_the_page_is_one_that_is_open(browse, cast: Cast, of_class: Desk) -> None:
    for person, base in ((cast.ana, "/classes/"), (cast.bruno, "/classes/"), (cast.edda, "/modules/"), (cast.root, "/modules/")):
        reader = browse(person)
        url = reader.get(of_class.url).links()["How computers and networks work"]
        assert url.startswith(base)
        reader.get(url)


def test_a_section_page_tells_those_who_answer_how_many_wait(browse, cast: Cast, of_class: Desk, of_stranger: Desk) -> None:
    in_class, in_series = f"/classes/{cast.classes['Bruno']}/{SLUG}/{KEY}", f"/modules/{SLUG}/{KEY}"
    assert "1 open report on this page" in browse(cast.bruno).get(in_class).text
    assert "2 open reports on this page" in browse(cast.edda).get(in_series).text
    for person, url in ((cast.ana, in_class), (None, in_series), (cast.bruno, in_series), (cast.ana, in_series)):
        assert "open report" not in browse(person).get(url).text
    of_class.answer(browse(cast.bruno))
    assert "open report" not in browse(cast.bruno).get(in_class).text
    assert "1 open report on this page" in browse(cast.edda).get(in_series).text
    link = next(url for label, url in browse(cast.edda).get(in_series).links().items() if "open report" in label)
    assert WORDS in browse(cast.edda).get(link).text


def test_a_section_page_costs_a_student_two_statements_and_staff_one_more(browse, cast: Cast, of_class: Desk) -> None:
    url = f"/classes/{cast.classes['Bruno']}/{SLUG}/{KEY}"
    for person, statements in ((cast.ana, 2), (cast.bruno, 3)):
        reader = browse(person)
        reader.get(url)
        with counted_statements() as ran:
            reader.get(url)
        assert len(ran) <= statements, ran


def test_how_many_wait_for_somebody_is_one_number(app: Flask, cast: Cast, of_class: Desk, of_stranger: Desk) -> None:
    with app.app_context(), app.test_request_context():
        names = ("Edda", "Root", "Bruno", "Dora", "Ana", "Carla")
        waiting = {name: queries.open_reports_for(visitor_of(cast.people[name])) for name in names}
    assert waiting == {"Edda": 2, "Root": 2, "Bruno": 1, "Dora": 0, "Ana": 0, "Carla": 0}


def test_each_report_stands_below_its_passage(app: Flask, browse, cast: Cast, of_class: Desk) -> None:
    report(browse(), new_url(), passage=None, words="The whole page is too long.")
    page = browse(cast.edda).get(f"/problems/on/{SLUG}/{KEY}?language=en")
    (passage,) = page.all("div", class_="passage-reported")
    kept = reports(app)[0]
    assert kept.passage.split("\n")[0][:40] in text_of(passage)
    assert WORDS in text_of(passage)
    assert "The whole page is too long." in page.text
    of_class_only = browse(cast.bruno).get(f"/problems/on/{SLUG}/{KEY}?class={cast.classes['Bruno']}")
    assert WORDS in of_class_only.text
    assert "The whole page" not in of_class_only.text


def test_the_page_with_reports_is_for_those_who_answer_them(assistant: Browser, browse, cast: Cast, of_class: Desk) -> None:
    in_class, in_series = f"/problems/on/{SLUG}/{KEY}?class={cast.classes['Bruno']}", f"/problems/on/{SLUG}/{KEY}"
    assistant.get(in_class)
    expected = (("Bruno", 200, 404), ("Ana", 404, 404), ("Edda", 404, 200), ("Root", 404, 200), ("Dora", 404, 404))
    for name, class_status, series_status in expected:
        browse(cast.people[name]).get(in_class, class_status)
        browse(cast.people[name]).get(in_series, series_status)


def test_the_list_is_narrowed_by_its_address_and_each_sees_their_own(browse, cast: Cast, of_class: Desk, of_stranger: Desk) -> None:
    edda, bruno = browse(cast.edda), browse(cast.bruno)
    assert "2 reports" in edda.get("/problems/").text
    assert "1 report" in bruno.get("/problems/").text
    assert "1 report" in edda.get(f"/problems/?class={cast.classes['Bruno']}").text
    assert "1 report" in edda.get("/problems/?whose=classes").text
    assert "2 reports" in edda.get(f"/problems/?module={SLUG}&kind=fact&state=open").text
    for nothing in ("state=mended", "kind=link", "module=teaching-guide"):
        assert "No report is like that" in edda.get(f"/problems/?{nothing}").text
    for nonsense in ("state=x", "class=99999999999999999", "page=x", "class='"):
        assert "2 reports" in edda.get(f"/problems/?{nonsense}").text
    assert "Nobody has reported" in browse(cast.dora).get("/problems/").text
    assert browse(cast.carla).get("/problems/", 302).response.headers["Location"].endswith("/problems/mine")
    assert browse(cast.ana).get("/problems/").heading == "Your reports"


def test_a_long_list_takes_as_many_statements_as_a_short_one(app: Flask, browse, cast: Cast, of_class: Desk) -> None:
    edda = browse(cast.edda)

    def statements(url: str) -> int:
        edda.get(url)
        with counted_statements() as ran:
            edda.get(url)
        return len(ran)

    urls = ("/problems/", of_class.url, f"/problems/on/{SLUG}/{KEY}")
    before = [statements(url) for url in urls]
    assert max(before) <= 9
    with app.app_context(), unit_of_work():
        one = db.session.execute(select(ProblemReport.__table__)).mappings().one()
        many = [dict(one) | {"id": None, "once": f"{number:032d}"} for number in range(3 * REPORTS_A_PAGE)]
        for row in many:
            del row["id"]
        db.session.execute(ProblemReport.__table__.insert(), many)
    assert [statements(url) for url in urls] == before
    seen = set()
    for number in (1, 2, 3, 4):
        page = edda.get(f"/problems/?page={number}")
        links = {a.get("href", "") for a in page.root.iter("a") if a.get("href", "").removeprefix("/problems/").isdecimal()}
        assert not links & seen, "each stands on one page"
        seen |= links
    assert len(seen) == 3 * REPORTS_A_PAGE + 1


def test_hostile_words_are_shown_as_typed(app: Flask, browse, cast: Cast) -> None:
    words = "<img src=x onerror=alert(1)> \u202e {{ 7*7 }} '; drop table person; --"
    report(browse(cast.ana), new_url(class_id=cast.classes["Bruno"]), words=words)
    (kept,) = reports(app)
    assert kept.words == words
    for url in (f"/problems/{kept.id}", f"/problems/on/{SLUG}/{KEY}", "/problems/"):
        page = browse(cast.edda).get(url)
        assert "<img src=x onerror=alert(1)>" in page.text
        assert not any(img.get("src") == "x" for img in page.root.iter("img"))
