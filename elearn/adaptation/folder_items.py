"""Questions of a course as they are written in a folder, made into what attempts ask. Pure; done apart, within bounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elearn.catalogue.content_files import ContentFiles
from elearn.catalogue.drafts import read_yaml
from elearn.catalogue.faults import Faults
from elearn.catalogue.reader import read_content
from elearn.catalogue.reading import Item
from elearn.catalogue.schema import SeriesFile
from elearn.catalogue.yaml_source import load_yaml
from elearn.catalogue.yaml_write import dumped


@dataclass(frozen=True)
class MadeItem:
    """A question, with all that its type needs to show, grade and explain it."""

    key: str
    type: str
    points: int
    outcome: str
    bloom: str
    tags: tuple[str, ...]
    definition: Mapping[str, Any]
    digest: str

    def as_read(self) -> Item:
        """Return the same as the compiler gives it."""
        html = self.definition["html"]
        written = {name: value for name, value in self.definition.items() if name != "html"}
        return Item(
            self.key, self.type, self.points, self.outcome, self.bloom, self.tags, written, self.digest, 0, lambda: html
        )  # fmt: skip


def made_items(files: Mapping[str, bytes], folder: str, values: Sequence[Mapping[str, Any]]) -> tuple[MadeItem, ...]:
    """Return these questions as the module in ``folder`` would ask them; ``files`` are the series' own of it and of the whole."""
    content = ContentFiles(dict(files))
    series = read_yaml("series.yml", SeriesFile, content, Faults())
    language = series.head.languages[0] if series else "en"
    path = f"{folder}/{language}/quiz.yml"
    written = load_yaml(content.content[path].decode(), path, Faults())
    head = {name: value for name, value in (written.value if written else {}).items() if name not in {"items", "draw"}}
    quiz = dumped({**head, "items": [dict(value) for value in values]})
    here = {
        name: each for name, each in files.items()
        if "/" not in name or name.startswith((f"{folder}/module.yml", f"{folder}/{language}/"))
    }  # fmt: skip
    reading = read_content({**here, path: quiz.encode()})
    modules = reading.series.modules if reading.series else ()
    found = next((module.quiz.items for module in modules if module.folder == folder and module.quiz), ())
    return tuple(
        MadeItem(item.key, item.type, item.points, item.outcome, item.bloom, item.tags, item.definition, item.digest) for item in found
    )


def source_of(value: Mapping[str, Any], depth: int) -> str:
    """Return a question as it is written, its lines standing as deep as those of its quiz file."""
    lines = dumped([dict(value)]).rstrip("\n").split("\n")
    return "\n".join(" " * depth + line if line else line for line in lines)
