"""A section of a course is written in the browser: drafts are kept, nothing is overwritten unseen, and only sound text is saved."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn.adaptation.course_access import course_for_editing
from elearn.adaptation.course_queries import AdaptedModule, adapted_module
from elearn.adaptation.course_service import save_changes
from elearn.adaptation.draft_models import SectionDraft
from elearn.adaptation.draft_queries import section_as_written, sections_with_drafts
from elearn.adaptation.edition_service import publish_edition
from elearn.adaptation.models import Course, Overlay
from elearn.adaptation.overlays import hidden, shown, with_added, with_text
from elearn.adaptation.own_data import export_of
from elearn.adaptation.queries import edition_page
from elearn.adaptation.service import share_course
from elearn.audit import AuditEntry
from elearn.db import counted_statements, db, unit_of_work
from tests.cast import Cast, visitor_of
from tests.reader import Browser, Page

SLUG = "introduction-to-cybercrime"
KEY = "who-is-connected"
TEACHERS = "teaching-notes"


@pytest.fixture
def course_id(app: Flask, cast: Cast) -> int:
    """Bruno's course, which Dora may change as well."""
    with app.app_context(), unit_of_work():
        course = db.session.scalars(select(Course).where(Course.created_by_id == cast.bruno)).one()
        share_course(course.id, cast.dora)
        return course.id


@pytest.fixture
def place(course_id: int) -> str:
    return f"/teach/courses/{course_id}/{SLUG}/sections/{KEY}"


@pytest.fixture
def bruno(browse, cast: Cast, course_id: int) -> Browser:
    return browse(cast.bruno)


@pytest.fixture
def dora(browse, cast: Cast, course_id: int) -> Browser:
    return browse(cast.dora)


def text_in(page: Page, name: str = "text") -> str:
    return next("".join(e.itertext()) for e in page.all("textarea") if e.get("id") == name)


def fields_of(page: Page, **more: str) -> dict[str, str]:
    form = next(e for e in page.all("form") if e.get("id") in {"editor", "both"})
    values = {e.get("name"): e.get("value", "") for e in form.iter("input") if e.get("name")}
    return {**values, "text": text_in(page, "text" if form.get("id") == "editor" else "both-text"), **more}


def opened(browser: Browser, place: str, **more: str) -> dict[str, str]:
    return fields_of(browser.get(place), **more)


def scripted(browser: Browser, path: str, fields: dict[str, str], status: int = 200) -> dict:
    sent = {**fields, "csrf_token": browser.csrf_token}
    response = browser.client.post(path, data=sent, headers={"Accept": "application/json"})
    assert response.status_code == status, response.get_data(as_text=True)[:500]
    return response.get_json()


def module_of(course_id: int) -> AdaptedModule:
    found = adapted_module(db.session.get_one(Course, course_id), SLUG)
    assert found
    return found


def text_of_course(app: Flask, course_id: int, key: str = KEY) -> str:
    with app.app_context():
        section = section_as_written(module_of(course_id), key)
        assert section
        return section.markdown


def change(app: Flask, cast: Cast, course_id: int, make) -> None:
    """Have Bruno's course changed by something else than the editor."""
    with app.app_context(), app.test_request_context(), unit_of_work():
        bruno = visitor_of(cast.bruno)
        course = course_for_editing(bruno, course_id, writing=True)
        module = module_of(course_id)
        save_changes(bruno, course, module, make(module), seen=module.overlay.number)


def number_of_overlays(app: Flask, course_id: int) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Overlay).where(Overlay.course_id == course_id)) or 0


def test_the_editor_shows_what_the_course_has_and_keeps_nothing_by_being_looked_at(
    app: Flask, bruno: Browser, place: str, course_id: int
) -> None:
    page = bruno.get(place)
    assert text_in(page).strip() == text_of_course(app, course_id).strip()
    assert "this is what the course has" in page.text
    with app.app_context():
        assert not db.session.scalars(select(SectionDraft)).all()


