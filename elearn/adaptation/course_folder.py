"""A course as a folder of Markdown, in the format of the series: to be changed in one's own editor, and sent back. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from elearn.adaptation.texts import HEAD_FIELDS, ModuleSource, SectionSource
from elearn.catalogue.faults import Faults
from elearn.catalogue.yaml_source import load_yaml
from elearn.catalogue.yaml_write import dumped

COURSE_FILE = "course.yml"
_FIRST_LINES = "# Says what this folder was made from, so that your changes are recognised. Please leave this file as it is.\n"
#: What of a quiz is in its file and may be a course's own.
QUIZ_RULES = ("title", "pass_mark", "attempts", "draw", "grading", "feedback", "penalty", "minutes")
_NUMBERS = 100


@dataclass(frozen=True)
class CourseHead:
    """Which course a folder is of, and from which state of it."""

    course_id: int
    title: str
    language: str
    #: When the course was made: another course of this number, on another server, was made at another moment.
    made_at: str
    #: By slug of a module: the number of its changes, and the text that they are laid over.
    modules: Mapping[str, Mapping[str, Any]]

    def as_file(self) -> str:
        """Return the file that says so."""
        told = {"course": self.course_id, "title": self.title, "language": self.language, "made": self.made_at}
        return _FIRST_LINES + dumped({**told, "modules": {slug: dict(each) for slug, each in self.modules.items()}})


@dataclass(frozen=True)
class FolderModule:
    """What a module's folder is made of."""

    #: ``01-introduction-to-cybercrime``.
    folder: str
    source: ModuleSource
    #: ``module.yml``, the language's ``module.md`` and ``quiz.yml``, as the series has them, by their paths in the module's folder.
    files: Mapping[str, bytes]
    #: Pictures by name.
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def folder_of(head: CourseHead, modules: Sequence[FolderModule]) -> dict[str, bytes]:
    """Return the files of the course's folder by path."""
    files = {COURSE_FILE: head.as_file().encode()}
    for module in modules:
        inside = module_files(module, head.language)
        files |= {f"{module.folder}/{path}": content for path, content in inside.items()}
    return files


def module_files(module: FolderModule, language: str) -> dict[str, bytes]:
    """Return the files of a module by their paths in its folder."""
    files = {"module.yml": module.files["module.yml"]} if "module.yml" in module.files else {}
    files[f"{language}/module.md"] = _about(module, module.files.get(f"{language}/module.md", b"")).encode()
    numbers = _numbers(len(module.source.sections))
    for number, section in zip(numbers, module.source.sections, strict=True):
        files[f"{language}/{number:02}-{section.key}.md"] = _page(section).encode()
    quiz = module.files.get(f"{language}/quiz.yml", b"").decode()
    if quiz and module.source.items:
        files[f"{language}/quiz.yml"] = _quiz(module.source, quiz).encode()
    return files | {f"media/{name}": content for name, content in sorted(module.pictures.items())}


def fits(sections: int) -> bool:
    """Return whether there are numbers for so many files."""
    return sections < _NUMBERS


def _numbers(count: int) -> range:
    """Return numbers with room between them for files of one's own."""
    step = max(1, min(10, (_NUMBERS - 1) // max(count, 1)))
    return range(step, step * (count + 1), step)


def _about(module: FolderModule, written: bytes) -> str:
    """Return the page on the module: the series' own, with the course's title and summary."""
    head, body = front_matter(written.decode())
    own = {"title": module.source.title, "summary": module.source.summary}
    if {name: head.get(name) for name in own} == own:
        return written.decode()
    return f"---\n{dumped({**head, **own})}---\n{body}"


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Return the head of a Markdown file as values, and its text."""
    parts = text.replace("\r\n", "\n").split("---\n", 2)
    source = load_yaml(parts[1], "", Faults()) if len(parts) > 2 and not parts[0] else None  # noqa: PLR2004 (nothing, head, text)
    head = source.value if source else None
    return (head, parts[2]) if isinstance(head, dict) else ({}, text)


def _page(section: SectionSource) -> str:
    head = {name: section.head[name] for name in HEAD_FIELDS if section.head.get(name) not in (None, {}, []) or name == "outcomes"}
    if "steps" in head:
        head["steps"] = [{name: value for name, value in step.items() if value not in ("", None)} for step in head["steps"]]
    return f"---\n{dumped(head)}---\n{section.markdown}"


def _quiz(source: ModuleSource, written: str) -> str:
    """Return the quiz as the course asks it: its questions as values, written anew."""
    found = load_yaml(written, "", Faults())
    series = found.value if found and isinstance(found.value, dict) else {}
    head = {name: value for name, value in series.items() if name != "items"}
    rules = source.quiz or {}
    head |= {name: rules[name] for name in QUIZ_RULES if name in rules and rules[name] is not None}
    there = {item["id"]: item for item in series.get("items", ()) if isinstance(item, dict) and "id" in item}
    # The course's own text of a question, else the series'.
    items = [value_of(item.source) if item.source else there.get(item.key) for item in source.items]
    return dumped({**head, "items": [item for item in items if item is not None]})


def value_of(text: str) -> dict[str, Any] | None:
    """Return the one question that stands in a text; None where none does."""
    lines = text.replace("\r\n", "\n").strip("\n").split("\n")
    second = next((line for line in lines[1:] if line.strip()), "")
    indent = len(second) - len(second.lstrip()) - 2
    # The lines were cut out of a file: the first may have lost the blanks that the others have.
    lines[0] = " " * max(indent, 0) + lines[0].lstrip() if second.startswith(" ") else lines[0].lstrip()
    source = load_yaml("\n".join(lines) + "\n", "", Faults())
    value = source.value if source else None
    found = value[0] if isinstance(value, list) and len(value) == 1 else value
    return found if isinstance(found, dict) else None
