"""What somebody types into the search field, as the databases are asked for it. Pure."""

import re
from dataclasses import dataclass

from elearn.words import Word, words

LONGEST_QUESTION = 200
MOST_PARTS = 12
MOST_WORDS = 40
_QUOTES = str.maketrans(dict.fromkeys("“”„«»‟＂", '"'))
_PART = re.compile(r'"([^"]*)"?|([^\s"]+)')
#: A last word of so many letters may be the beginning of a longer one.
SHORTEST_BEGINNING = 2


@dataclass(frozen=True)
class Part:
    """A word or phrase that is wanted."""

    words: tuple[str, ...]
    #: The last word as typed, where it may be the beginning of a longer one; empty: it is whole.
    beginning: str = ""


@dataclass(frozen=True)
class Question:
    """All that is wanted, and whether more was typed than is looked for."""

    parts: tuple[Part, ...]
    is_cut: bool = False

    def for_sqlite(self, *, joined: str = "AND") -> str:
        """Return the question as FTS5 reads it; every word stands in quotation marks, so none is an operator."""
        return f" {joined} ".join(_for_sqlite(part) for part in self.parts)

    def for_postgresql(self, *, joined: str = "&") -> str:
        """Return the question as a ``tsquery``."""
        return f" {joined} ".join(_for_postgresql(part) for part in self.parts)


def _for_sqlite(part: Part) -> str:
    whole = '"' + " ".join(part.words) + '"'
    if not part.beginning:
        return whole
    begun = f'"{" ".join((*part.words[:-1], part.beginning))}" *'
    # Asked for twice, a word would weigh twice.
    return begun if part.beginning == part.words[-1] else f"({whole} OR {begun})"


def _for_postgresql(part: Part) -> str:
    whole = " <-> ".join(f"'{word}'" for word in part.words)
    if not part.beginning:
        return f"({whole})"
    begun = " <-> ".join([*(f"'{word}'" for word in part.words[:-1]), f"'{part.beginning}':*"])
    return f"({begun})" if part.beginning == part.words[-1] else f"(({whole}) | ({begun}))"


def read_question(typed: str) -> Question:
    """Return what is wanted: each word, or each phrase between quotation marks; whatever is typed means something or nothing."""
    is_cut = len(typed) > LONGEST_QUESTION
    typed = typed[:LONGEST_QUESTION].translate(_QUOTES)
    parts: list[Part] = []
    left = MOST_WORDS
    for found in _PART.finditer(typed):
        known = list(words(found[1] if found[1] is not None else found[2]))
        if not known:
            continue
        if len(parts) == MOST_PARTS or not left:
            is_cut = True
            break
        is_cut = is_cut or len(known) > left
        known = known[:left]
        left -= len(known)
        is_last = found[2] is not None and not typed[found.end() :].strip()
        parts.append(Part(tuple(word.folded for word in known), _beginning(known[-1]) if is_last else ""))
    return Question(tuple(parts), is_cut)


def _beginning(word: Word) -> str:
    return word.plain if len(word.plain) >= SHORTEST_BEGINNING else ""
