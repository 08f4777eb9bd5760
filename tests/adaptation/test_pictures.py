"""The pages of a course's pictures: adding, saying what they show, removing, and who is sent them."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from elearn import clock, media
from elearn.adaptation import overlays, own_data, picture_service
from elearn.adaptation.base_queries import BaseRef
from elearn.adaptation.course_queries import adapted_modules
from elearn.adaptation.course_service import save_changes
from elearn.adaptation.edition_service import publish_edition
from elearn.adaptation.models import Course
from elearn.adaptation.picture_models import CoursePicture
from elearn.adaptation.picture_queries import course_pictures, name_of_course_picture, pictures_of
from elearn.adaptation.picture_views import PICTURES_A_PAGE, UPLOADS_PER_PERSON
from elearn.adaptation.queries import edition_page, newest_edition
from elearn.audit import AuditEntry
from elearn.db import counted_statements, db, unit_of_work
from tests.adaptation.pictures import courses, drawing, encoded, png, png_claiming
from tests.cast import Cast, visitor_of
from tests.reader import Browser, Page


@pytest.fixture
def course_id(app: Flask) -> int:
    with app.app_context():
        return courses()["Bruno"]


def place(course_id: int, *more: object) -> str:
    return "/".join([f"/teach/courses/{course_id}/pictures", *map(str, more)])


def send(browser: Browser, course_id: int, content: bytes = b"", name: str = "market.png", status: int = 303, **words: str) -> Page:
    """Send a picture as a browser would; the test client would leave a large one's file behind."""
    fields = {"csrf_token": browser.csrf_token, "alt": "A market in Lagos", "description": ""} | words
    parts = [(f'name="{field}"', typed.encode()) for field, typed in fields.items()]
    parts.append((f'name="picture"; filename="{name}"\r\nContent-Type: image/png', content))
    body = b"".join(f"--edge\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + sent + b"\r\n" for head, sent in parts)
    answer = browser.client.post(place(course_id), data=body + b"--edge--\r\n", content_type="multipart/form-data; boundary=edge")
    return browser._page(answer, status)


def kept(app: Flask) -> list[CoursePicture]:
    with app.app_context():
        return list(db.session.scalars(select(CoursePicture).order_by(CoursePicture.id)))


def test_a_picture_is_added_shown_and_cited(app: Flask, cast: Cast, browse, course_id: int) -> None:
    bruno = browse(cast.bruno)
    assert "No picture yet" in bruno.get(place(course_id)).text
    sent = send(
        bruno,
        course_id,
        encoded(drawing(), "PNG"),
        "My Market [1].PNG",
        alt=" A  market\u00a0[in] Lagos ",
        description="Long.\r\n\r\nMore.",
    )
    [picture] = kept(app)
    assert sent.response.headers["Location"] == place(course_id, picture.id)
    page = bruno.get(place(course_id, picture.id))
    assert r"![A market \[in\] Lagos](media/my-market-1.webp)" in page.text
    assert (picture.alt, picture.description) == ("A market [in] Lagos", "Long.\n\nMore.")
    [shown] = page.all("img", class_="picture-shown")
    assert shown.get("alt") == "A market [in] Lagos"
    assert (shown.get("width"), shown.get("height")) == ("400", "300")
    answer = bruno.client.get(shown.get("src"))
    assert answer.status_code == 200
    assert answer.mimetype == "image/webp"
    assert media.digest_of(answer.data) == picture.digest
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "my-market-1.webp" in bruno.get(place(course_id)).links()


def test_a_course_s_pictures_are_sent_to_people_who_signed_in_and_to_nobody_else(app: Flask, cast: Cast, browse, course_id: int) -> None:
    send(browse(cast.bruno), course_id, png())
    [picture] = kept(app)
    address = f"/media/{picture.digest}.webp"
    for person in (cast.ana, cast.bruno, cast.emil):
        assert browse(person).client.get(address).status_code == 200
    assert browse().client.get(address).status_code == 404
    for wrong in (address.replace(".webp", ".png"), address.replace(".webp", ".svg"), f"/media/{'0' * 64}.webp"):
        assert browse(cast.ana).client.get(wrong).status_code == 404


def test_what_texts_may_show_is_known_by_name(app: Flask, cast: Cast, browse, course_id: int) -> None:
    bruno = browse(cast.bruno)
    send(bruno, course_id, png(), "one.png", description="What one reads from it.")
    send(bruno, course_id, png(50), "two.png")
    bruno.post(place(course_id, kept(app)[1].id, "remove"))
    with app.app_context():
        pictures = pictures_of(course_id)
        assert set(pictures) == {"one.webp", "two.webp"}
        assert (pictures["two.webp"].width, pictures["two.webp"].height, pictures["two.webp"].content) == (50, 30, b"")
        assert pictures["one.webp"].url == f"/media/{kept(app)[0].digest}.webp"
        assert course_pictures(course_id).descriptions == {"one.webp": "What one reads from it."}
        assert not pictures_of(courses()["Dora"])


@pytest.mark.parametrize("alt", ["", "  \u00a0 ", "x" * 301])
def test_a_picture_without_words_for_those_who_do_not_see_it_is_refused(app: Flask, cast: Cast, browse, course_id: int, alt: str) -> None:
    page = send(browse(cast.bruno), course_id, png(), alt=alt, description="Kept words.", status=422)
    assert "Choose the picture again" in page.text
    assert page.form(place(course_id))["description"] == "Kept words."
    assert [e.get("aria-invalid") for e in page.all("input", name="alt")] == ["true"]
    assert not kept(app)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty"),
        (b"MZ" + b"\0" * 100, "This is not a picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "SVG pictures are not taken"),
        (png_claiming(60_000, 60_000), "at most 40 million"),
        (png()[:60], "cut off or damaged"),
        (png() + b"\0" * 5 * 1024 * 1024, "at most 5 MB"),
    ],
)
def test_what_is_no_picture_is_refused_beside_the_field_and_words_are_kept(
    app: Flask, cast: Cast, browse, course_id: int, content: bytes, words: str
) -> None:
    page = send(browse(cast.bruno), course_id, content, "photo.png", alt="Words to keep", status=422)
    assert words in page.text
    assert page.form(place(course_id))["alt"] == "Words to keep"
    assert not kept(app)
    with app.app_context():
        assert not db.session.scalars(select(AuditEntry).where(AuditEntry.action == "add-picture")).all()


