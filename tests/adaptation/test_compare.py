"""A module of a course beside its base, upstream and its editions."""

from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from elearn.adaptation import compare_text_queries, overlays
from elearn.adaptation.course_queries import adapted_module
from elearn.adaptation.course_service import save_changes
from elearn.adaptation.edition_service import publish_edition
from elearn.adaptation.models import Course
from elearn.adaptation.source_differences import module_differences, moved_sections, section_differences
from elearn.adaptation.texts import ModuleSource, SectionSource
from elearn.db import counted_statements, db, unit_of_work
from tests.cast import Cast, visitor_of

SLUG = "introduction-to-cybercrime"


@pytest.fixture
def course_id(app: Flask, cast: Cast) -> int:
    """Bruno's course with a passage changed, a section hidden, one added, a question left out."""
    head = {"title": "Our law", "kind": "key-issue", "audience": "everyone", "minutes": 5, "outcomes": [], "steps": [], "descriptions": {}}
    with app.app_context(), app.test_request_context(), unit_of_work():
        bruno = visitor_of(cast.bruno)
        course = db.session.scalars(select(Course).where(Course.created_by_id == cast.bruno)).one()
        module = adapted_module(course, SLUG)
        first, second, third = module.source.sections[:3]
        changes = overlays.with_text({}, first, first.markdown.replace(".", ", in our country.", 1))
        changes = overlays.with_added(overlays.hidden(changes, second.key), "c1-our-law", head, "A law of ours.\n", after=third.key)
        changes = overlays.excluding(changes, [module.source.items[0].key])
        save_changes(bruno, course, module, changes, seen=1)
        publish_edition(course, person_id=cast.bruno)
        return course.id


def test_what_the_course_changed_is_shown_word_by_word(app: Flask, browse, cast: Cast, course_id: int) -> None:
    page = browse(cast.bruno).get(f"/teach/courses/{course_id}/{SLUG}/compare")
    assert "in our country" in " ".join("".join(ins.itertext()) for ins in page.all("ins"))
    assert "Our law" in page.text
    assert "3 sections differ" in page.text
    assert "Questions of the quiz" in page.text


def test_an_edition_is_compared_with_what_stands(app: Flask, browse, cast: Cast, course_id: int) -> None:
    path = f"/teach/courses/{course_id}/{SLUG}/compare"
    assert "No difference" in browse(cast.bruno).get(f"{path}?from=edition-2&to=mine").text
    assert "in our country" in browse(cast.bruno).get(f"{path}?from=edition-1&to=edition-2").text


def test_only_those_who_may_change_a_course_compare_it(app: Flask, browse, cast: Cast, course_id: int) -> None:
    path = f"/teach/courses/{course_id}/{SLUG}/compare"
    browse(cast.bruno).get(path)
    browse(cast.dora).get(path, 404)
    browse(cast.ana).get(path, 404)
    browse(cast.bruno).get(f"{path}?from=elsewhere", 404)


def test_comparing_takes_few_statements(app: Flask, browse, cast: Cast, course_id: int) -> None:
    bruno = browse(cast.bruno)
    bruno.get(f"/teach/courses/{course_id}/{SLUG}/compare")
    with counted_statements() as counted:
        bruno.get(f"/teach/courses/{course_id}/{SLUG}/compare?from=edition-1")
    assert len(counted) <= 20, counted


def test_who_is_not_confirmed_sees_no_key(app: Flask, browse, cast: Cast) -> None:
    with app.app_context():
        gitas = db.session.scalars(select(Course.id).where(Course.created_by_id == cast.gita)).one()
    page = browse(cast.gita).get(f"/teach/courses/{gitas}/{SLUG}/compare")
    assert "Questions of the quiz" not in page.text


def test_sections_at_another_place_are_a_difference(app: Flask, browse, cast: Cast, course_id: int) -> None:
    path = f"/teach/courses/{course_id}/{SLUG}/compare?from=edition-2"
    assert "At another place" not in browse(cast.bruno).get(path).text
    with app.app_context(), app.test_request_context(), unit_of_work():
        course = db.session.get_one(Course, course_id)
        module = adapted_module(course, SLUG)
        last = module.source.sections[-1]
        base = [s.key for s in module.base.source.sections]
        changes = overlays.in_order(module.overlay.changes, base, [last.key, *(s.key for s in module.source.sections[:-1])])
        save_changes(visitor_of(cast.bruno), course, module, changes, seen=module.overlay.number)
    page = browse(cast.bruno).get(path)
    assert "No difference" not in page.text
    assert f"At another place: {last.title}" in page.text


def _module(*keys: str, formerly: tuple[str, ...] = ()) -> ModuleSource:
    head = {"title": "", "kind": "key-issue", "audience": "everyone", "minutes": 5, "outcomes": [], "steps": [], "descriptions": {}}
    return ModuleSource("m", "M", "", tuple(SectionSource(key, {**head, "title": key.upper()}, "Text.\n", formerly) for key in keys))


@given(st.permutations("abcdefg"), st.integers(0, 7), st.integers(0, 7))
def test_moved_sections_are_those_without_which_the_order_is_the_same(after: list[str], first: int, last: int) -> None:
    before = [key for key in "abcdefg" if key != "abcdefg"[min(first, 6)]]
    after = [key for key in after if key != "abcdefg"[min(last, 6)]]
    moved = {title.lower() for title in moved_sections(_module(*before), _module(*after))}
    both = set(before) & set(after) - moved
    assert [key for key in before if key in both] == [key for key in after if key in both]
    if [key for key in before if key in after] == [key for key in after if key in before]:
        assert not moved


def test_a_section_under_another_key_has_not_moved() -> None:
    assert moved_sections(_module("old", "z"), _module("new", "z", formerly=("old",))) == ()
    assert moved_sections(_module("z", "y", "x"), _module("x", "z", "y")) == ("X",)


def test_titles_minutes_and_rules_of_the_quiz_are_differences_too() -> None:
    plain = _module("one")
    longer = replace(plain, sections=(replace(plain.sections[0], head={**plain.sections[0].head, "minutes": 9}),))
    assert [(d.state, d.heads) for d in section_differences(plain, longer)] == [("changed", ("minutes",))]
    assert module_differences(plain, replace(plain, title="Another", quiz={"pass_mark": 60})) == ("title", "quiz")
    assert module_differences(plain, plain) == ()


def test_texts_that_take_too_long_to_compare_are_refused_in_words(browse, cast: Cast, course_id: int, monkeypatch) -> None:
    monkeypatch.setattr(compare_text_queries, "SECONDS", 0.0)
    page = browse(cast.bruno).get(f"/teach/courses/{course_id}/{SLUG}/compare", 422)
    assert "too long, and too different" in page.text
