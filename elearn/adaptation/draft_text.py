"""What the editor says and does about texts: what differs from the series, and two texts brought together. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from elearn.adaptation.block_differences import Stretch, block_rows, stretches
from elearn.adaptation.blocks import blocks_of, filled, is_slot, joined
from elearn.adaptation.deltas import delta_of, replacements
from elearn.adaptation.merge_blocks import merged_blocks
from elearn.catalogue.differences import Piece, word_changes
from elearn.catalogue.faults import Fault
from elearn.catalogue.passages import Desk, look
from elearn.catalogue.text_check import Used

#: So many faults are named; more are counted.
MOST_FAULTS = 100


@dataclass(frozen=True)
class Written:
    """A title and a text."""

    title: str
    text: str


@dataclass(frozen=True)
class Difference:
    """By how many passages a text differs from another one, which has ``passages``."""

    passages: int
    changed: int
    taken_out: int
    added: int

    @property
    def is_none(self) -> bool:
        """Whether both say the same."""
        return not (self.changed or self.taken_out or self.added)


@dataclass(frozen=True)
class Weighed:
    """What the compiler says of a text, and how far it is from the one it was made of."""

    #: The first ones, errors before warnings at each line.
    faults: tuple[Fault, ...]
    errors: int
    warnings: int
    difference: Difference | None
    used: Used = field(repr=False)


@dataclass(frozen=True)
class Clash:
    """A passage that two people changed at once."""

    base: str
    #: What each made of it, word by word.
    theirs: tuple[Piece, ...]
    mine: tuple[Piece, ...]


@dataclass(frozen=True)
class Together:
    """Two texts in one; where both changed the same passage, ``mine`` stands, and the clash is named."""

    written: Written
    clashes: tuple[Clash, ...]
    #: Theirs beside mine.
    beside: tuple[Stretch, ...]


def as_shown(markdown: str, slots: Mapping[str, str]) -> str:
    """Return a text with its slots as students see them."""
    if not slots or ":::" not in markdown:
        return markdown
    blocks = blocks_of(markdown)
    full = tuple(next((filled(block, text) for key, text in slots.items() if is_slot(block, key)), block) for block in blocks)
    return markdown if full == blocks else joined(full)


def difference(base: str, text: str) -> Difference:
    """Return by what ``text`` differs from ``base``."""
    before = blocks_of(base)
    places = replacements(before, delta_of(before, blocks_of(text)))
    sizes = [(len(out), len(own)) for out, own in places]
    return Difference(
        len(before),
        sum(min(pair) for pair in sizes),
        sum(max(out - own, 0) for out, own in sizes),
        sum(max(own - out, 0) for out, own in sizes),
    )


def weigh(desk: Desk, markdown: str, base: str | None) -> Weighed:
    """Return what the compiler says of ``markdown``, and how far it is from ``base``, where it has one."""
    looked = look(desk, markdown)
    errors = len(looked.errors)
    compared = None if base is None else difference(base, markdown)
    return Weighed(looked.faults[:MOST_FAULTS], errors, len(looked.faults) - errors, compared, looked.used)


def together(base: Written, mine: Written, theirs: Written) -> Together:
    """Return the two texts that were made of ``base`` brought together passage by passage."""
    clashes: list[Clash] = []

    def note(base: str, theirs: str, mine: str) -> None:
        clashes.append(Clash(base, word_changes(base, theirs), word_changes(base, mine)))

    def ask(_kind: str, *, base: str, upstream: str, mine: str) -> str:
        note(base, upstream, mine)
        return mine

    if mine.title != base.title != theirs.title != mine.title:
        note(base.title, theirs.title, mine.title)

    found = merged_blocks(blocks_of(base.text), blocks_of(mine.text), blocks_of(theirs.text), unwanted=(), ask=ask)
    title = theirs.title if mine.title == base.title else mine.title
    beside = stretches(block_rows(theirs.text, mine.text))
    return Together(Written(title, joined(found.blocks)), tuple(clashes), beside)