def test_a_body_that_is_far_too_large_is_not_read(cast: Cast, browse, course_id: int) -> None:
    send(browse(cast.bruno), course_id, png() + b"\0" * 9 * 1024 * 1024, status=413)


def test_no_file_is_said_beside_the_field(cast: Cast, browse, course_id: int) -> None:
    assert "Choose a picture." in send(browse(cast.bruno), course_id, name="", status=422).text


def test_the_same_picture_sent_twice_is_there_once(app: Flask, cast: Cast, browse, course_id: int) -> None:
    bruno = browse(cast.bruno)
    first = send(bruno, course_id, png(), "one.png")
    again = send(bruno, course_id, png(), "other.png", alt="Other words")
    assert first.response.headers["Location"] == again.response.headers["Location"]
    assert "here already, as one.webp" in bruno.get(again.response.headers["Location"]).text
    assert [(p.name, p.alt) for p in kept(app)] == [("one.webp", "A market in Lagos")]


def test_pictures_of_one_name_are_told_apart_and_no_name_is_used_again(app: Flask, cast: Cast, browse, course_id: int) -> None:
    bruno = browse(cast.bruno)
    send(bruno, course_id, png(10), "photo.png")
    bruno.post(place(course_id, kept(app)[0].id, "remove"))
    send(bruno, course_id, png(20), "photo.jpg")
    send(bruno, course_id, png(10), "photo.png")
    assert [p.name for p in kept(app)] == ["photo.webp", "photo-2.webp", "photo-3.webp"]


def test_words_are_changed(app: Flask, cast: Cast, browse, course_id: int) -> None:
    bruno = browse(cast.bruno)
    send(bruno, course_id, png())
    here = place(course_id, kept(app)[0].id)
    assert "Say in a sentence" in bruno.post(here, {"alt": " ", "description": "Mine"}, 422).text
    assert kept(app)[0].alt == "A market in Lagos"
    assert "(media/market.webp)" in bruno.submit(here, {"alt": "Another market", "description": "Mine"}).text
    assert (kept(app)[0].alt, kept(app)[0].description) == ("Another market", "Mine")


