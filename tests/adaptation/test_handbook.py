"""A course as a handbook: one sound document of what it says, with what is for teachers only where it may be read."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from elearn.accounts.service import mark_as_demonstration
from elearn.adaptation import handbook_pdf, overlays
from elearn.adaptation.course_queries import AdaptedModule, adapted_module
from elearn.adaptation.course_service import save_changes
from elearn.adaptation.edition_service import publish_edition
from elearn.adaptation.editor_forms import shown
from elearn.adaptation.handbook_html import Places, Spot, pictures_in, set_in, taken_apart, with_pictures
from elearn.adaptation.models import Course, CourseModule, CourseProfessor, Edition, Overlay
from elearn.catalogue.queries import current_series
from elearn.db import counted_statements, db, unit_of_work
from tests.adaptation.paper import NOT_A_PDF, endless, not_a_pdf
from tests.cast import Cast, visitor_of
from tests.data.hostile import BLOW_UPS, HTML, MARKDOWN
from tests.reader import Page, read, text_of

SLUG = "introduction-to-cybercrime"
TEACHERS = "What good answers to the exercises hold"
HEAD = {"title": "Our law", "kind": "key-issue", "audience": "everyone", "minutes": 5, "outcomes": [], "steps": [], "descriptions": {}}


def course_of(person_id: int) -> Course:
    return db.session.scalars(select(Course).where(Course.created_by_id == person_id)).one()


@pytest.fixture
def course_id(app: Flask, cast: Cast) -> int:
    with app.app_context():
        return course_of(cast.bruno).id


@pytest.fixture
def change(app: Flask, cast: Cast):
    """Return a function that changes the first module of Bruno's course; ``publish``: and makes an edition of it."""

    def do(make, *, publish: bool = False) -> None:
        with app.app_context(), app.test_request_context(), unit_of_work():
            bruno, course = visitor_of(cast.bruno), course_of(cast.bruno)
            module = adapted_module(course, SLUG)
            assert module
            save_changes(bruno, course, module, make(module), seen=module.overlay.number)
            if publish:
                publish_edition(course, person_id=cast.bruno)

    return do


def says(text: str):
    """Return the change that has the first section say ``text``."""
    return lambda module: overlays.with_text({}, module.base.source.sections[0], text)


def anchors(page: Page) -> set[str]:
    return {e.get("id", "") for e in page.root.iter() if e.get("id")}


def broken(page: Page) -> set[str]:
    """Return the links into the document that lead nowhere."""
    inside = {a.get("href", "")[1:] for a in page.root.iter("a") if a.get("href", "").startswith("#")}
    return inside - anchors(page)


def headings(page: Page, tag: str) -> list[str]:
    return [text_of(e) for e in page.root.iter(tag)]


def test_the_document_is_sound_and_every_link_in_it_leads_somewhere(browse, cast: Cast, course_id: int) -> None:
    page = browse(cast.bruno).get(f"/teach/courses/{course_id}/handbook/read?teacher=1&questions=keys")
    assert broken(page) == set()
    assert page.heading == "Bruno's class"
    assert "Lagoon University" in page.text
    assert "Draft of" in page.text
    assert "CC-BY-4.0" in page.text
    assert not list(page.root.iter("script"))
    # Every relative link became an anchor, or an address of the site.
    targets = {a.get("href", "") for e in page.root.iter("main") for a in e.iter("a")}
    assert all(target.startswith(("#", "http://", "https://", "mailto:")) for target in targets), targets
    assert any(target.startswith("#m1-ref-") for target in targets)
    assert any(target.startswith("#term-") for target in targets)


