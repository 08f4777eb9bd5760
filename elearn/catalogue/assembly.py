"""The third pass: makes of the drafts the series that is published. HTML is made when it is first asked for. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from elearn.catalogue import digests
from elearn.catalogue.content_files import ContentFiles
from elearn.catalogue.drafts import ModuleDraft, Page
from elearn.catalogue.items.registry import html_of
from elearn.catalogue.markup import Context, label
from elearn.catalogue.quiz_reader import ItemDraft, QuizReader
from elearn.catalogue.reading import Item, Module, ModuleText, Quiz, Reference, Rendered, Section, Series, SlotFilling, Step, Term
from elearn.catalogue.render import ContentRenderer
from elearn.catalogue.schema import SectionMd, SeriesFile, TermEntry, TranslatedSectionMd
from elearn.catalogue.text_check import Used


@dataclass
class Assembly:
    """What the whole series shares while its modules are put together."""

    files: ContentFiles
    yml: SeriesFile
    entries: list[TermEntry]
    references: tuple[Reference, ...]
    used: Mapping[str, Used]

    @property
    def source(self) -> str:
        """The language in which the series is written first."""
        return self.yml.languages[0]

    def series(self, modules: Iterable[tuple[ModuleDraft, QuizReader]], slots: Iterable[tuple[str, str, str, str]]) -> Series:
        """Return the series."""
        made = tuple(_ModuleAssembly(self, draft, quiz).module() for draft, quiz in modules)
        fillings = tuple(SlotFilling(country, language, key, text, self.renderer(language)(text)) for country, language, key, text in slots)
        own = {path: content for path, content in self.files.content.items() if not path[:2].isdigit()}
        return Series(self.yml, made, tuple(self.terms.values()), self.references, fillings, own, digests.of_files(own))

    def renderer(self, language: str) -> ContentRenderer:
        """Return what renders texts that belong to no module."""
        return ContentRenderer(Context(language, self.source, "", "", {}, self.terms_without_html, {}, absolute=True))

    @cached_property
    def terms_without_html(self) -> dict[str, Term]:
        """The terms, for links from one definition to another."""
        return {entry.key: Term(entry.key, entry, {}) for entry in self.entries}

    @cached_property
    def terms(self) -> dict[str, Term]:
        """The terms with their definitions."""
        renderers = {language: self.renderer(language) for language in self.yml.languages}
        return {
            entry.key: Term(entry.key, entry, {x: renderers[x](text) for x, text in entry.definition.items() if x in renderers})
            for entry in self.entries
        }


class _ModuleAssembly:
    def __init__(self, whole: Assembly, draft: ModuleDraft, quiz: QuizReader) -> None:
        self.whole, self.draft, self.quiz = whole, draft, quiz
        self.references = {reference.key: reference for reference in whole.references}
        self.references_key = next((page.key for page in draft.sections if page.head.kind == "references"), "")
        self.renderer = cache(self._renderer)

    def module(self) -> Module:
        files = self.whole.files.under(f"{self.draft.folder}/")
        texts = {language: self._text(language) for language in self.draft.about}
        return Module(self.draft.folder, self.draft.yml.head, texts, self._quiz(), self.draft.pictures, files, digests.of_files(files))

    def _renderer(self, language: str, *, absolute: bool = False) -> ContentRenderer:
        slug = self.draft.yml.head.slug
        return ContentRenderer(
            Context(
                language,
                self.whole.source,
                slug,
                self.references_key,
                self.references,
                self.whole.terms,
                self.draft.pictures,
                absolute=absolute,
            ),
        )

    def _text(self, language: str) -> ModuleText:
        about = self.draft.about[language]
        head = about.head
        if language == self.whole.source:
            sections = [self._section(language, page, page, place) for place, page in enumerate(self.draft.sections, start=1)]
        else:
            sources = {page.key: (place, page) for place, page in enumerate(self.draft.sections, start=1)}
            pages = [page for page in self.draft.translated.get(language, []) if page.key in sources]
            sections = [self._section(language, page, sources[page.key][1], sources[page.key][0]) for page in pages]
        overview = self.renderer(language)(about.body)
        return ModuleText(
            language, head.title, head.summary, head.outcomes, head.content_notes, overview, head.translates or "", tuple(sections),
        )  # fmt: skip

    def _section(self, language: str, page: Page[SectionMd] | Page[TranslatedSectionMd], source: Page[SectionMd], place: int) -> Section:
        head = source.head
        used = self.whole.used.get(page.path, Used())
        written = [page.head.model_dump(mode="json"), source.head.model_dump(mode="json"), page.body]
        return Section(
            key=page.key,
            position=place,
            title=page.head.title,
            kind=head.kind,
            audience=head.audience,
            minutes=head.minutes,
            outcomes=tuple(head.outcomes),
            steps=self._steps(page, source),
            formerly=tuple(head.formerly),
            path=page.path,
            first_line=page.first_line,
            markdown=page.body,
            digest=digests.of_value(written),
            pictures=tuple(used.pictures),
            descriptions=page.head.descriptions,
            render=lambda: self._rendered(language, page, head.kind),
        )

    def _rendered(self, language: str, page: Page[SectionMd] | Page[TranslatedSectionMd], kind: str) -> Rendered:
        listed = self._cited(language) if kind == "references" else []
        context = self.renderer(language).context
        described = ContentRenderer(Context(**{**vars(context), "descriptions": page.head.descriptions}))
        return described.section(page.body, listed)

    def _cited(self, language: str) -> list[Reference]:
        """Return what the module cites as it is read in ``language``: a section that is not translated counts in the source language."""
        paths = {page.key: page.path for page in self.draft.sections}
        paths |= {page.key: page.path for page in self.draft.translated.get(language, [])}
        folders = (f"{self.draft.folder}/{language}/", f"{self.draft.folder}/{self.whole.source}/")
        others = [folder + name for folder in folders for name in ("module.md", "quiz.yml")]
        keys = {key for path in (*paths.values(), *others) for key in self.whole.used.get(path, Used()).citations}
        return [self.references[key] for key in sorted(keys & set(self.references))]

    def _steps(self, page: Page[SectionMd] | Page[TranslatedSectionMd], source: Page[SectionMd]) -> tuple[Step, ...]:
        worded = {step.key: step for step in page.head.steps}
        steps = []
        for step in source.head.steps:
            wording = worded.get(step.key, step)
            steps.append(Step(step.key, wording.title, step.minutes, step.form, step.required, wording.text or ""))
        return tuple(steps)

    def _quiz(self) -> Quiz | None:
        quiz = self.draft.quiz
        if quiz is None:
            return None
        heads: dict[str, Any] = {self.whole.source: quiz.head} | {x: data.head for x, data in self.draft.translated_quizzes.items()}
        return Quiz(
            path=quiz.path,
            title={language: head.title for language, head in heads.items()},
            instructions_html={x: self.renderer(x, absolute=True)(head.instructions or "") for x, head in heads.items()},
            pass_mark=quiz.head.pass_mark,
            attempts=quiz.head.attempts,
            draw=tuple((rule.tag, rule.count) for rule in quiz.head.draw),
            rules=quiz.head.model_dump(include={"grading", "feedback", "penalty", "minutes"}, exclude_none=True),
            items=tuple(self._item(item) for item in self.quiz.items),
        )

    def _item(self, item: ItemDraft) -> Item:
        source, definition = item.source, item.definition
        facts = {"key": source.id, "outcome": source.outcome, "bloom": source.bloom, "tags": list(source.tags)}
        return Item(
            source.id,
            definition["type"],
            definition["points"],
            source.outcome,
            source.bloom,
            tuple(source.tags),
            definition,
            digests.of_value(facts | definition),
            item.line,
            lambda: {language: self._html(definition, language) for language in definition["wording"]},
        )

    def _html(self, definition: dict[str, Any], language: str) -> dict[str, Any]:
        labels = {key: label(language, key) for key in ("true", "false")}
        return html_of(definition, language, self.renderer(language, absolute=True), labels)
