"""A text with gaps: words to type, numbers, or one choice out of several. Each gap brings its share of the points, by its weight. Pure.

``{{gap-id}}`` marks a gap in the Markdown of ``text``. The text is rendered as a whole and taken apart at its marks, so that what stands
before, between and behind the gaps is the text again once the gaps' controls are put in.
"""
# ruff: noqa: RUF012 (pydantic copies a default)

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from elearn.catalogue.items import gaps
from elearn.catalogue.items.gaps import ChoiceGap, GapWording, NumericGap, TextGap
from elearn.catalogue.items.item import (
    N_,
    Definition,
    Explained,
    ExplainedPart,
    Grade,
    Problem,
    Response,
    Shown,
    ShownChoice,
    ShownPart,
    Values,
    common,
    mark,
    ordered,
    parts_in,
    parts_of,
    spoken,
    unanswered,
)
from elearn.catalogue.items.listed import twice, verdict, without_feedback, words_of
from elearn.catalogue.items.numbers import needs_digits_only
from elearn.catalogue.items.source import ItemSource, Text, WordingSource
from elearn.catalogue.items.wording import BLOCK, INLINE, translated
from elearn.catalogue.syntax import CITATION, TERM
from elearn.text import render_markdown

TYPE = "cloze"
IS_TYPED = True
WORDING: Mapping[str, str] = {"text": BLOCK, "gaps.*.feedback": BLOCK, "gaps.*.choices.*.text": INLINE}
#: A mark, and what would be one if it were written well.
MARK = re.compile(r"\{\{([a-z][a-z0-9-]*)\}\}")
_LIKE_A_MARK = re.compile(r"\{\{[^{}\n]*\}\}")
_TAG_OR_MARK = re.compile(rf"<[^>]*>|{MARK.pattern}")
_NO_PLACE = re.compile(r"<(a|code|pre|h[1-6])\b.*?</\1>", re.DOTALL)


class Source(ItemSource):
    """What an author writes."""

    type: str
    text: Text
    gaps: Annotated[list[Annotated[TextGap | ChoiceGap | NumericGap, Field(discriminator="kind")]], Field(min_length=1, max_length=20)]


class Wording(WordingSource):
    """What a translator writes."""

    text: Text
    gaps: list[GapWording] = []


def parse(source: Source, language: str) -> Definition:
    """Return the definition, its gaps in the order in which the author lists them."""
    definition = common(source, TYPE, language)
    definition["gaps"] = [gap.facts(language) for gap in source.gaps]
    definition["wording"][language] |= {"text": source.text, "gaps": {gap.id: gap.wording() for gap in source.gaps}}
    return definition


def translate(definition: Definition, wording: Wording, language: str) -> list[Problem]:
    """Leave the definition with one more language, whose text has the same gaps; what is accepted there is right everywhere."""
    problems = translated(definition, wording, language) + _check_marks(definition, language)
    given = {gap.id: gap for gap in wording.gaps}
    source = definition["wording"][definition["language"]]["gaps"]
    for gap in definition["gaps"]:
        worded = given.get(gap["id"])
        if "accept" in gap and worded and worded.accept:
            gap["accept"][language] = list(worded.accept)
        if source[gap["id"]].get("unit"):
            definition["wording"][language]["gaps"][gap["id"]]["unit"] = (worded and worded.unit) or source[gap["id"]]["unit"]
    return problems


def check(definition: Definition) -> list[Problem]:
    """Return what keeps the item from being a fair question."""
    problems = twice(definition["gaps"], "gaps")
    for number, gap in enumerate(definition["gaps"]):
        problems += gaps.check(gap, ("gaps", number))
    return problems + _check_marks(definition, definition["language"]) + without_feedback(definition, "gaps")


def _check_marks(definition: Definition, language: str) -> list[Problem]:
    text = definition["wording"][language]["text"]
    times = Counter(MARK.findall(text))
    known = {gap["id"] for gap in definition["gaps"]}
    faults = [("bad-gap", f"“{like}” is no mark of a gap: {{{{key}}}}") for like in _LIKE_A_MARK.findall(text) if not MARK.fullmatch(like)]
    faults += [("unknown-gap", f"the text has a gap “{key}” that is not described") for key in sorted(set(times) - known)]
    faults += [("missing-gap", f"the text has no gap “{key}”") for key in sorted(known - set(times))]
    faults += [("repeated-gap", f"the text has the gap “{key}” {count} times") for key, count in times.items() if count > 1]
    # What becomes of each mark is seen in the HTML: code, for one, may be written in several ways.
    bare = _NO_PLACE.sub("", re.sub(rf"{TERM}|{CITATION}", "", str(render_markdown(re.sub(rf"{TERM}|{CITATION}", "", text)))))
    seen = {found[1] for found in _TAG_OR_MARK.finditer(bare) if found[1]}
    message = "the gap “{}” stands in a link, a term, a citation, code or a heading, where nothing can be filled in"
    faults += [("gap-not-here", message.format(key)) for key in sorted(set(times) - seen)]
    return [Problem(("text",), code, words) for code, words in faults]