def test_a_draft_is_kept_and_found_again_and_the_course_says_what_it_said(app: Flask, bruno: Browser, place: str, course_id: int) -> None:
    before = text_of_course(app, course_id)
    bruno.submit(f"{place}/draft", opened(bruno, place, text="A beginning, with [a fault](nowhere).\n", title="Who"))
    page = bruno.get(place)
    assert text_in(page).strip() == "A beginning, with [a fault](nowhere)."
    assert "Saved as a draft at" in page.text
    assert text_of_course(app, course_id) == before
    with app.app_context():
        assert {key for _module, key in sections_with_drafts(course_id)} == {KEY}


def test_a_script_saves_a_draft_and_a_repeat_of_what_was_kept_changes_nothing(app: Flask, bruno: Browser, place: str) -> None:
    fields = opened(bruno, place, text="One.\n")
    first = scripted(bruno, f"{place}/draft", fields)
    assert first["version"] == 1
    assert first["at"]
    # The answer was lost on the way, and the same is sent again.
    assert scripted(bruno, f"{place}/draft", fields)["version"] == 1
    assert scripted(bruno, f"{place}/draft", {**fields, "version": "1", "text": "Two.\n"})["version"] == 2


def test_what_the_course_says_already_is_no_draft(app: Flask, bruno: Browser, place: str) -> None:
    answer = scripted(bruno, f"{place}/draft", opened(bruno, place))
    assert (answer["version"], answer["at"]) == (0, "")
    with app.app_context():
        assert not db.session.scalars(select(SectionDraft)).all()


def test_two_who_write_at_once_do_not_overwrite_each_other_unseen(bruno: Browser, dora: Browser, place: str) -> None:
    base = text_in(bruno.get(place)).strip().split("\n\n")
    fields = opened(bruno, place)
    theirs, mine = "\n\n".join([*base, "Dora's end."]), "\n\n".join(["Bruno's beginning.", *base])
    dora.submit(f"{place}/draft", opened(dora, place, text=theirs))
    refused = scripted(bruno, f"{place}/draft", {**fields, "text": mine}, 409)
    assert "Nothing is lost" in refused["detail"]
    page = bruno.post(f"{place}/draft", {**fields, "text": mine}, 409)
    assert "Dora Example wrote in the draft" in page.text
    assert (text_in(page, "mine-text").strip(), text_in(page, "theirs-text").strip()) == (mine, theirs)
    both = text_in(page, "both-text")
    assert both.lstrip().startswith("Bruno's beginning.")
    assert "Dora's end." in both
    bruno.submit(f"{place}/draft", fields_of(page))
    assert "Dora's end." in (kept := text_in(dora.get(place)))
    assert "Bruno's beginning." in kept


def test_a_passage_that_both_changed_is_shown_with_both_words_and_the_title_too(bruno: Browser, dora: Browser, place: str) -> None:
    page = bruno.get(place)
    base, first = text_in(page).strip(), text_in(page).strip().split("\n\n")[0]
    fields = fields_of(page)
    dora.submit(f"{place}/draft", opened(dora, place, text=base.replace(first, first + " As Dora says."), title="Dora's title"))
    page = bruno.post(f"{place}/draft", {**fields, "text": base.replace(first, first + " As Bruno says."), "title": "Bruno's title"}, 409)
    assert "2 passages that both changed" in page.text
    assert "As Dora says." in page.text
    assert "As Bruno says." in text_in(page, "both-text")
    assert fields_of(page)["title"] == "Bruno's title"


