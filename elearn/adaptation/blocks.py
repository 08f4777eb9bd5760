"""What a text is made of when two texts are compared: paragraphs, headings, items of lists, tables, code, directives. Pure.

A block is a string. It ends with a newline where the next one follows it without a blank line, as the items of a tight list do.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from elearn.catalogue.syntax import DIRECTIVES, FENCE

_ITEM = re.compile(r"(?:[*+-]|\d{1,9}[.)])[ \t]+\S")
_HEADING = re.compile(r"#{1,6}(?!#)[ \t]*\S")
_CODE = re.compile(r" {0,3}(`{3,}|~{3,})")
_INDENTED = re.compile(r"[ \t]{2,}\S")


def blocks_of(markdown: str) -> tuple[str, ...]:
    """Return the blocks of a text; joined they are the text, save for blank lines at its ends and doubled ones between blocks."""
    return tuple(_Cutter(markdown.replace("\r\n", "\n").replace("\r", "\n").split("\n")).blocks())


def joined(blocks: Iterable[str]) -> str:
    """Return the text that these blocks make."""
    found = list(blocks)
    parts = [one.removesuffix("\n") + ("\n" if _may_be_tight(one, two) else "\n\n") for one, two in pairwise(found)]
    return "".join(parts) + found[-1].removesuffix("\n") + "\n" if found else ""


def words_of(block: str) -> str:
    """Return what a block says, however its lines are broken: two blocks that say the same are the same passage."""
    return " ".join(block.split())


def is_slot(block: str, key: str) -> bool:
    """Return whether the block is the place ``key`` that a country fills."""
    return block.split("\n", maxsplit=1)[0].split()[:3] == [":::", "slot", key]


def slot_keys(markdown: str) -> tuple[str, ...]:
    """Return the places of a text that a country fills, in its order."""
    heads = [block.split("\n")[0].split() for block in blocks_of(markdown)]
    return tuple(head[2] for head in heads if head[:2] == [":::", "slot"] and len(head) > 2)  # noqa: PLR2004 (::: slot key)


def filled(block: str, text: str) -> str:
    """Return a slot with ``text`` in it."""
    tight = "\n" if block.endswith("\n") else ""
    return f"{block.split(chr(10), maxsplit=1)[0]}\n{text.strip()}\n:::{tight}"


def _may_be_tight(one: str, two: str) -> bool:
    """Return whether ``two`` may follow without a blank line: elsewhere the two would run into one."""
    if not one.endswith("\n"):
        return False
    fences = bool(_opens(one) or _opens(two))
    return fences or bool(_HEADING.match(one) or _HEADING.match(two)) or bool(_ITEM.match(one) and _ITEM.match(two))


def _opens(line: str) -> bool:
    found = FENCE.match(line.split("\n", maxsplit=1)[0])
    return bool(_CODE.match(line) or (found and found["rest"].split()[:1] and found["rest"].split()[0] in DIRECTIVES))


class _Cutter:
    """Goes through the lines once."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.place = 0

    def blocks(self) -> Iterator[str]:
        while self.place < len(self.lines):
            if not self.lines[self.place].strip():
                self.place += 1
                continue
            first = self.place
            self._pass_one()
            # What is never closed runs to the end, blank lines and all.
            text = "\n".join(self.lines[first : self.place]).rstrip("\n")
            tight = self.place < len(self.lines) and self.lines[self.place].strip()
            yield text + ("\n" if tight else "")

    def _pass_one(self) -> None:
        """Leave ``place`` behind the block that begins there."""
        line = self.lines[self.place]
        if code := _CODE.match(line):
            self._pass_code(code[1])
        elif _opens(line):
            self._pass_directive()
        elif _HEADING.match(line):
            self.place += 1
        elif _ITEM.match(line):
            self._pass_item()
        else:
            self.place += 1
            while self._goes_on():
                self.place += 1

    def _goes_on(self) -> bool:
        """Return whether the line at ``place`` belongs to the paragraph before it."""
        line = self.lines[self.place] if self.place < len(self.lines) else ""
        return bool(line.strip()) and not _opens(line) and not _HEADING.match(line)

    def _pass_code(self, fence: str) -> None:
        self.place += 1
        while self.place < len(self.lines):
            line = self.lines[self.place]
            self.place += 1
            if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                return

    def _pass_directive(self) -> None:
        self.place += 1
        while self.place < len(self.lines) and self.lines[self.place].strip() != ":::":
            if code := _CODE.match(self.lines[self.place]):
                self._pass_code(code[1])
            else:
                self.place += 1
        self.place = min(self.place + 1, len(self.lines))

    def _pass_item(self) -> None:
        """Pass an item of a list, with what follows it without a blank line, and after one what is indented."""
        self.place += 1
        while self.place < len(self.lines):
            line = self.lines[self.place]
            if _ITEM.match(line) or (line.strip() and not line[:1].isspace() and not self._goes_on()):
                return
            if not line.strip():
                beyond = next((i for i in range(self.place, len(self.lines)) if self.lines[i].strip()), None)
                if beyond is None or not _INDENTED.match(self.lines[beyond]):
                    return
                self.place = beyond
            self.place += 1
