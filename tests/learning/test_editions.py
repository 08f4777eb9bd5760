"""A class moves to another edition of its course: what that changes is shown first, and nothing that students did is lost."""

import pytest
from sqlalchemy import select

from elearn.adaptation import overlays
from elearn.adaptation.models import EditionSection
from elearn.adaptation.queries import edition
from elearn.assessment.models import Attempt
from elearn.db import counted_statements, db, unit_of_work
from elearn.learning.models import CourseClass, ModuleProgress
from tests.adaptation.test_updates import Professor
from tests.adaptation.upstream import FOLDER, SLUG, Upstream
from tests.learning.conftest import Scene, undo

HEAD = {"title": "Our law", "kind": "key-issue", "audience": "everyone", "minutes": 5, "outcomes": [], "steps": [], "descriptions": {}}


@pytest.fixture
def bruno(scene: Scene) -> Professor:
    return Professor(scene.app, scene.cast)


def page_of(scene: Scene) -> str:
    return f"/teach/classes/{scene.id}/edition"


def mark(scene: Scene, name: str, key: str, *, done: bool = True) -> None:
    scene.browser(name).post(f"/classes/{scene.id}/{SLUG}/{key}", {"state": "done" if done else "not-done"})


def progress(scene: Scene, name: str) -> ModuleProgress:
    with scene.app.app_context():
        return db.session.scalars(select(ModuleProgress).where(ModuleProgress.enrolment_id == scene.place(name))).one()


def submit_quiz(scene: Scene, name: str) -> None:
    browser = scene.browser(name)
    begun = browser.submit(f"/classes/{scene.id}/{SLUG}/quiz", {})
    browser.post(begun.response.request.path, {"action": "submit-anyway"})


def move(scene: Scene, bruno: Professor, edition_id: int):
    shown = bruno.browser.get(f"{page_of(scene)}?to={edition_id}")
    return bruno.browser.submit(page_of(scene), shown.form(page_of(scene)))


def on(scene: Scene) -> int:
    with scene.app.app_context():
        return db.session.get_one(CourseClass, scene.id).edition_id


def adapted(bruno: Professor, gone: str, changed: str) -> int:
    """Hide one section, change another and add a third; return the edition."""

    def change(module):
        changes = overlays.hidden(module.overlay.changes, gone)
        section = module.made_on(changed)
        changes = overlays.with_text(changes, section, section.markdown + "\nIn Lagos, this is so.\n")
        changes = overlays.excluding(changes, [module.source.items[0].key])
        return overlays.with_added(changes, "c1-our-law", HEAD, "The law of Nigeria.\n", after=changed)

    bruno.save(change)
    return bruno.publish()


def test_what_changes_is_shown_before_and_nothing_moves_by_looking(scene: Scene, bruno: Professor) -> None:
    gone, changed = scene.keys[1], scene.keys[2]
    mark(scene, "Ana", gone)
    before = on(scene)
    target = adapted(bruno, gone, changed)
    shown = bruno.browser.get(page_of(scene))
    assert "What edition 2 changes" in shown.text
    assert "1 student has it done" in shown.text
    assert "no student has it done" in shown.text
    assert "Our law" in shown.text
    assert "1 question is gone" in shown.text
    assert on(scene) == before
    assert target != before


def test_moving_keeps_what_was_done_and_counts_it_on_the_new_sections(scene: Scene, bruno: Professor) -> None:
    gone, changed, other = scene.keys[1], scene.keys[2], scene.keys[3]
    for key in (gone, changed, other):
        mark(scene, "Ana", key)
    target = adapted(bruno, gone, changed)
    before = on(scene)
    moved = move(scene, bruno, target)
    assert on(scene) == target
    assert set(progress(scene, "Ana").done) == {gone, changed, other}
    assert progress(scene, "Ana").done_count == 2
    scene.assert_counts_agree()
    assert "2/" in bruno.browser.get(f"/teach/classes/{scene.id}/").text
    undo(bruno.browser, moved)
    assert on(scene) == before
    assert progress(scene, "Ana").done_count == 3
    scene.assert_counts_agree()


def test_who_has_done_all_that_is_left_has_completed_the_module(scene: Scene, bruno: Professor) -> None:
    *most, last = scene.keys
    for key in most:
        mark(scene, "Ana", key)
    submit_quiz(scene, "Ana")
    assert progress(scene, "Ana").completed_at is None
    bruno.save(lambda module: overlays.hidden(module.overlay.changes, last))
    move(scene, bruno, bruno.publish())
    assert progress(scene, "Ana").completed_at is not None


def test_a_complete_module_stays_complete_when_a_section_is_added(scene: Scene, bruno: Professor) -> None:
    for key in scene.keys:
        mark(scene, "Ana", key)
    submit_quiz(scene, "Ana")
    since = progress(scene, "Ana").completed_at
    assert since is not None

    def two_more(module):
        changes = overlays.with_added(module.overlay.changes, "c1-one", HEAD, "One.\n", after=scene.keys[0])
        return overlays.with_added(changes, "c1-two", {**HEAD, "title": "Two"}, "Two.\n", after=scene.keys[0])

    bruno.save(two_more)
    move(scene, bruno, bruno.publish())
    assert progress(scene, "Ana").completed_at == since
    # The first of the two that are new does not take it back either.
    mark(scene, "Ana", "c1-one")
    assert progress(scene, "Ana").completed_at == since
    mark(scene, "Ana", "c1-one", done=False)
    assert progress(scene, "Ana").completed_at is None
    scene.assert_counts_agree()