def test_an_old_version_is_refused_also_after_the_draft_was_discarded_and_begun_anew(bruno: Browser, dora: Browser, place: str) -> None:
    bruno.submit(f"{place}/draft", opened(bruno, place, text="First.\n"))
    old = opened(bruno, place, text="Mine.\n")
    dora.submit(f"{place}/discard", opened(dora, place))
    page = bruno.post(f"{place}/draft", old, 409)
    assert text_in(page, "mine-text").strip() == "Mine."
    dora.submit(f"{place}/draft", opened(dora, place, text="Dora's.\n"))
    page = bruno.post(f"{place}/draft", old, 409)
    assert text_in(page, "theirs-text").strip() == "Dora's."


def test_a_sound_text_is_saved_and_shown_in_the_next_edition(app: Flask, cast: Cast, bruno: Browser, place: str, course_id: int) -> None:
    page = bruno.submit(f"{place}/save", opened(bruno, place, text="In Lagos **this** is so.\n", title="Who is connected in Lagos"))
    assert "Saved into the course" in page.text
    assert text_of_course(app, course_id) == "In Lagos **this** is so.\n"
    with app.app_context(), app.test_request_context(), unit_of_work():
        course = db.session.get_one(Course, course_id)
        edition = publish_edition(course, person_id=cast.bruno)
        shown_page = edition_page(edition.id, module_of(course_id).module_id, KEY)
        assert "In Lagos <strong>this</strong> is so." in shown_page.html


def test_a_text_with_faults_is_not_saved_into_the_course(app: Flask, bruno: Browser, place: str, course_id: int) -> None:
    before = text_of_course(app, course_id)
    page = bruno.post(f"{place}/save", opened(bruno, place, text="Sound.\n\nSee [@nobody-wrote-this].\n"), 422)
    assert "Line 3:" in page.text
    assert "nobody-wrote-this" in page.text
    assert text_in(page).strip() == "Sound.\n\nSee [@nobody-wrote-this]."
    assert text_of_course(app, course_id) == before
    page = bruno.post(f"{place}/save", opened(bruno, place, text="Sound.\n", title=""), 422)
    assert "Give the section a title" in page.text


def test_a_warning_does_not_keep_a_text_from_the_course(app: Flask, bruno: Browser, place: str, course_id: int) -> None:
    page = bruno.submit(f"{place}/save", opened(bruno, place, text="See [there](http://example.org).\n"))
    assert "1 thing to look at" in page.text
    assert "example.org" in text_of_course(app, course_id)


def test_saving_is_undone_with_the_draft_as_it_was(app: Flask, bruno: Browser, place: str, course_id: int) -> None:
    before = text_of_course(app, course_id)
    bruno.submit(f"{place}/draft", opened(bruno, place, text="Mine.\n"))
    page = bruno.submit(f"{place}/save", opened(bruno, place))
    with app.app_context():
        assert not sections_with_drafts(course_id)
    bruno.submit(f"{place}/undo", page.form(f"{place}/undo"))
    assert text_of_course(app, course_id) == before
    assert text_in(bruno.get(place)).strip() == "Mine."
    bruno.post(f"{place}/undo", page.form(f"{place}/undo"), 409)


def test_a_discarded_draft_comes_back_with_undo_unless_somebody_wrote_since(bruno: Browser, dora: Browser, place: str) -> None:
    bruno.submit(f"{place}/draft", opened(bruno, place, text="Kept.\n"))
    page = bruno.submit(f"{place}/discard", opened(bruno, place, text="Typed and not saved.\n"))
    assert "Typed" not in text_in(page)
    page_again = bruno.submit(f"{place}/undo-draft", page.form(f"{place}/undo-draft"))
    assert text_in(page_again).strip() == "Typed and not saved."
    page = bruno.submit(f"{place}/discard", opened(bruno, place))
    dora.submit(f"{place}/draft", opened(dora, place, text="Dora's.\n"))
    bruno.post(f"{place}/undo-draft", page.form(f"{place}/undo-draft"), 409)
    assert text_in(bruno.get(place)).strip() == "Dora's."


def test_discarding_is_audited(app: Flask, bruno: Browser, place: str) -> None:
    bruno.submit(f"{place}/discard", opened(bruno, place, text="Mine.\n"))
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "discard-draft")).one()
        assert entry.details == {"module": SLUG, "section": KEY}


