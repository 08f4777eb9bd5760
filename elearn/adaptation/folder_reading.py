"""A course's folder that somebody sends: opened with care, and read as the compiler reads the series. Pure; done apart, within bounds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from elearn.adaptation.course_folder import COURSE_FILE
from elearn.archives import BadArchive, Limits, opened
from elearn.catalogue.content_files import ContentFiles
from elearn.catalogue.drafts import ModuleDraft, Page, module_folders, read_module
from elearn.catalogue.faults import Fault, Faults
from elearn.catalogue.quiz_reader import QuizReader
from elearn.catalogue.schema import SectionMd
from elearn.catalogue.text_check import SECTION, Known, TextCheck
from elearn.catalogue.yaml_source import load_yaml

LIMITS = Limits(packed=20 * 1024 * 1024, largest=6 * 1024 * 1024, whole=60 * 1024 * 1024, files=3000)
_HIDDEN = re.compile(r"(^|/)(\.|__MACOSX(/|$)|Thumbs\.db$|desktop\.ini$)")
_TEXT = re.compile(r"\.(md|yml)$")
#: What else may be wrong with a quiz, and is the course's own business.
_NOT_HERE = frozenset({"outcome-not-assessed"})


class _Module(BaseModel):
    model_config = ConfigDict(extra="forbid")
    changes: int
    base: dict[str, int]


class CourseYml(BaseModel):
    """``course.yml``."""

    model_config = ConfigDict(extra="forbid")
    course: int
    title: str
    language: str
    made: str
    modules: dict[str, _Module]


@dataclass(frozen=True)
class ReadSection:
    """A section as its file has it."""

    key: str
    head: Mapping[str, Any]
    markdown: str
    path: str
    #: The line of the file on which the text begins.
    first_line: int
    formerly: tuple[str, ...]
    #: What is wrong with its text.
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class ReadModule:
    """A module as its folder has it."""

    slug: str
    folder: str
    title: str
    summary: str
    sections: tuple[ReadSection, ...]
    #: The rules of its quiz, and its questions by id, as they are written.
    quiz: Mapping[str, Any] | None
    items: Mapping[str, Mapping[str, Any]]
    #: What a course does not change: the bytes of ``module.yml``, and the rest of ``module.md``.
    fixed: Mapping[str, Any]
    pictures: tuple[str, ...]
    quiz_path: str = ""

    def section(self, key: str) -> ReadSection | None:
        """Return the section with this key."""
        return next((section for section in self.sections if section.key == key), None)


@dataclass(frozen=True)
class ReadFolder:
    """What came of reading a folder."""

    course: CourseYml
    modules: Mapping[str, ReadModule]
    faults: tuple[Fault, ...]
    #: Files that mean nothing here.
    others: tuple[str, ...]
    #: Modules that were not read: every text of them is as it would be made now.
    same: frozenset[str]


def files_in(content: bytes) -> dict[str, bytes]:
    """Return the files of a course's folder that was sent as a zip file; raise BadArchive where it is none, or not harmless."""
    files, _others = opened(content, LIMITS, lambda name: not _HIDDEN.search(name))
    roots = [name.removesuffix(COURSE_FILE) for name in files if name == COURSE_FILE or name.endswith("/" + COURSE_FILE)]
    if len(roots) != 1:
        raise BadArchive("no-course-file")
    # Who packs the folder rather than what is in it gets a folder around it.
    return {name.removeprefix(roots[0]): each for name, each in files.items() if name.startswith(roots[0])}


def read_folder(content: Mapping[str, bytes], known: Mapping[str, Known], same: frozenset[str] = frozenset()) -> ReadFolder:
    """Return what stands in a course's folder; raise BadArchive where it cannot be made out which course it is of.

    ``known``: by slug, what the texts of each module of the course may point at.
    """
    files = ContentFiles({name: _without_mark(name, each) for name, each in content.items()})
    course, faults = _course(files), Faults()
    folders = module_folders(files)
    wanted = {slug: folder for slug, folder in folders.items() if slug in known and slug not in same}
    read = {slug: read_one(folder, files, course.language, known[slug], faults) for slug, folder in wanted.items()}
    modules = {slug: module for slug, module in read.items() if module}
    inside = tuple(f"{folder}/" for folder in folders.values())
    others = sorted(name for name in files.content if name != COURSE_FILE and not name.startswith(inside))
    return ReadFolder(course, modules, tuple(faults), tuple(others[:20]), same & folders.keys())


