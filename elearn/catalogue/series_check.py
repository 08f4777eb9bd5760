"""The second pass over what belongs to the series as a whole: series.yml, the glossary, the slots, the bibliography. Pure."""

from collections.abc import Iterable, Mapping

from elearn.catalogue.content_files import SLOT_FILE, ContentFiles
from elearn.catalogue.drafts import Data, ModuleDraft
from elearn.catalogue.faults import Faults
from elearn.catalogue.schema import ReferenceEntry, SeriesFile, TermEntry
from elearn.catalogue.text_check import DEFINITION, SLOT, SLOTS, Known, TextCheck, Used
from elearn.catalogue.yaml_source import Where, YamlSource
from elearn.countries import countries

#: An entry of a list, with its place in it.
Terms = list[tuple[int, TermEntry]]
References = list[tuple[int, ReferenceEntry]]


class SeriesCheck:
    """Looks at the files of the series that belong to no module."""

    def __init__(self, yml: Data[SeriesFile], files: ContentFiles, known: Known, faults: Faults) -> None:
        self.yml, self.files, self.known, self.faults = yml, files, known, faults

    def series(self, drafts: Mapping[str, ModuleDraft]) -> None:
        """Note what is wrong with series.yml and between its modules."""
        yml, head, source = self.yml, self.yml.head, self.yml.source
        for number, language in enumerate(head.languages):
            if language in head.languages[:number]:
                self.faults.add(yml.path, source.place(("languages", number)).line, "duplicate-id", f"“{language}” stands twice")
        self._languages(yml.path, source, ("title",), head.title)
        self._languages(yml.path, source, ("description",), head.description)
        numbers: dict[int, str] = {}
        for draft in drafts.values():
            number = draft.yml.head.number
            if other := numbers.get(number):
                line = draft.yml.source.place(("number",)).line
                self.faults.add(draft.yml.path, line, "duplicate-number", f"{number} is the number of {other}")
            numbers[number] = draft.folder

    def _languages(self, path: str, source: YamlSource, where: Where, worded: Mapping[str, str]) -> None:
        known = self.yml.head.languages
        if known[0] not in worded:
            self.faults.add(path, source.place(where).line, "not-worded", f"{where[-1]}: the wording in {known[0]} is missing")
        for language in worded:
            if language not in known:
                line = source.place((*where, language)).line
                self.faults.add(path, line, "unknown-language", f"series.yml does not name the language “{language}”")

    def terms(self, terms: Terms, source: YamlSource) -> None:
        """Note what is wrong with the glossary."""
        path = "glossary.yml"
        for place, term in terms:
            if term.module not in self.yml.head.modules:
                line = source.place((place, "module")).line
                self.faults.add(path, line, "unknown-module", f"{term.key}: the series has no module “{term.module}”")
            self._languages(path, source, (place, "term"), term.term)
            self._languages(path, source, (place, "definition"), term.definition)
            for language, text in term.definition.items():
                where = (place, "definition", language)
                TextCheck(path, self.known, DEFINITION, self.faults, lambda token, at=where: source.line_of(at, token.raw)).run(text)  # type: ignore[misc]

    def slots(self) -> list[tuple[str, str, str, str]]:
        """Return country, language, key and text of each filling of a slot, after noting what is wrong with it."""
        slots = []
        for path in sorted(self.files.content):
            if not (found := SLOT_FILE.fullmatch(path)):
                continue
            country, language, key = found.groups()
            if country not in countries():
                self.faults.add(path, 1, "unknown-country", f"“{country}” is no country code (ISO 3166-1 alpha-2)")
            if key not in SLOTS:
                self.faults.add(path, 1, "unknown-slot", f"“{key}” is none of {', '.join(sorted(SLOTS))}")
            if language not in self.yml.head.languages:
                self.faults.add(path, 1, "unknown-language", f"series.yml does not name the language “{language}”")
            if (text := self.files.text(path, self.faults)) is not None:
                TextCheck(path, self.known, SLOT, self.faults, lambda token: token.line).run(text)
                slots.append((country, language, key, text))
        return slots

    def unused(self, references: References, source: YamlSource, used: Iterable[Used]) -> None:
        """Note the sources that nobody cites."""
        cited = {key for one in used for key in one.citations}
        for place, entry in references:
            if entry.key not in cited:
                self.faults.warn("references.yml", source.place((place,)).line, "unused-reference", f"no module cites “{entry.key}”")
