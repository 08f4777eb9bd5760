"""The authors' Markdown as the compiler sees it: headings, directives, citations, terms, links and pictures, each with its line. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

#: A label: anything but brackets, over lines but not over paragraphs.
_LABEL = r"(?:[^\[\]\n]|\n(?!\s*\n))"
CITATION = rf"(?<![\\!])\[(@{_LABEL}+)\](?!\(|\{{)"
TERM = rf"(?<![\\!])\[({_LABEL}+)\]\{{glossary(?:\s+([^}}\s]+))?\s*\}}"
PICTURE = rf"!\[({_LABEL}*)\]\(\s*([^)\s]+)(?:\s+\"([^\"]*)\")?\s*\)"
LINK = rf"(?<![\\!])\[((?:{_LABEL}|!?\[{_LABEL}*\])*)\]\(\s*<?([^)\s>]*)>?(?:\s+[^)]*)?\)"
ONE_CITATION = re.compile(r"@([A-Za-z0-9][A-Za-z0-9-]*)(?:,\s*(.+))?", re.DOTALL)
FENCE = re.compile(r"^:::(?P<rest>.*)$")
DIRECTIVES = {"case": True, "discuss": False, "note": False, "slot": True}

_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|<!--|<!\[CDATA\[|<!DOCTYPE|<\?", re.IGNORECASE)
_AUTOLINK = re.compile(r"<(?:[a-z][a-z0-9+.-]*:[^<>\s]*|[^<>\s@]+@[^<>\s@]+)>", re.IGNORECASE)
_HEADING = re.compile(r"^(#{1,6})(?!#)\s*(.*?)\s*#*\s*$")
_FOOTNOTE = re.compile(r"(?<!\\)\[\^([^\]\n]+)\](:)?")
_REFERENCE_LINK = re.compile(r"^ {0,3}\[[^\]^@\n][^\]\n]*\]:\s+\S", re.MULTILINE)
_UNKNOWN_MARK = re.compile(r"(?<!\\)\]\{(?!glossary(?:\s+[^}\s]+)?\s*\})[^}\n]*\}?")
_CODE_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")


@dataclass(frozen=True)
class Token:
    """Something the compiler looks at: its kind, its line, and what it says."""

    kind: str
    line: int
    column: int
    name: str = ""
    argument: str = ""
    rest: str = ""
    raw: str = field(default="", compare=False)


def without_code(source: str) -> str:
    """Return ``source`` with code replaced by spaces, so that lines and columns stay."""
    lines = source.split("\n")
    fence = ""
    for number, line in enumerate(lines):
        found = _CODE_FENCE.match(line)
        if fence:
            lines[number] = ""
            if found and found[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif found and not (found[1][0] == "`" and "`" in line[found.end() :]):
            fence = found[1]
            lines[number] = ""
    return re.sub(r"(?<![`\\])(`+)(?!`)((?:[^\n]|\n(?!\s*\n))*?[^`])\1(?!`)", _blank, "\n".join(lines))


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def unclosed_code(source: str) -> int | None:
    """Return the line of a code fence that is never closed."""
    fence, opened = "", 0
    for number, line in enumerate(source.split("\n"), start=1):
        found = _CODE_FENCE.match(line)
        if found and fence and found[1].startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
        elif found and not fence:
            fence, opened = found[1], number
    return opened if fence else None


def tokens(source: str) -> list[Token]:
    """Return what the compiler looks at, in the order of the text."""
    text = without_code(source)
    found = [*_line_tokens(text), *_inline_tokens(text)]
    return sorted(found, key=lambda token: (token.line, token.column))


def _line_tokens(text: str) -> Iterator[Token]:
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if fence := FENCE.match(line):
            yield _fence(number, fence["rest"])
        elif re.match(r"\s+:::", line):
            yield Token("indented-directive", number, 1, raw=line)
        elif heading := _HEADING.match(line):
            yield Token("heading", number, 1, name=str(len(heading[1])), rest=heading[2], raw=line)
        elif (
            re.fullmatch(r"(=+|-+)\s*", line)
            and number > 1
            and re.match(r"[^\s#|:>*+-]", lines[number - 2])
            and "|" not in lines[number - 2]
        ):
            yield Token("setext", number, 1, raw=line)


def _fence(number: int, rest: str) -> Token:
    if not rest.strip():
        return Token("close", number, 1)
    name, _, more = rest.strip().partition(" ")
    argument, _, title = more.strip().partition(" ") if DIRECTIVES.get(name) else ("", "", more.strip())
    return Token("open", number, 1, name=name, argument=argument, rest=title.strip(), raw=rest)


def _inline_tokens(text: str) -> Iterator[Token]:
    for found in re.finditer(CITATION, text):
        yield _token(found, "citation", found[1])
    for found in re.finditer(TERM, text):
        yield _token(found, "term", term_key(found[1], found[2]), rest=found[1])
    for found in _UNKNOWN_MARK.finditer(text):
        yield _token(found, "unknown-mark", found[0])
    for found in re.finditer(PICTURE, text):
        yield _token(found, "picture", found[2], "alone" if _stands_alone(text, found) else "", found[1].strip())
    for found in re.finditer(r"!\[", re.sub(PICTURE, _blank, text)):
        yield _token(found, "broken-picture")
    for found in _FOOTNOTE.finditer(text):
        defines = found[2] and not text[text.rfind("\n", 0, found.start()) + 1 : found.start()].strip()
        yield _token(found, "footnote-definition" if defines else "footnote", found[1])
    yield from _link_tokens(text)


def _link_tokens(text: str) -> Iterator[Token]:
    for found in re.finditer(LINK, text):
        yield _token(found, "link", found[2])
    for found in _REFERENCE_LINK.finditer(text):
        yield _token(found, "reference-link")
    for found in _AUTOLINK.finditer(text):
        yield _token(found, "link", found[0][1:-1] if ":" in found[0] else f"mailto:{found[0][1:-1]}")
    for found in _TAG.finditer(_AUTOLINK.sub(_blank, text)):
        if text[found.start() - 1 : found.start()] != "\\":
            yield _token(found, "html", found[0].split("\n")[0][:40])


def _token(found: re.Match[str], kind: str, name: str = "", argument: str = "", rest: str = "") -> Token:
    line = found.string.count("\n", 0, found.start()) + 1
    return Token(kind, line, found.start() - found.string.rfind("\n", 0, found.start()), name, argument, rest, found[0])


def _stands_alone(text: str, found: re.Match[str]) -> bool:
    before = text[: found.start()].split("\n")
    after = text[found.end() :].split("\n")
    open_before = len(before) == 1 or not before[-2].strip() or FENCE.match(before[-2])
    open_after = len(after) == 1 or not after[1].strip() or FENCE.match(after[1])
    return not before[-1].strip() and not after[0].strip() and bool(open_before and open_after)


def term_key(text: str, named: str | None) -> str:
    """Return the key of a term: as named, else its text in lower case with hyphens."""
    return named or re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")


def citations(inside: str) -> list[tuple[str, str]] | None:
    """Return the keys and locators of what stands between the brackets of a citation; None where it is not well formed."""
    parts = [ONE_CITATION.fullmatch(part.strip()) for part in inside.split(";")]
    return [(part[1], " ".join((part[2] or "").split())) for part in parts if part] if all(parts) else None
