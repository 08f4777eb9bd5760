"""What an update changes in the text of a course, passage by passage and word by word. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from elearn.adaptation.blocks import blocks_of, words_of
from elearn.adaptation.merge_blocks import followed
from elearn.adaptation.texts import ModuleSource, SectionSource
from elearn.catalogue.differences import Piece, matching, word_changes

#: A line's end within a paragraph, where the next line begins nothing of its own.
_WRAP = re.compile(r"(?<=\S)\n(?![\s|#>:`~]|[-*+] |\d+[.)] )")


@dataclass(frozen=True)
class SectionChange:
    """How a section differs from what it was."""

    #: One tuple of pieces a passage.
    passages: tuple[tuple[Piece, ...], ...]
    #: Fields of its head that are others.
    fields: tuple[str, ...]


def as_read(text: str) -> str:
    """Return a text without the line ends that its reader never sees."""
    text = text.strip("\n")
    return text if ":::" in text or "```" in text or "~~~" in text else _WRAP.sub(" ", text)


def word_pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Return two states of a passage as one, word by word."""
    return word_changes(as_read(before), as_read(after))


def section_change(before: SectionSource | None, after: SectionSource | None) -> SectionChange:
    """Return how a section differs from what it was; None: it is not there."""
    passages = _passages(_blocks(before), _blocks(after))
    heads = [section.head if section else {} for section in (before, after)]
    fields = tuple(name for name in heads[1] if before and after and heads[0].get(name) != heads[1][name])
    return SectionChange(tuple(passages), fields)


def changes_between(before: ModuleSource, after: ModuleSource) -> dict[str, SectionChange]:
    """Return how the sections of a module differ, by the key they have now, or had last."""
    now = {section.key: section for section in after.sections}
    former = {old: section.key for section in after.sections for old in section.formerly if old not in now}
    then = {former.get(section.key, section.key): section for section in before.sections}
    found = {key: section_change(then.get(key), now.get(key)) for key in (*now, *(key for key in then if key not in now))}
    return {key: change for key, change in found.items() if change.passages or change.fields}


def _blocks(section: SectionSource | None) -> tuple[str, ...]:
    return blocks_of(section.markdown) if section else ()


def _passages(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Piece, ...]]:
    one, two = [words_of(block) for block in before], [words_of(block) for block in after]
    place = there = 0
    for i, j in [*matching(one, two), (len(one), len(two))]:
        yield from _replaced(before[place:i], after[there:j])
        place, there = i + 1, j + 1


def _replaced(before: Sequence[str], after: Sequence[str]) -> Iterable[tuple[Piece, ...]]:
    """Yield the passages of two stretches in order: those that became another one as one, the others alone."""
    pairs = followed([words_of(block) for block in before], [words_of(block) for block in after])
    back = {new: old for old, new in pairs.items()}
    place = 0
    for new, block in enumerate(after):
        if new not in back:
            yield (Piece("added", as_read(block)),)
            continue
        yield from ((Piece("removed", as_read(out)),) for out in before[place : back[new]])
        yield word_pieces(before[back[new]], block)
        place = back[new] + 1
    yield from ((Piece("removed", as_read(out)),) for out in before[place:])
