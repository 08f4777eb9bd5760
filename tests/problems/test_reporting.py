"""Reporting a problem: by everybody, with the passage, and nothing kept of those without an account."""

import pytest
from flask import Flask
from sqlalchemy import select

from elearn.audit import AuditEntry
from elearn.db import db, unit_of_work
from elearn.problems import own_data
from elearn.problems.models import ProblemAnswer, ProblemReport
from elearn.problems.views import REPORTS_PER_ADDRESS, REPORTS_PER_PERSON
from elearn.reach.models import Cell
from elearn.throttle import ThrottleCount
from tests.cast import Cast
from tests.learning.test_together import at_once
from tests.problems.conftest import KEY, SLUG, TEACHERS_KEY, WORDS, new_url, passages_of, publish_anew, report, reports
from tests.reader import Browser, text_of


def test_a_reader_without_an_account_reports_and_leaves_nothing_but_words(app: Flask, browse) -> None:
    reader = browse()
    link = reader.get(f"/modules/{SLUG}/{KEY}").links()["Report a problem with this page"]
    page = reader.get(report(reader, link).response.headers["Location"])
    assert "Your report has reached the editors" in page.text
    (kept,) = reports(app)
    assert (kept.reporter_id, kept.wants_mail, kept.class_id) == (None, False, None)
    assert (kept.section_key, kept.language, kept.words, kept.state) == (KEY, "en", WORDS, "open")
    assert kept.passage
    assert kept.passage_place is not None
    with app.app_context():
        everything = " ".join(str(value) for value in db.session.execute(select(ProblemReport.__table__)).one())
        assert "127.0.0.1" not in everything
        buckets = db.session.scalars(select(ThrottleCount.bucket)).all()
        assert not any("127.0.0.1" in bucket for bucket in buckets), "where it came from is counted by its digest alone"


def test_a_student_reports_in_the_class_and_finds_it_among_their_own(app: Flask, browse, cast: Cast) -> None:
    ana, class_id = browse(cast.ana), cast.classes["Bruno"]
    link = ana.get(f"/classes/{class_id}/{SLUG}/{KEY}").links()["Report a problem with this page"]
    assert f"class={class_id}" in link
    page = ana.get(report(ana, link).response.headers["Location"])
    assert WORDS in page.text
    assert any(url == page.response.request.path for url in ana.get("/problems/mine").links().values())
    (kept,) = reports(app)
    assert (kept.reporter_id, kept.class_id) == (cast.ana, class_id)
    assert "have not reported" in browse(cast.emil).get("/problems/mine").text


def test_reports_are_for_members_of_the_class_only(app: Flask, browse, cast: Cast) -> None:
    url = new_url(class_id=cast.classes["Bruno"])
    browse(cast.ana).get(url)
    browse(cast.bruno).get(url)
    for person in (None, cast.emil, cast.dora, cast.edda, cast.root):
        browse(person).get(url, 404)
        browse(person).post(url, {"kind": "fact", "words": WORDS}, 404)
    assert reports(app) == []


def test_a_section_for_teachers_is_reported_on_by_those_who_read_it(app: Flask, browse, cast: Cast) -> None:
    browse(cast.bruno).get(new_url(TEACHERS_KEY))
    for person in (None, cast.ana, cast.gita):
        browse(person).get(new_url(TEACHERS_KEY), 404)
        browse(person).post(new_url(TEACHERS_KEY), {"kind": "fact", "words": WORDS}, 404)
    browse(cast.bruno).get(new_url(TEACHERS_KEY, cast.classes["Bruno"]))
    browse(cast.ana).get(new_url(TEACHERS_KEY, cast.classes["Bruno"]), 404)


@pytest.mark.parametrize(
    "url",
    [
        "/problems/new",
        f"/problems/new?module={SLUG}",
        f"/problems/new?module={SLUG}&section=nowhere",
        "/problems/new?module=nothing&section=x",
        f"/problems/new?module={SLUG}&section={KEY}&language=xx",
        f"/problems/new?module={SLUG}&section={KEY}&class=x",
        f"/problems/new?module={SLUG}&section={KEY}&class=99999999999999999999",
        f"/problems/new?module={SLUG}&section={KEY}&class=-1",
    ],
)
def test_a_page_that_is_not_there_cannot_be_reported(browse, cast: Cast, url: str) -> None:
    browse(cast.ana).get(url, 404)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"words": ""}, "Say what is wrong"),
        ({"words": "  \n  too few\r\n "}, "Use 10 to 2000 characters"),
        ({"words": "x" * 2001}, "Use 10 to 2000 characters"),
        ({"kind": ""}, "Choose one"),
        ({"kind": "murder"}, "Not a valid choice"),
        ({"passage": "3-0123456789abcdef"}, "The page has changed since you opened this form"),
        ({"passage": "'; drop"}, "The page has changed since you opened this form"),
    ],
)
def test_what_cannot_be_taken_is_refused_beside_the_field_and_the_words_stay(app: Flask, browse, fields, message: str) -> None:
    reader, url = browse(), new_url()
    typed = reader.get(url).form(url) | {"kind": "fact", "words": f"  {WORDS}\r\nAnd more. "} | fields
    page = reader.post(url, typed, 422)
    assert message in page.text
    assert page.form(url)["words"].split() == typed["words"].split()
    assert reports(app) == []


