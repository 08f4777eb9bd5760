"""Questions of others in one shape, and that shape as an author's item: where weights, ranges and pairs find their counterpart. Pure."""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from elearn.exchange.report import Item, Sink, Unusable

FULL = Decimal(100)
#: So far from an equal share a rounded one may be.
NEARLY = Decimal("0.01")
BLANK = "_____"
BLOOM = ("remember", "understand", "apply", "analyse", "evaluate", "create")
LONGEST_ANSWER = 200


@dataclass
class Answer:
    """Something that may be answered, with what it is worth in per cent."""

    text: str
    fraction: Decimal = Decimal(0)
    feedback: str = ""
    id: str = ""
    #: As it was written, for an answer that is to be typed.
    raw: str = ""
    tolerance: Decimal | None = None
    range: tuple[Decimal, Decimal] | None = None


@dataclass
class Known:
    """What a question says beside its answers."""

    id: str = ""
    name: str = ""
    prompt: str = ""
    feedback: str = ""
    points: Decimal | None = None
    tags: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)


def key_of(text: str, taken: Collection[str] = (), longest: int = 40) -> str:
    """Return an id made of a text: the same for the same text, and none of ``taken``."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(c))
    words = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")
    key = re.sub(r"^(?=[0-9])", "n", words)[:longest].strip("-")
    if not key:
        key = "x" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
    if key not in taken:
        return key
    # Thousands may be called alike: the next free number is found by halves.
    low, high = 1, 2
    while f"{key}-{high}" in taken:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if f"{key}-{middle}" in taken else (low, middle)
    return f"{key}-{high}"


def keyed(texts: Iterable[str], given: Iterable[str] = ()) -> list[str]:
    """Return an id for each text: the one it was given, where that can be one, else one made of the text."""
    given, keys = list(given), list[str]()
    for number, text in enumerate(texts):
        wanted = given[number] if number < len(given) else ""
        usable = re.fullmatch(r"[a-z][a-z0-9-]{0,79}", wanted) and wanted not in keys
        keys.append(wanted if usable else key_of(wanted or text, keys))
    return keys


def common(known: Known, fragment: Item, taken: Collection[str], note: Sink) -> Item:
    """Return the whole item; its id is the one it came with, or is made of its name or its text."""
    came = known.id if re.fullmatch(r"[a-z][a-z0-9-]{0,79}", known.id) else ""
    key = came if came and came not in taken else key_of(known.id or known.name or known.prompt, taken)
    if key != known.id:
        note("id-made", key)
    item: Item = {"id": key, "prompt": known.prompt or known.name} | fragment
    if not item["prompt"]:
        raise Unusable("no-prompt")
    for tag in known.tags:
        name, colon, value = tag.partition(":")
        if colon and name == "outcome" and "outcome" not in item and re.fullmatch(r"[a-z][a-z0-9-]{0,79}", value):
            item["outcome"] = value
        elif colon and name == "bloom" and "bloom" not in item and value in BLOOM:
            item["bloom"] = value
        else:
            item.setdefault("tags", []).append(tag[:80])
    if known.points is not None and item["type"] != "reflection":
        item["points"] = number(known.points.quantize(Decimal("0.00001"), ROUND_HALF_UP))
    if known.hints:
        item["hints"] = known.hints
    if known.feedback:
        item["feedback"] = "\n\n".join(each for each in (known.feedback, item.get("feedback", "")) if each)
    return item


def number(value: Decimal) -> int | Decimal:
    """Return a number as YAML would read it: a whole one as such."""
    return int(value) if value == value.to_integral_value() else value.normalize()


def decimal(text: str | None, *, comma: bool = True) -> Decimal | None:
    """Return the number that a text is, of a size one can reckon with; None where it is none."""
    text = (text or "").strip()
    if comma and text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,2})?", text, re.ASCII):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def choices(answers: Sequence[Answer], *, single: bool, note: Sink) -> Item:
    """Return a question with choices: one right, or several."""
    if len(answers) < 2:  # noqa: PLR2004 (a choice is between two)
        raise Unusable("too-few-choices")
    ids = keyed((answer.text for answer in answers), (answer.id for answer in answers))
    entries = [
        {"id": key, "text": answer.text} | ({"feedback": answer.feedback} if answer.feedback else {})
        for key, answer in zip(ids, answers, strict=True)
    ]
    fractions = [answer.fraction for answer in answers]
    if not any(fraction > 0 for fraction in fractions):
        note("no-right-answer", "")
    if single:
        _weigh_single(entries, fractions, note)
        return {"type": "single-choice", "choices": entries}
    _weigh_several(entries, fractions, note)
    return {"type": "multiple-response", "scoring": "right-minus-wrong", "choices": entries}


def _weigh_single(entries: list[Item], fractions: list[Decimal], note: Sink) -> None:
    best = max(fractions)
    if best < FULL - NEARLY and best > 0:
        note("weights-changed", f"{best} → {FULL}")
    if sum(fraction >= best > 0 for fraction in fractions) > 1:
        note("two-right-answers", "")
    for entry, fraction in zip(entries, fractions, strict=True):
        if fraction >= best > 0:
            entry["correct"] = True
        elif fraction > 0:
            entry["weight"] = min(_rounded(fraction, note), 99)
        elif fraction < 0:
            note("negative-weight", f"{fraction}")


def _weigh_several(entries: list[Item], fractions: list[Decimal], note: Sink) -> None:
    right, wrong = [f for f in fractions if f > 0], [f for f in fractions if f <= 0]
    for entry, fraction in zip(entries, fractions, strict=True):
        if fraction > 0:
            entry["correct"] = True
    if all(abs(f * len(right) - FULL) < NEARLY * len(right) for f in right) and all(
        abs(f * len(wrong) + FULL) < NEARLY * len(wrong) for f in wrong
    ):
        return
    if right and abs(sum(right) - FULL) > 1:
        note("weights-changed", f"{sum(right)} → {FULL}")
    shares = iter(_to_hundred(right, note))
    for entry, fraction in zip(entries, fractions, strict=True):
        entry["weight"] = next(shares) if fraction > 0 else max(_rounded(fraction, note), -100)


def _to_hundred(shares: list[Decimal], note: Sink) -> list[int]:
    """Return whole weights that sum to 100, as near to the shares as they can be."""
    if not shares:
        return []
    exact = [share * FULL / sum(shares) for share in shares]
    whole = [int(share) for share in exact]
    nearest = sorted(range(len(exact)), key=lambda place: (whole[place] - exact[place], place))
    for place in nearest[: 100 - sum(whole)]:
        whole[place] += 1
    if any(share != whole[place] for place, share in enumerate(shares)):
        note("weights-rounded", ", ".join(map(str, whole)))
    return whole


def _rounded(fraction: Decimal, note: Sink) -> int:
    whole = int(fraction.to_integral_value(ROUND_HALF_UP))
    if whole != fraction:
        note("weights-rounded", f"{fraction} → {whole}")
    return whole


def true_false(*, right: bool, if_true: str, if_false: str) -> Item:
    """Return a statement that is true or false, with what there is to learn from either side."""
    sides: list[Item] = [{"id": "true"}, {"id": "false"}]
    sides[0 if right else 1]["correct"] = True
    for side, feedback in zip(sides, (if_true, if_false), strict=True):
        if feedback:
            side["feedback"] = feedback
    return {"type": "true-false", "choices": sides}


def short_text(answers: Sequence[Answer], *, case: bool, note: Sink) -> Item:
    """Return a question that wants a text; what brings a part of the points only is foreseen as wrong."""
    accept, foreseen, feedback = list[str](), list[Item](), ""
    for answer in answers:
        text = answer.text.strip()
        if not text or len(text) > LONGEST_ANSWER:
            note("answer-left-out", text[:40])
        elif answer.fraction >= FULL - NEARLY:
            accept += [text] if text not in accept else []
            feedback = _said_when_right(feedback, answer, note)
        else:
            if answer.fraction > 0:
                note("partial-credit", text)
            _foresee(foreseen, {"text": text}, answer, note)
    if not accept:
        raise Unusable("no-accepted-answer")
    item: Item = {"type": "short-text", "accept": accept}
    if case:
        item["normalise"] = ["space"]
    return item | ({"anticipated": foreseen} if foreseen else {}) | ({"feedback": feedback} if feedback else {})


def _said_when_right(feedback: str, answer: Answer, note: Sink) -> str:
    if answer.feedback and answer.feedback not in ("", feedback):
        note("right-feedback", answer.feedback[:60])
        return "\n\n".join(each for each in (feedback, answer.feedback) if each)
    return feedback


def _foresee(foreseen: list[Item], entry: Item, answer: Answer, note: Sink) -> None:
    if answer.feedback:
        foreseen.append(entry | {"feedback": answer.feedback})
    else:
        note("answer-left-out", answer.text[:40])


def numeric(answers: Sequence[Answer], *, unit: str, note: Sink) -> Item:
    """Return a question that wants a number."""
    usable = [answer for answer in answers if answer.range or decimal(answer.text) is not None]
    for answer in answers:
        if answer not in usable:
            note("answer-left-out", answer.text[:40])
    right = next((answer for answer in usable if answer.fraction >= FULL - NEARLY), None)
    if right is None:
        raise Unusable("no-accepted-answer")
    foreseen, feedback = list[Item](), _said_when_right("", right, note)
    for answer in usable:
        if answer is right:
            continue
        if answer.fraction > 0:
            note("second-answer" if answer.fraction >= FULL - NEARLY else "partial-credit", answer.text[:40])
        if answer.range or answer.fraction >= FULL - NEARLY:
            note("answer-left-out", answer.text[:40])
        else:
            _foresee(foreseen, _worth(answer), answer, note)
    return (
        {"type": "numeric", **_worth(right)}
        | ({"unit": unit} if unit else {})
        | ({"anticipated": foreseen} if foreseen else {})
        | ({"feedback": feedback} if feedback else {})
    )


def _worth(answer: Answer) -> Item:
    if answer.range:
        return {"range": [number(end) for end in sorted(answer.range)]}
    value = decimal(answer.text)
    assert value is not None
    return {"value": number(value)} | ({"tolerance": number(abs(answer.tolerance))} if answer.tolerance else {})


def matching(pairs: Sequence[tuple[str, str]], spare: Sequence[str], note: Sink) -> Item:
    """Return a question that matches each first text of ``pairs`` with its second; ``spare`` match nothing."""
    if len(pairs) < 2:  # noqa: PLR2004 (a pair alone is no question)
        raise Unusable("too-few-pairs")
    texts = list(dict.fromkeys([*(right for _, right in pairs), *spare]))
    if len(texts) < 2:  # noqa: PLR2004 (as above)
        note("too-few-choices", "")
    keys = dict(zip(texts, keyed(texts), strict=True))
    prompts = keyed(left for left, _ in pairs)
    return {
        "type": "matching",
        "prompts": [{"id": key, "text": left, "match": keys[right]} for key, (left, right) in zip(prompts, pairs, strict=True)],
        "choices": [{"id": keys[text], "text": text} for text in texts],
    }


def ordering(texts: Sequence[str], scoring: str, feedback: Sequence[str] = (), ids: Sequence[str] = ()) -> Item:
    """Return a question that wants ``texts`` in this order."""
    if len(texts) < 3:  # noqa: PLR2004 (fewer are no order)
        raise Unusable("too-few-choices")
    entries = [{"id": key, "text": text} for key, text in zip(keyed(texts, ids), texts, strict=True)]
    for entry, said in zip(entries, feedback, strict=False):
        if said:
            entry["feedback"] = said
    return {"type": "ordering", "scoring": scoring, "choices": entries}
