"""Reads a content folder as a compiler reads source code: all faults in one run, each at its line. Pure."""

from collections import Counter
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from elearn.catalogue import assembly, bibliography
from elearn.catalogue.content_files import SLOT_FILE, ContentFiles, read_files
from elearn.catalogue.drafts import Data, ModuleDraft, module_folders, read_module, read_yaml
from elearn.catalogue.faults import Faults
from elearn.catalogue.module_check import ModuleCheck, check_requirements
from elearn.catalogue.quiz_reader import QuizReader
from elearn.catalogue.reading import Reading, Series
from elearn.catalogue.schema import ReferenceEntry, SeriesFile, TermEntry, salvage, take
from elearn.catalogue.text_check import DEFINITION, SLOT, SLOTS, Known, TextCheck, Used
from elearn.catalogue.yaml_source import YamlSource, load_yaml
from elearn.countries import countries


def read_series(folder: Path) -> Reading:
    """Return what stands in ``folder``, with every fault; a series with errors is for looking at, not for publishing."""
    faults = Faults()
    if not folder.is_dir():
        faults.add(folder.name or ".", 1, "missing-folder", "there is no such folder")
        return Reading(None, faults.errors, faults.warnings)
    series = _SeriesReader(read_files(folder, faults), faults).run()
    return Reading(series, faults.errors, faults.warnings)


def read_content(content: dict[str, bytes]) -> Reading:
    """Return what stands in files that are not on disk, by their paths within a content folder."""
    faults = Faults()
    series = _SeriesReader(ContentFiles(content), faults).run()
    return Reading(series, faults.errors, faults.warnings)


Entry = TypeVar("Entry", bound=BaseModel)