def test_the_text_it_is_based_on_can_be_taken_again_and_undone(app: Flask, bruno: Browser, place: str, course_id: int) -> None:
    before = text_of_course(app, course_id)
    bruno.submit(f"{place}/save", opened(bruno, place, text="Ours.\n"))
    page = bruno.submit(f"{place}/series", opened(bruno, place, text="Ours, and more.\n"))
    assert text_in(page).strip() == before.strip()
    back = bruno.submit(f"{place}/undo-draft", page.form(f"{place}/undo-draft"))
    assert text_in(back).strip() == "Ours, and more."
    bruno.submit(f"{place}/save", {**opened(bruno, place), "text": before})
    with app.app_context():
        assert KEY not in module_of(course_id).overlay.changes.get("sections", {})


def test_the_page_says_how_far_the_text_is_from_what_it_is_based_on(bruno: Browser, place: str) -> None:
    passages = text_in(bruno.get(place)).strip().split("\n\n")
    said = scripted(bruno, f"{place}/preview", opened(bruno, place))["based"]
    assert "unchanged" in said
    changed = "\n\n".join(["Something else altogether.", *passages[1:], "And this."])
    said = scripted(bruno, f"{place}/preview", opened(bruno, place, text=changed))["based"]
    assert "1 passage changed, 1 added" in said


def test_a_preview_is_the_page_with_the_faults_at_their_lines(bruno: Browser, place: str) -> None:
    text = "Sound *text* of [a court](https://example.org).\n\n# Too high\n\n::: note A word\nInside.\n:::\n"
    found = scripted(bruno, f"{place}/preview", opened(bruno, place, text=text))
    assert "<em>text</em>" in found["html"]
    assert "directive-note" in found["html"]
    assert [(fault["line"], fault["severity"]) for fault in found["faults"]] == [(3, "error")]
    page = bruno.post(f"{place}/preview", opened(bruno, place, text=text), 200)
    assert "Line 3:" in page.text
    assert "# Too high" in page.text
    assert "Not saved yet." in page.text
    assert text_in(page).strip() == text.strip()
    assert page.all("em")


def test_links_in_a_preview_lead_to_pages_that_exist(bruno: Browser, place: str) -> None:
    text = "See [there](section:introduction) and [the terms](module:introduction-to-cybercrime).\n"
    found = scripted(bruno, f"{place}/preview", opened(bruno, place, text=text))
    assert f'href="/modules/{SLUG}/introduction"' in found["html"]
    assert f'href="/modules/{SLUG}"' in found["html"] or f'href="/modules/{SLUG}/"' in found["html"]


def test_when_the_course_moved_on_the_draft_is_carried_over(app: Flask, cast: Cast, bruno: Browser, place: str, course_id: int) -> None:
    base = text_of_course(app, course_id).strip()
    bruno.submit(f"{place}/draft", opened(bruno, place, text=f"Bruno's beginning.\n\n{base}\n"))
    assert "hidden" in next(e for e in bruno.get(place).all("div") if e.get("id") == "moved-on").attrib
    change(app, cast, course_id, lambda m: with_text(m.overlay.changes, m.made_on(KEY), f"{base}\n\nAn end from elsewhere.\n"))
    page = bruno.get(place)
    assert "hidden" not in next(e for e in page.all("div") if e.get("id") == "moved-on").attrib
    assert text_in(page).strip().startswith("Bruno's beginning.")
    assert scripted(bruno, f"{place}/draft", fields_of(page))["moved_on"] is True
    refused = bruno.post(f"{place}/save", fields_of(page), 409)
    assert "The course has another text" in refused.text
    page = bruno.post(f"{place}/carry", fields_of(page), 200)
    both = fields_of(page)
    assert both["text"].strip() == f"Bruno's beginning.\n\n{base}\n\nAn end from elsewhere."
    bruno.submit(f"{place}/draft", both)
    bruno.submit(f"{place}/save", opened(bruno, place))
    assert text_of_course(app, course_id).strip() == both["text"].strip()


