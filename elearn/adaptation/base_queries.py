"""The texts on which courses stand: a module as a revision of the series has it, or another course's edition. Few statements for many."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from elearn import cache
from elearn.adaptation.models import EditionItem, EditionModule, EditionSection, Overlay
from elearn.adaptation.texts import ItemSource, ModuleSource, SectionSource
from elearn.catalogue.models import Item, ItemRevision, Module, ModuleRevision, ModuleText, Quiz, QuizItem, Section
from elearn.catalogue.queries import current_release, current_series
from elearn.db import db
from elearn.errors import NotFound


@dataclass(frozen=True)
class BaseRef:
    """Which text: a module in an edition, or (edition 0) in a revision of the series."""

    module_id: int
    revision_id: int = 0
    edition_id: int = 0

    @classmethod
    def of(cls, overlay: Overlay) -> "BaseRef":
        """Return the text on which an overlay stands."""
        return cls(overlay.module_id, overlay.base_revision_id or 0, overlay.base_edition_id or 0)

    @classmethod
    def held(cls, module_id: int, base: Mapping[str, int]) -> "BaseRef":
        """Return the text at which an overlay holds one section."""
        return cls(module_id, base.get("revision", 0), base.get("edition", 0))

    @property
    def pin(self) -> dict[str, int]:
        """The text as an overlay names it."""
        return {"edition": self.edition_id} if self.edition_id else {"revision": self.revision_id}


@dataclass(frozen=True)
class Base:
    """A module's text, and the revision of the series that it goes back to."""

    ref: BaseRef
    revision_id: int
    source: ModuleSource


def bases_of(refs: Collection[BaseRef], language: str) -> dict[BaseRef, Base]:
    """Return these texts in ``language``, in the series' first one where it is not translated."""
    release = current_release()

    def make(missing: list[tuple[int, BaseRef, str]]) -> dict[tuple[int, BaseRef, str], Base]:
        wanted = [ref for _, ref, _ in missing]
        found = _of_revisions([ref for ref in wanted if not ref.edition_id], language)
        found |= _of_editions([ref for ref in wanted if ref.edition_id], language)
        if len(found) < len(set(wanted)):
            raise NotFound
        return {(release, ref, language): base for ref, base in found.items()}

    kept = cache.kept_each("bases", [(release, ref, language) for ref in dict.fromkeys(refs)], make, most=200)
    return {ref: base for (_, ref, _), base in kept.items()}


def base_of(ref: BaseRef, language: str) -> Base:
    """Return one text."""
    return bases_of([ref], language)[ref]


def _of_revisions(refs: list[BaseRef], language: str) -> dict[BaseRef, Base]:
    if not refs:
        return {}
    ids, source = [ref.revision_id for ref in refs], current_series().source
    texts: dict[int, dict[str, Any]] = {}
    for text in db.session.execute(select(ModuleText.revision_id, ModuleText.language, ModuleText.title, ModuleText.summary).where(
        ModuleText.revision_id.in_(ids), ModuleText.language.in_({language, source}),
    )):  # fmt: skip
        texts.setdefault(text.revision_id, {})[text.language] = text
    slugs = {row.id: row.slug for row in db.session.execute(
        select(ModuleRevision.id, Module.slug).join(Module, Module.id == ModuleRevision.module_id).where(ModuleRevision.id.in_(ids)),
    )}  # fmt: skip
    sections, quizzes, items = _sections(ids, language, source), _quizzes(ids, language, source), _items(ids)
    made = {}
    for ref in refs:
        if ref.revision_id in slugs:
            about = texts[ref.revision_id].get(language) or texts[ref.revision_id][source]
            made[ref] = Base(ref, ref.revision_id, ModuleSource(
                slugs[ref.revision_id], about.title, about.summary, tuple(sections.get(ref.revision_id, ())),
                tuple(items.get(ref.revision_id, ())), quizzes.get(ref.revision_id),
            ))  # fmt: skip
    return made


def _sections(ids: list[int], language: str, source: str) -> dict[int, list[SectionSource]]:
    rows = db.session.execute(
        select(
            Section.id, Section.revision_id, Section.language, Section.key, Section.title, Section.kind, Section.audience, Section.minutes,
            Section.outcomes, Section.steps, Section.descriptions, Section.formerly, Section.markdown,
        )
        .where(Section.revision_id.in_(ids), Section.language.in_({language, source}))
        .order_by(Section.position),
    ).all()  # fmt: skip
    translated = {(row.revision_id, row.key): row for row in rows if row.language == language}
    found: dict[int, list[SectionSource]] = {}
    for line in rows:
        if line.language == source:
            row = translated.get((line.revision_id, line.key), line)
            found.setdefault(row.revision_id, []).append(
                SectionSource(row.key, _head(row, {}), row.markdown, tuple(row.formerly), row.id),
            )
    return found


