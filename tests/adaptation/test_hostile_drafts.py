"""The whole hostile corpus through the editor: a clear message or clean HTML, nothing lost, the course as it was."""

from urllib.parse import quote_from_bytes

import pytest
from flask import Flask
from sqlalchemy import select

from elearn.adaptation.course_queries import adapted_module
from elearn.adaptation.draft_models import SectionDraft
from elearn.adaptation.edition_service import publish_edition
from elearn.adaptation.editor_forms import shown
from elearn.adaptation.models import Course, Overlay
from elearn.adaptation.queries import edition_page
from elearn.db import db, unit_of_work
from elearn.text import LARGEST_PERSONAL, clean
from tests.adaptation.test_editor import KEY, SLUG, fields_of, text_in
from tests.cast import Cast
from tests.data.hostile import BLOW_UPS, HTML, MARKDOWN
from tests.reader import Browser

TYPED = [text for text in (*HTML, *MARKDOWN) if "\x00" not in text]
#: Some in one text: faults of one do not hide those of another.
#: Saving looks at a text as a preview does: it takes these seconds a second time for a few only.
SAVED_TOO = {"brackets", "definitions", "headings underlined", "lists in lists"}
TOGETHER = ["\n\n".join(TYPED[start : start + 25]) for start in range(0, len(TYPED), 25)]


@pytest.fixture
def place(app: Flask, cast: Cast) -> str:
    with app.app_context():
        course_id = db.session.scalars(select(Course.id).where(Course.created_by_id == cast.bruno)).one()
    return f"/teach/courses/{course_id}/{SLUG}/sections/{KEY}"


@pytest.fixture
def bruno(browse, cast: Cast) -> Browser:
    return browse(cast.bruno)


def sent(browser: Browser, path: str, fields: dict[str, str]) -> tuple[int, dict]:
    response = browser.client.post(path, data={**fields, "csrf_token": browser.csrf_token}, headers={"Accept": "application/json"})
    return response.status_code, response.get_json()


def overlays(app: Flask) -> list[tuple[int, str]]:
    with app.app_context():
        return [(row.id, str(row.changes)) for row in db.session.scalars(select(Overlay).order_by(Overlay.id))]


def is_clean(html: str) -> bool:
    return str(clean(html)) == html


def in_heaps(texts: list[str]) -> list[list[str]]:
    """Return the texts in a few heaps: each is tried by itself, but not each in an application of its own."""
    return [texts[start::4] for start in range(4)]


@pytest.mark.parametrize("heap", in_heaps(TYPED))
def test_a_preview_of_each_is_clean(bruno: Browser, place: str, heap: list[str]) -> None:
    for text in heap:
        status, found = sent(bruno, f"{place}/preview", {"title": text[:200], "text": text})
        assert status == 200, text
        assert is_clean(found["html"]), text


@pytest.mark.parametrize("text", TOGETHER)
def test_it_is_kept_as_a_draft_and_refused_or_saved_by_the_course_word_for_word(app: Flask, bruno: Browser, place: str, text: str) -> None:
    before = overlays(app)
    fields = {**fields_of(bruno.get(place)), "title": text[:200], "text": text}
    bruno.submit(f"{place}/draft", fields)
    page = bruno.get(place)
    assert text_in(page).strip("\n") == shown(text).strip("\n")
    again = fields_of(page)
    refused = bruno.post(f"{place}/save", again, 422)
    assert text_in(refused).strip("\n") == shown(text).strip("\n")
    assert "Put the faults right first" in refused.text
    assert overlays(app) == before
    bruno.post(f"{place}/preview", again, 200)
    bruno.post(f"{place}/carry", again, 200)


def test_what_the_compiler_lets_through_is_clean_where_students_read_it(app: Flask, cast: Cast, bruno: Browser, place: str) -> None:
    saved = []
    for text in [text for text in MARKDOWN if "\x00" not in text]:
        before, fields = overlays(app), {**fields_of(bruno.get(place)), "text": text}
        status = bruno.client.post(f"{place}/save", data={**fields, "csrf_token": bruno.csrf_token}).status_code
        assert status in {303, 422}, text
        assert (len(overlays(app)) > len(before)) == (status == 303), text
        saved += [text] if status == 303 else []
    assert 3 < len(saved) < len(MARKDOWN)
    course_id = int(place.split("/")[3])
    for text in saved:
        bruno.submit(f"{place}/save", {**fields_of(bruno.get(place)), "text": text, "title": "Hostile"})
        with app.app_context(), app.test_request_context(), unit_of_work():
            edition = publish_edition(db.session.get_one(Course, course_id), person_id=cast.bruno)
            module = adapted_module(db.session.get_one(Course, course_id), SLUG)
            assert module
            assert is_clean(edition_page(edition.id, module.module_id, KEY).html), text