def test_it_holds_what_the_course_says_in_the_course_s_order_and_nothing_that_is_hidden(browse, cast: Cast, course_id: int, change) -> None:
    def make(module: AdaptedModule):
        keys = [section.key for section in module.source.sections]
        changes = overlays.hidden(module.overlay.changes, keys[1])
        changes = overlays.with_added(changes, "c1-our-law", HEAD, "The law of **Nigeria**.\n\n## Its heart\n\nText.\n", after=keys[2])
        section = module.source.sections[0]
        return overlays.with_text(changes, section, section.markdown + "\nIn Lagos, **this** is so.[^1]\n\n[^1]: A note of ours.\n")

    before = headings(browse(cast.bruno).get(f"/teach/courses/{course_id}/handbook/read"), "h3")
    change(make)
    page = browse(cast.bruno).get(f"/teach/courses/{course_id}/handbook/read")
    titles = headings(page, "h3")
    assert titles == [before[0], before[2], "Our law", *before[3:]]
    assert "In Lagos, this is so." in page.text
    assert "A note of ours." in page.text
    assert "Its heart" in headings(page, "h4")
    assert broken(page) == set()
    assert "1 section left out" in page.text
    assert "1 section added" in page.text


def test_what_is_for_teachers_is_there_only_when_it_is_wanted(browse, cast: Cast, course_id: int) -> None:
    there = f"/teach/courses/{course_id}/handbook/read"
    plain, full = browse(cast.bruno).get(there), browse(cast.bruno).get(f"{there}?teacher=1")
    assert TEACHERS not in plain.text
    assert TEACHERS in full.text
    assert "For teachers" in full.text
    assert "For teachers" not in plain.text


@pytest.mark.parametrize("asked", ["teacher=1", "questions=keys", "questions=plain"])
@pytest.mark.parametrize("page", ["read", "download", "pdf"])
def test_who_is_not_confirmed_gets_neither_teachers_sections_nor_questions(app, browse, cast, monkeypatch, asked, page) -> None:
    monkeypatch.setattr(handbook_pdf, "is_available", lambda: True)
    monkeypatch.setattr(handbook_pdf, "pdf_of", not_a_pdf)
    with app.app_context():
        gita, bruno = course_of(cast.gita).id, course_of(cast.bruno).id
    browse(cast.gita).get(f"/teach/courses/{gita}/handbook/{page}")
    assert "confirmed you as a professor" in browse(cast.gita).get(f"/teach/courses/{gita}/handbook/{page}?{asked}", 403).text
    browse(cast.bruno).get(f"/teach/courses/{bruno}/handbook/{page}?{asked}")
    browse(cast.dora).get(f"/teach/courses/{bruno}/handbook/{page}?{asked}", 404)


def test_the_page_of_choices_offers_only_what_one_may_have(app: Flask, browse, cast: Cast, course_id: int) -> None:
    with app.app_context():
        gita = course_of(cast.gita).id
    assert "Questions at the end" in browse(cast.bruno).get(f"/teach/courses/{course_id}/handbook").text
    page = browse(cast.gita).get(f"/teach/courses/{gita}/handbook")
    assert "Questions at the end" not in page.text
    assert "once your institution has confirmed you" in page.text


def test_keys_stand_on_paper_only_where_they_are_wanted(browse, cast: Cast, course_id: int) -> None:
    there = f"/teach/courses/{course_id}/handbook/read?questions="
    none, plain, keys = (browse(cast.bruno).get(there + each) for each in ("none", "plain", "keys"))
    assert not none.all("li", class_="question")
    assert len(plain.all("li", class_="question")) == len(keys.all("li", class_="question")) > 20
    for mark in ("question-right", "question-feedback"):
        assert keys.all("li", class_=mark) or keys.all("div", class_=mark)
        assert not plain.all("li", class_=mark)
        assert not plain.all("div", class_=mark)
    assert "Accepted:" in keys.text
    assert "Accepted:" not in plain.text
    assert broken(plain) == broken(keys) == set()


def test_a_question_says_the_same_with_and_without_its_key(browse, cast: Cast, course_id: int) -> None:
    there = f"/teach/courses/{course_id}/handbook/read?questions="

    def lettered(page: Page) -> list[list[str]]:
        return [
            [text_of(e) for e in question.iter("span") if e.get("class") == "question-letter"]
            for question in page.all("li", class_="question")
        ]

    def first_words(page: Page) -> list[list[str]]:
        return [
            [text_of(e).removesuffix(" right")[:30] for e in question.iter("div") if not e.get("class")]
            for question in page.all("li", class_="question")
        ]

    plain, keys = browse(cast.bruno).get(there + "plain"), browse(cast.bruno).get(there + "keys")
    assert lettered(plain) == lettered(keys)
    assert [len(each) for each in first_words(plain)] == [len(each) for each in first_words(keys)]


