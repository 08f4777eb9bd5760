"""A slides outline of a module, out of its text as it is written. Pure.

Each section begins with a slide that says what one can do afterwards; each heading is a slide, with the first sentences and list items of
what follows; pictures, discussions, case studies and places for a country have slides of their own. Words are left out, none is added.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from elearn.adaptation.blocks import blocks_of
from elearn.adaptation.handbook_texts import BookModule, BookSection
from elearn.adaptation.slide_words import cut, gist, plain, sentences
from elearn.catalogue import syntax

#: More begins another slide of the same title.
MOST_POINTS, MOST_LETTERS = 6, 560
#: So many more, where the last point would stand alone.
A_LITTLE_MORE = 120
#: What is for preparing a class, or for looking up, is on no slide.
LEFT_OUT = frozenset({"class-structure", "core-reading", "advanced-reading", "tools", "references"})

_HEADING = re.compile(r"(#{1,6})(?!#)[ \t]*(.*?)[ \t]*#*[ \t]*(?:\n|$)")
_ITEM = re.compile(r"(?:[*+-]|\d{1,9}[.)])[ \t]+(.*)", re.DOTALL)
_NESTED = re.compile(r"\n\s*(?:[*+-]|\d{1,9}[.)])[ \t]")
_CODE = re.compile(r" {0,3}(?:`{3,}|~{3,})")
_NOTE = re.compile(r"\[\^[^\]]+\]:")
_ABBREVIATION = re.compile(r"\*\[[^\]]+\]:")
_RULE = re.compile(r"(?:[-*_][ \t]*){3,}|:?-+:?(?:\s*\|\s*:?-+:?)*")
_PICTURE = re.compile(syntax.PICTURE)
_DEFINED = re.compile(r"(?s)(.+?)\n:[ \t]+(.+)")
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Figure:
    """A picture on a slide."""

    name: str
    #: What it shows, in words.
    alt: str
    caption: str = ""


@dataclass(frozen=True)
class Slide:
    """A slide; what it is: module, section, text, figure, case, discuss, note or slot."""

    kind: str
    title: str
    points: tuple[str, ...] = ()
    #: Of a case study its country, of a place for a country what belongs there.
    about: str = ""
    figure: Figure | None = None
    #: For who speaks: passages.
    notes: tuple[str, ...] = ()
    #: Empty: the module's.
    language: str = ""


def slides_of(module: BookModule, *, with_notes: bool = False) -> tuple[Slide, ...]:
    """Return the slides of a module; the sections for teachers stand on none, and in the notes of the slide before them where wanted."""
    found = [Slide("module", module.title)]
    title = 0
    for section in module.sections:
        if section.audience == "teacher":
            if with_notes:
                found[title] = replace(found[title], notes=(*found[title].notes, *_notes(section)))
        elif section.kind not in LEFT_OUT:
            title = len(found)
            found.extend(_section(section, "" if section.language == module.language else section.language))
    return tuple(found)


def decks_of(modules: Sequence[BookModule], with_notes: bool) -> list[tuple[Slide, ...]]:  # noqa: FBT001 (a process gets what it does by place)
    """Return the slides of each module: what a process for bounded work is asked."""
    return [slides_of(module, with_notes=with_notes) for module in modules]


def _notes(section: BookSection) -> Iterator[str]:
    """Yield a section for teachers as notes: its title, then every passage."""
    yield section.title
    for block in blocks_of(section.markdown):
        yield from filter(None, _said(block))


def _said(block: str) -> Iterator[str]:
    """Yield what a block says, in full."""
    if (inside := _inside(block)) is not None:
        yield plain(inside[2])
        for each in blocks_of(inside[3]):
            yield from _said(each)
    elif found := _HEADING.match(block):
        yield plain(found[2])
    elif block.lstrip().startswith("|"):
        yield from (", ".join(row) for row in _rows(block))
    elif not _NOTE.match(block) and not _ABBREVIATION.match(block) and not _CODE.match(block):
        yield from (plain(_bare(part)) for part in re.split(_NESTED, _bare(block)))


def _bare(block: str) -> str:
    """Return an item of a list without its mark."""
    item = _ITEM.fullmatch(block)
    return item[1] if item else block


def _section(section: BookSection, language: str) -> Iterator[Slide]:
    yield Slide("section", section.title, section.outcomes, language=language)
    deck = _Deck(section.title)
    deck.take(blocks_of(section.markdown))
    for slide in deck.slides:
        yield from _in_parts(replace(slide, language=language))


def _in_parts(slide: Slide) -> Iterator[Slide]:
    """Yield a slide, or several of its title where it says too much for one."""
    parts: list[list[str]] = [[]]
    for number, point in enumerate(slide.points, start=1):
        most = MOST_LETTERS + (A_LITTLE_MORE if number == len(slide.points) else 0)
        if parts[-1] and (len(parts[-1]) == MOST_POINTS or sum(map(len, parts[-1])) + len(point) > most):
            parts.append([])
        parts[-1].append(point)
    # No point is left to a slide by itself where the one before can spare another.
    if len(parts) > 1 and len(parts[-1]) == 1 and len(parts[-2]) > 2:  # noqa: PLR2004 (it keeps two)
        parts[-1].insert(0, parts[-2].pop())
    for points in parts:
        yield replace(slide, points=tuple(points))


def _inside(block: str) -> tuple[str, str, str, str] | None:
    """Return of a directive its name, argument, title and text; None: it is none."""
    first, _newline, rest = block.partition("\n")
    found = syntax.FENCE.match(first)
    if not found:
        return None
    name, _space, more = found["rest"].strip().partition(" ")
    if name not in syntax.DIRECTIVES:
        return None
    argument, _space, title = more.strip().partition(" ") if syntax.DIRECTIVES[name] else ("", "", more.strip())
    text = rest.rstrip()
    return name, argument, title.strip(), text.removesuffix(":::") if text.endswith(("\n:::", ":::")) else text


def _rows(block: str) -> Iterator[list[str]]:
    """Yield the cells of a table, row by row."""
    for line in block.strip().split("\n"):
        inside = line.strip().strip("|").strip()
        if inside and not _RULE.fullmatch(inside):
            yield [said for cell in _CELL.split(inside) if (said := plain(cell))]


class _Deck:
    """Collects the slides of one section."""

    def __init__(self, title: str) -> None:
        self.slides: list[Slide] = []
        self.title = title
        #: Whether the last slide still takes points.
        self.is_open = False

    def take(self, blocks: Iterable[str]) -> None:
        """Add what blocks say."""
        for block in blocks:
            if (inside := _inside(block)) is not None:
                self._directive(*inside)
            elif found := _HEADING.match(block):
                self._begin(plain(found[2]))
            elif _CODE.match(block) or _NOTE.match(block) or _ABBREVIATION.match(block) or _RULE.fullmatch(block.strip()):
                continue
            elif pictures := self._pictures(block):
                for figure in pictures:
                    self._show(figure)
            else:
                for point in _points(block):
                    self._add(point)

    def _begin(self, title: str) -> None:
        if title:
            self.title = title
            self.slides.append(Slide("text", title))
            self.is_open = True

    def _add(self, point: str) -> None:
        if not self.is_open:
            self.slides.append(Slide("text", self.title))
            self.is_open = True
        self.slides[-1] = replace(self.slides[-1], points=(*self.slides[-1].points, point))

    def _pictures(self, block: str) -> list[Figure]:
        """Return the pictures of a block that holds nothing else."""
        found = list(_PICTURE.finditer(block))
        if not found or _PICTURE.sub("", block).strip():
            return []
        return [Figure(each[2].removeprefix("media/"), plain(each[1]), plain(each[3] or "")) for each in found]

    def _show(self, figure: Figure) -> None:
        if self.is_open and not self.slides[-1].points:
            self.slides.pop()  # Only its title: the picture has that.
        self.slides.append(Slide("figure", self.title, figure=figure))
        self.is_open = False

    def _directive(self, name: str, argument: str, title: str, text: str) -> None:
        deck = _Deck(plain(title))
        if name == "discuss":
            # What is to be discussed is said in full.
            points = [cut(said) for block in blocks_of(text) for each in _said(block) for said in sentences(each)]
        else:
            deck.take(blocks_of(text))
            points = [point for slide in deck.slides for point in slide.points]
        self.slides.append(Slide(name, plain(title), tuple(points), argument))
        self.slides.extend(slide for slide in deck.slides if slide.figure)
        self.is_open = False


def _points(block: str) -> Iterator[str]:
    """Yield what a passage, an item of a list, a table or a definition comes to."""
    if block.lstrip().startswith("|"):
        yield from (cut(": ".join(row[:2])) for row in list(_rows(block))[1:] if row)
        return
    if defined := _DEFINED.fullmatch(block):
        said = f"{plain(defined[1])}: {gist(plain(defined[2]))}"
    else:
        said = gist(plain(_NESTED.split(_bare(block))[0] if _ITEM.match(block) else block))
    if said:
        yield cut(said)
