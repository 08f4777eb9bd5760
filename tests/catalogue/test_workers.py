"""What a worker keeps in its memory: a new rendering reaches it, and it never takes an old text for a new release's."""

from flask import Flask
from sqlalchemy import select, update

from elearn import cache
from elearn.catalogue import queries, renewal, service
from elearn.catalogue.models import ItemRevision, Release, Section
from elearn.db import db, unit_of_work
from tests.applications import make_app
from tests.cast import Cast
from tests.catalogue import small

SLUG = "introduction-to-cybercrime"
NEXT = ("01-first/module.yml", "version: 1.0.0\nchanges:", "version: 1.1.0\nchanges:\n  1.1.0: More.")
NEXT_FR = ("01-first/fr/module.md", "translates: 1.0.0", "translates: 1.1.0")
TITLE = ("01-first/en/module.md", "title: The first module", "title: The module anew")


def test_what_is_rendered_again_by_a_command_reaches_every_worker(app: Flask, browse, cast: Cast, monkeypatch) -> None:
    pages = {browse(): f"/modules/{SLUG}/introduction", browse(cast.ana): f"/classes/{cast.classes['Bruno']}/{SLUG}/introduction"}
    with app.app_context(), unit_of_work():
        db.session.execute(update(Section).values(html=Section.html + "<p>stale words</p>"))
        for item in db.session.scalars(select(ItemRevision)):
            item.definition = item.definition | {"stale": True}
        items = tuple(db.session.scalars(select(ItemRevision.id)))
    for browser, path in pages.items():
        assert "stale words" in browser.get(path).text
    with app.app_context():
        assert all("stale" in item.definition for item in queries.pinned_items(items).values())
    command = make_app(app.config["SQLALCHEMY_DATABASE_URI"])
    with command.app_context(), unit_of_work():
        assert sum(changed for _, changed in renewal.rerender())
    # The two seconds for which a worker does not ask are over.
    app.extensions["recent"].pop("release")
    for browser, path in pages.items():
        assert "stale words" not in browser.get(path).text
    with app.app_context():
        found = queries.pinned_items(items)
        assert set(found) == set(items)
        assert not any("stale" in item.definition for item in found.values())
        assert db.session.scalar(select(Release.id).order_by(Release.id.desc()).limit(1)) == queries.current_release()
    with command.app_context():
        db.engine.dispose()


def title() -> str:
    module = queries.current_series().module("first")
    return module.text("en", "en").title if module else ""


def test_a_picture_of_the_database_from_before_a_publication_is_not_kept_as_the_new_release(empty_app: Flask) -> None:
    with empty_app.app_context(), unit_of_work():
        service.publish(small.read())
    with empty_app.app_context():
        # A request that has begun to read before the publication, and knows its number from another one.
        assert db.session.scalar(select(Release.id)) == 1
        with empty_app.app_context():
            with unit_of_work():
                service.publish(small.read(NEXT, NEXT_FR, TITLE))
            assert queries.current_release() == 2
        assert title() in {"The first module", "The module anew"}
    with empty_app.app_context():
        assert title() == "The module anew"


def test_a_series_is_that_of_its_release_whatever_was_published_since(empty_app: Flask) -> None:
    with empty_app.app_context():
        with unit_of_work():
            service.publish(small.read())
        assert queries.current_release() == 1
        known = empty_app.extensions["recent"]["release"]
        with unit_of_work():
            service.publish(small.read(NEXT, NEXT_FR, TITLE))
        # Another worker has published: this one does not ask for two seconds.
        empty_app.extensions["recent"]["release"] = known
        assert (queries.current_series().release_id, title()) == (1, "The first module")
        cache.forget_recent("release")
        assert (queries.current_series().release_id, title()) == (2, "The module anew")