def test_an_edition_is_taken_as_it_was_published(browse, cast: Cast, course_id: int, change) -> None:
    change(says("Published words.\n"), publish=True)
    change(says("Newer words.\n"))
    browser = browse(cast.bruno)
    second = browser.get(f"/teach/courses/{course_id}/editions/2/handbook/read")
    assert "Published words." in second.text
    assert "Edition 2" in second.text
    assert broken(second) == set()
    first = browser.get(f"/teach/courses/{course_id}/editions/1/handbook/read")
    assert "Published words." not in first.text
    now = browser.get(f"/teach/courses/{course_id}/handbook/read")
    assert "Newer words." in now.text
    assert "Published words." not in now.text
    browser.get(f"/teach/courses/{course_id}/editions/99/handbook/read", 404)
    assert "Edition 2, published on" in browser.get(f"/teach/courses/{course_id}/editions/2/handbook").text


def test_an_edition_and_the_course_that_it_was_made_of_say_the_same(browse, cast: Cast, course_id: int, change) -> None:
    change(says("Words, see [@itu-2025].\n"), publish=True)
    browser = browse(cast.bruno)
    draft = browser.get(f"/teach/courses/{course_id}/handbook/read?teacher=1&questions=keys")
    edition = browser.get(f"/teach/courses/{course_id}/editions/2/handbook/read?teacher=1&questions=keys")

    def inside(page: Page) -> str:
        return text_of(page.root.find(".//main"))

    assert inside(draft) == inside(edition)


def test_a_course_on_a_course_says_so(app: Flask, browse, cast: Cast, course_id: int, change) -> None:
    change(says("What Lagos says."), publish=True)
    with app.app_context(), unit_of_work():
        edition_id = db.session.scalars(select(Edition.id).where(Edition.course_id == course_id, Edition.number == 2)).one()
        dora = course_of(cast.dora).id
        overlay = db.session.scalars(select(Overlay).where(Overlay.course_id == dora)).one()
        overlay.base_revision_id, overlay.base_edition_id = None, edition_id
    page = browse(cast.dora).get(f"/teach/courses/{dora}/handbook/read")
    assert "What Lagos says." in page.text
    assert "Taken from “Bruno's class”, edition 2, of Lagoon University." in page.text
    assert broken(page) == set()
    assert "Taken from" in browse(cast.dora).get(f"/teach/courses/{dora}/slides/read").text
    assert "Taken from" not in browse(cast.bruno).get(f"/teach/courses/{course_id}/handbook/read").text


def test_a_demonstration_says_so_on_everything_that_is_taken_home(app: Flask, browse, cast: Cast, course_id: int) -> None:
    browser, words = browse(cast.bruno), "Demonstration data: the people and classes here are invented."
    for is_one in (False, True):
        for page in ("handbook/read", "handbook/download", "slides/read", "slides/download"):
            body = browser.client.get(f"/teach/courses/{course_id}/{page}").get_data(as_text=True)
            assert (words in body) is is_one, page
        if not is_one:
            with app.app_context(), unit_of_work():
                mark_as_demonstration()


def test_references_are_listed_though_their_page_is_hidden(browse, cast: Cast, course_id: int, change) -> None:
    change(lambda module: overlays.hidden({}, "references"), publish=True)
    for place in ("", "/editions/2"):
        page = browse(cast.bruno).get(f"/teach/courses/{course_id}{place}/handbook/read")
        assert page.all("li", id="m1-ref-morris-1991"), place
        assert broken(page) == set()


