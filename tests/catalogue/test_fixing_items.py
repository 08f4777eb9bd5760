"""An editor puts a question right in the browser."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn.audit import AuditEntry
from elearn.catalogue.item_fix import Place, tried
from elearn.catalogue.item_source import next_patch
from elearn.catalogue.models import Item, ItemRevision, Module, ModuleRevision
from elearn.catalogue.reader import read_content, read_series
from elearn.catalogue.service import export, published_files
from elearn.db import db
from tests.cast import Cast
from tests.catalogue import small

SLUG = "introduction-to-cybercrime"
KEY = "shared-address"
PAGE = f"/edit/quizzes/{SLUG}/items/{KEY}"


def other_key(text: str) -> str:
    """Return the question with another choice marked right."""
    text = re.sub(r"\n +correct: true", "", text)
    return text.replace("id: town\n", "id: town\n        correct: true\n")


def text_in(page) -> str:
    """Return the text of the question, with its lines."""
    return "".join(page.all("textarea", id="text")[0].itertext()).replace("\r\n", "\n").strip("\n")


@pytest.fixture
def edda(cast: Cast, browse):
    return browse(cast.edda)


def typed(edda, **changed: object) -> dict[str, object]:
    page = edda.get(PAGE)
    return {**page.form(""), "action": "save", "note": "The town is right.", "text": other_key(text_in(page)), **changed}


def revisions(app: Flask) -> list[tuple[int, str]]:
    with app.app_context():
        rows = db.session.execute(select(ItemRevision.number, ItemRevision.definition).join(Item).where(Item.key == KEY))
        return [(row.number, next(c["id"] for c in row.definition["choices"] if c["correct"])) for row in rows]


def test_the_text_stands_there_as_it_is_in_the_file(app: Flask, edda) -> None:
    text = text_in(edda.get(PAGE))
    with app.app_context():
        quiz = next(content for path, content in published_files().items() if path.endswith("cybercrime/en/quiz.yml"))
    assert text in quiz.decode()
    assert text.startswith("  - id: shared-address")


def test_looking_keeps_nothing_and_shows_the_question_with_its_key(app: Flask, edda) -> None:
    page = edda.post(PAGE, typed(edda, action="look", note=""), 200)
    assert "No faults." in page.text
    assert "The town in which the address is registered right" in page.text
    assert revisions(app) == [(1, "time-port")]


def test_saving_publishes_a_patch_that_can_be_exported(app: Flask, edda, tmp_path: Path) -> None:
    with app.app_context():
        before = published_files()
        version = db.session.scalars(select(ModuleRevision.version).join(Module).where(Module.slug == SLUG)).one()
    patched = next_patch(version)
    page = edda.submit(PAGE, typed(edda))
    assert page.response.request.path == f"/edit/quizzes/{SLUG}/regrade"
    assert f"Published as version {patched}" in page.text
    assert revisions(app) == [(1, "time-port"), (2, "town")]
    with app.app_context():
        export(tmp_path)
        after = published_files()
        changed = {path for path in after if after[path] != before.get(path)}
        assert {path.split("/", 1)[1] for path in changed} == {"module.yml", "en/quiz.yml"}
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "fix-item")).one()
        assert entry.details == {"item": KEY, "module": SLUG, "version": patched}
        newest = db.session.scalars(select(ModuleRevision).order_by(ModuleRevision.id.desc())).first()
        assert newest.version == patched
    # What was exported compiles to what is published.
    reading = read_series(tmp_path)
    assert reading.errors == ()
    module = next(module for module in reading.series.modules if module.slug == SLUG)
    assert module.digest == newest.digest
    assert module.yml.changes[patched] == "The town is right."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("correct: true", ""), "no choice is marked correct"),
        (lambda text: text.replace("- id: shared-address", "- id: another"), "the id of a question is for good"),
        (lambda text: text.replace("type: single-choice", "type: true-false"), "a question keeps its type"),
        (lambda text: text + "\n  - id: more\n    type: true-false", "only this one question can be changed here"),
        (lambda text: text.replace("prompt:", "prompt: ["), "Line"),
        (lambda text: text.replace("bloom: apply", "bloom: guess"), "Line 6:"),
        (lambda text: text.replace("A provider", "A <b>provider</b>"), "Line 3:"),
    ],
)
def test_a_text_with_faults_is_refused_with_its_lines_and_kept(app: Flask, edda, change, said: str) -> None:
    fields = typed(edda)
    text = change(text_in(edda.get(PAGE)))
    page = edda.post(PAGE, {**fields, "text": text}, 422)
    assert said in page.text
    assert text_in(page) == text
    assert revisions(app) == [(1, "time-port")]


def test_a_choice_goes_only_with_a_word(app: Flask, edda) -> None:
    fields = typed(edda)
    text = re.sub(r"\n      - id: version\n.*\Z", "", str(fields["text"]), flags=re.DOTALL)
    page = edda.post(PAGE, {**fields, "text": text}, 422)
    assert "Say for each choice that is gone that it is meant to be: version." in page.text
    edda.post(PAGE, {**fields, "text": text, "removed": "version"}, 303)
    with app.app_context():
        definition = db.session.scalars(select(ItemRevision).order_by(ItemRevision.id.desc())).first().definition
        assert [choice["id"] for choice in definition["choices"]] == ["most-visited", "town", "time-port"]


def test_a_text_that_changes_nothing_publishes_nothing(app: Flask, edda) -> None:
    fields = typed(edda, text=text_in(edda.get(PAGE)))
    page = edda.post(PAGE, fields, 422)
    assert "This changes nothing" in page.text
    edda.post(PAGE, {**fields, "note": ""}, 422)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ItemRevision).join(Item).where(Item.key == KEY)) == 1
        assert db.session.scalar(select(func.count()).select_from(ModuleRevision).join(Module).where(Module.slug == SLUG)) == 1


def test_of_two_editors_the_second_is_told(app: Flask, edda) -> None:
    first, second = typed(edda), typed(edda, text=text_in(edda.get(PAGE)).replace("300", "301"))
    edda.post(PAGE, first, 303)
    page = edda.post(PAGE, second, 409)
    assert "Somebody published this module while you were writing" in page.text
    assert "As it stands now" in page.text
    assert "301" in text_in(page)
    edda.post(PAGE, {**page.form(""), "text": text_in(page), "action": "save", "note": "Number."}, 303)
    assert revisions(app)[-1] == (3, "time-port")


def test_only_editors_come_in(cast: Cast, browse) -> None:
    for person in (cast.bruno, cast.ana, cast.carla, cast.root):
        for path in (PAGE, f"/edit/quizzes/{SLUG}"):
            browse(person).get(path, status=403)
    edda = browse(cast.edda)
    assert "Put it right" in edda.get(f"/edit/quizzes/{SLUG}").text
    edda.get(f"/edit/quizzes/{SLUG}/items/no-such", status=404)
    edda.get("/edit/quizzes/no-such", status=404)


def test_a_translation_does_not_hold_up_a_correction() -> None:
    files = small.files()
    place = Place("01-first", "en", "which")
    text = place.source(files)
    added = text.replace("choices:\n", 'choices:\n      - {id: new, text: "A new one", feedback: "No."}\n', 1)
    found = tried(files, place, added, note="A choice more.")
    assert found.is_sound, found.faults
    assert found.version == "1.0.1"
    assert {fault.code for fault in found.reading.warnings} >= {"translation-outdated", "not-translated"}
    # What the translation lacks is read in the first language.
    assert found.item.definition["html"]["fr"]["choices"]["new"]["text"] == "A new one"
    # Once it says that it follows the newest version, it has to.
    again = dict(found.reading.series.modules[0].files)
    content = {**files, **{f"01-first/{path}": content for path, content in again.items()}}
    content["01-first/fr/module.md"] = content["01-first/fr/module.md"].replace(b"translates: 1.0.0", b"translates: 1.0.1")
    assert "not-translated" in {fault.code for fault in read_content(content).errors}