def test_removing_is_undone_and_takes_nothing_from_pages_that_show_it(app: Flask, cast: Cast, browse, course_id: int) -> None:
    bruno, ana = browse(cast.bruno), browse(cast.ana)
    send(bruno, course_id, png())
    [picture] = kept(app)
    page = bruno.submit(place(course_id, picture.id, "remove"))
    assert "No picture yet" in page.text
    assert ana.client.get(f"/media/{picture.digest}.webp").status_code == 200
    assert "removed from the list" in bruno.get(place(course_id, picture.id)).text
    back = place(course_id, picture.id, "bring-back")
    assert page.form(back)
    bruno.submit(back)
    bruno.submit(back)
    assert "market.webp" in bruno.get(place(course_id)).links()
    with app.app_context():
        acts = select(AuditEntry.action).where(AuditEntry.subject == "course-picture").order_by(AuditEntry.id)
        assert list(db.session.scalars(acts)) == ["add-picture", "remove-picture", "bring-back-picture"]


def test_only_the_professors_of_a_course_touch_its_pictures(app: Flask, cast: Cast, browse, course_id: int) -> None:
    send(browse(cast.bruno), course_id, png())
    picture_id = kept(app)[0].id
    with app.app_context():
        others = courses()["Dora"]
    for person, theirs in ((cast.dora, others), (cast.ana, None), (cast.carla, None), (cast.edda, None), (cast.gita, None)):
        browser = browse(person)
        browser.get(place(course_id), 404)
        browser.get(place(course_id, picture_id), 404)
        send(browser, course_id, png(), status=404)
        browser.post(place(course_id, picture_id), {"alt": "Mine now"}, 404)
        browser.post(place(course_id, picture_id, "remove"), status=404)
        if theirs is not None:
            # Through a course of their own, somebody else's picture is not found either.
            browser.get(place(theirs, picture_id), 404)
            browser.post(place(theirs, picture_id, "remove"), status=404)
    with app.app_context():
        gitas = courses()["Gita"]
    browse(cast.gita).get(place(gitas), 403)
    send(browse(cast.gita), gitas, png(), status=403)
    [picture] = kept(app)
    assert (picture.alt, picture.removed_at) == ("A market in Lagos", None)


def test_a_course_has_a_bounded_number_of_pictures(app: Flask, cast: Cast, browse, course_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_service, "MOST_PICTURES", 2)
    bruno = browse(cast.bruno)
    for width in (10, 20):
        send(bruno, course_id, png(width))
    page = send(bruno, course_id, png(30), alt="Words to keep", status=409)
    assert "may not have more" in page.text
    assert page.form(place(course_id))["alt"] == "Words to keep"
    first = kept(app)[0].id
    bruno.post(place(course_id, first, "remove"))
    send(bruno, course_id, png(30))
    bruno.post(place(course_id, first, "bring-back"), status=409)
    monkeypatch.setattr(picture_service, "MOST_EVER", 3)
    bruno.post(place(course_id, kept(app)[1].id, "remove"))
    send(bruno, course_id, png(40), status=409)


