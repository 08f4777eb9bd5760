"""Slides say nothing that the text does not say, nothing that is for teachers, and never too much at once."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from elearn.adaptation import overlays
from elearn.adaptation.course_queries import adapted_module
from elearn.adaptation.course_service import save_changes
from elearn.adaptation.edition_service import publish_edition
from elearn.adaptation.handbook_texts import BookModule, BookSection, Credit
from elearn.adaptation.models import Course
from elearn.adaptation.slide_markdown import written
from elearn.adaptation.slide_words import LONGEST_POINT, as_markdown, cut, gist, plain, sentences
from elearn.adaptation.slides import A_LITTLE_MORE, MOST_LETTERS, MOST_POINTS, Slide, slides_of
from elearn.catalogue import syntax
from elearn.catalogue.reader import read_series
from elearn.config import CONTENT
from elearn.db import db, unit_of_work
from tests.adaptation.worlds import HEAD, texts
from tests.cast import Cast, visitor_of
from tests.reader import Page, text_of

SLUG = "introduction-to-cybercrime"
#: What the compiler makes something else of.
READ_AS_MARKS = re.compile(rf"{syntax.TERM}|{syntax.CITATION}|{syntax.LINK}|\*\*|(?<!\w)`")
#: What texts are made of that mean to be more than words.
MARKS = st.text(alphabet="-#*_`[](){}<>!\\|:.=~^$@%+\n 1aB", max_size=200)


def section(markdown: str, *, title: str = "A section", audience: str = "everyone", kind: str = "key-issue") -> BookSection:
    return BookSection("key", title, kind, audience, 5, "en", "", markdown)


def module(*sections: BookSection) -> BookModule:
    return BookModule("slug", 1, "A module", "", "en", None, (), (), Credit("", "", (), ""), sections)


def words(*said: str) -> set[str]:
    return {word for text in said for word in re.findall(r"\w+", text)}


def on(slides: tuple[Slide, ...]) -> set[str]:
    shown = [text for slide in slides for text in (slide.title, *slide.points)]
    figures = [slide.figure for slide in slides if slide.figure]
    return words(*shown, *(f"{figure.alt} {figure.caption}" for figure in figures))


def in_notes(slides: tuple[Slide, ...]) -> set[str]:
    return words(*(note for slide in slides for note in slide.notes))


def one(markdown: str) -> tuple[Slide, ...]:
    """Return the slides of a text, behind those of its module and section."""
    return slides_of(module(section(markdown)))[2:]


@given(st.lists(texts, min_size=1, max_size=4))
def test_every_word_on_a_slide_stands_in_the_text(written_: list[str]) -> None:
    found = slides_of(module(*(section(text) for text in written_)))
    assert on(found) <= words("A module", "A section", *written_)
    assert not in_notes(found)


@given(st.lists(st.tuples(texts, st.booleans()), min_size=1, max_size=5))
def test_what_is_for_teachers_stands_on_no_slide_and_in_notes_only_where_they_are_wanted(parts: list[tuple[str, bool]]) -> None:
    secret = [section(f"Secret. {text}\n\nXyzzy word.", title="Plugh", audience="teacher") for text, is_secret in parts if is_secret]
    everyone = [section(text) for text, is_secret in parts if not is_secret]
    book = module(*everyone, *secret)
    without, with_ = slides_of(book), slides_of(book, with_notes=True)
    assert not in_notes(without)
    assert not {"Secret", "Xyzzy", "Plugh"} & on(without)
    assert [replace(slide, notes=()) for slide in with_] == list(without)
    assert ({"Secret", "Xyzzy", "Plugh"} <= in_notes(with_)) is bool(secret)
    # Notes are in full: nothing of the section is lost but the name of a directive.
    assert words(*(each.markdown for each in secret)) - {"note"} <= in_notes(with_)


@given(st.lists(MARKS, min_size=1, max_size=3))
def test_whatever_is_written_slides_say_a_bounded_part_of_it(parts: list[str]) -> None:
    found = slides_of(module(*(section(text) for text in parts)))
    assert found == slides_of(module(*(section(text) for text in parts)))
    for slide in found:
        assert len(slide.points) <= MOST_POINTS
        assert sum(map(len, slide.points[1:])) <= MOST_LETTERS + A_LITTLE_MORE
        assert all(0 < len(point) <= LONGEST_POINT + 2 for point in slide.points)


@pytest.mark.slow
def test_the_series_slides_say_only_what_the_series_says() -> None:
    series = read_series(CONTENT)
    assert series.series
    for each in series.series.modules:
        for page in each.texts["en"].sections:
            found = slides_of(
                module(BookSection(page.key, page.title, page.kind, page.audience, 5, "en", "", page.markdown)), with_notes=True
            )
            assert on(found) | in_notes(found) <= words("A module", page.title, page.markdown), page.key
            said = [text for slide in found for text in (slide.title, *slide.points, *slide.notes)]
            assert not [text for text in said if READ_AS_MARKS.search(text)], page.key


def test_a_section_becomes_slides() -> None:
    found = one(
        "Before all. More.\n\n## First [@itu-2025]\n\nA sentence that is long enough, e.g. this one, of art. 6. Another.\n\n"
        "- **Name.** What it is. More.\n- Second item\n    - nested\n\n"
        '![A map](media/map.svg "The map")\n\n::: case NG Case of [worms]{glossary}\nIt began. Then it went on.\n:::\n\n'
        "::: discuss What now?\nIs it right? Argue.\n\n1. One\n2. Two\n:::\n\n"
        "::: slot national-law\nName the law.\n:::\n\n```\ncode\n```\n\n[^1]: A note.\n"
    )
    assert found == (
        Slide("text", "A section", ("Before all. More.",)),
        Slide("text", "First", ("A sentence that is long enough, e.g. this one, of art. 6.", "Name. What it is.", "Second item")),
        Slide("figure", "First", figure=found[2].figure),
        Slide("case", "Case of worms", ("It began. Then it went on.",), "NG"),
        Slide("discuss", "What now?", ("Is it right?", "Argue.", "One", "Two")),
        Slide("slot", "", ("Name the law.",), "national-law"),
    )
    assert found[2].figure
    assert (found[2].figure.name, found[2].figure.alt, found[2].figure.caption) == ("map.svg", "A map", "The map")


def test_a_table_comes_to_its_rows_and_a_definition_to_its_first_sentence() -> None:
    table = "| Theory | Use |\n|---|:--|\n| **Drift** | Short [@a-b] |\n| Two |\n\n"
    found = one(f"{table}Term\n: What it is, in more than a handful of words. And more.\n")
    assert found == (Slide("text", "A section", ("Drift: Short", "Two", "Term: What it is, in more than a handful of words.")),)


def test_much_becomes_several_slides_and_none_has_a_last_point_alone() -> None:
    found = one("## Many\n\n" + "\n".join(f"- Point number {number}" for number in range(7)))
    assert [len(slide.points) for slide in found] == [5, 2]
    assert {slide.title for slide in found} == {"Many"}


def test_what_prepares_a_class_is_on_no_slide() -> None:
    sections = [section("Words.", kind=kind) for kind in ("class-structure", "tools", "references", "core-reading", "advanced-reading")]
    assert slides_of(module(*sections)) == (Slide("module", "A module"),)


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        ("**Bold** and *thin*, __both__ and _one_.", "Bold and thin, both and one."),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("A `code *with* marks` here", "A code *with* marks here"),
        ("See [the *text*](section:x) and <https://example.org/>.", "See the text and https://example.org/."),
        ("A claim [@itu-2025, p. 4; @un-2024], told.[^n]", "A claim, told."),
        (r"\*not bold\* and 1\. not a list", "*not bold* and 1. not a list"),
        ("***All***", "All"),
        ("A [word]{glossary} and a [phrase of words]{glossary worm}.", "A word and a phrase of words."),
        ("![alt](media/x.svg) around", "around"),
    ],
)
def test_marks_are_not_said(markdown: str, said: str) -> None:
    assert plain(markdown) == said


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Dr. Who v. the State of somewhere else, art. 5 of 2001. Next.", "Dr. Who v. the State of somewhere else, art. 5 of 2001."),
        ("It cost them about 4.5 million in all their years. Next one.", "It cost them about 4.5 million in all their years."),
        ("这是第一句" + 38 * "长" + "。第二句。", "这是第一句" + 38 * "长" + "。"),
        ("ما الجريمة السيبرانية التي نتحدث عنها في هذا المقرر؟ سنرى.", "ما الجريمة السيبرانية التي نتحدث عنها في هذا المقرر؟"),
        ("He said “this is the end of it, my only friend.” She left.", "He said “this is the end of it, my only friend.”"),
        ("No end here", "No end here"),
        ("Short. Then what it means. And more.", "Short. Then what it means."),
    ],
)  # fmt: skip
def test_the_gist_of_a_passage_is_its_first_sentence(text: str, first: str) -> None:
    assert gist(text) == first


@given(st.text(max_size=300))
def test_sentences_are_the_whole_passage(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@given(st.text(max_size=600))
def test_a_cut_passage_is_its_beginning(text: str) -> None:
    short = cut(text)
    assert len(short) <= LONGEST_POINT + 2
    assert short == text or text.startswith(short.removesuffix(" …"))


@given(st.text(alphabet="-#*_`[](){}<>!\\|:.=~^$@%+ 1aB", min_size=1, max_size=60))
def test_words_in_markdown_stay_words(text: str) -> None:
    made = as_markdown(text)
    assert re.sub(r"\\([\\`*_\[\]<>#|~^$@{}.)\-+=:%])", r"\1", made) == text
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]<>#|~^$@{}]", re.sub(r"\\[\\`*_\[\]<>#|~^$@{}]", "", made))
    assert not re.match(r"[-+=:%]|\d+[.)]", made)


@given(st.lists(MARKS, min_size=1, max_size=3), st.sampled_from(["marp", "pandoc"]))
def test_the_file_has_each_slide_between_lines_of_three_hyphens(parts: list[str], notes: str) -> None:
    book = module(*(section(text) for text in parts), section("\n\n".join(parts), audience="teacher", title="-->"))
    found = slides_of(book, with_notes=True)
    text = written({"title": "--- a: [b"}, found, label=lambda slide: "", picture=lambda name: "", notes=notes)
    head, *slides = re.split(r"^---$", text, flags=re.MULTILINE)[1:]
    assert head.strip().startswith("title:")
    assert len(slides) == len(found)
    assert all(re.match(r"\n\n#{1,2} ", slide) for slide in slides)
    wanted = sum(bool(slide.notes) for slide in found) if notes == "marp" else 0
    # A backslash before it: text that says so itself.
    assert len(re.findall(r"(?<!\\)<!--", text)) == text.count("-->") == wanted


# Over HTTP.


@pytest.fixture
def course_id(app: Flask, cast: Cast) -> int:
    with app.app_context():
        return db.session.scalars(select(Course.id).where(Course.created_by_id == cast.bruno)).one()


def faces(page: Page) -> str:
    return " ".join(text_of(e) for e in page.all("div", class_="slide-face"))


def test_the_page_of_slides_shows_them_with_pictures_and_countries(browse, cast: Cast, course_id: int) -> None:
    page = browse(cast.bruno).get(f"/teach/courses/{course_id}/slides/read")
    assert page.heading == "Bruno's class"
    assert len(page.all("section", class_="slide")) > 60
    assert "Case study · Philippines" in page.text
    assert "In your country · National law" in page.text
    pictures = list(page.root.iter("img"))
    assert len(pictures) > 1
    assert all(re.fullmatch(r"/media/[0-9a-f]{64}\.svg", e.get("src", "")) and e.get("alt") for e in pictures)
    assert browse(cast.bruno).client.get(pictures[0].get("src", "")).status_code == 200
    assert "CC-BY-4.0" in page.text
    assert not list(page.root.iter("script"))


def test_notes_for_the_speaker_are_there_only_when_they_are_wanted(browse, cast: Cast, course_id: int) -> None:
    there = f"/teach/courses/{course_id}/slides"
    plain_, full = browse(cast.bruno).get(f"{there}/read"), browse(cast.bruno).get(f"{there}/read?teacher=1")
    secret = "Reading the mail is access without permission"
    assert secret not in plain_.text
    assert secret in full.text
    assert secret not in faces(full)
    for asked, is_there in (("", False), ("?teacher=1", True), ("?teacher=1&notes=pandoc", True)):
        text = browse(cast.bruno).client.get(f"{there}/download{asked}").get_data(as_text=True)
        assert (secret in text) is is_there
        assert ("::: notes" in text) is asked.endswith("pandoc")


@pytest.mark.parametrize("page", ["read", "download"])
def test_who_is_not_confirmed_gets_slides_without_notes(app: Flask, browse, cast: Cast, page: str) -> None:
    with app.app_context():
        mine = {
            person: db.session.scalars(select(Course.id).where(Course.created_by_id == person)).one() for person in (cast.gita, cast.bruno)
        }
    browse(cast.gita).get(f"/teach/courses/{mine[cast.gita]}/slides/{page}")
    browse(cast.gita).get(f"/teach/courses/{mine[cast.gita]}/slides/{page}?teacher=1", 403)
    browse(cast.bruno).get(f"/teach/courses/{mine[cast.bruno]}/slides/{page}?teacher=1")
    browse(cast.dora).get(f"/teach/courses/{mine[cast.bruno]}/slides/{page}?teacher=1", 404)


def test_the_file_can_be_read_by_slide_programs(browse, cast: Cast, course_id: int) -> None:
    response = browse(cast.bruno).client.get(f"/teach/courses/{course_id}/slides/download")
    assert response.headers["Content-Disposition"] == f"attachment; filename=slides-{course_id}.md"
    assert response.headers["Content-Type"] == "text/markdown; charset=utf-8"
    text = response.get_data(as_text=True)
    assert text.startswith("---\nmarp: true\n")
    assert re.search(r"!\[[^\]]+\]\(http[^)]+/media/[0-9a-f]{64}\.svg\)", text)
    assert "## Case study · Philippines: The ILOVEYOU worm" in text
    shown = len(browse(cast.bruno).get(f"/teach/courses/{course_id}/slides/read").all("section", class_="slide"))
    assert len(re.findall(r"^---$", text, re.MULTILINE)) == shown + 1


def test_slides_say_what_the_course_says_and_an_edition_what_it_said(app: Flask, browse, cast: Cast, course_id: int) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        bruno, course = visitor_of(cast.bruno), db.session.get_one(Course, course_id)
        found = adapted_module(course, SLUG)
        assert found
        changes = overlays.with_added(
            {}, "c1-ours", HEAD | {"title": "Our law"}, "\\<b> & ours.\n\n::: discuss Is 1 < 2?\nWhy?\n:::\n", after=""
        )
        save_changes(bruno, course, found, changes, seen=found.overlay.number)
        publish_edition(course, person_id=cast.bruno)
    for place, is_there in (("", True), ("/editions/2", True), ("/editions/1", False)):
        page = browse(cast.bruno).get(f"/teach/courses/{course_id}{place}/slides/read")
        assert ("<b> & ours." in page.text and "Is 1 < 2?" in page.text) is is_there, place
    text = browse(cast.bruno).client.get(f"/teach/courses/{course_id}/slides/download").get_data(as_text=True)
    assert r"- \<b\> & ours." in text


def test_what_nobody_offered_is_refused_with_the_page_of_choices(browse, cast: Cast, course_id: int) -> None:
    for asked in ("modules=no-such-module", "notes=powerpoint"):
        for page in ("read", "download"):
            answer = browse(cast.bruno).get(f"/teach/courses/{course_id}/slides/{page}?{asked}", 422)
            assert "Something needs putting right" in answer.text


def test_slides_that_take_too_long_are_given_up_with_what_to_do(browse, cast: Cast, course_id: int, monkeypatch) -> None:
    monkeypatch.setattr("elearn.adaptation.slides_page.SECONDS", 0.0001)
    assert "choose fewer modules" in browse(cast.bruno).get(f"/teach/courses/{course_id}/slides/read", 422).text
