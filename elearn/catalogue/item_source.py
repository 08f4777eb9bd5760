"""One question of a ``quiz.yml`` as its author wrote it: cut out, and put back so that the rest stays as it is, byte for byte. Pure."""

import json
import re
from dataclasses import dataclass
from typing import Any

import yaml

from elearn.catalogue.faults import Faults
from elearn.catalogue.module_check import version_key
from elearn.catalogue.yaml_source import YamlSource, load_yaml

#: Ten times as fast where libyaml is there. It says the same of what the other one has read before.
_QUICK = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DASH = re.compile(r"[ \t]*-[ \t]+")


@dataclass(frozen=True)
class ItemText:
    """The lines of one question, with the place at which they stand in their file."""

    text: str
    #: The question's place in the quiz, from 0.
    place: int
    #: The line of the file on which it begins, from 1.
    line: int
    start: int
    end: int

    @property
    def last_line(self) -> int:
        """The line of the file on which it ends."""
        return self.line + self.text.count("\n")


def item_text(quiz: str, key: str) -> ItemText | None:
    """Return the question ``key`` of a quiz file; None where it has none, or cannot be read."""
    for place, node in enumerate(_nodes(quiz, "items")):
        if isinstance(node, yaml.MappingNode) and _scalar(node, "id") == key:
            return _cut(quiz, place, node)
    return None


def item_texts(quiz: str) -> dict[str, str]:
    """Return the text of every question of a published quiz file, by key; the file is read once, and quickly."""
    found: dict[str, str] = {}
    for place, node in enumerate(_nodes(quiz, "items", _QUICK)):
        if isinstance(node, yaml.MappingNode) and (key := _scalar(node, "id")):
            found.setdefault(key, _cut(quiz, place, node).text)
    return found


def with_item(quiz: str, there: ItemText, text: str) -> str:
    """Return the quiz file with ``text`` in the place of the question that is ``there``; all else is as it was."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip().split("\n")
    ends = "\r\n" if "\r\n" in quiz else "\n"
    # A form loses the blanks before the first line easily: they are what the dash of every question stands behind.
    first = lines[0].lstrip()
    lines[0] = there.text[: len(there.text) - len(there.text.lstrip())] + first if first.startswith("-") else lines[0]
    return quiz[: there.start] + ends.join(lines) + quiz[there.end :]


def with_new_item(quiz: str, text: str) -> tuple[str, ItemText]:
    """Return the quiz file with one question more behind its last one, and where that stands; the lines are as many as in ``text``."""
    places = _nodes(quiz, "items")
    last = _cut(quiz, len(places) - 1, places[-1])  # type: ignore[arg-type]  # A published quiz has questions, each a map.
    depth = len(last.text) - len(last.text.lstrip())
    lines = "\n".join(shifted(text, depth))
    new = quiz[: last.end] + "\n" + lines + quiz[last.end :]
    start = last.end + 1
    return new, ItemText(lines, last.place + 1, quiz.count("\n", 0, last.end) + 2, start, start + len(lines))


def shifted(text: str, depth: int) -> list[str]:
    """Return the lines of one question, standing so deep; the first may have lost the blanks that the others have."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip().split("\n")
    second = next((line for line in lines[1:] if line.strip()), "")
    dash = re.match(r"-[ ]+", lines[0].lstrip())
    behind = len(second) - len(second.lstrip()) - (dash.end() if dash else 0)
    lines[0] = " " * max(behind, 0) + lines[0].lstrip()
    move = depth - max(behind, 0)
    if move >= 0:
        return [" " * move + line if line.strip() else "" for line in lines]
    return [line[min(-move, len(line) - len(line.lstrip())) :] for line in lines]


