"""Words as search compares them: the same for a text and for what is typed, and the same on every database. Pure.

Case, accents, Arabic vowel signs and letter forms, ligatures and full-width forms make no difference; Chinese and Japanese are taken
character by character, so that a run of them is a phrase. The plural's ending goes, and no more: each database has a stemmer of its own.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

#: A longer word is cut, in the text as in the question.
LONGEST_WORD = 64
#: So many words of a text are found; PostgreSQL counts no further.
MOST_WORDS = 16_000
_CJK = "\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
#: Letters that are not made of a base and a mark, and what people type for them.
_LETTERS = str.maketrans(
    {
        "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ħ": "h", "ı": "i", "ŋ": "n",
        "ى": "ي", "ی": "ي", "ې": "ي", "ة": "ه", "ۀ": "ه", "ہ": "ه", "ک": "ك", "ٱ": "ا", "ـ": "",
    },
)  # fmt: skip
_SHORTEST_PLURAL = 4


class Word(NamedTuple):
    """A word in its place: ``folded`` is what search compares, ``plain`` the same with its ending."""

    start: int
    end: int
    folded: str
    plain: str


@cache
def _pattern() -> re.Pattern[str]:
    """Return what finds the words of a text: a character of Chinese or Japanese, or a run of letters, digits and their marks."""
    marks = "".join(c for c in map(chr, range(0x300, 0x10000)) if unicodedata.category(c) in {"Mn", "Mc", "Me"})
    joiners = "\u00ad\u200c\u200d\u0640"
    return re.compile(f"[{_CJK}]|[^\\W_{_CJK}](?:[^\\W_{_CJK}]|[{re.escape(marks + joiners)}])*")


_PARTS = re.compile(f"[{_CJK}]|[^\\W_{_CJK}]+")


@lru_cache(maxsize=50_000)
def _folded(word: str) -> tuple[tuple[str, str], ...]:
    """Return (folded, plain) for each word that a run of letters makes; a sign that stands for several makes several."""
    if word.isascii():
        plain = word.lower()
    else:
        plain = _unmarked(_unmarked(word).casefold()).translate(_LETTERS)
        plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)
    parts = [part[:LONGEST_WORD] for part in _PARTS.findall(plain)]
    return tuple((_without_ending(part), part) for part in parts)


def _unmarked(word: str) -> str:
    """Return ``word`` with nothing but its base characters."""
    return "".join(c for c in unicodedata.normalize("NFKD", word) if unicodedata.category(c) not in {"Mn", "Mc", "Me", "Cf"})


def _without_ending(word: str) -> str:
    """Return ``word`` without the sign of a plural: policies and policy, délits and délit are one."""
    if len(word) < _SHORTEST_PLURAL or not word.isascii() or not word.isalpha():
        return word
    if word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if word.endswith("ie"):
        return word[:-1]
    return word[:-1] + "i" if word.endswith("y") else word


def words(text: str) -> Iterator[Word]:
    """Yield the words of ``text`` with their places."""
    for found in _pattern().finditer(text):
        for folded, plain in _folded(found[0]):
            yield Word(found.start(), found.end(), folded, plain)


def fold(text: str) -> str:
    """Return the words of ``text`` as search compares them, line by line, between single spaces."""
    lines, left = [], MOST_WORDS
    for line in text.split("\n"):
        known = [word.folded for word in words(line)][:left]
        left -= len(known)
        lines.append(" ".join(known))
    return "\n".join(lines)


#: So much of a name is compared.
LONGEST_KEY = 200


def sort_key(text: str) -> str:
    """Return what puts ``text`` into the order in which people look for it, and what they find it by: no capitals, no accents."""
    return (" ".join(word.plain for word in words(text)) or text)[:LONGEST_KEY]
