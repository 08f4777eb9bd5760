"""Three states of one text brought together, passage by passage. Pure.

``merge3`` finds where all three agree. Between those places each passage of the base is followed into both texts; what a passage is,
which one it became, and what a professor meant by taking it out is decided here.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from merge3 import Merge3
from rapidfuzz import fuzz

from elearn.adaptation.blocks import words_of

#: From how like each other two passages are one, changed (per cent).
STILL_THE_SAME = 50
#: From how like a passage that was taken out another one is that passage, come back (per cent), if it is as long as this at least.
COME_BACK = 80
LONG_ENOUGH = 40
#: Above so many pairs only equal passages are followed.
MOST_PAIRS = 40_000


@dataclass(frozen=True)
class Question:
    """Something that only a person can decide; until then what is the professor's stands."""

    #: The same for the same three texts.
    key: str
    #: The section or the question it is about; empty: the module itself.
    about: str
    #: passage, gone (upstream took out what was changed here), returns (upstream has again what was taken out here), head, quiz, item.
    kind: str
    #: Of a head or a quiz: the field.
    name: str
    base: str
    upstream: str
    mine: str


#: By the key of the question: what to take (mine, upstream, text), and the text.
Choices = Mapping[str, tuple[str, str]]
Ask = Callable[..., str]


@dataclass
class MergedBlocks:
    """What came of three texts."""

    blocks: list[str] = field(default_factory=list)
    #: How many passages upstream changed, added or took out, and the course takes over.
    updated: int = 0
    #: How many passages stay as the course has them though upstream's are others, or out.
    kept: int = 0


def merged_blocks(
    base: Sequence[str], mine: Sequence[str], upstream: Sequence[str], *, unwanted: Collection[str], ask: Ask
) -> MergedBlocks:
    """Return the text in which upstream's changes and the course's are together; ``ask`` is called for what both changed."""
    return _Merger(base, mine, upstream, unwanted, ask).run()


def comes_back(block: str, unwanted: Collection[str]) -> bool:
    """Return whether the passage is one of those that were taken out, word for word or nearly."""
    words = words_of(block)
    if words in unwanted:
        return True
    return len(words) >= LONG_ENOUGH and any(
        len(other) >= LONG_ENOUGH and fuzz.ratio(words, other, score_cutoff=COME_BACK) >= COME_BACK for other in unwanted
    )


