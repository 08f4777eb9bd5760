"""A module of a course: its sections in order, hidden, moved, held, added, restored; every act can be undone."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from elearn.adaptation import overlays
from elearn.adaptation.blocks import blocks_of, words_of
from elearn.adaptation.overlays import resolve
from elearn.adaptation.section_changes import moved, own_key, with_intent
from elearn.adaptation.service import share_course
from elearn.db import counted_statements, unit_of_work
from tests.adaptation.test_updates import Professor, replaced
from tests.adaptation.upstream import FOLDER, SLUG, Upstream
from tests.adaptation.worlds import adapted, modules, next_revisions
from tests.cast import Cast
from tests.learning.conftest import undo

KEY = "who-is-connected"
PASSAGE = "Crime follows daily life"


@pytest.fixture
def bruno(app: Flask, cast: Cast) -> Professor:
    return Professor(app, cast)


@pytest.fixture
def page(bruno: Professor) -> str:
    return f"/teach/courses/{bruno.course_id}/{SLUG}/"


def acted(bruno: Professor, page: str, key: str, act: str, seen: int | None = None, status: int = 303):
    fields = {"key": key, "act": act, "seen": bruno.module().overlay.number if seen is None else seen}
    if status != 303:
        return bruno.browser.post(f"{page}sections", fields, status=status)
    return bruno.browser.submit(f"{page}sections", fields)


def keys(bruno: Professor) -> list[str]:
    return [section.key for section in bruno.module().source.sections]


def test_every_section_is_listed_with_how_it_stands(bruno: Professor, page: str) -> None:
    bruno.save(replaced(PASSAGE, "Crime follows everyday life", KEY))
    shown = bruno.browser.get(page)
    for section in bruno.module().source.sections:
        assert section.title in shown.text
    assert "changed, follows" in shown.text
    assert f"{page}sections/{KEY}" in shown.links().values()


@pytest.mark.parametrize("act", ["hide", "up", "down", "hold", "mine"])
def test_an_act_can_be_undone_exactly(bruno: Professor, page: str, act: str) -> None:
    bruno.save(lambda module: {"title": "Ours"})
    before = bruno.module().overlay.changes
    done = acted(bruno, page, KEY, act)
    assert bruno.module().overlay.changes != before
    undo(bruno.browser, done)
    assert bruno.module().overlay.changes == before
    assert bruno.module().overlay.act == "undo"


def test_a_hidden_section_stays_in_the_list_and_is_shown_again(bruno: Professor, page: str) -> None:
    place = keys(bruno).index(KEY)
    acted(bruno, page, KEY, "hide")
    assert KEY not in keys(bruno)
    assert "hidden" in bruno.browser.get(page).text
    acted(bruno, page, KEY, "show")
    assert keys(bruno).index(KEY) == place
    assert bruno.module().overlay.changes == {}


def test_a_section_moves_up_and_down_and_stays_at_the_end(bruno: Professor, page: str) -> None:
    before = keys(bruno)
    acted(bruno, page, before[0], "down")
    assert keys(bruno)[:2] == [before[1], before[0]]
    acted(bruno, page, before[0], "up")
    assert keys(bruno) == before
    assert bruno.module().overlay.changes == {}
    assert "nothing was changed" in acted(bruno, page, before[-1], "down").text


def test_the_last_section_cannot_be_hidden(bruno: Professor, page: str) -> None:
    def all_but_one(module):
        changes = module.overlay.changes
        for section in module.source.sections[1:]:
            changes = overlays.hidden(changes, section.key)
        return changes

    bruno.save(all_but_one)
    assert "needs a section" in acted(bruno, page, keys(bruno)[0], "hide", status=409).text
    assert len(keys(bruno)) == 1


@pytest.mark.parametrize(("key", "act"), [("of-nobody", "hide"), (KEY, "remove"), (KEY, "burn"), ("", "")])
def test_what_cannot_be_done_is_no_page(bruno: Professor, page: str, key: str, act: str) -> None:
    acted(bruno, page, key, act, status=404)
    assert bruno.module().overlay.number == 1


@pytest.mark.parametrize("seen", [0, 2, 99])
def test_an_act_on_a_state_that_is_not_the_newest_is_refused(bruno: Professor, page: str, seen: int) -> None:
    acted(bruno, page, KEY, "hide", seen=seen, status=409)
    assert bruno.module().overlay.number == 1


def test_the_series_text_comes_back_with_its_head(bruno: Professor, page: str) -> None:
    bruno.save(replaced(PASSAGE, "Crime follows everyday life", KEY))
    bruno.save(lambda module: overlays.with_head(module.overlay.changes, module.made_on(KEY), {"title": "Ours"}))
    restored = acted(bruno, page, KEY, "restore")
    assert bruno.module().overlay.changes == {}
    undo(bruno.browser, restored)
    assert "everyday" in bruno.module().source.section(KEY).markdown


def test_what_was_held_catches_up_and_keeps_the_professor_s_words(app: Flask, bruno: Professor, page: str) -> None:
    upstream = Upstream(app)
    bruno.save(replaced(PASSAGE, "In Lagos, crime follows daily life", KEY))
    acted(bruno, page, KEY, "hold")
    path = next(p for p in upstream.files if p.startswith(f"{FOLDER}/en/") and p.endswith(f"{KEY}.md"))
    text = upstream.files[path].decode().rstrip("\n")
    upstream.files[path] = (text + "\n\nUpstream says one thing more.\n").encode()
    upstream.release("1.2.0", "A sentence.")
    bruno.take()
    assert "one thing more" not in bruno.module().source.section(KEY).markdown
    acted(bruno, page, KEY, "follow")
    found = bruno.module().source.section(KEY).markdown
    assert "one thing more" in found
    assert "In Lagos, crime follows" in found
    assert "intent" not in bruno.module().overlay.changes["sections"][KEY]


def added(bruno: Professor, page: str, **typed: object):
    form = bruno.browser.get(f"{page}add-section").form("")
    return bruno.browser.submit(f"{page}add-section", {**form, "title": "Our law", **typed})


def test_a_section_is_added_where_it_was_put_and_can_be_removed(bruno: Professor, page: str) -> None:
    before = keys(bruno)
    shown = added(bruno, page, after=before[1], kind="case-study", minutes="25")
    own = f"c{bruno.course_id}-our-law"
    assert keys(bruno) == [*before[:2], own, *before[2:]]
    assert "Write its text" in shown.text
    head = bruno.module().source.section(own).head
    assert (head["title"], head["kind"], head["minutes"], head["audience"]) == ("Our law", "case-study", 25, "everyone")
    removed = acted(bruno, page, own, "remove")
    assert keys(bruno) == before
    assert bruno.module().overlay.changes == {}
    undo(bruno.browser, removed)
    assert own in keys(bruno)


@pytest.mark.parametrize(("after", "place"), [("first", 0), (None, -1)])
def test_a_section_is_added_at_either_end(bruno: Professor, page: str, after: str | None, place: int) -> None:
    added(bruno, page, **({"after": after} if after else {}))
    assert keys(bruno)[place] == f"c{bruno.course_id}-our-law"


def test_a_section_without_text_keeps_the_course_from_being_published(bruno: Professor, page: str) -> None:
    added(bruno, page)
    refused = bruno.browser.post(f"/teach/courses/{bruno.course_id}/publish", status=422)
    assert "it has no text yet" in refused.text


def test_a_key_that_students_know_is_never_another_section_s(bruno: Professor, page: str) -> None:
    added(bruno, page)
    own = f"c{bruno.course_id}-our-law"
    bruno.save(lambda module: overlays.with_text(module.overlay.changes, module.source.section(own), "The law of Nigeria.\n"))
    bruno.publish()
    acted(bruno, page, own, "remove")
    added(bruno, page)
    assert f"{own}-2" in keys(bruno)


@pytest.mark.parametrize(
    "typed",
    [
        {"title": " "},
        {"title": "x" * 201},
        {"minutes": "0"},
        {"minutes": "601"},
        {"minutes": "five"},
        {"kind": "poem"},
        {"after": "of-nobody"},
    ],
)
def test_a_section_that_cannot_be_is_refused_with_what_was_typed(bruno: Professor, page: str, typed: dict) -> None:
    form = bruno.browser.get(f"{page}add-section").form("")
    refused = bruno.browser.post(f"{page}add-section", {**form, "title": "Our law", **typed}, status=422)
    name, value = next(iter(typed.items()))
    if name in {"title", "minutes"}:
        assert refused.form("")[name] == value.strip()
    assert bruno.module().overlay.number == 1


def test_a_title_and_minutes_are_the_course_s_and_follow_again_once_they_are_the_same(bruno: Professor, page: str) -> None:
    there = f"{page}sections/{KEY}/head"
    form = bruno.browser.get(there).form("")
    bruno.browser.submit(there, {**form, "title": "Who is online", "minutes": "7"})
    assert bruno.module().overlay.changes["sections"][KEY] == {"head": {"title": "Who is online", "minutes": 7}}
    again = bruno.browser.get(there).form("")
    bruno.browser.submit(there, {**again, "title": form["title"], "minutes": form["minutes"]})
    assert bruno.module().overlay.changes == {}


def test_two_who_change_a_head_at_once_both_keep_what_they_typed(bruno: Professor, page: str) -> None:
    there = f"{page}sections/{KEY}/head"
    form = bruno.browser.get(there).form("")
    bruno.browser.submit(there, {**form, "title": "One"})
    refused = bruno.browser.post(there, {**form, "title": "Two"}, status=409)
    assert refused.form("")["title"] == "Two"
    assert bruno.module().source.section(KEY).title == "One"
    bruno.browser.submit(there, refused.form(""))
    assert bruno.module().source.section(KEY).title == "Two"


def test_a_module_gets_another_title_and_summary(bruno: Professor, page: str) -> None:
    saved = bruno.browser.submit(f"{page}about", {**bruno.browser.get(f"{page}about").form(""), "title": "Our introduction"})
    assert saved.heading == "Our introduction"
    assert bruno.module().overlay.changes == {"title": "Our introduction"}


def teachers_key(bruno: Professor) -> str:
    return next(section.key for section in bruno.module().source.sections if section.head["audience"] == "teacher")


def test_a_section_for_teachers_is_not_opened_by_who_may_not_read_it(app: Flask, cast: Cast, bruno: Professor, page: str, browse) -> None:
    key = teachers_key(bruno)
    there = f"{page}sections/{key}/head"
    fields = {**bruno.browser.get(there).form(""), "audience": "everyone"}
    with bruno.inside(), unit_of_work():
        share_course(bruno.course_id, cast.gita)
    gita = browse(cast.gita)
    gita.get(there, 403)
    gita.post(there, {name: value for name, value in fields.items() if name != "csrf_token"}, status=403)
    assert f"{page}sections/{key}" not in gita.get(page).links().values()
    assert bruno.module().overlay.number == 1
    bruno.browser.submit(there, fields)
    assert bruno.module().source.section(key).head["audience"] == "everyone"


def test_who_is_not_of_the_course_finds_no_page(cast: Cast, bruno: Professor, page: str, browse) -> None:
    for name in ("dora", "gita", "ana", "carla"):
        browser = browse(getattr(cast, name))
        browser.get(page, 404)
        browser.post(f"{page}sections", {"key": KEY, "act": "hide", "seen": "1"}, status=404)
    assert bruno.module().overlay.number == 1


def test_the_page_of_a_module_takes_few_statements(bruno: Professor, page: str) -> None:
    bruno.save(lambda module: overlays.hidden(module.overlay.changes, KEY))
    bruno.browser.get(page)
    with counted_statements() as counted:
        bruno.browser.get(page)
    assert len(counted) <= 10, counted


def said(module) -> set[str]:
    return {words_of(block) for section in module.sections for block in blocks_of(section.markdown)}


@given(st.data())
def test_a_held_section_that_follows_again_loses_no_word_of_the_professor(data: st.DataObject) -> None:
    base = data.draw(modules())
    newer = data.draw(next_revisions(base))
    section = data.draw(st.sampled_from(base.sections))
    if newer.section(section.key) is None:
        return
    changes = data.draw(adapted(base))
    mine = resolve(base, overlays.shown(changes, section.key)).section(section.key)
    entry = changes.get("sections", {}).get(section.key, {})
    only = {"sections": {section.key: {**entry, "intent": "hold", "base": {"revision": 1}}}}
    held = {section.key: section}
    for intent in ("follow", "mine"):
        after = with_intent(newer, only, held, section.key, intent, {"revision": 2})
        now = resolve(newer, after).section(section.key)
        own = {words_of(block) for block in blocks_of(mine.markdown)} - {words_of(block) for block in blocks_of(section.markdown)}
        assert own <= {words_of(block) for block in blocks_of(now.markdown)}
        if intent == "mine":
            assert now.markdown == mine.markdown
        elif "text" not in entry:
            assert now.markdown == newer.section(section.key).markdown


@given(modules(), st.data())
def test_moving_keeps_every_section(base, data: st.DataObject) -> None:
    changes = data.draw(adapted(base))
    before = overlays.placed([s.key for s in base.sections], changes)
    if before:
        key, steps = data.draw(st.sampled_from(before)), data.draw(st.sampled_from([-1, 1]))
        after = overlays.placed([s.key for s in base.sections], moved(base, changes, key, steps))
        assert sorted(after) == sorted(before)
        assert [k for k in after if k != key] == [k for k in before if k != key]


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Our law", "c1-our-law"),
        ("Loi française!", "c1-loi-francaise"),
        ("الجريمة", "c1-section"),
        ("x" * 300, "c1-" + "x" * 73),
        ("--", "c1-section"),
    ],
)
def test_keys_of_one_s_own_are_made_from_titles(title: str, key: str) -> None:
    assert own_key(1, title, set(), otherwise="section") == key
    assert own_key(1, title, {key}, otherwise="section") == f"{key}-2"
