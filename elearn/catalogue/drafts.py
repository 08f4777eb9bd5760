"""The first pass: each file by itself, in its shape, not yet compared with the others. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from elearn.catalogue.content_files import MODULE_FOLDER, SECTION_FILE, ContentFiles
from elearn.catalogue.faults import Faults
from elearn.catalogue.pictures import read_picture
from elearn.catalogue.reading import Picture
from elearn.catalogue.schema import (
    ModuleMd,
    ModuleYml,
    QuizFile,
    SectionMd,
    SeriesFile,
    TranslatedQuizFile,
    TranslatedSectionMd,
    salvage,
    take,
)
from elearn.catalogue.yaml_source import YamlSource, load_yaml

RESERVED = frozenset({"changes", "guide", "planner", "quiz", "print"})
Head = TypeVar("Head", bound=BaseModel)


@dataclass
class Page(Generic[Head]):
    """A Markdown file with its head."""

    path: str
    head: Head
    source: YamlSource
    body: str
    first_line: int
    #: What of the head could not be used; its faults are noted.
    broken: frozenset[str] = frozenset()

    @property
    def number(self) -> str:
        """The digits before the key."""
        return PurePosixPath(self.path).name[:2]

    @property
    def key(self) -> str:
        """The name of the file without number and suffix."""
        return PurePosixPath(self.path).name[3:-3]


@dataclass
class Data(Generic[Head]):
    """A YAML file in its shape."""

    path: str
    head: Head
    source: YamlSource
    #: What of it could not be used; its faults are noted.
    broken: frozenset[str] = frozenset()


@dataclass
class ModuleDraft:
    """The files of a module, each in its shape."""

    folder: str
    yml: Data[ModuleYml]
    source_language: str
    about: dict[str, Page[ModuleMd]] = field(default_factory=dict)
    sections: list[Page[SectionMd]] = field(default_factory=list)
    translated: dict[str, list[Page[TranslatedSectionMd]]] = field(default_factory=dict)
    quiz: Data[QuizFile] | None = None
    translated_quizzes: dict[str, Data[TranslatedQuizFile]] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    #: Keys that a section has or had.
    keys: frozenset[str] = frozenset()


Shape = TypeVar("Shape", bound=BaseModel)


#: What stands for a part of a head that could not be used, so that the rest can be looked at.
_FILLING = {
    "title": "?", "summary": "?", "kind": "module", "audience": "everyone", "minutes": 1, "version": "0.0.0", "changes": {"0.0.0": "?"},
    "level": "university", "hours": 1, "authors": ["?"], "licence": "unknown", "pass_mark": 0, "attempts": 0, "key": "unknown",
}  # fmt: skip


def read_yaml(path: str, shape: type[Shape], files: ContentFiles, faults: Faults, **filling: Any) -> Data[Shape] | None:
    """Return a YAML file in its shape, or as much of it as can be used; None where there is no text."""
    text = files.text(path, faults)
    if text is None:
        return None
    head, source, broken = _head(shape, text, path, faults, 1, filling)
    return Data(path, head, source, broken)


def _head(
    shape: type[Shape], text: str, path: str, faults: Faults, first_line: int, filling: dict[str, Any],
) -> tuple[Shape, YamlSource, frozenset[str]]:  # fmt: skip
    source = load_yaml(text, path, faults, first_line=first_line)
    head = source and take(shape, source, path, faults)
    if source and head:
        return head, source, frozenset()
    source = source or YamlSource(lines=text.split("\n"), first_line=first_line)
    kept, broken = salvage(shape, source.value, _FILLING | filling)
    return kept, source, broken


def read_entries(path: str, shape: type[Shape], files: ContentFiles, faults: Faults) -> tuple[list[tuple[int, Shape]], YamlSource]:
    """Return the entries of a list with their places in it; a file that is not there has none."""
    text = files.text(path, faults) if path in files.content else None
    source = (load_yaml(text, path, faults) if text is not None else None) or YamlSource()
    if source.value is None:
        return [], source
    if not isinstance(source.value, list):
        faults.add(path, 1, "wrong-type", "this file is a list, each entry beginning with “- key:”")
        return [], source
    keys = Counter[str]()
    for place, entry in enumerate(source.value):
        key = str(entry.get("key")) if isinstance(entry, dict) else ""
        keys[key] += 1
        if key and keys[key] > 1:
            faults.add(path, source.place((place, "key")).line, "duplicate-key", f"“{key}” stands twice in this file")
    found = [(place, take(shape, source, path, faults, (place,))) for place in range(len(source.value))]
    return [(place, entry) for place, entry in found if entry is not None], source


def read_series_yml(files: ContentFiles, faults: Faults) -> Data[SeriesFile]:
    """Return series.yml; where it cannot be used, a series of every module that is there, so that the faults of the rest show."""
    languages = sorted({parts[1] for path in files.content if len(parts := path.split("/")) == 3} - {"media"})  # noqa: PLR2004
    languages = ["en", *(x for x in languages if x != "en")] if "en" in languages or not languages else languages
    filling = {
        "title": {},
        "description": {},
        "publisher": "?",
        "languages": languages,
        "modules": list(module_folders(files)) or ["none"],
    }
    yml = read_yaml("series.yml", SeriesFile, files, faults, **filling)
    return yml or Data(
        "series.yml",
        salvage(SeriesFile, {}, filling | {"key": "x", "version": "0.0.0", "licence": "unknown"})[0],
        YamlSource(),
        frozenset({"key"}),
    )


def read_page(path: str, shape: type[Shape], files: ContentFiles, faults: Faults) -> Page[Shape] | None:
    """Return a Markdown file with its head in its shape, or as much of that as can be used; None where there is no text or no head."""
    text = files.text(path, faults)
    if text is None:
        return None
    lines = text.split("\n")
    ends = [number for number, line in enumerate(lines) if number and line.rstrip() == "---"]
    if lines[0].rstrip() != "---" or not ends:
        faults.add(path, 1, "no-front-matter", "the file begins with a head between two lines of ---")
        return None
    kind = {"kind": "key-issue"} if shape is SectionMd else {}
    head, source, broken = _head(shape, "\n".join(lines[1 : ends[0]]) + "\n", path, faults, 2, kind)
    return Page(path, head, source, "\n".join(lines[ends[0] + 1 :]), ends[0] + 2, broken)


def read_module(folder: str, files: ContentFiles, languages: list[str], faults: Faults) -> ModuleDraft | None:
    """Return what stands in a module's folder; None where it has no module.yml, after looking at the rest all the same."""
    yml = read_yaml(f"{folder}/module.yml", ModuleYml, files, faults, slug=folder[3:], number=int(folder[:2]))
    inside = files.under(f"{folder}/")
    pictures = [read_picture(f"{folder}/{name}", content, faults) for name, content in inside.items() if name.startswith("media/")]
    found = sorted({name.split("/")[0] for name in inside if "/" in name} - {"media"})
    sections = _pages(f"{folder}/{languages[0]}/", SectionMd, files, faults)
    for language in found:
        if language not in languages:
            faults.add(f"{folder}/{language}/module.md", 1, "unknown-language", f"series.yml does not name the language “{language}”")
    found = [language for language in found if language in languages]
    about = {
        language: read_page(f"{folder}/{language}/module.md", ModuleMd, files, faults) for language in dict.fromkeys([languages[0], *found])
    }
    translated = {x: _pages(f"{folder}/{x}/", TranslatedSectionMd, files, faults) for x in found if x != languages[0]}
    quizzes = {x: f"{folder}/{x}/quiz.yml" for x in found if f"{x}/quiz.yml" in inside}
    quiz = read_yaml(quizzes[languages[0]], QuizFile, files, faults, items=[{}]) if languages[0] in quizzes else None
    worded = {x: read_yaml(path, TranslatedQuizFile, files, faults, items=[]) for x, path in quizzes.items() if x != languages[0]}
    if yml is None:
        return None
    return ModuleDraft(
        folder,
        yml,
        languages[0],
        _present(about),
        sections,
        translated,
        quiz,
        _present(worded),
        {picture.name: picture for picture in pictures if picture},
        _keys(files, f"{folder}/{languages[0]}/", sections),
    )


