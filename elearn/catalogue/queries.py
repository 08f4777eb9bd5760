"""Questions about the published series. A release never changes, so what one process has read of it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import func, select

from elearn import cache
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
    SeriesRevision,
)
from elearn.db import after_commit, db, picture_began
from elearn.errors import NotFound

#: How long a worker may go on serving a release after a newer one was published by another process.
RELEASE_IS_ASKED_EVERY_SECONDS = 2


@dataclass(frozen=True)
class SectionLine:
    """A section as a list of contents shows it."""

    id: int
    key: str
    title: str
    kind: str
    audience: str
    minutes: int
    words: int
    language: str


@dataclass(frozen=True)
class QuizRules:
    """How the quiz of a module is taken."""

    id: int
    title: dict[str, str]
    instructions_html: dict[str, str]
    pass_mark: int
    attempts: int
    draw: list[dict[str, Any]]
    #: What else its author set: {grading, feedback, penalty, minutes}.
    rules: dict[str, Any]
    item_revision_ids: tuple[int, ...]


@dataclass(frozen=True)
class PublishedModule:
    """The newest revision of a module or guide, with what every language says of it."""

    module_id: int
    revision: ModuleRevision
    slug: str
    kind: str
    texts: dict[str, ModuleText]
    sections: dict[str, tuple[SectionLine, ...]]
    quiz: QuizRules | None

    def text(self, language: str, source: str) -> ModuleText:
        """Return the module's own words in ``language``, in the source language where there is no translation."""
        return self.texts.get(language) or self.texts[source]

    def lines(self, language: str, source: str) -> tuple[SectionLine, ...]:
        """Return the sections in order; one that is not translated is the source's."""
        translated = {line.key: line for line in self.sections.get(language, ())}
        return tuple(translated.get(line.key, line) for line in self.sections[source])


@dataclass(frozen=True)
class PublishedSeries:
    """The series as it stands: the newest release."""

    release_id: int
    revision: SeriesRevision | None
    modules: tuple[PublishedModule, ...]

    @property
    def languages(self) -> list[str]:
        """The languages of the series; the first is the source."""
        return self.revision.languages if self.revision else ["en"]

    @property
    def source(self) -> str:
        """The language in which the series is written first."""
        return self.languages[0]

    def module(self, slug: str) -> PublishedModule | None:
        """Return the module with this slug."""
        return next((m for m in self.modules if m.slug == slug), None)


def current_release() -> int:
    """Return the number of the newest release (0: nothing is published), as it was at most two seconds ago.

    It is never one that this request cannot see: what is read would be kept as that release's, and be an older one's.
    """
    release_id = cache.recent("release", _newest_release, seconds=RELEASE_IS_ASKED_EVERY_SECONDS)
    began = picture_began()
    return release_id if began is None or cache.made_at("release") <= began else _release_in_picture()


def _release_in_picture() -> int:
    """Return the newest release that this transaction sees, asked once in it."""
    session = db.session()
    asked_in, release_id = session.info.get("release_in_picture", (None, 0))
    if asked_in is None or asked_in is not session.get_transaction():
        release_id = _newest_release()
        session.info["release_in_picture"] = (session.get_transaction(), release_id)
    return int(release_id)


def release_follows() -> None:
    """Have the number of the newest release asked anew: by this unit of work at once, by others once it is committed."""
    db.session().info.pop("release_in_picture", None)
    after_commit(lambda: cache.forget_recent("release"))


def _newest_release() -> int:
    return db.session.scalar(select(func.max(Release.id))) or 0


def current_series() -> PublishedSeries:
    """Return the series as it stands."""
    release_id = current_release()
    return cache.kept("series", release_id, lambda: _series(release_id), most=2)


def _series(release_id: int) -> PublishedSeries:
    # Up to that release: another may have been published since its number was asked.
    until = select(SeriesRevision).where(SeriesRevision.release_id <= release_id)
    revision = db.session.scalar(until.order_by(SeriesRevision.number.desc()).limit(1))
    if revision is None:
        return PublishedSeries(release_id, None, ())
    newest = select(func.max(ModuleRevision.id)).where(ModuleRevision.release_id <= release_id).group_by(ModuleRevision.module_id)
    rows = db.session.execute(
        select(Module, ModuleRevision)
        .join(ModuleRevision, ModuleRevision.module_id == Module.id)
        .where(Module.slug.in_(revision.modules), ModuleRevision.id.in_(newest)),
    )
    found = {module.slug: module for module in _published([(row.Module, row.ModuleRevision) for row in rows])}
    # Kept beyond this request, so none of it may look at the session again.
    db.session.expunge(revision)
    return PublishedSeries(release_id, revision, tuple(found[slug] for slug in revision.modules if slug in found))