def test_a_change_of_another_section_holds_nobody_up(app: Flask, cast: Cast, bruno: Browser, place: str, course_id: int) -> None:
    fields = opened(bruno, place, text="Mine.\n")
    change(app, cast, course_id, lambda m: hidden(m.overlay.changes, "introduction"))
    bruno.submit(f"{place}/save", fields)
    assert text_of_course(app, course_id) == "Mine.\n"
    with app.app_context():
        assert module_of(course_id).overlay.changes["hidden"] == ["introduction"]


def test_the_slots_of_a_course_are_not_written_into_its_sections(app: Flask, cast: Cast, bruno: Browser, course_id: int) -> None:
    with app.app_context():
        key = next(s.key for s in module_of(course_id).base.source.sections if "::: slot national-law" in s.markdown)
    place = f"/teach/courses/{course_id}/{SLUG}/sections/{key}"
    change(app, cast, course_id, lambda m: {**m.overlay.changes, "slots": {"national-law": "The *Cybercrimes Act* applies."}})
    page = bruno.get(place)
    assert "Cybercrimes Act" not in text_in(page)
    assert "<em>Cybercrimes Act</em>" in scripted(bruno, f"{place}/preview", fields_of(page))["html"]
    bruno.submit(f"{place}/save", fields_of(page))
    with app.app_context():
        assert "sections" not in module_of(course_id).overlay.changes


def test_hidden_sections_and_the_course_s_own_are_written_too(app: Flask, cast: Cast, bruno: Browser, place: str, course_id: int) -> None:
    head = {"title": "Our law", "kind": "key-issue", "audience": "everyone", "minutes": 5, "outcomes": [], "steps": [], "descriptions": {}}
    change(app, cast, course_id, lambda m: with_added(hidden(m.overlay.changes, KEY), f"c{course_id}-our-law", head, "The law.\n"))
    assert "students do not see it" in bruno.get(place).text
    bruno.submit(f"{place}/save", opened(bruno, place, text="Hidden and changed.\n"))
    own = f"/teach/courses/{course_id}/{SLUG}/sections/c{course_id}-our-law"
    assert "the course's own" in scripted(bruno, f"{own}/preview", opened(bruno, own))["based"]
    bruno.submit(f"{own}/save", opened(bruno, own, text="The law of Nigeria.\n", title="Our law today"))
    with app.app_context():
        added = module_of(course_id).overlay.changes["added"][f"c{course_id}-our-law"]
        assert (added["head"]["title"], added["markdown"]) == ("Our law today", "The law of Nigeria.\n")
    bruno.post(f"{own}/series", opened(bruno, own), 404)
    change(app, cast, course_id, lambda m: shown(m.overlay.changes, KEY))
    assert text_of_course(app, course_id) == "Hidden and changed.\n"


def test_a_draft_of_a_section_that_is_gone_is_still_there(app: Flask, cast: Cast, bruno: Browser, course_id: int) -> None:
    head = {"title": "Our law", "kind": "key-issue", "audience": "everyone", "minutes": 5, "outcomes": [], "steps": [], "descriptions": {}}
    own = f"/teach/courses/{course_id}/{SLUG}/sections/c{course_id}-our-law"
    change(app, cast, course_id, lambda m: with_added(m.overlay.changes, f"c{course_id}-our-law", head, "The law.\n"))
    bruno.submit(f"{own}/draft", opened(bruno, own, text="Long hours of work.\n"))
    change(app, cast, course_id, lambda m: {})
    page = bruno.get(own)
    assert "no longer in the course" in page.text
    assert text_in(page).strip() == "Long hours of work."
    bruno.post(f"{own}/save", fields_of(page), 409)
    scripted(bruno, f"{own}/draft", {**fields_of(page), "text": "Longer hours.\n"})
    bruno.get(f"/teach/courses/{course_id}/{SLUG}/sections/no-such-section", 404)