@pytest.mark.parametrize("name", BLOW_UPS)
def test_what_takes_too_long_gets_a_message_and_is_kept(app: Flask, bruno: Browser, place: str, name: str) -> None:
    text = BLOW_UPS[name][:150_000]
    fields = {**fields_of(bruno.get(place)), "text": text}
    status, found = sent(bruno, f"{place}/preview", fields)
    assert (status == 200 and is_clean(found["html"])) or (status == 422 and "in time" in found["detail"])
    kept = sent(bruno, f"{place}/draft", fields)[1]
    with app.app_context():
        assert db.session.scalars(select(SectionDraft)).one().text == shown(text)
    assert kept["version"] == 1
    if name in SAVED_TOO:
        refused_or_saved(app, bruno, place, fields)
    bruno.get(place)


def refused_or_saved(app: Flask, bruno: Browser, place: str, fields: dict[str, str]) -> None:
    before = overlays(app)
    refused = bruno.client.post(f"{place}/save", data={**fields, "version": "1", "csrf_token": bruno.csrf_token})
    assert refused.status_code in {303, 422}
    if refused.status_code == 422:
        assert overlays(app) == before


def test_two_tangled_texts_are_shown_beside_each_other_where_they_cannot_be_brought_together(bruno: Browser, place: str) -> None:
    old = fields_of(bruno.get(place))
    bruno.submit(f"{place}/draft", {**old, "text": "a\n\n" * 40_000})
    page = bruno.post(f"{place}/draft", {**old, "text": "b\n\na\n\n" * 20_000}, 409)
    assert text_in(page, "mine-text").startswith(("b", "\nb"))
    assert text_in(page, "theirs-text").startswith(("a", "\na"))


@pytest.mark.parametrize("letter", ["a", "\u0639", "\U0001f600"])
def test_a_text_is_as_long_as_it_may_be_and_no_longer(bruno: Browser, place: str, letter: str) -> None:
    fields = fields_of(bruno.get(place))
    most = LARGEST_PERSONAL // len(letter.encode())
    status, refused = sent(bruno, f"{place}/draft", {**fields, "text": letter * (most + 1)})
    assert (status, list(refused["fields"])) == (422, ["text"])
    page = bruno.post(f"{place}/draft", {**fields, "text": letter * (most + 1)}, 422)
    assert len(text_in(page).strip()) == most + 1
    assert "too long to be kept" in page.text
    assert sent(bruno, f"{place}/draft", {**fields, "text": letter * most})[0] == 200


def test_a_title_too_long_is_refused_beside_its_field(bruno: Browser, place: str) -> None:
    page = bruno.post(f"{place}/draft", {**fields_of(bruno.get(place)), "title": "t" * 201, "text": "Typed.\n"}, 422)
    assert "Use at most 200 characters" in page.text
    assert text_in(page).strip() == "Typed."


@pytest.mark.parametrize("act", ["preview", "draft", "save", "carry", "series", "discard"])
def test_zero_bytes_and_broken_characters_are_refused_or_put_right(app: Flask, bruno: Browser, place: str, act: str) -> None:
    before = overlays(app)
    fields = fields_of(bruno.get(place))
    bruno.post(f"{place}/{act}", {**fields, "text": "a\x00b"}, 400)
    # Half a character, and bytes that are none, as no browser sends them.
    body = f"csrf_token={bruno.csrf_token}&version=0&seen=1&title=T&text=" + quote_from_bytes(b"a\xed\xa0\x80b\xff\xc0c")
    response = bruno.client.post(f"{place}/{act}", data=body, content_type="application/x-www-form-urlencoded")
    assert response.status_code in {200, 303}
    assert act == "save" or overlays(app) == before
    # What is left is text that can be kept and sent again.
    assert text_in(bruno.get(place)).encode()


def test_right_to_left_text_and_marks_of_direction_stay_as_they_were_typed(bruno: Browser, place: str) -> None:
    text = "## \u0645\u0642\u062f\u0645\u0629\n\n\u202e\u0627\u0644\u062c\u0631\u0627\u0626\u0645 \u2067**x**\u2069\n"
    fields = {**fields_of(bruno.get(place)), "text": text, "title": "\u0645\u0642\u062f\u0645\u0629"}
    bruno.submit(f"{place}/draft", fields)
    page = bruno.get(place)
    assert text_in(page).strip() == text.strip()
    assert next(e for e in page.all("textarea") if e.get("id") == "text").get("dir") == "auto"
    assert is_clean(sent(bruno, f"{place}/preview", fields)[1]["html"])