def test_what_nobody_offered_is_refused_with_the_page_of_choices(browse, cast: Cast, course_id: int) -> None:
    there = f"/teach/courses/{course_id}/handbook/read?"
    for asked in ("modules=no-such-module", "questions=%27%3B--", "paper=a0", "modules=../../etc/passwd&teacher=1"):
        assert "Something needs putting right" in browse(cast.bruno).get(there + asked, 422).text
    browse(cast.bruno).get(there + "paper=letter&x=%3Cscript%3E")
    browse(cast.bruno).get(there + "modules=%00", 400)


def test_a_course_without_modules_says_whose_turn_it_is(app: Flask, browse, cast: Cast) -> None:
    with app.app_context(), unit_of_work():
        course = Course(institution_id=course_of(cast.bruno).institution_id, title="Empty <b>", language="en", created_by_id=cast.dora,
                        created_at=datetime(2026, 1, 1, tzinfo=UTC))  # fmt: skip
        db.session.add(course)
        db.session.flush()
        db.session.add(CourseProfessor(course_id=course.id, person_id=cast.bruno))
        empty = course.id
    browser = browse(cast.bruno)
    for what in ("handbook", "slides"):
        assert "It is your turn." in browser.get(f"/teach/courses/{empty}/{what}").text
    assert "There is no module in this course yet." in browser.get(f"/teach/courses/{empty}/handbook/read").text
    assert browser.get(f"/teach/courses/{empty}/slides/read").heading == "Empty <b>"
    browser.get(f"/teach/courses/{empty}/handbook/download")
    browser.get(f"/teach/courses/{empty}/slides/download")


def test_an_arabic_course_runs_from_right_to_left_and_says_where_it_does_not(
    app: Flask, browse, cast: Cast, course_id: int, change
) -> None:
    change(says("نص عربي.\n"))
    with app.app_context(), unit_of_work():
        db.session.get_one(Course, course_id).language = "ar"
    for what in ("handbook", "slides"):
        page = browse(cast.bruno).get(f"/teach/courses/{course_id}/{what}/read?{'questions=plain' if what == 'handbook' else ''}")
        assert (page.root.get("lang"), page.root.get("dir")) == ("ar", "rtl")
        assert "نص عربي" in page.text
        # What is not translated is in the language in which it was written; what the course wrote itself is in the course's.
        spoken = {each: (each.get("lang"), each.get("dir")) for each in page.root.iter("section")}
        assert set(spoken.values()) == {("en", "ltr"), (None, None)}
        assert [said for each, said in spoken.items() if "نص عربي" in text_of(each)] == [(None, None)]
        assert broken(page) == set()


def test_the_downloaded_file_needs_nothing_else(browse, cast: Cast, course_id: int) -> None:
    response = browse(cast.bruno).client.get(f"/teach/courses/{course_id}/handbook/download")
    assert response.headers["Content-Disposition"] == f"attachment; filename=handbook-{course_id}.html"
    body = response.get_data(as_text=True)
    root = read(body)
    assert not list(root.iter("link"))
    pictures = [e.get("src", "") for e in root.iter("img")]
    assert len(pictures) > 1
    assert all(source.startswith("data:image/svg+xml;base64,") for source in pictures)
    assert "@media print" in text_of(root.find(".//style"))
    assert "/media/" not in body
    policy = next(e.get("content") for e in root.iter("meta") if e.get("http-equiv"))
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def test_too_many_pictures_for_one_file_are_refused_with_what_to_do(browse, cast: Cast, course_id: int, monkeypatch) -> None:
    monkeypatch.setattr("elearn.adaptation.handbook_page.LARGEST_PICTURES", 1000)
    assert "choose fewer modules" in browse(cast.bruno).get(f"/teach/courses/{course_id}/handbook/download", 422).text


def test_too_much_text_for_one_document_is_refused_with_what_to_do(browse, cast: Cast, course_id: int, monkeypatch) -> None:
    monkeypatch.setattr("elearn.adaptation.handbook_access.LARGEST", 1000)
    assert "choose fewer modules" in browse(cast.bruno).get(f"/teach/courses/{course_id}/handbook/read", 422).text