def test_sending_pictures_is_throttled(cast: Cast, browse, course_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert UPLOADS_PER_PERSON > 1
    monkeypatch.setattr("elearn.adaptation.picture_views.UPLOADS_PER_PERSON", 1)
    bruno = browse(cast.bruno)
    with time_machine.travel(clock.now(), tick=False) as now:
        send(bruno, course_id, png(10))
        send(bruno, course_id, png(20), status=429)
        # A picture that has no words yet costs nobody anything.
        send(bruno, course_id, png(20), alt="", status=422)
        now.shift(timedelta(hours=1))
        send(bruno, course_id, png(20))


def test_a_long_list_is_paged_found_in_and_asked_for_in_few_statements(app: Flask, cast: Cast, browse, course_id: int) -> None:
    bruno = browse(cast.bruno)
    send(bruno, course_id, png(), alt="A hundred per cent: 100% of them")
    bruno.get(place(course_id))
    with counted_statements() as few:
        bruno.get(place(course_id))
    with app.app_context(), unit_of_work():
        [first] = db.session.scalars(select(CoursePicture))
        same = {name: getattr(first, name) for name in ("course_id", "digest", "width", "height", "size", "added_by_id", "added_at")}
        db.session.add_all(CoursePicture(name=f"p{n}.webp", alt=f"Number {n}", description="", **same) for n in range(PICTURES_A_PAGE + 5))
    with counted_statements() as many:
        page = bruno.get(place(course_id))
    assert len(many) == len(few) <= 6
    assert len(page.all("img", class_="picture-thumbnail")) == PICTURES_A_PAGE
    assert len(bruno.get(place(course_id) + "?page=2").all("img", class_="picture-thumbnail")) == 6
    found = bruno.get(place(course_id) + "?q=100%25")
    assert len(found.all("img", class_="picture-thumbnail")) == 1
    assert "No picture found" in bruno.get(place(course_id) + "?q=nothing").text


def test_what_a_person_added_is_theirs_to_take_home_and_stays_when_they_go(app: Flask, cast: Cast, browse, course_id: int) -> None:
    send(browse(cast.bruno), course_id, png(), description="Long.")
    with app.app_context():
        [line] = list(own_data.export_of(cast.bruno)["pictures"])
        assert (line["name"], line["alt"], line["description"]) == ("market.webp", "A market in Lagos", "Long.")
        assert not list(own_data.export_of(cast.dora)["pictures"])
        with unit_of_work():
            own_data.forget(cast.bruno)
    [picture] = kept(app)
    with app.app_context():
        assert name_of_course_picture(picture.digest) == "market.webp"
    browse(cast.bruno).get(place(course_id), 404)


def test_a_text_of_the_course_shows_a_picture_with_its_long_description(app: Flask, cast: Cast, browse, course_id: int) -> None:
    send(browse(cast.bruno), course_id, png(), description="What one reads from it.\n\nAnd more.")
    digest = kept(app)[0].digest
    with app.app_context(), app.test_request_context(), unit_of_work():
        html = _published(cast, course_id, '![A market](media/market.webp "Ours")\n')
        [shown] = [tag for tag in re.findall("<img [^>]*>", html) if digest in tag]
        assert {'alt="A market"', 'width="40"', 'height="30"', 'loading="lazy"'} <= set(re.findall('[a-z]+="[^"]*"', shown))
        assert "<figcaption>Ours</figcaption>" in html
        assert "<p>And more.</p>" in html


def test_who_adapts_a_course_gets_its_pictures_with_its_texts(app: Flask, cast: Cast, browse, course_id: int) -> None:
    send(browse(cast.bruno), course_id, png())
    with app.app_context(), app.test_request_context(), unit_of_work():
        _published(cast, course_id, "![A market](media/market.webp)\n")
        theirs = courses()["Dora"]
        [module] = adapted_modules(db.session.get_one(Course, theirs))
        upstream = newest_edition(course_id).id
        assert not pictures_of(theirs)
        course = db.session.get_one(Course, theirs)
        ref = BaseRef(module.module_id, 0, upstream)
        save_changes(visitor_of(cast.dora), course, module, {}, seen=1, act="update", base=ref)
        assert set(pictures_of(theirs)) == {"market.webp"}
        html = _published(cast, theirs, "Hers.\n", key="conclusion")
        assert "Hers." in html
    # A picture of hers gets a name of its own.
    with app.app_context():
        theirs = courses()["Dora"]
    send(browse(cast.dora), theirs, png(90), "market.png")
    assert kept(app)[-1].name == "market-2.webp"


def _published(cast: Cast, course_id: int, text: str, key: str = "introduction") -> str:
    """Have the course say ``text`` at the end of a section and publish; return that section's page."""
    course = db.session.get_one(Course, course_id)
    [module] = adapted_modules(course)
    section = module.base.source.section(key)
    changes = overlays.with_text(module.overlay.changes, section, f"{section.markdown}\n{text}")
    save_changes(visitor_of(cast.bruno), course, module, changes, seen=module.overlay.number)
    made = publish_edition(course, person_id=cast.bruno)
    return str(edition_page(made.id, module.module_id, key).html)
