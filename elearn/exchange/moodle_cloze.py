"""Moodle's embedded answers: ``{2:SHORTANSWER:=Paris#Yes~Lutetia}`` within a text. Pure."""

import re
from decimal import Decimal
from html import unescape

from elearn.exchange import foreign
from elearn.exchange.carry import plain_number
from elearn.exchange.foreign import FULL, NEARLY, Answer, decimal
from elearn.exchange.html_read import plain_text, to_markdown
from elearn.exchange.report import Item, Sink, Unusable

_KINDS = {
    "SHORTANSWER": "text", "SA": "text", "MW": "text", "SHORTANSWER_C": "case", "SAC": "case", "MWC": "case", "NUMERICAL": "numeric",
    "NM": "numeric", "MULTICHOICE": "choice", "MC": "choice", "MULTICHOICE_V": "choice", "MCV": "choice", "MULTICHOICE_H": "choice",
    "MCH": "choice", "MULTICHOICE_S": "choice", "MCS": "choice", "MULTICHOICE_VS": "choice", "MCVS": "choice", "MULTICHOICE_HS": "choice",
    "MCHS": "choice",
}  # fmt: skip
_GAP = re.compile(r"\{\s*(\d{0,3})\s*:\s*([A-Z_]{2,16})\s*:((?:\\.|[^\\}])*)\}", re.DOTALL)
_WEIGHT = re.compile(r"^%(-?\d{1,3}(?:\.\d{0,10})?)%")
_SIGNS = re.compile(r"\\([~#}])")
MOST_GAPS = 20


def read(text: str, style: str, note: Sink) -> Item:
    """Return the fields of a cloze item; ``prompt`` is what stands before the paragraph of the first gap.

    Gaps are looked for in the text as it was written: as Markdown, half of their signs would be escaped.
    """
    gaps: list[Item] = []

    def gap(found: re.Match[str]) -> str:
        kind = _KINDS.get(found[2])
        if kind is None:
            note("gap-left-out", found[0][:60])
            return found[0]
        body = unescape(found[3]) if style == "html" else found[3]
        gaps.append({"id": f"gap-{len(gaps) + 1}", **_gap(kind, body, int(found[1] or 1), note)})
        return f"⦃{len(gaps)}⦄"

    whole = re.sub(r"⦃(\d+)⦄", r"{{gap-\1}}", to_markdown(_GAP.sub(gap, text), style, note))
    if not gaps:
        raise Unusable("no-gaps")
    if len(gaps) > MOST_GAPS:
        note("too-many-gaps", str(MOST_GAPS))
    prompt, body = _divided(whole)
    return {"type": "cloze", "prompt": prompt, "text": body, "gaps": gaps}


def _divided(text: str) -> tuple[str, str]:
    before, line, after = text.partition("\n\n***\n\n")
    if line and "{{gap-1}}" in after:
        return before, after
    paragraphs = text.split("\n\n")
    first = next(place for place, each in enumerate(paragraphs) if "{{gap-1}}" in each)
    return "\n\n".join(paragraphs[:first]), "\n\n".join(paragraphs[first:])


def _gap(kind: str, body: str, weight: int, note: Sink) -> Item:
    answers = [_answer(piece) for piece in re.split(r"(?<!\\)~", body) if piece.strip()]
    for answer in answers:
        if answer.feedback:
            note("answer-feedback", answer.feedback[:60])
    right = [answer for answer in answers if answer.fraction >= FULL - NEARLY]
    for answer in answers:
        if 0 < answer.fraction < FULL - NEARLY:
            note("partial-credit", answer.text[:40])
    if not right:
        raise Unusable("no-accepted-answer", body[:40])
    worth: Item = {"weight": weight} if weight > 1 else {}
    if kind == "choice":
        return {"kind": "choice", "choices": _offered(answers, right, note), **worth}
    if kind == "numeric":
        found = foreign.numeric([right[0]], unit="", note=note)
        return {"kind": "numeric", **{key: found[key] for key in ("value", "tolerance", "range") if key in found}, **worth}
    if len(right) < len(answers):
        note("answer-left-out", ", ".join(answer.text[:40] for answer in answers if answer not in right))
    rules = {"normalise": ["space"]} if kind == "case" else {}
    return {"kind": "text", "accept": _accepted(right, body, note), **rules, **worth}


def _offered(answers: list[Answer], right: list[Answer], note: Sink) -> list[Item]:
    texts = [plain_text(answer.text, "plain", note) for answer in answers]
    return [
        {"id": key, "text": text} | ({"correct": True} if answer in right else {})
        for key, text, answer in zip(foreign.keyed(texts), texts, answers, strict=True)
    ]


def _accepted(right: list[Answer], body: str, note: Sink) -> list[str]:
    accepted = []
    for answer in right:
        if re.search(r"(?<!\\)\*", answer.text):
            note("wildcard", answer.text)
        else:
            accepted.append(answer.text.replace("\\*", "*"))
    if not accepted:
        raise Unusable("no-accepted-answer", body[:40])
    return accepted


def _answer(piece: str) -> Answer:
    piece = piece.strip()
    fraction = Decimal(0)
    if piece.startswith("="):
        fraction, piece = FULL, piece[1:]
    elif weight := _WEIGHT.match(piece):
        fraction, piece = Decimal(weight[1]), piece[weight.end() :]
    text, _, feedback = re.sub(r"(?<!\\)#", "\0", piece, count=1).partition("\0")
    text = _SIGNS.sub(r"\1", text).strip()
    value, colon, tolerance = text.partition(":")
    if colon and decimal(value) is not None and decimal(tolerance) is not None:
        return Answer(value, fraction, feedback, tolerance=decimal(tolerance))
    low, dots, high = text.partition("..")
    ends = (decimal(low), decimal(high)) if dots else (None, None)
    between = (ends[0], ends[1]) if ends[0] is not None and ends[1] is not None else None
    return Answer(text, fraction, _SIGNS.sub(r"\1", feedback).strip(), range=between)


def write(item: Item) -> str:
    """Return prompt and text of a cloze item with its gaps embedded."""
    text = item["text"]
    for gap in item["gaps"]:
        text = text.replace("{{" + gap["id"] + "}}", "{" + f"{gap.get('weight', 1)}:{_embedded(gap)}" + "}")
    # A line between the two where one would not know else where the text begins.
    first = text.split("\n\n")[0]
    return f"{item['prompt']}\n\n{text}" if _GAP.search(first) else f"{item['prompt']}\n\n***\n\n{text}"


def _embedded(gap: Item) -> str:
    match gap["kind"]:
        case "choice":
            answers = [("=" if choice.get("correct") else "") + _escaped(choice["text"]) for choice in gap["choices"]]
            return "MULTICHOICE:" + "~".join(answers)
        case "numeric" if "range" in gap:
            low, high = (Decimal(str(end)) for end in gap["range"])
            return f"NUMERICAL:={plain_number((low + high) / 2)}:{plain_number((high - low) / 2)}"
        case "numeric":
            return f"NUMERICAL:={plain_number(gap['value'])}:{plain_number(gap.get('tolerance', 0))}"
    kind = "SHORTANSWER" if "case" in gap.get("normalise", ["case"]) else "SHORTANSWER_C"
    return f"{kind}:" + "~".join("=" + _escaped(text.replace("*", "\\*")) for text in gap["accept"])


def _escaped(text: str) -> str:
    return re.sub(r"([~#}])", r"\\\1", text.replace("\n", " "))
