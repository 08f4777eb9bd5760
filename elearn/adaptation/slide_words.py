"""Words for slides out of Markdown, and Markdown out of words. Pure; it leaves words out and never adds one."""

import re

from elearn.catalogue import syntax

#: So much of a passage stands on a slide.
LONGEST_POINT = 220
#: A sentence of so few letters is a name for what follows.
A_NAME = 40

_FOOTNOTE = re.compile(r"(?<!\\)\[\^[^\]\n]+\]")
_AUTOLINK = re.compile(r"<((?:https?|mailto):[^<>\s]*|[^<>\s@]+@[^<>\s@]+)>")
_CODE = re.compile(r"(?<![`\\])(`+)(?!`)(.{1,1000}?)(?<!`)\1(?!`)", re.DOTALL)
#: Marks of emphasis where the text means some: next to a word, in pairs, and underscores not within one.
_STARS = re.compile(r"(?<![\\*])(\*{1,3})(?=[^\s*])(.{1,1000}?)(?<=[^\s\\*])\1(?!\*)", re.DOTALL)
_LINES = re.compile(r"(?<![\\_\w])(_{1,3})(?=[^\s_])(.{1,1000}?)(?<=[^\s\\_])\1(?![_\w])", re.DOTALL)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_GAP = re.compile(r"\s+(?=[.,;:!?)،؛؟。，；：！？）])")
_END = re.compile(r"[.!?؟…]+[\"'”’)»\]]*(?=\s+\S)|[。！？]+[”’）」』]*(?=\S)")
_SHORT = frozenset("e.g i.e art arts no nos p pp para paras vs cf dr mr mrs ms prof st etc v al ch ed vol fig approx sec".split())  # noqa: SIM905
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~^$@{}])")
_BEGINS = re.compile(r"^([-+=:%])")
_NUMBERED = re.compile(r"^(\d+)([.)])")


def plain(markdown: str) -> str:
    """Return what a passage says, without its marks, sources and notes."""
    code: list[str] = []

    def keep(found: re.Match[str]) -> str:
        code.append(found[2])
        return f"\x02{len(code) - 1}\x03"

    text = _CODE.sub(keep, markdown.replace("\x02", "").replace("\x03", ""))
    text = re.sub(syntax.PICTURE, " ", text)
    text = re.sub(syntax.CITATION, " ", text)
    text = re.sub(syntax.TERM, r"\1", text)
    text = re.sub(syntax.LINK, r"\1", text)
    text = _AUTOLINK.sub(r"\1", _FOOTNOTE.sub("", text))
    for marks in (_STARS, _STARS, _LINES, _LINES):
        text = marks.sub(r"\2", text)
    text = _ESCAPED.sub(r"\1", text)
    text = re.sub("\x02(\\d+)\x03", lambda found: code[int(found[1])], text)
    return _GAP.sub("", " ".join(text.split()))


def sentences(text: str) -> list[str]:
    """Return a passage sentence by sentence; joined by blanks they say what it says."""
    found, begin = [], 0
    for end in _END.finditer(text):
        before = text[begin : end.start()].split()
        word = before[-1].strip("(“\"'‘[").casefold() if before else ""
        is_short = end[0].startswith(".") and (word in _SHORT or (len(word) == 1 and word.isalpha()))
        if not is_short and not text[end.end() : end.end() + 20].lstrip()[:1].islower():
            found.append(text[begin : end.end()].strip())
            begin = end.end()
    return [*found, rest] if (rest := text[begin:].strip()) else found


def gist(text: str) -> str:
    """Return the first sentence of a passage; where that is a name only, as authors set before an item, the next one with it."""
    said = sentences(text)
    return " ".join(said[:2] if said and len(said[0]) <= A_NAME else said[:1])


def cut(text: str, most: int = LONGEST_POINT) -> str:
    """Return a text of at most ``most`` characters, cut between words; a sign says that it goes on."""
    if len(text) <= most:
        return text
    begin = text[:most]
    at = begin.rfind(" ")
    # A script that sets no spaces is cut anywhere.
    return (begin[:at] if at > most // 2 else begin).rstrip(" ,;:–—-") + " …"


def as_markdown(text: str) -> str:
    """Return words as Markdown that says just them, in any program: what would begin a list, a rule or a block does not."""
    return _NUMBERED.sub(r"\1\\\2", _BEGINS.sub(r"\\\1", _SPECIAL.sub(r"\\\1", text)))
