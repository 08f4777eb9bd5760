"""GIFT's signs: what is escaped, and where an unescaped sign divides a text. Pure."""

from collections.abc import Iterator

SIGNS = "~=#{}:\\"


def escape(text: str) -> str:
    """Return a text such that GIFT reads it as it is, on one line."""
    for sign in "\\~=#{}:":
        text = text.replace(sign, "\\" + sign)
    return text.replace("\n", "\\n")


def unescape(text: str) -> str:
    """Return what an escaped text says."""
    parts, place = list[str](), 0
    while (slash := text.find("\\", place)) != -1 and slash + 1 < len(text):
        after = text[slash + 1]
        parts.append(text[place:slash])
        parts.append(after if after in SIGNS else "\n" if after == "n" else "\\" + after)
        place = slash + 2
    return "".join(parts) + text[place:]


def unescaped(text: str, signs: str) -> Iterator[int]:
    """Yield the places of ``signs`` that no backslash stands before."""
    place = 0
    while place < len(text):
        if text[place] == "\\":
            place += 2
            continue
        if text[place] in signs:
            yield place
        place += 1


def parted(text: str, sign: str) -> tuple[str, str, str]:
    """Return a text as ``str.partition`` does, at the first ``sign`` that is not escaped."""
    for place in unescaped(text, sign[0]):
        if text.startswith(sign, place):
            return text[:place], sign, text[place + len(sign) :]
    return text, "", ""


def parted_last(text: str, sign: str) -> tuple[str, str]:
    """Return what stands before and after the last ``sign`` that is not escaped; nothing after, where there is none."""
    found = [place for place in unescaped(text, sign[0]) if text.startswith(sign, place)]
    return (text[: found[-1]], text[found[-1] + len(sign) :]) if found else (text, "")


def answers(text: str) -> list[tuple[str, str]]:
    """Return the answers of a block, each with the sign before it; what stands before the first sign has none."""
    places = [*unescaped(text, "=~")]
    pieces = [("", text[: places[0]] if places else text)]
    pieces += [(text[place], text[place + 1 : end]) for place, end in zip(places, [*places[1:], len(text)], strict=False)]
    return [(sign, piece) for sign, piece in pieces if sign or piece.strip()]
