"""A professor takes a quiz out and brings questions in; nobody else does, and nothing is written."""

import io
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn.catalogue.models import Item, ModuleRevision
from elearn.db import counted_statements, db
from elearn.exchange import views
from elearn.exchange.formats import FORMATS
from elearn.exchange.limits import LARGEST_FILE
from elearn.exchange.quiz_yaml import items_of
from tests.cast import Cast
from tests.exchange.test_round_trips import through
from tests.reader import Browser, Page

SLUG = "introduction-to-cybercrime"
PAGE = f"/teach/quizzes/{SLUG}/exchange"
SAMPLES = Path(__file__).parents[1] / "data/exchange"


def download(browser: Browser, name: str) -> bytes:
    response = browser.client.get(f"/teach/quizzes/{SLUG}/export/{name}")
    assert response.status_code == 200
    assert f"attachment; filename={SLUG}{FORMATS[name].suffix}" == response.headers["Content-Disposition"]
    return response.data


def send(browser: Browser, name: str, content: bytes, status: int = 200, file: str = "quiz.xml") -> Page:
    return browser.post(f"/teach/quizzes/{SLUG}/import", {"format": name, "file": (io.BytesIO(content), file)}, status)


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_professor_downloads_the_quiz(browse, cast: Cast, name: str) -> None:
    assert list(FORMATS[name].read(download(browse(cast.bruno), name)).items) == through(name)


@pytest.mark.parametrize("who", ["ana", "emil", "gita"])
@pytest.mark.parametrize("path", ["exchange", "export/gift"])
def test_the_key_is_for_those_who_may_read_it(browse, cast: Cast, who: str, path: str) -> None:
    browse(cast.bruno).get(f"/teach/quizzes/{SLUG}/{path}")
    browse(getattr(cast, who)).get(f"/teach/quizzes/{SLUG}/{path}", 403)


def test_an_editor_may_too(browse, cast: Cast) -> None:
    assert "Download as GIFT" in browse(cast.edda).get(PAGE).text


@pytest.mark.parametrize("slug", ["nowhere", "teaching-guide"])
def test_where_there_is_no_quiz_there_is_no_exchange(browse, cast: Cast, slug: str) -> None:
    for path in ("exchange", "export/gift"):
        browse(cast.bruno).get(f"/teach/quizzes/{slug}/{path}", 404)
    browse(cast.bruno).post(f"/teach/quizzes/{slug}/import", {}, 404)
    browse(cast.bruno).post(f"/teach/quizzes/{slug}/quiz-yml", {"text": "x"}, 404)


def test_an_unknown_format_is_no_page(browse, cast: Cast) -> None:
    browse(cast.bruno).get(f"/teach/quizzes/{SLUG}/export/word", 404)


def test_the_page_says_what_each_format_loses(browse, cast: Cast) -> None:
    page = browse(cast.bruno).get(PAGE)
    assert page.text.count("What will be lost there") == 3
    assert "The hints have no place there." in page.text
    assert "Links to the glossary" in page.text
    assert "Title, instructions, pass mark" in page.text


def test_the_page_costs_the_same_the_second_time(app: Flask, browse, cast: Cast) -> None:
    browser = browse(cast.bruno)
    browser.get(PAGE)
    with app.app_context(), counted_statements() as statements:
        browser.get(PAGE)
    assert len(statements) <= 4, statements


@pytest.mark.parametrize("name", list(FORMATS))
def test_what_was_exported_is_read_and_shown_as_a_quiz_yml(app: Flask, browse, cast: Cast, name: str) -> None:
    browser = browse(cast.bruno)
    exported = download(browser, name)
    with app.app_context():
        before = [db.session.scalar(select(func.count()).select_from(table)) for table in (Item, ModuleRevision)]
    page = send(browser, name, exported)
    assert f"{len(through(name))} questions were read" in page.text
    assert "Nothing: everything came through." in page.text
    text = next(iter(page.root.iter("textarea"))).text
    assert items_of(text) == through(name)
    home = browser.post(f"/teach/quizzes/{SLUG}/quiz-yml", {"text": text.replace("\n", "\r\n")}, 200)
    assert items_of(home.response.get_data(as_text=True)) == through(name)
    assert "quiz.yml" in home.response.headers["Content-Disposition"]
    with app.app_context():
        assert [db.session.scalar(select(func.count()).select_from(table)) for table in (Item, ModuleRevision)] == before


