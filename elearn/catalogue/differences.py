"""What two texts have in common and what not, word by word, in any script, for people to read. Pure, and quick however the texts are.

Words that stand once in both texts are found first and hold the rest in place; between them the same is done again, and what is left is
compared closely as long as the budget lasts. A few words that happen to be the same in the middle of a rewritten sentence are no island:
they go with the sentence.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import pairwise

#: How often stretches between fixed words are cut again.
MOST_ROUNDS = 12
#: What close comparison may cost in all, in steps; a stretch that would cost more is another one.
BUDGET = 2_000_000
#: Scripts that write no spaces: each of their letters is a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
#: What joins the signs around it into one.
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True)
class Piece:
    """Some words: in both texts (same), only in the former (removed), or only in the new one (added)."""

    kind: str
    text: str


def word_changes(before: str, after: str) -> tuple[Piece, ...]:
    """Return two texts as one: what is same and removed makes ``before``, what is same and added makes ``after``."""
    if before == after:
        return (Piece("same", after),) if after else ()
    changes: list[_Change] = []
    for one, two in _by_paragraphs(before, after):
        changes += [_Change(one, two)] if one == two else _by_words(one, two)
    return tuple(_pieces(_without_islands(changes)))


def words_in(pieces: Iterable[Piece], kind: str) -> int:
    """Return how many words the pieces of a kind have; signs alone are none."""
    return sum(sum(1 for word in tokens(piece.text) if word[0].isalnum()) for piece in pieces if piece.kind == kind)


def tokens(text: str) -> list[str]:
    """Return the words, spaces and signs of a text; marks stay with their letter. Joined they are the text."""
    return _pattern().findall(text)


def matching(one: Sequence[Hashable], two: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return the places at which two sequences are the same, in order."""
    found: list[tuple[int, int]] = []
    budget = BUDGET
    waiting = [(0, len(one), 0, len(two), 0)]
    while waiting:
        start, end, first, last, rounds = waiting.pop()
        while start < end and first < last and one[start] == two[first]:
            found.append((start, first))
            start, first = start + 1, first + 1
        while start < end and first < last and one[end - 1] == two[last - 1]:
            end, last = end - 1, last - 1
            found.append((end, last))
        if start == end or first == last:
            continue
        fixed = _fixed(one[start:end], two[first:last]) if rounds < MOST_ROUNDS else []
        if fixed:
            places = [(start - 1, first - 1), *((start + i, first + j) for i, j in fixed), (end, last)]
            found += places[1:-1]
            waiting += [(i + 1, k, j + 1, m, rounds + 1) for (i, j), (k, m) in pairwise(places)]
        elif (cost := _cost(one[start:end], two[first:last])) <= budget:
            budget -= cost
            for block in SequenceMatcher(None, one[start:end], two[first:last], autojunk=False).get_matching_blocks():
                found += [(start + block.a + n, first + block.b + n) for n in range(block.size)]
    return sorted(found)


@dataclass(frozen=True)
class _Change:
    """A stretch of both texts; where they are equal, nothing is changed."""

    before: str
    after: str

    @property
    def is_same(self) -> bool:
        return self.before == self.after

    def __add__(self, other: "_Change") -> "_Change":
        return _Change(self.before + other.before, self.after + other.after)


@cache
def _pattern() -> re.Pattern[str]:
    """Return what finds words: a letter of an unspaced script, or a run of letters and digits, each with its marks; spaces; a sign."""
    marks = "".join(c for c in map(chr, range(0x300, 0x20000)) if unicodedata.category(c)[0] == "M") + _JOINERS
    letter = rf"(?:(?![{_UNSPACED}])\w[{marks}]*)"
    word = rf"{letter}+(?:(?:['’](?=[^\W\d])|(?<=\d)[.,](?=\d)){letter}+)*"
    return re.compile(rf"[{_UNSPACED}][{marks}]*|{word}|\s+|.[{marks}]*", re.DOTALL)


def _by_paragraphs(before: str, after: str) -> list[tuple[str, str]]:
    """Return the stretches of two texts between paragraphs that are the same, and those paragraphs."""
    one, two = [re.findall(r"(?:(?!\n[ \t]*\n).)+(?:\n[ \t]*\n\s*)?|\s+", text, re.DOTALL) for text in (before, after)]
    if "".join(one) != before or "".join(two) != after or min(len(one), len(two)) <= 1:
        return [(before, after)]
    found: list[tuple[str, str]] = []
    place = there = 0
    for i, j in [*matching(one, two), (len(one), len(two))]:
        found.append(("".join(one[place:i]), "".join(two[there:j])))
        if i < len(one):
            found.append((one[i], two[j]))
        place, there = i + 1, j + 1
    return [stretch for stretch in found if any(stretch)]