class _SeriesReader:
    def __init__(self, files: ContentFiles, faults: Faults) -> None:
        self.files, self.faults = files, faults
        self.places: dict[str, YamlSource] = {}
        self.used: dict[str, Used] = {}

    def run(self) -> Series | None:
        yml = self._series_yml()
        terms = self._entries("glossary.yml", TermEntry)
        references = self._entries("references.yml", ReferenceEntry)
        folders = self._folders(yml)
        read = {slug: read_module(folder, self.files, yml.head.languages, self.faults) for slug, folder in folders.items()}
        drafts = {slug: draft for slug, draft in read.items() if draft}
        known = Known(
            frozenset(e.key for e in references),
            frozenset(e.key for e in terms),
            {slug: drafts[slug].keys if slug in drafts else frozenset() for slug in folders},
        )
        if not yml.broken:
            self._check_series(yml, drafts)
        self._check_terms(yml.head, terms, known)
        slots = self._slots(yml.head, known)
        modules = [self._module(slug, draft, known) for slug, draft in drafts.items()]
        check_requirements(drafts, self.faults)
        self._check_unused(references)
        if yml.broken:
            return None
        return assembly.Assembly(self.files, yml.head, terms, bibliography.lettered(references), self.used).series(modules, slots)

    def _series_yml(self) -> Data[SeriesFile]:
        """Return series.yml; where it cannot be used, a series of every module that is there, so that the faults of the rest show."""
        languages = sorted({parts[1] for path in self.files.content if len(parts := path.split("/")) == 3} - {"media"})  # noqa: PLR2004
        languages = ["en", *(x for x in languages if x != "en")] if "en" in languages or not languages else languages
        filling = {
            "title": {},
            "description": {},
            "publisher": "?",
            "languages": languages,
            "modules": list(module_folders(self.files)) or ["none"],
        }
        yml = read_yaml("series.yml", SeriesFile, self.files, self.faults, **filling)
        return yml or Data(
            "series.yml",
            salvage(SeriesFile, {}, filling | {"key": "x", "version": "0.0.0", "licence": "unknown"})[0],
            YamlSource(),
            frozenset({"key"}),
        )

    def _entries(self, path: str, shape: type[Entry]) -> list[Entry]:
        text = self.files.text(path, self.faults) if path in self.files.content else None
        source = None if text is None else load_yaml(text, path, self.faults)
        if source is None or source.value is None:
            return []
        if not isinstance(source.value, list):
            self.faults.add(path, 1, "wrong-type", "this file is a list, each entry beginning with “- key:”")
            return []
        self.places[path] = source
        found = [take(shape, source, path, self.faults, (number,)) for number in range(len(source.value))]
        keys = Counter[str]()
        for number, entry in enumerate(source.value):
            key = str(entry.get("key")) if isinstance(entry, dict) else ""
            keys[key] += 1
            if key and keys[key] > 1:
                self.faults.add(path, source.place((number, "key")).line, "duplicate-key", f"“{key}” stands twice in this file")
        return [entry for entry in found if entry is not None]

    def _folders(self, yml: Data[SeriesFile]) -> dict[str, str]:
        there = module_folders(self.files)
        listed = yml.head.modules
        for number, slug in enumerate(listed):
            line = yml.source.place(("modules", number)).line
            if slug in listed[:number]:
                self.faults.add(yml.path, line, "duplicate-id", f"the module “{slug}” stands twice")
            elif slug not in there:
                self.faults.add(yml.path, line, "missing-module", f"there is no folder NN-{slug}")
        for slug, folder in there.items():
            if slug not in listed:
                self.faults.warn(f"{folder}/module.yml", 1, "unlisted-module", f"series.yml does not list “{slug}”: it is not published")
        return {slug: there[slug] for slug in listed if slug in there}

    def _module(self, slug: str, draft: ModuleDraft, known: Known) -> tuple[ModuleDraft, QuizReader]:
        own = Known(known.references, known.terms, {**known.modules, draft.yml.head.slug: draft.keys}, slug, frozenset(draft.pictures))
        quiz = QuizReader(draft, own, self.faults)
        quiz.run()
        check = ModuleCheck(draft, own, self.faults)
        check.used.update(quiz.used)
        check.run()
        self.used.update(check.used)
        return draft, quiz

    def _check_series(self, yml: Data[SeriesFile], drafts: dict[str, ModuleDraft]) -> None:
        head, source = yml.head, yml.source
        for number, language in enumerate(head.languages):
            if language in head.languages[:number]:
                self.faults.add(yml.path, source.place(("languages", number)).line, "duplicate-id", f"“{language}” stands twice")
        for name in ("title", "description"):
            self._check_languages(yml.path, source, (name,), getattr(head, name), head)
        numbers: dict[int, str] = {}
        for draft in drafts.values():
            number = draft.yml.head.number
            if other := numbers.get(number):
                self.faults.add(
                    draft.yml.path, draft.yml.source.place(("number",)).line, "duplicate-number", f"{number} is the number of {other}"
                )
            numbers[number] = draft.folder

    def _check_languages(
        self, path: str, source: YamlSource, where: tuple[str | int, ...], worded: dict[str, str], series: SeriesFile
    ) -> None:
        if series.languages[0] not in worded:
            self.faults.add(path, source.place(where).line, "not-worded", f"{where[-1]}: the wording in {series.languages[0]} is missing")
        for language in worded:
            if language not in series.languages:
                line = source.place((*where, language)).line
                self.faults.add(path, line, "unknown-language", f"series.yml does not name the language “{language}”")

    def _check_terms(self, series: SeriesFile, terms: list[TermEntry], known: Known) -> None:
        source = self.places.get("glossary.yml")
        places = {entry.get("key"): number for number, entry in enumerate(source.value) if isinstance(entry, dict)} if source else {}
        for term in terms:
            assert source
            place = places[term.key]
            if term.module not in series.modules:
                line = source.place((place, "module")).line
                self.faults.add("glossary.yml", line, "unknown-module", f"{term.key}: the series has no module “{term.module}”")
            for name in ("term", "definition"):
                self._check_languages("glossary.yml", source, (place, name), getattr(term, name), series)
            for language, text in term.definition.items():
                where = (place, "definition", language)
                TextCheck("glossary.yml", known, DEFINITION, self.faults, lambda t, at=where: source.line_of(at, t.raw)).run(text)  # type: ignore[misc]

    def _slots(self, series: SeriesFile, known: Known) -> list[tuple[str, str, str, str]]:
        slots = []
        for path in sorted(self.files.content):
            if not (found := SLOT_FILE.fullmatch(path)):
                continue
            country, language, key = found.groups()
            for wrong, code in ((country not in countries(), "unknown-country"), (key not in SLOTS, "unknown-slot")):
                if wrong:
                    self.faults.add(path, 1, code, f"“{country if code == 'unknown-country' else key}” is not known")
            if language not in series.languages:
                self.faults.add(path, 1, "unknown-language", f"series.yml does not name the language “{language}”")
            if (text := self.files.text(path, self.faults)) is not None:
                TextCheck(path, known, SLOT, self.faults, lambda token: token.line).run(text)
                slots.append((country, language, key, text))
        return slots

    def _check_unused(self, references: list[ReferenceEntry]) -> None:
        cited = {key for used in self.used.values() for key in used.citations}
        source = self.places.get("references.yml")
        for number, entry in enumerate(source.value if source else []):
            if isinstance(entry, dict) and source and entry.get("key") in {r.key for r in references} - cited:
                self.faults.warn("references.yml", source.place((number,)).line, "unused-reference", f"no module cites “{entry['key']}”")