def followed(before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    """Return which passage of ``after`` each of ``before`` became, in order; those that are gone have none."""
    if not before or not after:
        return {}
    if len(before) * len(after) > MOST_PAIRS:
        return _followed_equal(before, after)
    # The best sum of likenesses along both texts, as in aligning two sequences of letters.
    likeness = [[_likeness(one, two) for two in after] for one in before]
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for i in range(len(before) - 1, -1, -1):
        for j in range(len(after) - 1, -1, -1):
            taken = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], taken)
    pairs: dict[int, int] = {}
    i = j = 0
    while i < len(before) and j < len(after):
        if likeness[i][j] and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            pairs[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _followed_equal(before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    pairs: dict[int, int] = {}
    j = 0
    for i, one in enumerate(before):
        if one in after[j:]:
            pairs[i] = j = after.index(one, j)
            j += 1
    return pairs


def _likeness(one: str, two: str) -> float:
    if one == two:
        return 1000.0
    found = fuzz.ratio(one, two, score_cutoff=STILL_THE_SAME)
    return found if found >= STILL_THE_SAME else 0.0


class _Merger:
    def __init__(self, base: Sequence[str], mine: Sequence[str], upstream: Sequence[str], unwanted: Collection[str], ask: Ask) -> None:
        self.base, self.mine, self.upstream, self.unwanted, self.ask = base, mine, upstream, unwanted, ask
        self.z, self.a, self.b = ([words_of(block) for block in text] for text in (base, mine, upstream))
        self.said = set(self.a)
        #: Passages that stand elsewhere in the course's text than in the base's: what upstream made of them, if anything.
        self.moved: dict[str, str] = {}
        self.found = MergedBlocks()

    def run(self) -> MergedBlocks:
        z = a = b = 0
        for z_next, z_end, a_next, a_end, b_next, b_end in Merge3(self.z, self.a, self.b).find_sync_regions():
            self._between(range(z, z_next), range(a, a_next), range(b, b_next))
            for at in range(z_end - z_next):
                self._agreed(z_next + at, a_next + at, b_next + at)
            z, a, b = z_end, a_end, b_end
        followed_there = (self.moved.get(words_of(block), block) for block in self.found.blocks)
        self.found.blocks = [block for block in followed_there if block]
        return self.found

    def _agreed(self, z: int, a: int, b: int) -> None:
        """All three say the same; whose line breaks are taken is whose were changed."""
        self.found.blocks.append(self.mine[a] if self.upstream[b] == self.base[z] else self.upstream[b])

    def _between(self, zs: range, as_: range, bs: range) -> None:
        mine = self._paired(self.z, zs, self.a, as_)
        theirs = self._paired(self.z, zs, self.b, bs)
        before_mine, before_theirs = _inserted(zs, as_, mine), _inserted(zs, bs, theirs)
        for z in (*zs, zs.stop):
            own = before_mine.get(z, [])
            self.found.blocks.extend(self.mine[a] for a in own)
            said = {self.a[a] for a in own}
            for b in before_theirs.get(z, []):
                if self.b[b] not in said:
                    self._new_upstream(b)
            if z in zs:
                self._passage(z, mine.get(z), theirs.get(z))

    def _paired(self, before: list[str], zs: range, after: list[str], others: range) -> dict[int, int]:
        pairs = followed(before[zs.start : zs.stop], after[others.start : others.stop])
        return {zs.start + z: others.start + other for z, other in pairs.items()}

    def _new_upstream(self, b: int) -> None:
        """Take in what upstream added, unless it was taken out here before, or stands here already."""
        if self.b[b] in self.said and self.b[b] not in self.z:
            return
        if comes_back(self.upstream[b], self.unwanted):
            self._take(self.ask("returns", base="", upstream=self.upstream[b], mine=""))
            self.found.kept += 1
        else:
            self.found.blocks.append(self.upstream[b])
            self.found.updated += 1

    def _passage(self, z: int, a: int | None, b: int | None) -> None:
        """Bring together what became of one passage of the base."""
        changed_here = a is None or self.a[a] != self.z[z]
        changed_there = b is None or self.b[b] != self.z[z]
        if a is None:
            self._taken_out(z, b, changed_there=changed_there)
        elif not changed_here:
            self._follow(z, a, b, changed_there=changed_there)
        elif not changed_there or (b is not None and self.a[a] == self.b[b]):
            self.found.blocks.append(self.mine[a])
            self.found.kept += not changed_there
        else:
            upstream = "" if b is None else self.upstream[b]
            kind = "gone" if b is None else "passage"
            self._take(self.ask(kind, base=self.base[z], upstream=upstream, mine=self.mine[a]))
            self.found.kept += 1

    def _follow(self, z: int, a: int, b: int | None, *, changed_there: bool) -> None:
        if b is not None and changed_there and comes_back(self.upstream[b], self.unwanted):
            self._take(self.ask("returns", base=self.base[z], upstream=self.upstream[b], mine=self.mine[a]))
            self.found.kept += 1
            return
        self.found.updated += changed_there
        if b is not None:
            self.found.blocks.append(self.mine[a] if self.upstream[b] == self.base[z] else self.upstream[b])

    def _taken_out(self, z: int, b: int | None, *, changed_there: bool) -> None:
        """Leave it out; where it only stands elsewhere, follow it there."""
        if self.z[z] in self.said and changed_there and self.z.count(self.z[z]) == 1:
            self.moved[self.z[z]] = "" if b is None else self.upstream[b]
            self.found.updated += 1
        else:
            self.found.kept += changed_there and b is not None

    def _take(self, text: str) -> None:
        if text.strip():
            self.found.blocks.append(text)


def _inserted(zs: range, others: range, pairs: Mapping[int, int]) -> dict[int, list[int]]:
    """Return by the passage of the base before which they stand the passages that are no passage of the base."""
    back = {other: z for z, other in pairs.items()}
    found: dict[int, list[int]] = {}
    place = zs.start
    for other in others:
        if other in back:
            place = back[other] + 1
        else:
            found.setdefault(place, []).append(other)
    return found