def test_what_was_left_out_is_said(browse, cast: Cast) -> None:
    page = send(browse(cast.bruno), "moodle", (SAMPLES / "moodle-4.xml").read_bytes(), file="bank <1>.xml")
    assert "9 questions were read from bank <1>.xml" in page.text
    assert "There is no such type of question here; it is left out: 11 drag: ddwtos." in page.text
    assert "Name the learning outcome" in page.text
    assert "javascript" not in next(iter(page.root.iter("textarea"))).text


def test_a_file_without_any_question_is_told_so(browse, cast: Cast) -> None:
    page = send(browse(cast.bruno), "gift", b"Only words.\n\nAnd more.")
    assert "No question could be read" in page.text
    assert not list(page.root.iter("textarea"))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("moodle", b"", "The file is empty."),
        ("moodle", b"<quiz>", "not well-formed XML"),
        ("moodle", b"<quiz/>", "No question was found"),
        ("moodle", b"<other/>", "another format"),
        ("gift", b"<quiz/>", "another format"),
        ("gift", b"PK\x03\x04", "another format"),
        ("gift", b"a{=\xff}", "not UTF-8"),
        ("moodle", b"<!DOCTYPE quiz [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><quiz>&a;</quiz>", "They can do harm"),
        ("qti", b"PK\x03\x04 and nothing", "cannot be opened"),
        ("word", b"x", "Not a valid choice"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_beside_the_field(browse, cast: Cast, name: str, content: bytes, words: str) -> None:
    page = send(browse(cast.bruno), name, content, 422)
    assert words in page.text
    if name in FORMATS:
        assert page.form(f"/teach/quizzes/{SLUG}/import")["format"] == name


def send_large(browser: Browser, content: bytes):
    """Send a large body as a browser would; the test client would leave a file of it behind."""
    parts = [("csrf_token", "", browser.csrf_token.encode()), ("format", "", b"moodle")]
    parts.append(("file", '; filename="x.xml"\r\nContent-Type: text/xml', content))
    body = b"".join(f'--edge\r\nContent-Disposition: form-data; name="{n}"{k}\r\n\r\n'.encode() + c + b"\r\n" for n, k, c in parts)
    path = f"/teach/quizzes/{SLUG}/import"
    return browser.client.post(path, data=body + b"--edge--\r\n", content_type="multipart/form-data; boundary=edge")


def test_a_file_may_be_larger_than_other_requests_and_has_an_end(browse, cast: Cast) -> None:
    bruno = browse(cast.bruno)
    space = b" " * 2_000_000
    assert "No question was found" in send_large(bruno, b"<quiz>" + space + b"</quiz>").text
    too_large = send_large(bruno, b" " * (LARGEST_FILE + 1) + b"<quiz/>")
    assert (too_large.status_code, "larger than 10 MB" in too_large.text) == (422, True)
    assert send_large(bruno, b" " * (views.LONGEST_BODY + 10)).status_code == 413


def test_without_a_file_one_is_asked_for_it(browse, cast: Cast) -> None:
    assert "Choose a file." in browse(cast.bruno).post(f"/teach/quizzes/{SLUG}/import", {"format": "gift"}, 422).text


def test_there_is_no_text_to_take_home_without_a_text(browse, cast: Cast) -> None:
    browse(cast.bruno).post(f"/teach/quizzes/{SLUG}/quiz-yml", {}, 422)


def test_uploads_are_throttled(browse, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "UPLOADS_PER_PERSON", 2)
    browser = browse(cast.bruno)
    for _ in range(2):
        send(browser, "gift", b"a{T}")
    send(browser, "gift", b"a{T}", 429)
    send(browse(cast.dora), "gift", b"a{T}")


def test_a_package_is_taken_as_a_browser_sends_it(browse, cast: Cast) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("quiz/canvas.xml", (SAMPLES / "canvas.xml").read_bytes())
    assert "8 questions were read from export.zip" in send(browse(cast.bruno), "qti", target.getvalue(), file="export.zip").text
