"""Reads a content folder as a compiler reads source code: all faults in one run, each at its line. Pure."""

from pathlib import Path

from elearn.catalogue import assembly, bibliography
from elearn.catalogue.content_files import ContentFiles, read_files
from elearn.catalogue.drafts import Data, ModuleDraft, module_folders, read_entries, read_module, read_series_yml
from elearn.catalogue.faults import Faults
from elearn.catalogue.module_check import ModuleCheck, check_requirements
from elearn.catalogue.quiz_reader import QuizReader
from elearn.catalogue.reading import Reading, Series
from elearn.catalogue.schema import ReferenceEntry, SeriesFile, TermEntry
from elearn.catalogue.series_check import SeriesCheck
from elearn.catalogue.text_check import Known, Used


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


class _SeriesReader:
    def __init__(self, files: ContentFiles, faults: Faults) -> None:
        self.files, self.faults = files, faults
        self.used: dict[str, Used] = {}

    def run(self) -> Series | None:
        yml = read_series_yml(self.files, self.faults)
        terms, term_source = read_entries("glossary.yml", TermEntry, self.files, self.faults)
        references, reference_source = read_entries("references.yml", ReferenceEntry, self.files, self.faults)
        folders = self._folders(yml)
        read = {slug: read_module(folder, self.files, yml.head.languages, self.faults) for slug, folder in folders.items()}
        drafts = {slug: draft for slug, draft in read.items() if draft}
        known = Known(
            frozenset(entry.key for _, entry in references),
            frozenset(entry.key for _, entry in terms),
            {slug: drafts[slug].keys if slug in drafts else frozenset() for slug in folders},
        )
        check = SeriesCheck(yml, self.files, known, self.faults)
        if not yml.broken:
            check.series(drafts)
        check.terms(terms, term_source)
        slots = check.slots()
        modules = [self._module(slug, draft, known) for slug, draft in drafts.items()]
        check_requirements(drafts, self.faults)
        check.unused(references, reference_source, self.used.values())
        if yml.broken:
            return None
        lettered = bibliography.lettered([entry for _, entry in references])
        return assembly.Assembly(self.files, yml.head, [entry for _, entry in terms], lettered, self.used).series(modules, slots)

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