def test_words_of_the_bound_in_lines_are_taken(app: Flask, browse) -> None:
    words = ("line\r\n" * 400)[:-2]
    report(browse(), new_url(), words=words)
    assert reports(app)[0].words == "\n".join(["line"] * 400)


def test_the_page_as_a_whole_may_be_meant(app: Flask, browse) -> None:
    report(browse(), new_url(), passage=None)
    (kept,) = reports(app)
    assert (kept.passage_place, kept.passage, kept.passage_digest) == (None, "", "")


def test_a_selection_chooses_the_passage(browse) -> None:
    reader = browse()
    words = next(o for o in reader.get(new_url()).root.iter("option") if len(text_of(o)) > 60)
    some = " ".join(text_of(words).split()[2:8])
    chosen = reader.get("/problems/new", query_string={"module": SLUG, "section": KEY, "language": "en", "passage": some})
    assert [o.get("value") for o in chosen.root.iter("option") if o.get("selected") is not None] == [words.get("value")]
    for nonsense in ("", "zebra zebra zebra", "x" * 5000, "🦑", '"><script>'):
        page = reader.get("/problems/new", query_string={"module": SLUG, "section": KEY, "language": "en", "passage": nonsense})
        assert [o.get("value") for o in page.root.iter("option") if o.get("selected") is not None] in ([], [""])


def test_a_form_that_was_open_while_the_page_changed_asks_again(app: Flask, browse) -> None:
    reader, url = browse(), new_url()
    page = reader.get(url)
    typed = page.form(url) | {"kind": "fact", "words": WORDS, "passage": passages_of(page)[0]}
    first = next(text_of(o) for o in page.root.iter("option") if o.get("value")).removeprefix("1. ").removesuffix(" …")
    publish_anew(app, first.split()[0], "Formerly, " + first.split()[0])
    again = reader.post(url, typed, 422)
    assert "The page has changed" in again.text
    assert again.form(url)["words"] == WORDS
    reader.post(url, again.form(url) | {"passage": passages_of(again)[0]})
    assert len(reports(app)) == 1


def test_a_second_press_makes_no_second_report(app: Flask, browse, cast: Cast) -> None:
    for person in (None, cast.ana):
        reader, url = browse(person), new_url()
        typed = reader.get(url).form(url) | {"kind": "fact", "words": WORDS, "csrf_token": reader.csrf_token}
        tabs = [(Browser.of(app, person).client if person else reader.client, url, typed) for _ in range(3)]
        before = len(reports(app))
        assert set(at_once(tabs)) == {303}
        assert len(reports(app)) == before + 1


@pytest.mark.parametrize(("who", "limit"), [("ana", REPORTS_PER_PERSON), (None, REPORTS_PER_ADDRESS)])
def test_reports_without_end_are_slowed_down_and_only_those_taken_count(app: Flask, browse, cast: Cast, who, limit: int) -> None:
    reader, url = browse(getattr(cast, who) if who else None), new_url()
    fields = reader.get(url).form(url) | {"kind": "fact", "words": WORDS, "once": ""}
    for _ in range(3):
        reader.post(url, fields | {"words": ""}, 422)
    for _ in range(limit):
        reader.post(url, fields)
    page = reader.post(url, fields, 429)
    assert int(page.response.headers["Retry-After"]) > 0
    assert len(reports(app)) == limit
    if who:
        browse(cast.emil).post(url, fields)


def test_mail_is_offered_to_those_whose_address_is_verified(app: Flask, browse, cast: Cast, tmp_path) -> None:
    assert "wants_mail" not in browse(cast.ana).get(new_url()).form(new_url())
    assert "sends no mail" in browse(cast.ana).get(new_url()).text
    app.config["MAIL_URL"] = f"file://{tmp_path}"
    assert any(e.get("name") == "wants_mail" for e in browse(cast.ana).get(new_url()).root.iter("input"))
    assert not any(e.get("name") == "wants_mail" for e in browse().get(new_url()).root.iter("input"))
    report(browse(), new_url(), wants_mail="y")
    assert reports(app)[0].wants_mail is False


def test_reports_are_counted_nowhere_in_reach(app: Flask, browse, cast: Cast) -> None:
    def cells():
        with app.app_context():
            return db.session.execute(select(Cell.__table__)).all()

    before = cells()
    report(browse(cast.ana), new_url(class_id=cast.classes["Bruno"]))
    report(browse(), new_url())
    assert cells() == before


def test_what_a_person_wrote_is_given_to_them_and_erased_with_them(app: Flask, browse, cast: Cast, of_class) -> None:
    of_class.answer(browse(cast.bruno))
    with app.app_context():
        exported = own_data.export_of(cast.ana)
        assert [r["words"] for r in exported["problem_reports"]] == [WORDS]
        assert own_data.export_of(cast.emil) == {"problem_reports": [], "problem_answers": []}
        assert [a["words"] for a in own_data.export_of(cast.bruno)["problem_answers"]] == ["Thank you, we look into it."]
    with app.app_context(), unit_of_work():
        own_data.forget(cast.ana)
        own_data.forget(cast.bruno)
    with app.app_context():
        kept = db.session.scalars(select(ProblemReport)).one()
        assert (kept.words, kept.wants_mail, kept.state) == ("", False, "answered")
        assert db.session.scalars(select(ProblemAnswer.words)).all() == [""]
        assert WORDS not in str([entry.details for entry in db.session.scalars(select(AuditEntry))])
    assert "erased with the reader's account" in browse(cast.edda).get(of_class.url).text
