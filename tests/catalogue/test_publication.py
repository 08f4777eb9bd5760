"""Publishing: immutable revisions, one release at a time, the same text twice changing nothing; and the way back to files."""

import pytest
from sqlalchemy import func, select

from elearn import clock, media
from elearn.catalogue import renewal, service
from elearn.catalogue.filling_models import Filling
from elearn.catalogue.models import (
    Item,
    ItemRevision,
    ModuleFile,
    ModuleRevision,
    ModuleText,
    Quiz,
    QuizItem,
    Release,
    Section,
    SeriesFile,
    SeriesRevision,
)
from elearn.catalogue.reader import read_series
from elearn.db import db, unit_of_work
from elearn.errors import Conflict, Invalid, NotFound
from tests.catalogue import small

TABLES = (Release, SeriesRevision, SeriesFile, ModuleRevision, ModuleFile, ModuleText, Section, Quiz, QuizItem, Item, ItemRevision)
NEXT = ("01-first/module.yml", "version: 1.0.0\nchanges:", "version: 1.1.0\nchanges:\n  1.1.0: More.")
NEXT_FR = ("01-first/fr/module.md", "translates: 1.0.0", "translates: 1.1.0")
NEXT_SERIES = ("series.yml", "version: 1.0.0", "version: 1.0.1")


@pytest.fixture(autouse=True)
def _in_an_empty_house(empty_app):
    with empty_app.app_context(), empty_app.test_request_context():
        yield


def publish(*changes):
    with unit_of_work():
        return service.publish(small.read(*changes))


def counts():
    return {table.__name__: db.session.scalar(select(func.count()).select_from(table)) for table in TABLES}


def refusal(*changes):
    with pytest.raises(Conflict) as refused, unit_of_work():
        service.publish(small.read(*changes))
    db.session.rollback()
    return refused.value.message.split("\n")[1:]


def test_the_first_publication_adds_all_of_it():
    publication = publish()
    assert (publication.series, publication.modules) == (True, ("first",))
    assert counts() == {
        "Release": 1, "SeriesRevision": 1, "SeriesFile": 4, "ModuleRevision": 1, "ModuleFile": 10, "ModuleText": 2, "Section": 4,
        "Quiz": 1, "QuizItem": 3, "Item": 3, "ItemRevision": 3,
    }  # fmt: skip


def test_a_second_publication_changes_nothing():
    publish()
    before = counts()
    again = publish()
    assert (again.release_id, again.series, again.modules) == (None, False, ())
    assert counts() == before


def test_what_is_published_can_be_found_again():
    publish()
    series = db.session.scalars(select(SeriesRevision)).one()
    assert (series.languages, series.modules, series.title) == (["en", "fr"], ["first"], {"en": "A small series"})
    assert series.glossary[0]["definition"] == {"en": "<p>The <em>smallest</em> unit of data.</p>"}
    assert [reference["key"] for reference in series.references] == ["coe-2001", "wall-2007"]
    assert series.slots == [{"country": "EE", "language": "en", "key": "national-law", "html": "<p>The <em>act</em> of Estonia.</p>"}]
    module = db.session.scalars(select(ModuleRevision)).one()
    assert (module.number, module.version, module.position, module.folder, module.hours_tenths) == (1, "1.0.0", 1, "01-first", 25)
    section = db.session.scalars(select(Section).where(Section.key == "plan")).one()
    assert section.steps == [{"key": "opening", "title": "Opening", "minutes": 10, "form": "lecture", "required": True, "text": "Words."}]
    item = db.session.scalars(select(ItemRevision).where(ItemRevision.type == "single-choice")).one()
    assert (item.points, item.outcome, item.bloom, item.tags) == (200_000, "know", "apply", ["basics"])
    assert item.definition["html"]["fr"]["prompt"] == "<p>Lequel ?</p>"


def test_the_countries_texts_of_the_series_stand_as_its_files_say():
    publish()
    assert fillings() == [("EE", "approved", "<p>The <em>act</em> of Estonia.</p>")]
    publish(NEXT_SERIES, ("slots/EE/en/national-law.md", "act", "new act"))
    assert fillings()[1:] == [("EE", "approved", "<p>The <em>new act</em> of Estonia.</p>")]
    assert fillings()[0][1] == "withdrawn"
    publish(("series.yml", "version: 1.0.0", "version: 1.0.2"), ("slots/EE/en/national-law.md", "act", "new act"))
    assert [state for _, state, _ in fillings()] == ["withdrawn", "approved"], "what stays the same is no new text"


def fillings():
    rows = db.session.scalars(select(Filling).order_by(Filling.id))
    return [(row.country, row.state, row.html) for row in rows]


def test_a_new_version_adds_a_revision_and_leaves_the_old_one():
    publish()
    publication = publish(NEXT, NEXT_FR, ("01-first/en/quiz.yml", "text: The second", "text: The other"))
    assert (publication.series, publication.modules) == (False, ("first",))
    after = counts()
    assert (after["Release"], after["SeriesRevision"], after["ModuleRevision"], after["Section"]) == (2, 1, 2, 8)
    assert [revision.number for revision in db.session.scalars(select(ModuleRevision).order_by(ModuleRevision.id))] == [1, 2]


def test_an_item_gets_a_revision_only_where_it_changed():
    publish()
    publish(NEXT, NEXT_FR, ("01-first/en/quiz.yml", "text: The second", "text: The other"))
    changed = db.session.execute(select(Item.key, ItemRevision.number).join(ItemRevision).order_by(Item.key, ItemRevision.number)).all()
    assert [tuple(row) for row in changed] == [("says", 1), ("which", 1), ("which", 2), ("word", 1)]
    assert counts()["QuizItem"] == 6


