"""Makes the HTML of published revisions again: after a change of the allow-list or the compiler, or of a source they cite.

The text of a revision never changes; its HTML is made from it, and belongs to it as long as the text does.
"""

from collections.abc import Iterator

from sqlalchemy import select

from elearn import clock, media
from elearn.catalogue import search_service
from elearn.catalogue.models import (
    Item,
    ItemRevision,
    Module,
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
from elearn.catalogue.queries import release_follows
from elearn.catalogue.reader import read_content
from elearn.catalogue.reading import Module as ReadModule
from elearn.db import db
from elearn.text import clean


def rerender() -> Iterator[tuple[str, int]]:
    """Render every published revision anew, oldest first; yield each one's name and how many texts changed by it."""
    revisions = db.session.execute(
        select(ModuleRevision, Module.slug)
        .join(Module, Module.id == ModuleRevision.module_id)
        .order_by(ModuleRevision.release_id, ModuleRevision.id),
    ).all()
    for revision, slug in revisions:
        module = _read_again(revision, slug)
        yield f"{slug} {revision.version}", renew(revision, module) if module else _clean_again(revision)
    # Every worker keeps what it has read by release: a new one, which holds nothing new, has them read again.
    db.session.add(Release(released_at=clock.now()))
    db.session.flush()
    search_service.renew()
    release_follows()


def _read_again(revision: ModuleRevision, slug: str) -> ReadModule | None:
    """Return the module as the compiler reads it now, among the series as it stood while this was its newest revision."""
    superseded = db.session.scalar(
        select(ModuleRevision.release_id).where(
            ModuleRevision.module_id == revision.module_id, ModuleRevision.number == revision.number + 1
        ),
    )
    beside = select(SeriesRevision).order_by(SeriesRevision.number.desc()).limit(1)
    if superseded is not None:
        beside = beside.where(SeriesRevision.release_id < superseded)
    series = db.session.scalars(beside).one()
    files = {f.path: f.digest for f in db.session.scalars(select(SeriesFile).where(SeriesFile.revision_id == series.id))}
    own = db.session.scalars(select(ModuleFile).where(ModuleFile.revision_id == revision.id))
    files |= {f"{revision.folder}/{f.path}": f.digest for f in own}
    content = media.bytes_of(sorted(set(files.values())))
    # The other modules are not there: the faults that this makes do not touch the rendering.
    reading = read_content({path: content[digest] for path, digest in files.items()})
    modules = reading.series.modules if reading.series else ()
    return next((module for module in modules if module.slug == slug), None)


def renew(revision: ModuleRevision, module: ReadModule) -> int:
    """Leave the revision with the HTML that its text makes now; return how many texts that changed."""
    changed = 0
    sections = {(language, s.key): s for language, text in module.texts.items() for s in text.sections}
    for row in db.session.scalars(select(Section).where(Section.revision_id == revision.id)):
        if read := sections.get((row.language, row.key)):
            changed += row.html != read.rendered.html
            row.html, row.text, row.words = str(read.rendered.html), read.rendered.text, read.rendered.words
            row.descriptions = dict(read.descriptions)
    for text in db.session.scalars(select(ModuleText).where(ModuleText.revision_id == revision.id)):
        if text.language in module.texts:
            text.overview_html = str(module.texts[text.language].overview_html)
    changed += _renew_quiz(revision, module)
    db.session.flush()
    return changed


def _renew_quiz(revision: ModuleRevision, module: ReadModule) -> int:
    quiz = db.session.scalar(select(Quiz).where(Quiz.revision_id == revision.id))
    if quiz is None or module.quiz is None:
        return 0
    quiz.instructions_html = {language: str(html) for language, html in module.quiz.instructions_html.items()}
    changed = 0
    items = {item.key: item for item in module.quiz.items}
    for row, key in _items_of(quiz.id):
        read = items.get(key)
        if read and read.digest == row.digest and row.definition != read.definition:
            row.definition = read.definition
            changed += 1
    return changed


def _items_of(quiz_id: int) -> list[tuple[ItemRevision, str]]:
    found = db.session.execute(
        select(ItemRevision, Item.key)
        .join(QuizItem, QuizItem.item_revision_id == ItemRevision.id)
        .join(Item, Item.id == ItemRevision.item_id)
        .where(QuizItem.quiz_id == quiz_id),
    )
    return [(row.ItemRevision, row.key) for row in found]


def _clean_again(revision: ModuleRevision) -> int:
    """Leave only what is allowed now in HTML whose text the compiler does not take any more."""
    changed = 0
    for row in db.session.scalars(select(Section).where(Section.revision_id == revision.id)):
        cleaned = str(clean(row.html))
        changed += cleaned != row.html
        row.html = cleaned
    db.session.flush()
    return changed
