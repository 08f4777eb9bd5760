"""Two texts side by side, block by block: paragraphs, headings, items of lists, tables, directives. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from elearn.adaptation.blocks import blocks_of, words_of
from elearn.catalogue.differences import Piece, matching, tokens, word_changes, words_in

#: From what share of common words two blocks are one, changed.
STILL_THE_SAME = 0.5
#: How many pairs of blocks are looked at within a stretch that was written anew, at most.
MOST_PAIRS = 40_000
#: So many unchanged blocks are shown beside what is changed; longer stretches of them are folded.
BESIDE = 1
FEWEST_FOLDED = 3

#: A line's end within a paragraph, where the next line begins nothing of its own.
_WRAP = re.compile(r"(?<=\S)\n(?![\s|#>:`~]|[-*+] |\d+[.)] )")
_PICTURE = re.compile(r"!\[([^\[\]]{0,500})\]\(\s*([^)\s]{1,500})(?:\s[^)]{0,300})?\)")
_TERM = re.compile(r"\[([^\[\]]{1,300})\]\{glossary[^}\n]{0,100}\}")
_LINK = re.compile(r"(?<!!)\[([^\[\]@][^\[\]]{0,500})\]\(\s*<?([^)\s>]{1,500})>?(?:\s[^)]{0,300})?\)")
_CITATION = re.compile(r"\[@([^\[\]]{1,300})\]")
_STRONG = re.compile(r"(\*\*|__|\*)(?=[^\s*])([^*\n]{1,300}?)(?<=[^\s*])\1(?![*\w])")
_CODE = re.compile(r"(?<!`)`([^`\n]{1,300})`(?!`)")
_HEADING = re.compile(r"^#{1,6}(?!#)[ \t]*", re.MULTILINE)
_DIRECTIVE = re.compile(r"^:::[ \t]*(\w[^\n]*)?\n?", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """A block in both texts: same, changed, removed or added."""

    kind: str
    pieces: tuple[Piece, ...]
    #: heading, code (also tables), or empty: running text.
    form: str = ""

    @cached_property
    def before(self) -> tuple[Piece, ...]:
        """What the former text has of it."""
        return tuple(piece for piece in self.pieces if piece.kind != "added")

    @cached_property
    def after(self) -> tuple[Piece, ...]:
        """What the new text has of it."""
        return tuple(piece for piece in self.pieces if piece.kind != "removed")


@dataclass(frozen=True)
class Stretch:
    """Rows that follow each other; folded ones are the same in both texts, and far from what is not."""

    is_folded: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Words:
    """How many words a text has lost, and how many it has gained."""

    removed: int
    added: int


def block_rows(before: str, after: str) -> tuple[Row, ...]:
    """Return two texts side by side; where lines are broken makes no difference."""
    one, two = blocks_of(before), blocks_of(after)
    rows: list[Row] = []
    place = there = 0
    for i, j in [*matching([words_of(block) for block in one], [words_of(block) for block in two]), (len(one), len(two))]:
        rows += _rewritten(one[place:i], two[there:j])
        if i < len(one):
            rows.append(_row("same", "same", two[j]))
        place, there = i + 1, j + 1
    return tuple(rows)


def stretches(rows: Sequence[Row]) -> tuple[Stretch, ...]:
    """Return the rows with long runs of unchanged ones folded, save for those beside a change."""
    changed = [place for place, row in enumerate(rows) if row.kind != "same"]
    near = {place + step for place in changed for step in range(-BESIDE, BESIDE + 1)}
    found: list[Stretch] = []
    for is_folded, run in _runs(rows, near):
        is_short = len(run) < FEWEST_FOLDED
        if found and (is_short or not is_folded) and not found[-1].is_folded:
            found[-1] = Stretch(is_folded=False, rows=(*found[-1].rows, *run))
        else:
            found.append(Stretch(is_folded=is_folded and not is_short, rows=tuple(run)))
    return tuple(found)


def words_changed(rows: Iterable[Row]) -> Words:
    """Return how many words are gone and how many are new."""
    pieces = [piece for row in rows for piece in row.pieces]
    return Words(words_in(pieces, "removed"), words_in(pieces, "added"))


def as_read(block: str) -> str:
    """Return a block without the line ends that its reader never sees."""
    block = block.strip("\n")
    return block if form_of(block) == "code" or ":::" in block else _WRAP.sub(" ", block)


def in_plain_words(block: str) -> str:
    """Return a block as it reads, without its signs for headings, stress, links, terms and pictures."""
    text = as_read(block)
    if form_of(text) == "code":
        return text
    text = _HEADING.sub("", _DIRECTIVE.sub(lambda found: f"{found[1]}\n" if found[1] else "", text))
    for pattern, shown in (
        (_PICTURE, r"\1 (\2)"),
        (_TERM, r"\1"),
        (_LINK, r"\1 (\2)"),
        (_CITATION, r"[\1]"),
        (_STRONG, r"\2"),
        (_CODE, r"\1"),
    ):
        text = pattern.sub(shown, text)
    return text.strip("\n")


def form_of(block: str) -> str:
    """Return what kind of block it is: heading, code (also a table), or running text."""
    line = block.lstrip("\n")
    return "heading" if _HEADING.match(line) else "code" if line.startswith(("```", "~~~", "|")) else ""


def _row(kind: str, piece: str, block: str) -> Row:
    return Row(kind, (Piece(piece, in_plain_words(block)),), form_of(block))


def _changed(before: str, after: str) -> Row:
    """Return a block that became another one; where it reads the same, with its signs."""
    shown: Callable[[str], str] = in_plain_words if in_plain_words(before) != in_plain_words(after) else as_read
    return Row("changed", word_changes(shown(before), shown(after)), form_of(after))


def _rewritten(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of two stretches that have no block in common: those that became another one, and the others alone."""
    place = there = 0
    for i, j in [*_pairs(before, after), (len(before), len(after))]:
        yield from (_row("removed", "removed", block) for block in before[place:i])
        yield from (_row("added", "added", block) for block in after[there:j])
        if i < len(before):
            yield _changed(before[i], after[j])
        place, there = i + 1, j + 1