def test_without_the_extra_no_pdf_is_offered_and_one_that_is_asked_for_is_refused(browse, cast: Cast, course_id: int, monkeypatch) -> None:
    monkeypatch.setattr(handbook_pdf, "is_available", lambda: False)
    assert "Download as PDF" not in browse(cast.bruno).get(f"/teach/courses/{course_id}/handbook").text
    assert "print it to a file" in browse(cast.bruno).get(f"/teach/courses/{course_id}/handbook/pdf", 422).text


def test_with_the_extra_the_document_is_written_by_a_process_of_its_own(browse, cast: Cast, course_id: int, monkeypatch) -> None:
    monkeypatch.setattr(handbook_pdf, "is_available", lambda: True)
    monkeypatch.setattr(handbook_pdf, "pdf_of", not_a_pdf)
    assert "Download as PDF" in browse(cast.bruno).get(f"/teach/courses/{course_id}/handbook").text
    response = browse(cast.bruno).client.get(f"/teach/courses/{course_id}/handbook/pdf")
    assert response.mimetype == "application/pdf"
    assert response.headers["Content-Disposition"] == f"attachment; filename=handbook-{course_id}.pdf"
    # The writer was given the whole file, pictures and all, and says in which process it was.
    found = re.fullmatch(rb"%s (\d+) (\d+) (\d+)" % NOT_A_PDF, response.get_data())
    assert found
    assert int(found[1]) > 100_000
    assert int(found[2]) == 0
    assert int(found[3]) > 1


def test_a_pdf_that_takes_too_long_is_given_up_with_what_to_do(browse, cast: Cast, course_id: int, monkeypatch) -> None:
    monkeypatch.setattr(handbook_pdf, "is_available", lambda: True)
    monkeypatch.setattr(handbook_pdf, "pdf_of", endless)
    monkeypatch.setattr(handbook_pdf, "SECONDS", 0.3)
    assert "in time" in browse(cast.bruno).get(f"/teach/courses/{course_id}/handbook/pdf", 422).text
    monkeypatch.setattr(handbook_pdf, "pdf_of", not_a_pdf)
    monkeypatch.setattr(handbook_pdf, "SECONDS", 20)
    assert browse(cast.bruno).client.get(f"/teach/courses/{course_id}/handbook/pdf").status_code == 200


def test_while_one_pdf_is_made_another_is_told_to_wait(browse, cast: Cast, course_id: int, monkeypatch) -> None:
    monkeypatch.setattr(handbook_pdf, "is_available", lambda: True)
    with handbook_pdf._desk:
        assert "half a minute" in browse(cast.bruno).get(f"/teach/courses/{course_id}/handbook/pdf", 409).text


def test_heavy_pages_are_throttled(browse, cast: Cast, course_id: int, monkeypatch) -> None:
    monkeypatch.setattr("elearn.adaptation.handbook_views.DOCUMENTS_PER_PERSON", 2)
    monkeypatch.setattr("elearn.adaptation.slides_views.OUTLINES_PER_PERSON", 1)
    browser = browse(cast.bruno)
    for status in (200, 200, 429):
        browser.get(f"/teach/courses/{course_id}/handbook/read", status)
    for status in (200, 429):
        browser.get(f"/teach/courses/{course_id}/slides/read", status)


def _statements(app: Flask, browser, path: str) -> int:
    browser.get(path)
    with counted_statements() as counted:
        browser.get(path)
    return len(counted)


def test_the_number_of_statements_does_not_grow_with_the_course(app: Flask, browse, cast: Cast, course_id: int, change) -> None:
    change(lambda module: {}, publish=True)
    browser = browse(cast.bruno)
    paths = ("/handbook/read?teacher=1&questions=keys", "/editions/2/handbook/read?teacher=1&questions=keys", "/slides/read?teacher=1")
    before = [_statements(app, browser, f"/teach/courses/{course_id}{path}") for path in paths]

    def make(module: AdaptedModule):
        changes = {}
        for section in module.source.sections[:12]:
            changes = overlays.with_text(changes, section, section.markdown + "\nOne more.\n")
        for number in range(10):
            changes = overlays.with_added(changes, f"c1-more-{number}", HEAD, "More, see [@itu-2025].\n", after="")
        return changes

    with app.app_context(), app.test_request_context(), unit_of_work():
        _add_guide(course_of(cast.bruno), cast.bruno)
    change(make, publish=True)
    paths = tuple(path.replace("editions/2", "editions/3") for path in paths)
    after = [_statements(app, browser, f"/teach/courses/{course_id}{path}") for path in paths]
    # What stands on the course's own pictures is asked where it has texts of its own.
    assert all(now <= then + 4 for now, then in zip(after, before, strict=True)), (before, after)
    assert max(after) <= 24, after