def _by_words(before: str, after: str) -> list[_Change]:
    """Return what is the same and what is changed in turns, where words are compared, and spaces only beside them."""
    one, two = tokens(before), tokens(after)
    words = [[(place, word) for place, word in enumerate(each) if not word.isspace()] for each in (one, two)]
    pairs = matching([word for _, word in words[0]], [word for _, word in words[1]])
    found: list[_Change] = []
    place = there = 0
    for i, j in [*((words[0][i][0], words[1][j][0]) for i, j in pairs), (len(one), len(two))]:
        found += _between("".join(one[place:i]), "".join(two[there:j]))
        if i < len(one):
            found.append(_Change(one[i], two[j]))
        place, there = i + 1, j + 1
    return found


def _between(before: str, after: str) -> list[_Change]:
    """Return what stands between two words that are the same, with the spaces at its ends by themselves."""
    if before == after:
        return [_Change(before, after)] if before else []
    shorter = min(len(before), len(after))
    head = next((n for n in range(shorter) if before[n] != after[n] or not before[n].isspace()), shorter)
    rest = shorter - head
    tail = next((n for n in range(rest) if before[-n - 1] != after[-n - 1] or not before[-n - 1].isspace()), rest)
    stretches = (before[:head], after[:head]), (before[head : len(before) - tail], after[head : len(after) - tail])
    return [_Change(*stretch) for stretch in (*stretches, (before[len(before) - tail :], after[len(after) - tail :])) if any(stretch)]


def _without_islands(changes: Iterable[_Change]) -> list[_Change]:
    """Return the changes with what is the same only by chance, between longer ones that are not, as part of them."""
    kept: list[_Change] = []
    for change in changes:
        if kept and kept[-1].is_same == change.is_same:
            kept[-1] += change
        else:
            kept.append(change)
        while len(kept) > 2 and not kept[-1].is_same and _is_island(kept[-3], kept[-2], kept[-1]):  # noqa: PLR2004 (it, and one on either side)
            kept[-3:] = [kept[-3] + kept[-2] + kept[-1]]
    return kept


def _is_island(left: _Change, same: _Change, right: _Change) -> bool:
    """Return whether what is the same is short beside what is not, on both sides, or no word at all."""
    if not any(letter.isalnum() for letter in same.before):
        return "\n\n" not in same.before
    return all(len(same.before) <= max(len(change.before), len(change.after)) for change in (left, right))


def _pieces(changes: Iterable[_Change]) -> Iterable[Piece]:
    for change in changes:
        if change.is_same:
            yield Piece("same", change.after)
            continue
        if change.before:
            yield Piece("removed", change.before)
        if change.after:
            yield Piece("added", change.after)


def _fixed(one: Sequence[Hashable], two: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return where what stands once in each stands in both, as far as it is in the same order: the most of it."""
    counts, others = Counter(one), Counter(two)
    places = {each: place for place, each in enumerate(two) if others[each] == 1}
    both = [(place, places[each]) for place, each in enumerate(one) if counts[each] == 1 and each in places]
    # The longest rising run: of each length the run that ends lowest, and before each pair the one it follows.
    ends: list[int] = []
    runs: list[int] = []
    previous: list[int] = []
    for number, (_, there) in enumerate(both):
        at = bisect_left(ends, there)
        previous.append(runs[at - 1] if at else -1)
        ends[at : at + 1] = [there]
        runs[at : at + 1] = [number]
    found: list[tuple[int, int]] = []
    number = runs[-1] if runs else -1
    while number >= 0:
        found.append(both[number])
        number = previous[number]
    return found[::-1]


def _cost(one: Sequence[Hashable], two: Sequence[Hashable]) -> int:
    """Return at most how many steps it takes to compare two sequences closely."""
    counts, others = Counter(one), Counter(two)
    pairs = sum(count * others[each] for each, count in counts.items())
    return (len(one) + len(two) + pairs) * (min(len(one), len(two), pairs) + 1)