def _pairs(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield which block became which, in order. Of long stretches only blocks in like places are looked at."""
    if not before or not after:
        return
    one, two = [_words(block) for block in before], [_words(block) for block in after]
    longer = max(len(one), len(two))
    parts = ceil(longer / max(MOST_PAIRS // longer, 1))
    for part in range(parts):
        start, end = (len(one) * n // parts for n in (part, part + 1))
        first, last = (len(two) * n // parts for n in (part, part + 1))
        yield from ((start + i, first + j) for i, j in _best_pairs(one[start:end], two[first:last]))


def _best_pairs(one: Sequence[frozenset[str]], two: Sequence[frozenset[str]]) -> Iterator[tuple[int, int]]:
    """Yield the pairs with the best sum of likenesses, as in aligning two sequences of letters."""
    likeness = [[_likeness(words, others) for others in two] for words in one]
    best = [[0.0] * (len(two) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) - 1, -1, -1):
        for j in range(len(two) - 1, -1, -1):
            paired = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    i = j = 0
    while i < len(one) and j < len(two):
        if likeness[i][j] and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            yield i, j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1


def _likeness(one: frozenset[str], two: frozenset[str]) -> float:
    """Return what share of their words two blocks have in common; 0 where it is too little to be one block."""
    share = 2 * len(one & two) / (len(one) + len(two))
    return share if share >= STILL_THE_SAME else 0.0


def _words(block: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in tokens(block) if word[0].isalnum()) or frozenset([words_of(block)])


def _runs(rows: Sequence[Row], near: set[int]) -> Iterator[tuple[bool, list[Row]]]:
    run: list[Row] = []
    was_far = False
    for place, row in enumerate(rows):
        is_far = place not in near
        if run and is_far != was_far:
            yield was_far, run
            run = []
        run.append(row)
        was_far = is_far
    if run:
        yield was_far, run