def _add_guide(course: Course, person_id: int) -> None:
    guide = next(module for module in current_series().modules if module.kind == "guide")
    db.session.add(CourseModule(course_id=course.id, module_id=guide.module_id, position=9))
    db.session.add(Overlay(course_id=course.id, module_id=guide.module_id, number=1, base_revision_id=guide.revision.id, changes={},
                           made_by_id=person_id, made_at=datetime(2026, 1, 1, tzinfo=UTC)))  # fmt: skip


# What is set in its place, tag by tag.

PLACES = Places(
    "https://example.org",
    {"one": "m1", "two": "m2"},
    {("one", "a"): "m1.a", ("two", "b"): "m2.b"},
    frozenset({"worm"}),
    {"one": frozenset({"itu"})},
)
SPOT = Spot("one", "m1.a")
ONE_TERM = '<a href="#term-worm" class="term" aria-describedby="term-worm">'


@pytest.mark.parametrize(
    ("html", "set_"),
    [
        ('<h2 id="h-x">X</h2>', '<h4 id="m1.a.h-x">X</h4>'),
        ('<h6 id="h-x">X</h6>', '<h6 id="m1.a.h-x">X</h6>'),
        ('<a href="#fn-1">1</a>', '<a href="#m1.a.fn-1">1</a>'),
        ('<a href="a">here</a>', '<a href="#m1.a">here</a>'),
        ('<a href="a#h-x">here</a>', '<a href="#m1.a">here</a>'),
        ('<a href="../two/b">there</a>', '<a href="#m2.b">there</a>'),
        ('<a href="../two/">there</a>', '<a href="#m2">there</a>'),
        ('<a href="/modules/two/b">there</a>', '<a href="#m2.b">there</a>'),
        ('<a href="/ar/modules/two/">there</a>', '<a href="#m2">there</a>'),
        ('<a href="left-out">x</a>', '<a href="https://example.org/modules/one/left-out">x</a>'),
        ('<a href="../three/c">x</a>', '<a href="https://example.org/modules/three/c">x</a>'),
        ('<a href="c12-ours">x</a> <a href="a">y</a>', '<span>x</span> <a href="#m1.a">y</a>'),
        ('<a href="refs#ref-itu">x</a>', '<a href="#m1-ref-itu">x</a>'),
        ('<a href="refs#ref-gone">x</a>', "<span>x</span>"),
        ('<a class="term" href="/glossary/worm" aria-describedby="term-worm">', ONE_TERM),
        ('<a class="term" href="/glossary/x" aria-describedby="term-x">', '<a href="https://example.org/glossary/x" class="term">'),
        ('<a href="https://un.org/?a=1&amp;b=2">w</a>', '<a href="https://un.org/?a=1&amp;b=2">w</a>'),
        ('<a href="mailto:a@example.org">w</a>', '<a href="mailto:a@example.org">w</a>'),
        ('<img alt="" src="/media/x.svg" loading="lazy">', '<img alt="" src="/media/x.svg">'),
        ('<details class="longdesc"><summary>D</summary>x</details>', '<div class="longdesc"><p class="longdesc-label">D</p>x</div>'),
        ('a &lt;img src="/media/x"&gt; "b"', 'a &lt;img src="/media/x"&gt; "b"'),
        ('<td class="align-right" title="a > b">1</td>', '<td class="align-right" title="a > b">1</td>'),
    ],
)  # fmt: skip
def test_a_text_is_set_into_its_place(html: str, set_: str) -> None:
    assert set_in(html, SPOT, PLACES) == set_


