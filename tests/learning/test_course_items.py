"""A professor puts a question of the course right: another state of it, another edition, and the classes that move to it."""

import pytest
from flask import Flask
from sqlalchemy import select

from elearn.adaptation.models import Edition, EditionItem, EditionModule, Overlay
from elearn.adaptation.queries import edition, newest_edition, renewal_of
from elearn.audit import AuditEntry
from elearn.catalogue import service as catalogue
from elearn.catalogue.item_service import files_of
from elearn.catalogue.item_source import with_version
from elearn.catalogue.models import Item, ItemRevision, QuizItem
from elearn.catalogue.reader import read_content
from elearn.db import db, unit_of_work
from elearn.learning.models import CourseClass
from tests.cast import Cast
from tests.catalogue.test_fixing_items import KEY, SLUG, other_key, text_in


@pytest.fixture
def course_id(app: Flask, cast: Cast) -> int:
    with app.app_context():
        return edition(db.session.get_one(CourseClass, cast.classes["Bruno"]).edition_id).course_id


@pytest.fixture
def page(course_id: int) -> str:
    return f"/teach/courses/{course_id}/quizzes/{SLUG}/items/{KEY}"


def typed(browser, page: str, **changed: object) -> dict[str, object]:
    shown = browser.get(page)
    return {**shown.form(""), "action": "save", "text": other_key(text_in(shown)), **changed}


def asked(app: Flask, class_id: int) -> str:
    """Return which choice is right in the question as the class asks it."""
    with app.app_context():
        edition_id = db.session.scalars(select(CourseClass.edition_id).where(CourseClass.id == class_id)).one()
        states = select(ItemRevision.definition).join(EditionItem, EditionItem.item_revision_id == ItemRevision.id).join(Item)
        definition = db.session.scalars(states.where(EditionItem.edition_id == edition_id, Item.key == KEY)).one()
        return next(choice["id"] for choice in definition["choices"] if choice["correct"])


def test_the_course_gets_another_edition_and_the_class_moves_to_it(app: Flask, cast: Cast, course_id: int, page: str, browse) -> None:
    bruno = browse(cast.bruno)
    landed = bruno.submit(page, typed(bruno, page))
    assert landed.response.request.path == f"/teach/courses/{course_id}/quizzes/{SLUG}/regrade"
    assert "1 class asks it now" in landed.text
    assert asked(app, cast.classes["Bruno"]) == "town"
    assert asked(app, cast.classes["Dora"]) == "time-port"
    with app.app_context():
        newest = newest_edition(course_id)
        assert newest.number == 2
        rows = select(ItemRevision.number, ItemRevision.id).join(Item).where(Item.key == KEY).order_by(ItemRevision.number)
        states = db.session.execute(rows).all()
        assert [state.number for state in states] == [1, 2]
        # It is the course's: the series does not hold it.
        assert db.session.scalar(select(QuizItem.quiz_id).where(QuizItem.item_revision_id == states[1].id)) is None
        overlay = db.session.scalars(select(Overlay).where(Overlay.course_id == course_id, Overlay.number == 2)).one()
        assert overlay.changes["items"][KEY]["revision"] == states[1].id
        assert not renewal_of(course_id).follows
        actions = set(db.session.scalars(select(AuditEntry.action)))
        assert {"fix-item", "move-class"} <= actions
    assert "id: town" in text_in(bruno.get(page))
    assert text_in(bruno.get(page)) == other_key(text_in(browse(cast.dora).get(page.replace(f"/{course_id}/", f"/{other(app, cast)}/"))))


def other(app: Flask, cast: Cast) -> int:
    with app.app_context():
        return edition(db.session.get_one(CourseClass, cast.classes["Dora"]).edition_id).course_id


def test_a_class_that_is_not_ticked_stays(app: Flask, cast: Cast, page: str, browse) -> None:
    bruno = browse(cast.bruno)
    fields = typed(bruno, page)
    del fields["classes"]
    assert "0 classes ask it now" in bruno.submit(page, fields).text
    assert asked(app, cast.classes["Bruno"]) == "time-port"
    # Nor does somebody else's class move.
    fields = typed(bruno, page, classes=str(cast.classes["Dora"]), text=text_in(bruno.get(page)).replace("300", "301"))
    bruno.post(page, fields, 422)


def test_what_was_put_right_before_stays_on_its_base_when_the_series_goes_on(
    app: Flask, cast: Cast, course_id: int, page: str, browse
) -> None:
    bruno = browse(cast.bruno)
    bruno.post(page, typed(bruno, page), 303)
    with app.app_context():
        base = db.session.scalars(select(EditionModule.revision_id).join(Edition).where(Edition.course_id == course_id)).first()
        files = files_of(base)
        path = next(path for path in files if path.endswith(f"{SLUG}/module.yml"))
        folder = path.rpartition("/")[0]
        files[path] = with_version(files[path].decode(), "9.0.0", "More.").encode()
        quiz = f"{folder}/en/quiz.yml"
        files[quiz] = files[quiz].replace(b"shared by 300 customers", b"shared by 900 customers")
        with unit_of_work():
            catalogue.publish(read_content(files))
    second = page.replace(KEY, "deep-web-criminal")
    shown = bruno.get(second)
    text = text_in(shown).replace("criminal part of the Internet", "criminal half of the Internet")
    bruno.post(second, {**shown.form(""), "action": "save", "text": text}, 303)
    with app.app_context():
        newest = newest_edition(course_id)
        assert set(db.session.scalars(select(EditionModule.revision_id).where(EditionModule.edition_id == newest.id))) == {base}
    assert asked(app, cast.classes["Bruno"]) == "town"
    assert "300 customers" in text_in(bruno.get(page))


def test_of_two_professors_the_second_is_told(cast: Cast, page: str, browse) -> None:
    bruno = browse(cast.bruno)
    first, second = typed(bruno, page), typed(bruno, page, text=text_in(bruno.get(page)).replace("300", "301"))
    bruno.post(page, first, 303)
    told = bruno.post(page, second, 409)
    assert "Somebody changed this module of the course meanwhile" in told.text
    assert "301" in text_in(told)


def test_faults_are_shown_and_nothing_is_kept(app: Flask, cast: Cast, page: str, browse) -> None:
    bruno = browse(cast.bruno)
    text = text_in(bruno.get(page)).replace("correct: true", "")
    refused = bruno.post(page, typed(bruno, page, text=text), 422)
    assert "no choice is marked correct" in refused.text
    assert text_in(refused) == text
    looked = bruno.post(page, typed(bruno, page, action="look"), 200)
    assert "The question as it would be asked" in looked.text
    assert asked(app, cast.classes["Bruno"]) == "time-port"


def test_only_those_who_may_change_the_course(cast: Cast, page: str, browse) -> None:
    for person in (cast.dora, cast.ana, cast.edda, cast.carla, cast.root):
        browse(person).get(page, status=404)
    browse(cast.bruno).get(page.replace(KEY, "no-such"), status=404)
