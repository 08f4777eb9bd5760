"""What a course changes is resolved once, into an edition that shows it, and nothing else of the series."""

import pytest
from flask import Flask
from sqlalchemy import select

from elearn.adaptation import overlays
from elearn.adaptation.base_queries import BaseRef, base_of
from elearn.adaptation.course_queries import AdaptedModule, adapted_module
from elearn.adaptation.course_service import restore, save_changes, undo_change
from elearn.adaptation.edition_service import publish_edition
from elearn.adaptation.models import Course, EditionSection
from elearn.adaptation.queries import edition, edition_page
from elearn.db import counted_statements, db, unit_of_work
from elearn.errors import Conflict, Invalid
from tests.cast import Cast, visitor_of

SLUG = "introduction-to-cybercrime"
KEY = "who-is-connected"


@pytest.fixture
def bruno(app: Flask, cast: Cast):
    with app.app_context(), app.test_request_context():
        yield visitor_of(cast.bruno)


def course_of(person_id: int) -> Course:
    return db.session.scalars(select(Course).where(Course.created_by_id == person_id)).one()


def module_of(course: Course) -> AdaptedModule:
    found = adapted_module(course, SLUG)
    assert found
    return found


def keys_of(edition_id: int) -> list[str]:
    module = edition(edition_id).module(SLUG)
    assert module
    return [line.key for line in module.lines]


def changed(bruno, change) -> int:
    """Make a change to Bruno's course and publish it; return the edition."""
    with unit_of_work():
        course = course_of(bruno.id)
        module = module_of(course)
        save_changes(bruno, course, module, change(module), seen=module.overlay.number)
        return publish_edition(course, person_id=bruno.id).id


def test_a_course_that_changes_nothing_points_at_the_series(bruno) -> None:
    edition_id = changed(bruno, lambda module: {})
    rows = db.session.scalars(select(EditionSection).where(EditionSection.edition_id == edition_id)).all()
    assert rows
    assert all(row.section_id and row.html is None and row.markdown is None for row in rows)


def test_a_replaced_passage_is_shown_laid_out_and_the_rest_points_at_the_series(bruno) -> None:
    def change(module: AdaptedModule):
        section = module.source.sections[2]
        return overlays.with_text(module.overlay.changes, section, section.markdown + "\nIn Lagos, **this** is so.\n")

    edition_id = changed(bruno, change)
    course = course_of(bruno.id)
    module = module_of(course)
    key = module.source.sections[2].key
    page = edition_page(edition_id, module.module_id, key)
    assert "In Lagos, <strong>this</strong> is so." in page.html
    own = db.session.scalars(
        select(EditionSection.key).where(EditionSection.edition_id == edition_id, EditionSection.section_id.is_(None))
    ).all()
    # The list of references is made for the course.
    assert set(own) == {key, "references"}
    again = base_of(BaseRef(module.module_id, 0, edition_id), course.language)
    assert [s.key for s in again.source.sections] == [s.key for s in module.source.sections]
    assert again.source.section(key).markdown == module.source.section(key).markdown


def test_a_hidden_section_is_not_in_the_edition_and_an_added_one_stands_where_it_was_put(bruno) -> None:
    head = {"title": "Our law", "kind": "key-issue", "audience": "everyone", "minutes": 5, "outcomes": [], "steps": [], "descriptions": {}}

    def change(module: AdaptedModule):
        keys = [s.key for s in module.source.sections]
        changes = overlays.hidden(module.overlay.changes, keys[1])
        return overlays.with_added(changes, "c1-our-law", head, "The law of Nigeria.\n", after=keys[2])

    before = [s.key for s in module_of(course_of(bruno.id)).source.sections]
    edition_id = changed(bruno, change)
    assert keys_of(edition_id) == [before[0], before[2], "c1-our-law", *before[3:]]
    assert "The law of Nigeria." in edition_page(edition_id, module_of(course_of(bruno.id)).module_id, "c1-our-law").html


def test_a_course_s_slot_stands_wherever_the_series_has_that_slot(bruno) -> None:
    edition_id = changed(bruno, lambda module: {"slots": {"national-law": "The *Cybercrimes Act* applies."}})
    module = module_of(course_of(bruno.id))
    shown = [edition_page(edition_id, module.module_id, key).html for key in keys_of(edition_id)]
    slots = [html for html in shown if 'data-slot="national-law"' in html]
    assert slots
    assert all("<em>Cybercrimes Act</em> applies." in html for html in slots)


def test_a_text_with_faults_is_not_published(bruno) -> None:
    def change(module: AdaptedModule):
        return overlays.with_text(module.overlay.changes, module.source.sections[2], "See [@nobody-wrote-this].\n")

    with pytest.raises(Invalid, match="nobody-wrote-this"):
        changed(bruno, change)


def test_two_who_save_at_once_do_not_overwrite_each_other(bruno) -> None:
    changed(bruno, lambda module: overlays.hidden({}, module.source.sections[1].key))
    with unit_of_work():
        course = course_of(bruno.id)
        with pytest.raises(Conflict, match="changed this module"):
            save_changes(bruno, course, module_of(course), {}, seen=1)


def test_an_undone_change_leaves_the_exact_state_before(bruno) -> None:
    before = module_of(course_of(bruno.id)).overlay.changes
    changed(bruno, lambda module: overlays.hidden({}, module.source.sections[1].key))
    with unit_of_work():
        course = course_of(bruno.id)
        undone = undo_change(bruno, course, module_of(course), number=2)
        assert (undone.number, undone.act, undone.changes) == (3, "undo", before)
    with unit_of_work():
        course = course_of(bruno.id)
        with pytest.raises(Conflict, match="cannot be undone"):
            undo_change(bruno, course, module_of(course), number=2)
        assert restore(bruno, course, module_of(course), number=2).changes["hidden"]


def test_an_edition_never_changes(bruno) -> None:
    first = changed(bruno, lambda module: overlays.hidden({}, module.source.sections[1].key))
    keys = keys_of(first)
    changed(bruno, lambda module: {})
    assert keys_of(first) == keys


def test_publishing_takes_few_statements(bruno) -> None:
    changed(bruno, lambda module: {"slots": {"national-law": "Ours."}})
    with unit_of_work(), counted_statements() as counted:
        publish_edition(course_of(bruno.id), person_id=bruno.id)
    assert len(counted) <= 30, len(counted)