def _head(row: Any, more: Mapping[str, Any]) -> dict[str, Any]:
    """Return the head of a section; what an edition says of it comes before what the series does."""
    head = {name: getattr(row, name) for name in ("title", "kind", "audience", "minutes")}
    return head | {"outcomes": row.outcomes or [], "steps": row.steps or [], "descriptions": row.descriptions or {}} | dict(more)


def _quizzes(ids: list[int], language: str, source: str) -> dict[int, dict[str, Any]]:
    return {
        quiz.revision_id: {
            "title": quiz.title.get(language) or quiz.title[source],
            "instructions_html": quiz.instructions_html.get(language) or quiz.instructions_html.get(source, ""),
            "pass_mark": quiz.pass_mark,
            "attempts": quiz.attempts,
            "draw": quiz.draw,
            **quiz.rules,
        }
        for quiz in db.session.scalars(select(Quiz).where(Quiz.revision_id.in_(ids)))
    }


def _items(ids: list[int]) -> dict[int, list[ItemSource]]:
    found: dict[int, list[ItemSource]] = {}
    rows = db.session.execute(
        select(Quiz.revision_id, Item.key, QuizItem.item_revision_id)
        .join(QuizItem, QuizItem.quiz_id == Quiz.id)
        .join(ItemRevision, ItemRevision.id == QuizItem.item_revision_id)
        .join(Item, Item.id == ItemRevision.item_id)
        .where(Quiz.revision_id.in_(ids))
        .order_by(Quiz.revision_id, QuizItem.position),
    )
    for row in rows:
        found.setdefault(row.revision_id, []).append(ItemSource(row.key, "", row.item_revision_id))
    return found


def _of_editions(refs: list[BaseRef], language: str) -> dict[BaseRef, Base]:  # noqa: ARG001 (an edition is in one language)
    if not refs:
        return {}
    ids = [ref.edition_id for ref in refs]
    sections, items = _edition_sections(ids), _edition_items(ids)
    made = {}
    for row in db.session.execute(
        select(EditionModule, Module.slug).join(Module, Module.id == EditionModule.module_id).where(EditionModule.edition_id.in_(ids)),
    ):
        module = row.EditionModule
        place, ref = (module.edition_id, module.module_id), BaseRef(module.module_id, 0, module.edition_id)
        text = ModuleSource(
            row.slug, module.title, module.summary or "", tuple(sections.get(place, ())), tuple(items.get(place, ())), module.quiz
        )
        made[ref] = Base(ref, module.revision_id, text)
    return {ref: base for ref, base in made.items() if ref in set(refs)}


def _edition_sections(ids: list[int]) -> dict[tuple[int, int], list[SectionSource]]:
    sections: dict[tuple[int, int], list[SectionSource]] = {}
    own = (EditionSection.title, EditionSection.kind, EditionSection.audience, EditionSection.minutes)
    for row in db.session.execute(
        select(
            EditionSection.edition_id, EditionSection.module_id, EditionSection.key, *own, EditionSection.section_id, EditionSection.head,
            EditionSection.markdown.label("text"), Section.markdown, Section.outcomes, Section.steps, Section.descriptions,
            Section.formerly,
        )
        .outerjoin(Section, Section.id == EditionSection.section_id)
        .where(EditionSection.edition_id.in_(ids))
        .order_by(EditionSection.position),
    ):  # fmt: skip
        text = row.text if row.text is not None else row.markdown or ""
        head = dict(row.head or {})
        formerly = head.pop("formerly", row.formerly or ())
        sections.setdefault((row.edition_id, row.module_id), []).append(
            SectionSource(row.key, _head(row, head), text, tuple(formerly), row.section_id),
        )
    return sections


def _edition_items(ids: list[int]) -> dict[tuple[int, int], list[ItemSource]]:
    items: dict[tuple[int, int], list[ItemSource]] = {}
    for row in db.session.execute(
        select(EditionItem, Item.key)
        .join(ItemRevision, ItemRevision.id == EditionItem.item_revision_id)
        .join(Item, Item.id == ItemRevision.item_id)
        .where(EditionItem.edition_id.in_(ids))
        .order_by(EditionItem.position),
    ):
        each = row.EditionItem
        place = (each.edition_id, each.module_id)
        items.setdefault(place, []).append(ItemSource(row.key, each.source or "", each.item_revision_id))
    return items
