"""What of a module can be measured: words, readability, questions, cases, sources. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from elearn.catalogue.reading import Item, Module, Section, Series
from elearn.catalogue.render import count_words, plain_text
from elearn.catalogue.syntax import tokens

PROSE = frozenset({"introduction", "key-issue", "case-study", "conclusion"})
CERTAIN = frozenset({"treaty", "resolution", "legislation", "case", "standard"})
#: Below so many items, a share at one position says nothing.
ENOUGH_ITEMS = 8


@dataclass(frozen=True)
class Measure:
    """What was measured of one module."""

    slug: str
    kind: str
    words: int
    ari: float
    ari_most: float
    outcomes: int
    key_issues: int
    cases: tuple[str, ...]
    discussions: int
    figures: int
    slots: int
    items: int
    types: tuple[str, ...]
    remember: float
    longest: float
    position: float
    references: int
    certain: int
    class_minutes: int
    exercises: int
    sections: dict[str, tuple[int, float]] = field(default_factory=dict)


def ari(sentences: Sequence[str]) -> float:
    """Return the automated readability index: about the school year in which one reads these sentences with ease."""
    words = [word for sentence in sentences for word in re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", sentence)]
    characters = sum(len(re.sub(r"\W", "", word)) for word in words)
    return 4.71 * characters / len(words) + 0.5 * len(words) / len(sentences) - 21.43 if words else 0.0


def sentences_of(text: str) -> list[str]:
    """Return the sentences of plain text with one block a line; a full stop within an abbreviation or a number ends none."""
    ends = (
        r"(?<=[.!?])(?<!\b[A-Zv]\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bNo\.)(?<!\bart\.)(?<!\bp\.)(?<!\bal\.)[)”’\"']?\s+(?=[\"“‘(]?[A-Z0-9])"
    )
    return [part.strip() for line in text.split("\n") for part in re.split(ends, line) if part and re.search(r"\w", part)]


def measure(series: Series) -> tuple[Measure, ...]:
    """Return what was measured of each module for universities and each guide, in the source language."""
    return tuple(_measured(series, module) for module in series.modules if module.yml.level == "university")


def sections_of(series: Series, module: Module) -> tuple[Section, ...]:
    """Return the sections in the source language."""
    return module.texts[series.source].sections


def prose_of(series: Series, module: Module) -> list[Section]:
    """Return the sections that are read as prose; of a guide, all but the references."""
    sections = [section for section in sections_of(series, module) if section.audience == "everyone"]
    return [s for s in sections if s.kind in PROSE or (module.yml.kind == "guide" and s.kind != "references")]


#: Long descriptions, labels, citations and lists of references are not the section's own prose.
_NOT_OWN = (
    r"<details.*?</details>|<p class=\"directive-label\">.*?</p>|<span class=\"citation\">.*?</span>|<ul class=\"references\">.*?</ul>"
)
#: Neither are these sentences.
_NO_SENTENCES = r"|<table.*?</table>|<h[2-6].*?</h[2-6]>|<p class=\"directive-title\">.*?</p>|<pre.*?</pre>"


def own_text(section: Section) -> str:
    """Return what the section itself says, as plain text."""
    return plain_text(re.sub(_NOT_OWN, " ", section.rendered.html, flags=re.DOTALL))


def own_sentences(section: Section) -> list[str]:
    """Return the sentences of what the section itself says."""
    return sentences_of(plain_text(re.sub(_NOT_OWN + _NO_SENTENCES, " ", section.rendered.html, flags=re.DOTALL)))


def _measured(series: Series, module: Module) -> Measure:
    sections, prose = sections_of(series, module), prose_of(series, module)
    marks = [token for section in sections for token in tokens(section.markdown)]
    indexes = {s.key: (count_words(own_text(s)), round(ari(own_sentences(s)), 1)) for s in prose}
    opened = [token for token in marks if token.kind == "open"]
    items = module.quiz.items if module.quiz else ()
    cited = {key for s in sections for key in re.findall(r"#ref-([a-z0-9-]+)", s.rendered.html)}
    certain = [r for r in series.references if r.key in cited and r.entry.type in CERTAIN]
    ari_values = [index for _, index in indexes.values()] or [0.0]
    positions = _positions(items)
    return Measure(
        slug=module.slug,
        kind=module.yml.kind,
        words=sum(words for words, _ in indexes.values()),
        ari=round(median(ari_values), 1),
        ari_most=max(ari_values),
        outcomes=len(module.yml.outcomes),
        key_issues=sum(s.kind == "key-issue" for s in sections),
        cases=tuple(token.argument for token in opened if token.name == "case"),
        discussions=sum(token.name == "discuss" for token in opened),
        figures=len({name for s in sections for name in s.pictures}),
        slots=len({token.argument for token in opened if token.name == "slot"}),
        items=len(items),
        types=tuple(sorted({item.type for item in items})),
        remember=_share(item.bloom == "remember" for item in items),
        longest=_share(_right_is_longest(item) for item in items if item.type == "single-choice"),
        position=max(positions.values()) / sum(positions.values()) if sum(positions.values()) >= ENOUGH_ITEMS else 0.0,
        references=len(cited),
        certain=len(certain),
        class_minutes=max((sum(step.minutes for step in s.steps) for s in sections), default=0),
        exercises=_exercises(sections),
        sections=indexes,
    )


def _share(values: Iterable[bool]) -> float:
    values = list(values)
    return sum(values) / len(values) if values else 0.0


def choice_texts(item: Item) -> dict[str, str]:
    """Return the texts of the choices by their ids."""
    wording = item.written["wording"][item.written["language"]]
    return {key: choice["text"] for key, choice in wording.get("choices", {}).items()}


def _right_is_longest(item: Item) -> bool:
    """Return whether the right choice is longer than each other one."""
    right = {choice["id"] for choice in item.written["choices"] if choice["correct"]}
    lengths = {key: len(text) for key, text in choice_texts(item).items()}
    others = [length for key, length in lengths.items() if key not in right]
    return bool(right) and min(lengths[key] for key in right) > max(others, default=0)


def _positions(items: Sequence[Item]) -> Counter[int]:
    single = [item for item in items if item.type == "single-choice"]
    return Counter(place for item in single for place, choice in enumerate(item.written["choices"]) if choice["correct"])


def _exercises(sections: Iterable[Section]) -> int:
    """Return the number of exercises: second-level headings of exercise sections for everyone, or the section itself."""
    count = 0
    for section in sections:
        if section.kind == "exercise" and section.audience == "everyone":
            headings = [
                t
                for t in tokens(section.markdown)
                if t.kind == "heading" and t.name == "2" and re.search(r"\d|exercise", t.rest, re.IGNORECASE)
            ]
            count += len(headings) or 1
    return count


def table(measures: Sequence[Measure]) -> str:
    """Return the measures as a table to read in a terminal."""
    rows = [
        {
            "module": m.slug,
            "words": m.words,
            "ARI": m.ari,
            "most": m.ari_most,
            "outcomes": m.outcomes,
            "key issues": m.key_issues,
            "cases": ",".join(m.cases) or "-",
            "discuss": m.discussions,
            "figures": m.figures,
            "slots": m.slots,
            "items": m.items,
            "types": len(m.types),
            "remember": f"{m.remember:.0%}",
            "longest": f"{m.longest:.0%}",
            "one place": f"{m.position:.0%}",
            "cited": m.references,
            "certain": m.certain,
            "minutes": m.class_minutes,
            "exercises": m.exercises,
        }
        for m in measures
    ]
    heads = tuple(rows[0]) if rows else ()
    cells = [heads, *(tuple(map(str, row.values())) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells)