def test_terms_and_references_are_taken_out_of_a_section() -> None:
    html = (
        '<p>See <a href="refs#ref-itu">ITU</a>.</p>\n<ul class="references">\n<li id="ref-itu">ITU. <em>Facts</em>.</li>\n</ul>\n'
        '<details class="terms">\n<summary>Terms</summary>\n<dl>\n<dt>worm</dt>\n'
        '<dd id="term-worm"><p>A program.</p></dd>\n</dl>\n</details>'
    )
    apart = taken_apart(html)
    assert apart.html == '<p>See <a href="refs#ref-itu">ITU</a>.</p>'
    assert apart.references == {"itu": "ITU. <em>Facts</em>."}
    assert apart.terms == {"worm": ("worm", "<p>A program.</p>")}
    assert apart.cited == {"itu"}


def test_pictures_are_put_in_where_they_are_shown_and_nowhere_else() -> None:
    digest = "a" * 64
    document = f'<p>&lt;img src="/media/{digest}.svg"&gt;</p><img alt="x" src="/media/{digest}.svg"><img src="/media/{"b" * 64}.png">'
    assert pictures_in(document) == {digest: 1, "b" * 64: 1}
    made = "".join(with_pictures(document, {digest: b"<svg/>"}, {".svg": "image/svg+xml", ".png": "image/png"}))
    assert made == document.replace(f'alt="x" src="/media/{digest}.svg"', 'alt="x" src="data:image/svg+xml;base64,PHN2Zy8+"')


# What others mean to break it with.

#: As the editor keeps them.
TYPED = [shown(text) for text in (*HTML, *MARKDOWN) if "\x00" not in text]
TOGETHER = ["\n\n".join(TYPED[start : start + 60]) for start in range(0, len(TYPED), 60)]


def test_hostile_texts_leave_one_sound_document_and_slides(app: Flask, browse, cast: Cast, course_id: int, change) -> None:
    """The texts stand in the course as if they had passed every door before."""

    def make(module: AdaptedModule):
        changes = {"title": "<script>alert(1)</script>", "summary": '"><img src=x onerror=alert(1)>'}
        for number, text in enumerate(TOGETHER):
            changes = overlays.with_added(changes, f"c1-{number}", HEAD | {"title": f"</h3><script>{number}"}, text, after="")
        return changes

    change(make)
    browser = browse(cast.bruno)
    for path in ("handbook/read", "slides/read"):
        page = browser.get(f"/teach/courses/{course_id}/{path}")
        assert "<script>alert(1)</script>" in page.text
        names = {element.tag for element in page.root.iter() if isinstance(element.tag, str)}
        assert not names & {"script", "iframe", "object", "form", "style", "base", "svg", "math", "input"}, path
        targets = [a.get("href", "") for a in page.root.iter("a")]
        assert all(re.match(r"#|/|https?://|mailto:", target) for target in targets), path
    body = browser.client.get(f"/teach/courses/{course_id}/handbook/download").get_data(as_text=True)
    names = [element.tag for element in read(body).iter() if isinstance(element.tag, str)]
    assert "script" not in names
    assert names.count("style") == 1
    text = browser.client.get(f"/teach/courses/{course_id}/slides/download").get_data(as_text=True)
    count = len(browser.get(f"/teach/courses/{course_id}/slides/read").all("section", class_="slide"))
    assert len(re.findall(r"^---$", text, re.MULTILINE)) == count + 1


@pytest.mark.parametrize("name", ["brackets", "lists in lists"])
def test_a_text_that_takes_too_long_is_named_and_slides_are_made_or_given_up(browse, cast: Cast, course_id: int, change, name: str) -> None:
    change(lambda module: overlays.with_added({}, "c1-slow", HEAD | {"title": "Slow one"}, BLOW_UPS[name], after=""))
    response = browse(cast.bruno).client.get(f"/teach/courses/{course_id}/handbook/read")
    assert response.status_code == 200 or "“Slow one” of" in response.get_data(as_text=True)
    assert browse(cast.bruno).client.get(f"/teach/courses/{course_id}/slides/read").status_code in {200, 422}