def test_sections_for_teachers_are_for_confirmed_professors(app: Flask, cast: Cast, browse, course_id: int) -> None:
    with app.app_context(), unit_of_work():
        key = next(s.key for s in module_of(course_id).base.source.sections if s.head["audience"] == "teacher")
        share_course(course_id, cast.gita)
    teachers = f"/teach/courses/{course_id}/{SLUG}/sections/{key}"
    browse(cast.bruno).get(teachers)
    gita = browse(cast.gita)
    gita.get(teachers.replace(key, KEY))
    gita.get(teachers, 403)
    gita.post(f"{teachers}/draft", {"text": "x"}, 403)


def test_a_form_that_did_not_arrive_whole_empties_nothing(app: Flask, bruno: Browser, place: str) -> None:
    bruno.submit(f"{place}/draft", opened(bruno, place, text="Kept.\n"))
    bruno.post(f"{place}/draft", {"version": "1", "seen": "1"}, 422)
    assert text_in(bruno.get(place)).strip() == "Kept."


def test_what_can_be_put_into_a_text_is_offered_by_the_words_people_know_it_by(bruno: Browser, place: str) -> None:
    offered = bruno.client.get(f"{place}/insertable").get_json()
    assert all(offered[sort] for sort in ("references", "terms", "pictures", "sections"))
    assert KEY not in {each["key"] for each in offered["sections"]}
    reference = offered["references"][0]
    found = scripted(bruno, f"{place}/preview", opened(bruno, place, text=f"As known [@{reference['key']}].\n"))
    assert not found["faults"]
    assert "citation" in found["html"]


def test_the_pages_of_the_editor_take_few_statements(app: Flask, bruno: Browser, place: str) -> None:
    fields = opened(bruno, place, text="Words.\n")
    scripted(bruno, f"{place}/preview", fields)
    for ask in (
        lambda: bruno.get(place),
        lambda: scripted(bruno, f"{place}/preview", fields),
        lambda: scripted(bruno, f"{place}/draft", fields),
    ):
        with counted_statements() as counted:
            ask()
        assert len(counted) <= 16, counted


def test_drafts_are_given_back_to_those_who_wrote_them(app: Flask, cast: Cast, bruno: Browser, place: str) -> None:
    bruno.submit(f"{place}/draft", opened(bruno, place, text="My words.\n"))
    with app.app_context():
        [line] = list(export_of(cast.bruno)["section_drafts"])
        assert line["text"] == "My words.\n"
        assert not list(export_of(cast.dora)["section_drafts"])


def test_the_module_s_page_says_where_a_draft_waits(bruno: Browser, place: str, course_id: int) -> None:
    assert "a draft waits" not in bruno.get(f"/teach/courses/{course_id}/{SLUG}/").text
    bruno.submit(f"{place}/draft", opened(bruno, place, text="Mine.\n"))
    page = bruno.get(f"/teach/courses/{course_id}/{SLUG}/")
    assert page.text.count("a draft waits") == 1
    # The way there and back.
    assert place in page.links().values()
    assert f"/teach/courses/{course_id}/{SLUG}/" in bruno.get(place).links().values()


def test_two_texts_stand_beside_each_other_word_by_word(bruno: Browser, dora: Browser, place: str) -> None:
    old = opened(bruno, place)
    dora.submit(f"{place}/draft", opened(dora, place, text="We met a judge.\n"))
    page = bruno.post(f"{place}/draft", {**old, "text": "We met a lawyer.\n"}, 409)
    assert "judge" in " ".join("".join(e.itertext()) for e in page.all("del"))
    assert "lawyer" in " ".join("".join(e.itertext()) for e in page.all("ins"))
