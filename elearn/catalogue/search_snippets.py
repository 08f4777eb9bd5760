"""The lines of a text that answer a question, in pieces of which some are marked. Pure: a template escapes each piece."""

from collections.abc import Sequence
from typing import NamedTuple

from elearn.catalogue.search_question import Part, Question
from elearn.words import Word, words

#: About so many characters are shown, so many of them before the first word found.
LENGTH = 260
BEFORE = 70
#: A longer line is looked at no further.
FARTHEST = 20_000


class Piece(NamedTuple):
    """Some text, and whether it is what was looked for."""

    text: str
    is_match: bool


def marked(text: str, question: Question) -> list[Piece]:
    """Return ``text`` whole, with what answers the question marked."""
    return _pieces(text, 0, len(text), _spans(list(words(text)), question))


def snippet(text: str, folded: str, question: Question) -> list[Piece]:
    """Return the best line of ``text``, or the part of it around the first match; ``folded`` is the text's own, line by line."""
    line = text.split("\n")[_best_line(folded.split("\n"), question)][:FARTHEST] if text else ""
    known = list(words(line))
    spans = _spans(known, question)
    start, end = 0, len(line)
    if len(line) > LENGTH:
        start = _start(known, spans[0][0] - BEFORE) if spans else 0
        end = max(_end(known, start + LENGTH, len(line)), spans[0][1] if spans else 0)
    pieces = _pieces(line, start, end, spans)
    return [*([Piece("… ", is_match=False)] if start else []), *pieces, *([Piece(" …", is_match=False)] if end < len(line) else [])]


def _start(known: Sequence[Word], wanted: int) -> int:
    """Return where the first word begins that stands at ``wanted`` or later."""
    return 0 if wanted <= 0 else next(word.start for word in known if word.start >= wanted)


def _end(known: Sequence[Word], wanted: int, length: int) -> int:
    """Return where the last word ends that does not reach beyond ``wanted``."""
    return length if wanted >= length else max((word.end for word in known if word.end <= wanted), default=wanted)


def _best_line(lines: Sequence[str], question: Question) -> int:
    """Return the number of the line that has most of what is wanted; of equals the first."""
    # Between spaces, so that a word is found as a word by looking for letters alone: this is most of a search's work.
    padded = [f" {line} " for line in lines]
    wanted = [_needles(part) for part in question.parts]
    counts = [sum(any(needle in line for needle in needles) for needles in wanted) for line in padded]
    best = max(counts, default=0)
    # A phrase may run over the end of a line, and so does a text without any match: its beginning is shown.
    return counts.index(best) if best else 0


def _needles(part: Part) -> tuple[str, ...]:
    whole = f" {' '.join(part.words)} "
    return (whole, f" {' '.join((*part.words[:-1], part.beginning))}") if part.beginning else (whole,)


def _spans(known: Sequence[Word], question: Question) -> list[tuple[int, int]]:
    """Return from where to where what is wanted stands, in order and apart from each other."""
    spans: list[tuple[int, int]] = []
    for part in question.parts:
        length = len(part.words)
        places = range(len(known) - length + 1)
        spans += [(known[p].start, known[p + length - 1].end) for p in places if _matches(known[p : p + length], part)]
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _matches(known: Sequence[Word], part: Part) -> bool:
    last = known[-1].folded
    if last != part.words[-1] and not (part.beginning and last.startswith(part.beginning)):
        return False
    return all(word.folded == wanted for word, wanted in zip(known[:-1], part.words[:-1], strict=True))


def _pieces(text: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> list[Piece]:
    pieces, at = [], start
    for first, last in spans:
        if first < at or last > end:
            continue
        pieces += [Piece(text[at:first], is_match=False), Piece(text[first:last], is_match=True)]
        at = last
    pieces.append(Piece(text[at:end], is_match=False))
    return [piece for piece in pieces if piece.text]