def _without_mark(name: str, content: bytes) -> bytes:
    """Return a text without the mark that some editors put before it."""
    return content.removeprefix(b"\xef\xbb\xbf") if _TEXT.search(name) else content


def _course(files: ContentFiles) -> CourseYml:
    text = files.text(COURSE_FILE, Faults())
    source = load_yaml(text, COURSE_FILE, Faults()) if text is not None else None
    try:
        return CourseYml.model_validate(source.value if source else None)
    except ValidationError:
        raise BadArchive("bad-course-file") from None


def read_one(folder: str, files: ContentFiles, language: str, known: Known, faults: Faults) -> ReadModule | None:
    """Return what stands in one module's folder, with its faults noted; None where the page on the module cannot be read."""
    found = Faults()
    draft = read_module(folder, ContentFiles(_read_here(files, folder, language)), [language], found)
    if draft is not None:
        keys = known.sections | draft.keys
        known = replace(known, modules={**known.modules, known.slug: keys})
        QuizReader(draft, known, found).run()
    for fault in found:
        if fault.code not in _NOT_HERE:
            faults.add(fault.path, fault.line, fault.code, fault.message, column=fault.column, severity=fault.severity)
    if draft is None or language not in draft.about:
        return None
    return _read_module(draft, files, language, known)


def _read_here(files: ContentFiles, folder: str, language: str) -> dict[str, bytes]:
    """Return the files of a module that are read: its texts in the course's language; pictures are no text."""
    wanted = (f"{folder}/module.yml", f"{folder}/{language}/")
    return {name: content for name, content in files.content.items() if name.startswith(wanted)}


def _read_module(draft: ModuleDraft, files: ContentFiles, language: str, known: Known) -> ReadModule:
    about, quiz = draft.about[language], draft.quiz
    rules = quiz.head.model_dump(exclude={"items"}) if quiz else None
    items = [item for item in (quiz.head.items if quiz else ()) if isinstance(item, dict) and isinstance(item.get("id"), str)]
    rest = about.head.model_dump(exclude={"title", "summary"}) | {"text": about.body.strip()}
    media = f"{draft.folder}/media/"
    return ReadModule(
        draft.folder[3:],
        draft.folder,
        about.head.title,
        about.head.summary.strip(),
        tuple(_section(page, known) for page in draft.sections),
        rules,
        {item["id"]: item for item in items},
        {"module.yml": draft.yml.head.model_dump(mode="json"), "module.md": rest},
        tuple(sorted(name.removeprefix(media) for name in files.content if name.startswith(media))),
        f"{draft.folder}/{language}/quiz.yml",
    )


def _section(page: Page[SectionMd], known: Known) -> ReadSection:
    head = page.head.model_dump(exclude={"formerly"})
    head["steps"] = [{**step, "text": step["text"] or ""} for step in head["steps"]]
    faults = Faults()
    TextCheck(page.path, known, SECTION, faults, lambda token: token.line + page.first_line - 1).run(page.body)
    return ReadSection(page.key, head, page.body, page.path, page.first_line, tuple(page.head.formerly), faults.errors)


def read_both(sent: bytes, made: Mapping[str, bytes], known: Mapping[str, Known]) -> tuple[ReadFolder, ReadFolder] | BadArchive:
    """Return what stands in the folder that was sent, and in the one that would be made now; or why the former is refused."""
    try:
        files = files_in(sent)
        folders = module_folders(ContentFiles(dict(made)))
        # Most people change one module of many.
        same = frozenset(slug for slug, folder in folders.items() if _texts(files, folder) == _texts(made, folder))
        return read_folder(files, known, same), read_folder(made, known, same)
    except BadArchive as bad:
        return bad


def _texts(files: Mapping[str, bytes], folder: str) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if name.startswith(f"{folder}/") and "/media/" not in name}