def with_id(text: str, key: str) -> str:
    """Return the text of one question with this id; a text that cannot be read is left alone."""
    lines = "\n".join(shifted(text, 0))
    try:
        root = yaml.compose(lines, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        return text
    node = root.value[0] if isinstance(root, yaml.SequenceNode) and len(root.value) == 1 else None
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        return text
    for name, value in node.value:
        if name.value == "id" and isinstance(value, yaml.ScalarNode):
            return lines[: value.start_mark.index] + key + lines[value.end_mark.index :]
    first = node.start_mark.index
    return f"{lines[:first]}id: {key}\n{' ' * node.start_mark.column}{lines[first:]}"


def adds_elsewhere(before: str, after: str) -> bool:
    """Return whether a new text does more to a quiz than add one question at its end."""
    old, new = _value(before), _value(after)
    if not isinstance(old, dict) or not isinstance(new, dict):
        return False
    was, now = old.get("items"), new.get("items")
    return not isinstance(now, list) or now[:-1] != was or {**old, "items": None} != {**new, "items": None}


def differs_elsewhere(before: str, after: str, there: ItemText) -> str:
    """Return what else than the one question a new text changes: its key, its type, or something outside it; empty where nothing."""
    old, new = _value(before), _value(after)
    if not isinstance(old, dict) or not isinstance(new, dict):
        return "unreadable"
    was, now = old.get("items"), new.get("items")
    if not isinstance(was, list) or not isinstance(now, list) or len(was) != len(now):
        return "outside"
    mine, changed = was[there.place], now[there.place]
    rest = [value for place, value in enumerate(was) if place != there.place]
    kept = [value for place, value in enumerate(now) if place != there.place]
    if rest != kept or {**old, "items": None} != {**new, "items": None} or not isinstance(changed, dict):
        return "outside"
    return next((name for name in ("id", "type") if mine.get(name) != changed.get(name)), "")


def part_ids(quiz: str, key: str) -> tuple[str, ...]:
    """Return the ids that answers to a question name: those of its choices, prompts and gaps, and of the choices within a gap."""
    value = _value(quiz)
    items = value.get("items") if isinstance(value, dict) else None
    item = next((each for each in items or () if isinstance(each, dict) and each.get("id") == key), {})
    found: list[str] = []

    def look(inside: dict[str, Any], before: str) -> None:
        for name in ("choices", "prompts", "gaps", "rubric", "levels"):
            parts = inside.get(name)
            for part in parts if isinstance(parts, list) else ():
                if isinstance(part, dict) and isinstance(part.get("id"), str):
                    found.append(before + part["id"])
                    look(part, f"{before}{part['id']}.")

    look(item, "")
    return tuple(found)


def next_patch(version: str) -> str:
    """Return the version after ``version`` that corrects and adds nothing."""
    major, minor, patch = version_key(version)
    return f"{major}.{minor}.{patch + 1}"


def with_version(module: str, version: str, note: str) -> str:
    """Return a ``module.yml`` with a new version and what it changes; all else is as it was."""
    root = yaml.compose(module, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    named = {key.value: value for key, value in root.value}
    where, changes = named["version"], named["changes"]
    written = json.dumps(" ".join(note.split()), ensure_ascii=False)
    first = changes.value[0][0].start_mark
    if changes.flow_style:
        added = f"{version}: {written}, "
    else:
        ends = "\r\n" if "\r\n" in module else "\n"
        added = f"{version}: {written}{ends}{' ' * first.column}"
    pieces = sorted([(where.start_mark.index, where.end_mark.index, version), (first.index, first.index, added)], reverse=True)
    for start, end, text in pieces:
        module = module[:start] + text + module[end:]
    return module


def _cut(quiz: str, place: int, node: yaml.MappingNode) -> ItemText:
    start, end = node.start_mark.index, _last(node).index
    line = node.start_mark.line + 1
    before = quiz[quiz.rfind("\n", 0, start) + 1 : start]
    if _DASH.fullmatch(before):
        start -= len(before)
        # A comment behind the last word stays with it; the line's end does not.
        stop = quiz.find("\n", end) if quiz[end - 1 : end] != "\n" else end - 1
        end = len(quiz) if stop < 0 else stop
        end -= quiz[end - 1 : end] == "\r"
    return ItemText(quiz[start:end].replace("\r\n", "\n"), place, line, start, end)


def _last(node: yaml.Node) -> Any:
    """Return where the last word of a node ends: YAML lets a block go on over the blank lines and comments after it."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return _last(node.value[-1][1])
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _last(node.value[-1])
    return node.end_mark


def _nodes(text: str, name: str, loader: Any = yaml.SafeLoader) -> list[yaml.Node]:
    try:
        root = yaml.compose(text, Loader=loader)
    except (yaml.YAMLError, RecursionError):
        return []
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    found = next((value for key, value in pairs if key.value == name), None)
    return list(found.value) if isinstance(found, yaml.SequenceNode) else []


def _scalar(node: yaml.MappingNode, name: str) -> str | None:
    return next((value.value for key, value in node.value if key.value == name and isinstance(value, yaml.ScalarNode)), None)


def _value(text: str) -> Any:
    source: YamlSource | None = load_yaml(text, "", Faults())
    return source.value if source else None