def _published(found: Sequence[tuple[Module, ModuleRevision]]) -> list[PublishedModule]:
    """Return what is said of these revisions; four statements, however many they are."""
    ids = [revision.id for _, revision in found]
    texts: dict[int, dict[str, ModuleText]] = {}
    for text in db.session.scalars(select(ModuleText).where(ModuleText.revision_id.in_(ids))).all():
        texts.setdefault(text.revision_id, {})[text.language] = text
        db.session.expunge(text)
    lines, quizzes = _lines_of(ids), _quizzes_of(ids)
    for _module, revision in found:
        db.session.expunge(revision)
    return [
        PublishedModule(
            module.id, revision, module.slug, module.kind, texts.get(revision.id, {}), lines.get(revision.id, {}), quizzes.get(revision.id)
        )
        for module, revision in found
    ]


def _lines_of(ids: Sequence[int]) -> dict[int, dict[str, tuple[SectionLine, ...]]]:
    """Return the sections of revisions, by revision and language."""
    line = (Section.id, Section.key, Section.title, Section.kind, Section.audience, Section.minutes, Section.words, Section.language)
    found: dict[int, dict[str, tuple[SectionLine, ...]]] = {}
    asked = select(Section.revision_id, *line).where(Section.revision_id.in_(ids)).order_by(Section.position)
    for row in db.session.execute(asked):
        of_language = found.setdefault(row.revision_id, {})
        read = SectionLine(*row[1:])
        of_language[read.language] = (*of_language.get(read.language, ()), read)
    return found


def _quizzes_of(ids: Sequence[int]) -> dict[int, QuizRules]:
    """Return the quizzes of revisions, by revision."""
    quizzes = db.session.scalars(select(Quiz).where(Quiz.revision_id.in_(ids))).all()
    items: dict[int, list[int]] = {}
    asked = select(QuizItem.quiz_id, QuizItem.item_revision_id).where(QuizItem.quiz_id.in_([quiz.id for quiz in quizzes]))
    for row in db.session.execute(asked.order_by(QuizItem.position)) if quizzes else ():
        items.setdefault(row.quiz_id, []).append(row.item_revision_id)
    return {
        quiz.revision_id: QuizRules(
            quiz.id, quiz.title, quiz.instructions_html, quiz.pass_mark, quiz.attempts, quiz.draw, quiz.rules, tuple(items.get(quiz.id, ()))
        )
        for quiz in quizzes
    }


def published_module(revision_id: int) -> PublishedModule:
    """Return a module as a revision of it has it, an older one too."""
    return cache.kept("module-revisions", (current_release(), revision_id), lambda: _module_of(revision_id), most=100)


def _module_of(revision_id: int) -> PublishedModule:
    revision = db.session.get(ModuleRevision, revision_id)
    if revision is None:
        raise NotFound
    return _published([(db.session.get_one(Module, revision.module_id), revision)])[0]


@dataclass(frozen=True)
class SectionPage:
    """What a section's page shows."""

    html: Markup
    steps: tuple[dict[str, Any], ...]
    language: str
    outcomes: tuple[str, ...]


def trusted(html: str) -> Markup:
    """Return HTML that text.py cleaned when it was published, ready for a page."""
    return Markup(html)  # noqa: S704


def section_page(section_id: int) -> SectionPage:
    """Return a section's text, as it was rendered and cleaned at publication."""
    return cache.kept("sections", (current_release(), section_id), lambda: _section_page(section_id), most=500)


def _section_page(section_id: int) -> SectionPage:
    row = db.session.execute(
        select(Section.html, Section.steps, Section.language, Section.outcomes).where(Section.id == section_id),
    ).one()
    return SectionPage(trusted(row.html), tuple(row.steps), row.language, tuple(row.outcomes))


@dataclass(frozen=True)
class PinnedItem:
    """An item revision, as attempts pin it."""

    id: int
    item_id: int
    key: str
    type: str
    points: int
    outcome: str
    tags: tuple[str, ...]
    definition: dict[str, Any]


def pinned_items(item_revision_ids: tuple[int, ...]) -> dict[int, PinnedItem]:
    """Return the item revisions with these ids."""
    release_id = current_release()

    def make(missing: list[tuple[int, int]]) -> dict[tuple[int, int], PinnedItem]:
        return {(release_id, key): item for key, item in _pinned_items([key for _, key in missing]).items()}

    found = cache.kept_each("items", [(release_id, key) for key in item_revision_ids], make, most=5000)
    return {key: item for (_, key), item in found.items()}


def _pinned_items(item_revision_ids: list[int]) -> dict[int, PinnedItem]:
    rows = db.session.execute(
        select(
            ItemRevision.id,
            ItemRevision.item_id,
            Item.key,
            ItemRevision.type,
            ItemRevision.points,
            ItemRevision.outcome,
            ItemRevision.tags,
            ItemRevision.definition,
        )
        .join(Item, Item.id == ItemRevision.item_id)
        .where(ItemRevision.id.in_(item_revision_ids)),
    )
    return {
        row.id: PinnedItem(row.id, row.item_id, row.key, row.type, row.points, row.outcome, tuple(row.tags), row.definition) for row in rows
    }


def picture_name(digest: str) -> str | None:
    """Return the path under which a picture of the series has this digest."""
    return db.session.scalar(select(ModuleFile.path).where(ModuleFile.digest == digest).limit(1))