def test_a_section_that_upstream_renamed_stays_done(scene: Scene, bruno: Professor) -> None:
    upstream = Upstream(scene.app)
    old = scene.keys[2]
    mark(scene, "Ana", old)
    path = next(p for p in upstream.files if p.startswith(f"{FOLDER}/en/") and p.endswith(f"-{old}.md"))
    for name, content in list(upstream.files.items()):
        text = content
        if name.endswith((".md", ".yml")):
            text = content.replace(f"section:{old}".encode(), b"section:new-name").replace(f"/{old}".encode(), b"/new-name")
        upstream.files[name] = text
    page = upstream.files.pop(path).decode()
    upstream.files[path.replace(old, "new-name")] = page.replace("---\n", f"---\nformerly: [{old}]\n", 1).encode()
    upstream.release("1.2.0", "A section has another name.")
    bruno.take()
    move(scene, bruno, bruno.publish())
    assert {old, "new-name"} <= set(progress(scene, "Ana").done)
    assert progress(scene, "Ana").done_count == 1
    scene.assert_counts_agree()
    assert "done" in scene.browser("Ana").get(f"/classes/{scene.id}/{SLUG}/new-name").text


def test_an_attempt_under_way_goes_on_with_its_questions(scene: Scene, bruno: Professor) -> None:
    browser = scene.browser("Ana")
    begun = browser.submit(f"/classes/{scene.id}/{SLUG}/quiz", {}).response.request.path
    with scene.app.app_context():
        asked = [line[0] for line in db.session.scalars(select(Attempt.layout)).one()]
    bruno.save(lambda module: overlays.excluding(module.overlay.changes, [item.key for item in module.source.items[:3]]))
    target = bruno.publish()
    assert "1 attempt is under way" in bruno.browser.get(page_of(scene)).text
    move(scene, bruno, target)
    with scene.app.app_context():
        assert [line[0] for line in db.session.scalars(select(Attempt.layout)).one()] == asked
        assert len(edition(target).module(SLUG).item_revision_ids) == len(asked) - 3
    assert browser.get(begun).status == 200
    browser.post(begun, {"action": "submit-anyway"})
    assert progress(scene, "Ana").attempts == 1


def test_two_who_move_at_once_do_not_undo_each_other(scene: Scene, bruno: Professor) -> None:
    target = adapted(bruno, scene.keys[1], scene.keys[2])
    fields = bruno.browser.get(page_of(scene)).form(page_of(scene))
    bruno.browser.submit(page_of(scene), fields)
    bruno.browser.post(page_of(scene), fields, status=409)
    assert on(scene) == target


@pytest.mark.parametrize("to", ["", "0", "999999", "x", "99999999999999999999"])
def test_an_edition_of_another_course_is_none(scene: Scene, bruno: Professor, to: str) -> None:
    bruno.browser.get(f"{page_of(scene)}?to={to}", 404)
    bruno.browser.post(page_of(scene), {"to": to, "seen": str(on(scene))}, status=404)
    with scene.app.app_context():
        foreign = db.session.get_one(CourseClass, scene.cast.classes["Dora"]).edition_id
    bruno.browser.post(page_of(scene), {"to": str(foreign), "seen": str(on(scene))}, status=404)


def test_a_class_that_is_over_stays_where_it_is(scene: Scene, bruno: Professor) -> None:
    target = adapted(bruno, scene.keys[1], scene.keys[2])
    before = on(scene)
    scene.over()
    assert "stays as it was taught" in bruno.browser.get(page_of(scene)).text
    bruno.browser.post(page_of(scene), {"to": str(target), "seen": str(before)}, status=409)
    assert on(scene) == before


def test_an_assistant_and_strangers_do_not_move_a_class(scene: Scene, bruno: Professor) -> None:
    target = adapted(bruno, scene.keys[1], scene.keys[2])
    fields = {"to": str(target), "seen": str(on(scene))}
    for name, status in (("Tito", 403), ("Ana", 404), ("Dora", 404)):
        scene.browser(name).get(page_of(scene), status)
        scene.browser(name).post(page_of(scene), fields, status=status)
    assert on(scene) != target


def test_the_comparison_takes_few_statements(scene: Scene, bruno: Professor) -> None:
    adapted(bruno, scene.keys[1], scene.keys[2])
    bruno.browser.get(page_of(scene))
    with counted_statements() as counted:
        bruno.browser.get(page_of(scene))
    assert len(counted) <= 10, counted


def test_the_course_page_offers_to_move_the_class(scene: Scene, bruno: Professor) -> None:
    there = f"/teach/courses/{bruno.course_id}/"
    assert page_of(scene) not in bruno.browser.get(there).links().values()
    adapted(bruno, scene.keys[1], scene.keys[2])
    assert page_of(scene) in bruno.browser.get(there).links().values()


def test_an_edition_that_says_the_same_changes_nothing_for_students(scene: Scene, bruno: Professor) -> None:
    same = bruno.publish()
    assert "both editions say the same" in bruno.browser.get(page_of(scene)).text
    mark(scene, "Ana", scene.keys[0])
    move(scene, bruno, same)
    assert progress(scene, "Ana").done_count == 1
    with scene.app.app_context(), unit_of_work():
        assert db.session.scalars(select(EditionSection.key).where(EditionSection.edition_id == same)).first()
