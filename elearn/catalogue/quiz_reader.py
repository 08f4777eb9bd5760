"""Reads the questions of a module: each by its type, then against the module, then with its translations. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from elearn.catalogue.drafts import Data, ModuleDraft
from elearn.catalogue.faults import Faults
from elearn.catalogue.items.item import Definition
from elearn.catalogue.items.registry import TYPES
from elearn.catalogue.items.source import ItemSource
from elearn.catalogue.schema import ItemWording, QuizFile, TranslatedQuizFile, take
from elearn.catalogue.text_check import QUESTION, Known, TextCheck, Used
from elearn.catalogue.yaml_source import Where, YamlSource


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
        for problem in type_.check(definition):
            at = quiz.source.place(("items", place, *problem.where)).line
            self.faults.add(
                quiz.path, at, problem.code, f"{source.id}: {problem.message}", severity="warning" if problem.warning else "error"
            )
        self.items.append(ItemDraft(source, definition, place, line))

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
        for where, text in markdown_of(source.value):
            check = TextCheck(path, self.known, QUESTION, self.faults, lambda token, at=where: source.line_of(at, token.raw))  # type: ignore[misc]
            found = check.run(text)
            used.citations = {**found.citations, **used.citations}
            used.terms = {**found.terms, **used.terms}

    def _translate(self, language: str, translated: Data[TranslatedQuizFile]) -> None:
        by_id = {item.source.id: item for item in self.items}
        worded: set[str] = set()
        raw = self.draft.quiz.head.items if self.draft.quiz else []
        unread = {entry.get("id") for entry in raw if isinstance(entry, dict)} - set(by_id)
        for place, wording in enumerate(translated.head.items):
            if wording.id in unread:
                continue
            if wording.id not in by_id or wording.id in worded:
                line = translated.source.place(("items", place, "id")).line
                code = "duplicate-item" if wording.id in worded else "unknown-item"
                self.faults.add(translated.path, line, code, f"the source has one item “{wording.id}”, or none")
                continue
            worded.add(wording.id)
            self._translate_item(language, translated, place, by_id[wording.id].definition)
        for key in sorted(set(by_id) - worded if "items" not in translated.broken else ()):
            self.faults.warn(
                translated.path, translated.source.place(("items",)).line, "not-translated", f"the item “{key}” is not translated"
            )
        self._check_texts(translated.path, translated.source)

    def _translate_item(self, language: str, translated: Data[TranslatedQuizFile], place: int, definition: Definition) -> None:
        wording: ItemWording = translated.head.items[place]
        original = definition["wording"][definition["language"]]
        choices = {choice.id: choice for choice in wording.choices}
        for number, choice in enumerate(wording.choices):
            if choice.id not in original.get("choices", {}):
                line = translated.source.place(("items", place, "choices", number)).line
                self.faults.add(translated.path, line, "unknown-choice", f"{wording.id}: the source has no choice “{choice.id}”")
        for key in sorted(set(original.get("choices", {})) - set(choices)):
            line = translated.source.place(("items", place)).line
            self.faults.add(translated.path, line, "not-translated", f"{wording.id}: the choice “{key}” is not translated")
        if wording.accept and "accept" not in definition:
            line = translated.source.place(("items", place, "accept")).line
            self.faults.add(translated.path, line, "unknown-key", f"{wording.id}: “accept” belongs to short texts")
        elif wording.accept:
            definition["accept"][language] = list(wording.accept)
        definition["wording"][language] = _worded(wording, original)

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


def _worded(wording: ItemWording, original: Mapping[str, Any]) -> dict[str, Any]:
    worded: dict[str, Any] = {"prompt": wording.prompt, "hints": list(wording.hints), "feedback": wording.feedback or ""}
    if "choices" in original:
        worded["choices"] = {key: {"text": "", "feedback": ""} for key in original["choices"]} | {
            choice.id: {"text": choice.text or "", "feedback": choice.feedback or ""} for choice in wording.choices
        }
    if "anticipated" in original:
        worded["anticipated"] = []
    return worded


def markdown_of(quiz: Any) -> list[tuple[Where, str]]:
    """Return every Markdown text of a quiz file with its place."""
    found: list[tuple[Where, str]] = []

    def look(value: Any, where: Where) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                if isinstance(inner, str) and (
                    key in {"instructions", "prompt", "feedback"} or (key == "text" and "anticipated" not in where)
                ):
                    found.append(((*where, key), inner))
                elif key == "hints" and isinstance(inner, list):
                    found.extend(((*where, key, number), hint) for number, hint in enumerate(inner) if isinstance(hint, str))
                elif isinstance(inner, dict | list):
                    look(inner, (*where, key))
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                look(inner, (*where, number))

    look(quiz, ())
    return found
