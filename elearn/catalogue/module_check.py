"""The second pass over a module: what its files say of each other. Pure."""

from collections.abc import Iterator, Mapping

from elearn.catalogue.drafts import RESERVED, ModuleDraft, Page
from elearn.catalogue.faults import Faults
from elearn.catalogue.pictures import LARGEST_TOGETHER
from elearn.catalogue.schema import ModuleMd, SectionMd, TranslatedSectionMd
from elearn.catalogue.text_check import OVERVIEW, SECTION, Known, TextCheck, Used

AnySection = Page[SectionMd] | Page[TranslatedSectionMd]


def version_key(version: str) -> tuple[int, ...]:
    """Return a semantic version as something that sorts."""
    return tuple(int(part) for part in version.split("."))


class ModuleCheck:
    """Looks at one module; afterwards ``used`` says by file what its texts point at."""

    def __init__(self, draft: ModuleDraft, known: Known, faults: Faults) -> None:
        self.draft, self.known, self.faults = draft, known, faults
        self.yml, self.path, self.source = draft.yml.head, draft.yml.path, draft.yml.source
        self.used: dict[str, Used] = {}

    def run(self) -> None:
        """Note every fault within the module, save those of its questions."""
        self._check_yml()
        for language, about in self.draft.about.items():
            self._check_about(language, about)
            self._check_text(about, OVERVIEW)
        self._check_sections()
        for language, pages in self.draft.translated.items():
            self._check_translation(language, pages)
        self._check_references()
        self._check_pictures()

    def _at(self, *where: str | int) -> int:
        return self.source.place(where).line

    def _check_yml(self) -> None:
        add = self.faults.add
        number, slug = self.draft.folder[:2], self.draft.folder[3:]
        if self.yml.slug != slug:
            add(self.path, self._at("slug"), "slug", f"the folder says “{slug}”, the file “{self.yml.slug}”")
        if self.yml.number != int(number):
            add(self.path, self._at("number"), "number", f"the folder says {number}, the file {self.yml.number}")
        if self.yml.version not in self.yml.changes and not self.draft.yml.broken & {"version", "changes"}:
            add(self.path, self._at("version"), "no-release-note", f"“changes” says nothing of {self.yml.version}")
        newest = max(self.yml.changes, key=version_key)
        if "version" not in self.draft.yml.broken and version_key(newest) > version_key(self.yml.version):
            add(self.path, self._at("version"), "version", f"“changes” speaks of {newest}, which is newer than {self.yml.version}")
        self._check_lists()
        if self.yml.kind == "module" and not self.yml.outcomes and "outcomes" not in self.draft.yml.broken:
            add(self.path, self._at("outcomes"), "no-outcomes", "a module has learning outcomes")

    def _check_lists(self) -> None:
        add = self.faults.add
        for name in ("outcomes", "content_notes", "requires", "keywords", "disciplines"):
            keys = [getattr(entry, "id", entry) for entry in getattr(self.yml, name)]
            for place, key in enumerate(keys):
                if key in keys[:place]:
                    add(self.path, self._at(name, place), "duplicate-id", f"“{key}” stands twice")
        for place, slug in enumerate(self.yml.requires):
            if slug == self.known.slug or slug not in self.known.modules:
                add(self.path, self._at("requires", place), "unknown-module", f"the series has no other module “{slug}”")

    def _check_about(self, language: str, about: Page[ModuleMd]) -> None:
        for name, wanted in (("outcomes", [o.id for o in self.yml.outcomes]), ("content_notes", self.yml.content_notes)):
            if name in self.draft.yml.broken or name in about.broken:
                continue
            worded = getattr(about.head, name)
            line = about.source.place((name,)).line
            for key in (key for key in wanted if key not in worded):
                self.faults.add(about.path, line, "not-worded", f"{name}: the wording of “{key}” is missing")
            for key in (key for key in worded if key not in wanted):
                line = about.source.place((name, key)).line
                self.faults.add(about.path, line, "unknown-id", f"{name}: module.yml does not name “{key}”")
        self._check_version(language, about)

    def _check_version(self, language: str, about: Page[ModuleMd]) -> None:
        if "translates" in about.broken or "version" in self.draft.yml.broken:
            return
        version = about.head.translates
        line = about.source.place(("translates",)).line
        if language == self.draft.source_language:
            if version:
                self.faults.add(about.path, line, "unknown-key", "“translates” belongs to translations")
        elif version is None:
            self.faults.add(about.path, line, "missing-key", "“translates” is missing: the version this was made from")
        elif version not in self.yml.changes:
            self.faults.add(about.path, line, "unknown-version", f"module.yml knows no version {version}")
        elif version_key(version) < version_key(self.yml.version):
            message = f"made from {version}; the source is {self.yml.version}"
            # A patch puts something right: it does not wait for its translation, which falls back where it lacks something.
            only_patched = version_key(version)[:2] == version_key(self.yml.version)[:2]
            self.faults.add(about.path, line, "translation-outdated", message, severity="warning" if only_patched else "error")

    def _check_sections(self) -> None:
        outcomes = {outcome.id for outcome in self.yml.outcomes}
        taught: set[str] = set()
        keys = {page.key: page for page in self.draft.sections}
        former: dict[str, str] = {}
        for page in self.draft.sections:
            for place, outcome in enumerate(page.head.outcomes):
                if outcome not in outcomes and "outcomes" not in self.draft.yml.broken:
                    self._say(page, ("outcomes", place), "unknown-outcome", f"module.yml does not name the outcome “{outcome}”")
            taught.update(page.head.outcomes)
            for place, key in enumerate(page.head.formerly):
                if key in keys or key in former or key in RESERVED:
                    self._say(page, ("formerly", place), "taken-key", f"“{key}” is or was the key of another section")
                former[key] = page.key
            self._check_steps(page)
            self._check_section_text(page)
        if self.yml.kind == "module" and not any(page.broken for page in self.draft.sections):
            for place, entry in enumerate(self.yml.outcomes):
                if entry.id not in taught:
                    self.faults.add(self.path, self._at("outcomes", place), "outcome-not-taught", f"no section teaches “{entry.id}”")

    def _say(self, page: AnySection, where: tuple[str | int, ...], code: str, message: str) -> None:
        self.faults.add(page.path, page.source.place(where).line, code, message)

    def _check_steps(self, page: Page[SectionMd]) -> None:
        steps = page.head.steps
        if not page.broken and (page.head.kind == "class-structure") != bool(steps):
            self._say(page, ("steps",), "steps", "a class-structure has steps, and no other section has")
        keys = [step.key for step in steps]
        for place, key in enumerate(keys):
            if key in keys[:place]:
                self._say(page, ("steps", place, "key"), "duplicate-id", f"the step “{key}” stands twice")

    def _check_section_text(self, page: AnySection) -> None:
        used = self._check_text(page, SECTION)
        for name in page.head.descriptions:
            if name not in used.pictures:
                self._say(page, ("descriptions", name), "unknown-picture", f"this section shows no picture “{name}”")
        weight = sum(self.draft.pictures[name].weight for name in used.pictures if name in self.draft.pictures)
        if weight > LARGEST_TOGETHER:
            message = f"the pictures of this section weigh {weight / 1024:.1f} KB together; at most {LARGEST_TOGETHER // 1024} KB"
            self.faults.add(page.path, min(used.pictures.values()), "heavy-pictures", message)
        kind = getattr(page.head, "kind", "")
        if not page.body.strip() and not page.broken and kind not in {"", "references", "class-structure"}:
            self.faults.add(page.path, page.first_line, "empty-section", "this section has no text")

    def _check_text(self, page: AnySection | Page[ModuleMd], allowed: object) -> Used:
        check = TextCheck(page.path, self.known, allowed, self.faults, lambda token: page.first_line + token.line - 1)  # type: ignore[arg-type]
        self.used[page.path] = check.run(page.body)
        return self.used[page.path]

    def _check_translation(self, language: str, pages: list[Page[TranslatedSectionMd]]) -> None:
        sources = {(page.number, page.key): page for page in self.draft.sections}
        for page in pages:
            source = sources.get((page.number, page.key))
            if source is None:
                self.faults.add(page.path, 1, "no-source", f"{self.draft.source_language} has no section of this name to translate")
                continue
            wanted = {step.key for step in source.head.steps}
            for place, step in enumerate(page.head.steps):
                if step.key not in wanted:
                    self._say(page, ("steps", place, "key"), "unknown-id", f"the source has no step “{step.key}”")
            self._check_section_text(page)
        if pages and language not in self.draft.about and f"{self.draft.folder}/{language}/module.md" not in {f.path for f in self.faults}:
            self.faults.add(pages[0].path, 1, "missing-file", "a translation has a module.md")

    def _check_references(self) -> None:
        lists = [page for page in self.draft.sections if page.head.kind == "references"]
        for page in lists[1:]:
            self._say(page, ("kind",), "two-references-sections", f"the references already stand in {lists[0].key}")
        if not lists:
            for path, line in self._cited():
                self.faults.add(path, line, "no-references-section", "a module that cites has a section of kind references")
                return

    def _cited(self) -> Iterator[tuple[str, int]]:
        for path, used in sorted(self.used.items()):
            for line in sorted(used.citations.values()):
                yield path, line

    def _check_pictures(self) -> None:
        shown = {name for used in self.used.values() for name in used.pictures}
        for name in sorted(set(self.draft.pictures) - shown):
            self.faults.warn(f"{self.draft.folder}/media/{name}", 1, "unused-picture", "no section shows this picture")


def check_requirements(drafts: Mapping[str, ModuleDraft], faults: Faults) -> None:
    """Note each module that in the end requires itself."""
    for slug, draft in drafts.items():
        reached: set[str] = set()
        ahead = list(draft.yml.head.requires)
        while ahead:
            if (required := ahead.pop()) in reached or required not in drafts:
                continue
            reached.add(required)
            ahead += drafts[required].yml.head.requires
        if slug in reached and slug not in draft.yml.head.requires:
            faults.add(
                draft.yml.path, draft.yml.source.place(("requires",)).line, "requires-cycle", "what this module requires requires it"
            )
