"""Reads the questions of a module: each by its type, then against the module, then with its translations. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from elearn.catalogue.drafts import Data, ModuleDraft
from elearn.catalogue.faults import Faults, Severity
from elearn.catalogue.items.item import Definition, ItemType, Problem
from elearn.catalogue.items.registry import TYPES, type_of
from elearn.catalogue.items.source import ItemSource
from elearn.catalogue.items.wording import texts
from elearn.catalogue.schema import QuizFile, TranslatedQuizFile, salvage, take
from elearn.catalogue.text_check import QUESTION, Known, TextCheck, Used
from elearn.catalogue.yaml_source import Where, YamlSource

#: What a translation owes to a later version of its source: until then a text it lacks is the source's, one too many is passed over.
FOLLOWS_LATER = frozenset({"not-translated", "unknown-choice"})


@dataclass
class ItemDraft:
    """A question as its author wrote it, and its definition so far."""

    source: ItemSource
    definition: Definition
    place: int
    line: int


class QuizReader:
    """Reads one module's questions; ``items`` are those that could be made out, ``used`` says by file what their texts point at."""

    def __init__(self, draft: ModuleDraft, known: Known, faults: Faults) -> None:
        self.draft, self.known, self.faults = draft, known, faults
        self.items: list[ItemDraft] = []
        self.used: dict[str, Used] = {}

    def run(self) -> None:
        """Note every fault of the questions."""
        quiz = self.draft.quiz
        if self.draft.yml.head.kind == "guide" and quiz:
            self.faults.add(quiz.path, 1, "guide-has-quiz", "a guide has no quiz")
        if quiz:
            for place in range(0 if "items" in quiz.broken else len(quiz.head.items)):
                self._read_item(quiz, place)
            self._check_quiz(quiz)
        for language, translated in self.draft.translated_quizzes.items():
            self._translate(language, translated)
        self._check_assessed()

    def _read_item(self, quiz: Data[QuizFile], place: int) -> None:
        entry = quiz.head.items[place]
        if not isinstance(entry, dict):
            self.faults.add(quiz.path, quiz.source.place(("items", place)).line, "wrong-type", "an item is a map, beginning with “- id:”")
            return
        type_ = TYPES.get(str(entry.get("type")))
        line = quiz.source.place(("items", place)).line
        if type_ is None:
            line = quiz.source.place(("items", place, "type")).line
            self.faults.add(quiz.path, line, "unknown-type", f"“{entry.get('type')}” is none of {', '.join(TYPES)}")
            return
        source = take(type_.Source, quiz.source, quiz.path, self.faults, ("items", place))
        if source is None:
            return
        definition = type_.parse(source, self.draft.source_language)
        self._note(quiz, place, source.id, type_.check(definition))
        self.items.append(ItemDraft(source, definition, place, line))

    def _note(self, file: Data[Any], place: int, key: str, problems: Iterable[Problem]) -> None:
        for problem in problems:
            line = file.source.place(("items", place, *problem.where)).line
            severity: Severity = "warning" if problem.warning else "error"
            self.faults.add(file.path, line, problem.code, f"{key}: {problem.message}", severity=severity)

    def _check_quiz(self, quiz: Data[QuizFile]) -> None:
        outcomes = {outcome.id for outcome in self.draft.yml.head.outcomes}
        ids = [entry.get("id") if isinstance(entry, dict) else None for entry in quiz.head.items]
        for place, key in enumerate(ids):
            if key is not None and key in ids[:place]:
                line = quiz.source.place(("items", place, "id")).line
                self.faults.add(quiz.path, line, "duplicate-item", f"the item “{key}” stands twice")
        for item in self.items:
            if item.source.outcome not in outcomes and "outcomes" not in self.draft.yml.broken:
                line = quiz.source.place(("items", item.place, "outcome")).line
                self.faults.add(quiz.path, line, "unknown-outcome", f"{item.source.id}: module.yml does not name “{item.source.outcome}”")
        for place, rule in enumerate(quiz.head.draw):
            count = sum(rule.tag in item.source.tags for item in self.items)
            if rule.count > count:
                line = quiz.source.place(("draw", place)).line
                self.faults.add(quiz.path, line, "draw", f"{rule.count} items are drawn, {count} have the tag “{rule.tag}”")
        self._check_texts(quiz.path, quiz.source)

    def _check_texts(self, path: str, source: YamlSource) -> None:
        used = self.used.setdefault(path, Used())
        types = {item.source.id: type_of(item.definition) for item in self.items}
        for where, text in markdown_of(source.value, types):
            check = TextCheck(path, self.known, QUESTION, self.faults, lambda token, at=where: source.line_of(at, token.raw))  # type: ignore[misc]
            found = check.run(text)
            used.citations = {**found.citations, **used.citations}
            used.terms = {**found.terms, **used.terms}

    def _translate(self, language: str, translated: Data[TranslatedQuizFile]) -> None:
        by_id = {item.source.id: item.definition for item in self.items}
        worded: set[str] = set()
        raw = self.draft.quiz.head.items if self.draft.quiz else []
        unread = {entry.get("id") for entry in raw if isinstance(entry, dict)} - set(by_id)
        for place, entry in enumerate(translated.head.items):
            key = entry.get("id") if isinstance(entry, dict) else None
            if not isinstance(key, str):
                line = translated.source.place(("items", place)).line
                self.faults.add(translated.path, line, "wrong-type", "an item is a map, beginning with “- id:”")
            elif key in worded or (key not in by_id and key not in unread):
                line = translated.source.place(("items", place, "id")).line
                code = "duplicate-item" if key in worded else "unknown-item"
                self.faults.add(translated.path, line, code, f"the source has one item “{key}”, or none")
            elif key in by_id:
                worded.add(key)
                self._translate_item(language, translated, place, by_id[key])
        for key in sorted(set(by_id) - worded if "items" not in translated.broken else ()):
            self.faults.warn(
                translated.path, translated.source.place(("items",)).line, "not-translated", f"the item “{key}” is not translated"
            )
        self._check_texts(translated.path, translated.source)

    def _translate_item(self, language: str, translated: Data[TranslatedQuizFile], place: int, definition: Definition) -> None:
        type_ = type_of(definition)
        entry = translated.head.items[place]
        wording = take(type_.Wording, translated.source, translated.path, self.faults, ("items", place))
        broken: frozenset[str] = frozenset()
        if wording is None:
            wording, unused = salvage(type_.Wording, entry, dict.fromkeys(type_.Wording.model_fields, "?"))
            broken = unused & set(entry)
        problems = type_.translate(definition, wording, language)
        if self._is_behind(language):
            problems = [replace(each, warning=True) if each.code in FOLLOWS_LATER else each for each in problems]
        # What could not be read may be translated all the same.
        self._note(translated, place, entry["id"], (each for each in problems if not broken or each.code != "not-translated"))

    def _is_behind(self, language: str) -> bool:
        """Return whether a translation says that it was made from an older version: what was put right since is not its fault."""
        about, yml = self.draft.about.get(language), self.draft.yml
        return about is not None and about.head.translates not in {None, yml.head.version}

    def _check_assessed(self) -> None:
        yml = self.draft.yml
        assessed = {item.source.outcome for item in self.items}
        quiz = self.draft.quiz
        if quiz and (quiz.broken or len(self.items) < len(quiz.head.items)):
            return
        for place, outcome in enumerate(yml.head.outcomes):
            if yml.head.kind == "module" and outcome.id not in assessed:
                line = yml.source.place(("outcomes", place)).line
                self.faults.add(yml.path, line, "outcome-not-assessed", f"no item assesses “{outcome.id}”")


def markdown_of(quiz: Any, types: Mapping[str, ItemType]) -> Iterator[tuple[Where, str]]:
    """Yield every Markdown text of a quiz file with its place; ``types`` says of which type an item is that does not say so itself."""
    if not isinstance(quiz, dict):
        return
    if isinstance(quiz.get("instructions"), str):
        yield ("instructions",), quiz["instructions"]
    items = quiz.get("items")
    for place, entry in enumerate(items if isinstance(items, list) else ()):
        if isinstance(entry, dict):
            type_ = TYPES.get(str(entry.get("type"))) or types.get(str(entry.get("id")))
            for where, text in texts(entry, type_.WORDING if type_ else {}):
                yield ("items", place, *where), text
