"""YAML as authors may write it: strings, numbers, true and false, lists and maps, each with the line it stands on. Pure.

Narrower than YAML 1.1 on purpose: ``yes``, ``no`` and dates are strings, numbers are exact, and there are no anchors and no tags.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from elearn.catalogue.faults import Faults

Where = tuple[str | int, ...]


class _Loader(yaml.SafeLoader):
    """Composes nodes only; what is a number or a truth value is decided by the few rules below."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, Any]]] = {}  # noqa: RUF012 (the library's name)


_STRING = "tag:yaml.org,2002:str"
_NUMBERS = "-0123456789"
for tag, pattern, first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", _NUMBERS),
    ("float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", _NUMBERS),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


@dataclass(frozen=True)
class Place:
    """Where a value stands: the line of its key (or of itself in a list), and the last line of its text."""

    line: int
    last: int
    column: int


@dataclass
class YamlSource:
    """A YAML text as Python values, with the place of each by its path."""

    value: Any = None
    places: dict[Where, Place] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    first_line: int = 1

    def place(self, where: Where) -> Place:
        """Return the place of the value at ``where``, or of the nearest one that holds it.

        Parts that name no value are passed over: pydantic puts the name of a chosen type among them.
        """
        found: Where = ()
        for part in where:
            if (*found, part) in self.places:
                found = (*found, part)
        return self.places.get(found, Place(self.first_line, self.first_line, 1))

    def line_of(self, where: Where, needle: str) -> int:
        """Return the line on which ``needle`` stands within the value at ``where``, else where the value begins."""
        place = self.place(where)
        first = needle.strip().split("\n", 1)[0]
        for line in range(place.line, place.last + 1):
            if first in self.lines[line - self.first_line]:
                return line
        return place.line


def load_yaml(text: str, path: str, faults: Faults, *, first_line: int = 1) -> YamlSource | None:
    """Return what ``text`` says; None, and a fault, where it is no YAML."""
    source = YamlSource(lines=text.split("\n"), first_line=first_line)
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        faults.add(path, first_line + (mark.line if mark else 0), "yaml", (error.problem or "cannot be read").replace("\n", " "))
        return None
    except RecursionError:
        faults.add(path, first_line, "yaml", "nested too deeply")
        return None
    if node is not None:
        source.places[()] = _place(node, node, first_line)
        source.value = _Reading(source, path, faults).value(node, ())
    return source


def _place(key: yaml.Node, value: yaml.Node, first_line: int) -> Place:
    end = value.end_mark
    last = end.line - 1 if end.column == 0 and end.line > key.start_mark.line else end.line
    return Place(first_line + key.start_mark.line, first_line + last, key.start_mark.column + 1)


class _Reading:
    """Makes values of nodes and notes their places."""

    def __init__(self, source: YamlSource, path: str, faults: Faults) -> None:
        self.source, self.path, self.faults = source, path, faults
        self.seen: set[int] = set()

    def value(self, node: yaml.Node, where: Where) -> Any:
        if id(node) in self.seen:
            self._fault(node, "yaml-alias", "an alias repeats a value; write it out")
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._map(node, where)
        if isinstance(node, yaml.SequenceNode):
            return [self._child(child, child, (*where, number)) for number, child in enumerate(node.value)]
        return self._scalar(node)

    def _map(self, node: yaml.MappingNode, where: Where) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._fault(key, "yaml", "a key must be a single word or text")
                continue
            # A key is what is written, so that NO, 1.0 and true can be keys like any other.
            name = str(key.value)
            if name in result:
                self._fault(key, "duplicate-key", f"“{name}” stands twice in this map")
                continue
            result[name] = self._child(key, value, (*where, name))
        return result

    def _child(self, key: yaml.Node, value: yaml.Node, where: Where) -> Any:
        self.source.places[where] = _place(key, value, self.source.first_line)
        return self.value(value, where)

    def _scalar(self, node: yaml.Node) -> Any:
        text = str(node.value)
        match node.tag.removeprefix("tag:yaml.org,2002:"):
            case "str":
                return text
            case "bool":
                return text == "true"
            case "null":
                return None
            case "int":
                return int(text)
            case "float":
                return Decimal(text)
        self._fault(node, "yaml-tag", f"the tag {node.tag} is not known here")
        return None

    def _fault(self, node: yaml.Node, code: str, message: str) -> None:
        self.faults.add(self.path, self.source.first_line + node.start_mark.line, code, message, column=node.start_mark.column + 1)