def test_other_text_under_the_same_version_is_refused_with_what_differs():
    publish()
    before = counts()
    reasons = refusal(
        ("01-first/en/10-one.md", "A [bit]", "Some [bit]"),
        ("01-first/en/30-new.md", None, "---\ntitle: New\nkind: tools\naudience: everyone\nminutes: 5\n---\nText.\n"),
        ("01-first/fr/10-one.md", None, None),
    )
    assert reasons == [
        "01-first/module.yml: the text differs from the published 1.0.0; raise the version and say what is new",
        "01-first/en/10-one.md: changed",
        "01-first/en/30-new.md: added",
        "01-first/fr/10-one.md: removed",
    ]
    assert counts() == before


def test_other_references_under_the_same_version_of_the_series_are_refused():
    publish()
    assert refusal(("references.yml", "Cambridge", "Oxford")) == [
        "series.yml: the text differs from the published 1.0.0; raise the version and say what is new",
        "references.yml: changed",
    ]


def test_files_older_than_what_is_published_are_refused():
    publish()
    publish(NEXT, NEXT_FR)
    assert refusal() == [
        "01-first/module.yml: the database holds 1.1.0, which “changes” does not know; export it first",
        "01-first/module.yml: the database holds 1.1.0, which is newer than 1.0.0",
    ]


def test_files_that_do_not_know_the_published_version_are_refused():
    publish()
    publish(NEXT, NEXT_FR)
    elsewhere = ("01-first/module.yml", "version: 1.0.0\nchanges:", "version: 1.2.0\nchanges:\n  1.2.0: Made elsewhere.")
    reasons = refusal(elsewhere, ("01-first/fr/module.md", "translates: 1.0.0", "translates: 1.2.0"))
    assert reasons == ["01-first/module.yml: the database holds 1.1.0, which “changes” does not know; export it first"]


def test_content_with_faults_is_refused_with_them():
    with pytest.raises(Invalid, match=r"01-first/en/10-one\.md:15: unknown-term"), unit_of_work():
        service.publish(small.read(("01-first/en/10-one.md", "## Data\n\nA [bit]{glossary}", "## Data\n\nA [byte]{glossary}")), clock.now())
    assert counts()["Release"] == 0


def test_a_corrected_reference_reaches_the_lists_of_modules_that_did_not_change():
    publish()
    publication = publish(NEXT_SERIES, ("references.yml", "Cambridge", "Oxford"))
    assert (publication.series, publication.modules) == (True, ())
    assert "Polity, Oxford" in db.session.scalars(select(Section.html).where(Section.key == "references")).one()
    assert counts()["ModuleRevision"] == 1


def test_an_export_is_what_was_published_byte_for_byte(tmp_path):
    publish(("01-first/en/90-references.md", "---\ntitle", "---\r\ntitle"))
    count = service.export(tmp_path / "out")
    written = {path.relative_to(tmp_path / "out").as_posix(): path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert written == small.files(("01-first/en/90-references.md", "---\ntitle", "---\r\ntitle"))
    assert count == len(written)
    with unit_of_work():
        assert service.publish(read_series(tmp_path / "out")).release_id is None


def test_an_export_removes_what_is_no_longer_there_and_leaves_what_is_hidden(tmp_path):
    publish()
    folder = small.write(tmp_path, ("01-first/en/30-old.md", None, "Old.\n"))
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref")
    service.export(folder)
    assert not (folder / "01-first/en/30-old.md").exists()
    assert (folder / ".git" / "HEAD").exists()


def test_an_export_into_a_folder_with_other_things_is_refused(tmp_path):
    publish()
    (tmp_path / "thesis.txt").write_text("Years of work.")
    with pytest.raises(Conflict, match=r"thesis\.txt"):
        service.export(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "Years of work."


def test_nothing_published_cannot_be_exported(tmp_path):
    with pytest.raises(NotFound):
        service.export(tmp_path)


def test_rendering_again_restores_what_the_text_makes():
    publish()
    publish(NEXT, NEXT_FR, ("01-first/en/10-one.md", "A [bit]", "Some [bit]"))
    before = db.session.execute(select(Section.id, Section.html).order_by(Section.id)).all()
    items = db.session.execute(select(ItemRevision.id, ItemRevision.definition).order_by(ItemRevision.id)).all()
    with unit_of_work():
        db.session.execute(Section.__table__.update().values(html="<p onclick=x>old</p>"))
        for item in db.session.scalars(select(ItemRevision)):
            item.definition = item.definition | {"html": {}}
    with unit_of_work():
        changed = dict(renewal.rerender())
    assert changed == {"first 1.0.0": 7, "first 1.1.0": 4}
    assert db.session.execute(select(Section.id, Section.html).order_by(Section.id)).all() == before
    assert db.session.execute(select(ItemRevision.id, ItemRevision.definition).order_by(ItemRevision.id)).all() == items
    with unit_of_work():
        assert sum(dict(renewal.rerender()).values()) == 0


def test_an_old_revision_keeps_the_references_of_its_time():
    publish()
    publish(NEXT, NEXT_FR, NEXT_SERIES, ("references.yml", "Cambridge", "Oxford"))
    with unit_of_work():
        list(renewal.rerender())
    lists = db.session.scalars(select(Section.html).where(Section.key == "references").order_by(Section.id)).all()
    assert ["Cambridge" in html for html in lists] == [True, False]


def test_every_file_is_kept_once():
    publish()
    publish(NEXT, NEXT_FR)
    assert db.session.scalar(select(func.count()).select_from(media.Blob)) == len(small.FILES) + 2