def _by_id(definition: Definition) -> dict[str, Definition]:
    return {gap["id"]: gap for gap in definition["gaps"]}


def _fragments(html: str, known: Mapping[str, Definition]) -> tuple[list[tuple[str, str]], str]:
    """Return each gap with the HTML before it, in the order of the text, and the HTML behind the last one."""
    found: list[tuple[str, str]] = []
    begin = 0
    for at in _TAG_OR_MARK.finditer(html):
        if at[1] in known and at[1] not in {key for key, _ in found}:
            found.append((at[1], html[begin : at.start()]))
            begin = at.end()
    return found, html[begin:]


def read(definition: Definition, sent: Values) -> Response | None:
    """Return what was filled in, in the author's order of the gaps; None where nothing was."""
    known = _by_id(definition)
    places = [key for key, _ in _fragments(words_of(definition, definition["language"])["text"], known)[0]]
    filled = {}
    for key, value in parts_of(sent, list(known)).items():
        place = places.index(key) + 1 if key in places else 0
        if text := gaps.read(known[key], gaps.units(definition, key), value, place):
            filled[key] = text
    return filled or None


def show(definition: Definition, language: str, order: Sequence[str] | None = None) -> Shown:
    """Return what a page needs to ask: the gaps as they come in the text, with their choices in ``order`` (as ``gap.choice``)."""
    language = spoken(definition, language)
    html = definition["html"][language]
    known = _by_id(definition)
    offered = [f"{key}.{choice['id']}" for key, gap in known.items() for choice in gap.get("choices", [])]
    named = [name.split(".") for name in ordered(offered, order)]
    choices = {(key, id_): html["gaps"][key]["choices"][id_]["text"] for key, id_ in named}
    found, closing = _fragments(html["text"], known)
    parts = tuple(
        ShownPart(
            key,
            before,
            "select" if "choices" in known[key] else "text",
            tuple(ShownChoice(id_, words) for (gap, id_), words in choices.items() if gap == key),
            html["gaps"][key].get("unit", ""),
            known[key]["kind"] == "numeric" and needs_digits_only(known[key]),
        )
        for key, before in found
    )
    drawn = tuple(ShownChoice(f"{key}.{id_}", words) for (key, id_), words in choices.items())
    return Shown(html["prompt"], "gaps", drawn, tuple(html["hints"]), language, parts, closing)


def _verdicts(definition: Definition, response: Response | None) -> dict[str, bool]:
    given = parts_in(response)
    return {key: gaps.is_right(gap, gaps.units(definition, key), given.get(key, "")) for key, gap in _by_id(definition).items()}


def grade(definition: Definition, response: Response | None) -> Grade:
    """Return the weights of the gaps that are rightly filled, as a share of all."""
    if not parts_in(response):
        return unanswered(definition)
    verdicts = _verdicts(definition, response)
    earned = sum(gap["weight"] for key, gap in _by_id(definition).items() if verdicts[key])
    return mark(definition, Fraction(earned, _weight(definition)), verdicts)


def _weight(definition: Definition) -> int:
    return sum(gap["weight"] for gap in definition["gaps"])


def explain(definition: Definition, response: Response | None, language: str) -> Explained:
    """Return what a page needs to explain the mark: each gap with what it takes."""
    language = spoken(definition, language)
    html = definition["html"][language]
    given, verdicts, known = parts_in(response), _verdicts(definition, response), _by_id(definition)
    parts = tuple(
        ExplainedPart(
            key,
            before,
            given.get(key, ""),
            gaps.right_words(known[key], language, definition["language"], html["gaps"][key].get("unit", "")),
            verdict(given.get(key), right=verdicts[key]),
            html["gaps"][key]["feedback"],
        )
        for key, before in _fragments(html["text"], known)[0]
    )
    return Explained((), html["feedback"], "", (), language, parts)


def rule(definition: Definition) -> tuple[str, ...]:
    """Return how the mark comes about."""
    if len({gap["weight"] for gap in definition["gaps"]}) > 1:
        return (N_("Each gap that is filled rightly brings its share of the points; some count more than others."),)
    return (N_("Each gap that is filled rightly brings an equal share of the points."),)


def right_response(definition: Definition) -> Response | None:
    """Return something right in every gap."""
    return {gap["id"]: gaps.right_text(gap, definition["language"]) for gap in definition["gaps"]}


def in_words(definition: Definition, response: Response | None, language: str) -> list[str]:
    """Return what was filled in, gap after gap: what was chosen by its text, what was typed as it was typed."""
    worded = words_of(definition, language)["gaps"]
    return [worded.get(key, {}).get("choices", {}).get(value, {}).get("text") or value for key, value in parts_in(response).items()]


def guess(definition: Definition) -> Fraction | None:
    """Return the mean of the gaps by their weights: one choice out of all; nothing for what is typed."""
    shares = (Fraction(gap["weight"], len(gap["choices"])) for gap in definition["gaps"] if "choices" in gap)
    return sum(shares, Fraction(0)) / _weight(definition)