Thing = TypeVar("Thing")


def _present(found: Mapping[str, Thing | None]) -> dict[str, Thing]:
    return {language: thing for language, thing in found.items() if thing is not None}


def _pages(prefix: str, shape: type[Shape], files: ContentFiles, faults: Faults) -> list[Page[Shape]]:
    pages = []
    seen: dict[str, str] = {}
    for name in sorted(files.under(prefix)):
        if not (found := SECTION_FILE.fullmatch(name)):
            continue
        path = prefix + name
        if found[2] in RESERVED:
            faults.add(path, 1, "reserved-key", f"“{found[2]}” is reserved and cannot be the key of a section")
        if len(found[2]) > 80:  # noqa: PLR2004 (as the guide says)
            faults.add(path, 1, "long-key", "a key has at most 80 characters")
        for what in (found[1], found[2]):
            if other := seen.get(what):
                code = "duplicate-number" if what == found[1] else "duplicate-section"
                faults.add(path, 1, code, f"“{what}” is taken by {other}")
            seen[what] = name
        if page := read_page(path, shape, files, faults):
            pages.append(page)
    return pages


def _keys(files: ContentFiles, prefix: str, sections: list[Page[SectionMd]]) -> frozenset[str]:
    names = (SECTION_FILE.fullmatch(name) for name in files.under(prefix))
    return frozenset(found[2] for found in names if found) | {key for page in sections for key in page.head.formerly}


def module_folders(files: ContentFiles) -> dict[str, str]:
    """Return the folder of each slug; where two folders claim a slug, the first."""
    folders: dict[str, str] = {}
    for name in sorted({path.split("/")[0] for path in files.content if "/" in path}):
        if found := MODULE_FOLDER.fullmatch(name):
            folders.setdefault(found[2], name)
    return folders
