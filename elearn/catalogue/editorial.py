"""The editorial standard, as far as it can be measured. Pure.

Measured are the modules for universities; a guide has its own few rules. Each rule that is broken is a fault where an author mends it.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from rapidfuzz import fuzz

from elearn.catalogue.faults import Fault
from elearn.catalogue.items.registry import TYPES
from elearn.catalogue.items.wording import texts
from elearn.catalogue.measures import Measure, own_sentences, prose_of, sections_of
from elearn.catalogue.reading import Module, Series
from elearn.catalogue.render import count_words
from elearn.countries import countries

WORDS, WORDS_OF_SECTION, WORDS_OF_GUIDE = (5_000, 8_000), (500, 1_200), (6_000, 10_000)
OUTCOMES, KEY_ISSUES = (4, 7), (5, 9)
ARI_MEDIAN, ARI_MOST = 14.0, 17.0
CASES, DISCUSSIONS, FIGURES, SLOTS, ITEMS, EXERCISES = 3, 4, 2, 2, 24, 3
ITEM_TYPES = 6
MOST_REMEMBER, MOST_LONGEST, MOST_AT_ONE_PLACE = 0.5, 0.35, 0.4
CERTAIN_REFERENCES, CLASS_MINUTES = 10, 180
ITEMS_OF_OUTCOME = 2
SENTENCE_WORDS, ALIKE = 8, 90
NORTH = frozenset({"150", "021"})
#: Terminology by the Luxembourg Guidelines, and wordings that the standard rules out.
AVOIDED = (
    (r"child(ren)?['’]?s? porn\w*", "child sexual abuse material"),
    (r"kiddie porn\w*", "child sexual abuse material"),
    (r"child prostitut\w*", "sexual exploitation of children in prostitution"),
    (r"child sex tourism", "sexual exploitation of children in travel and tourism"),
    (r"revenge porn\w*", "sharing of intimate images without consent"),
    (r"all of the above", "a choice that says something by itself"),
    (r"none of the above", "a choice that says something by itself"),
)


def faults(series: Series, measures: Sequence[Measure]) -> list[Fault]:
    """Return each departure from the standard."""
    modules = {module.slug: module for module in series.modules}
    found: list[Fault] = []
    for measured in measures:
        module = modules[measured.slug]
        rules = _module_rules if measured.kind == "module" else _guide_rules
        found += [_fault(f"{module.folder}/module.yml", 1, code, message) for code, message in rules(measured)]
        found += _section_faults(series, module, measured)
        found += _quiz_faults(module)
        found += _outcome_faults(module)
    return sorted([*found, *_avoided(series), *_twice(series)])


def _fault(path: str, line: int, code: str, message: str) -> Fault:
    return Fault(path, line, 1, code, message)


def _within(code: str, value: float, least: float, most: float | None = None) -> Iterator[tuple[str, str]]:
    if value < least or (most is not None and value > most):
        wanted = f"at least {least:g}" if most is None else f"{least:g} to {most:g}"
        yield f"editorial-{code}", f"{value:g}; the standard asks for {wanted}"


def _guide_rules(m: Measure) -> Iterator[tuple[str, str]]:
    yield from _within("words", m.words, *WORDS_OF_GUIDE)
    yield from _within("readability", m.ari, -100, ARI_MEDIAN)


def _module_rules(m: Measure) -> Iterator[tuple[str, str]]:
    yield from _within("words", m.words, *WORDS)
    yield from _within("readability", m.ari, -100, ARI_MEDIAN)
    yield from _within("outcomes", m.outcomes, *OUTCOMES)
    yield from _within("key-issues", m.key_issues, *KEY_ISSUES)
    yield from _within("discussions", m.discussions, DISCUSSIONS)
    yield from _within("figures", m.figures, FIGURES)
    yield from _within("slots", m.slots, SLOTS)
    yield from _within("items", m.items, ITEMS)
    yield from _within("item-types", len(m.types), ITEM_TYPES)
    yield from _within("references", m.certain, CERTAIN_REFERENCES)
    yield from _within("exercises", m.exercises, EXERCISES)
    yield from _within("class-minutes", m.class_minutes, CLASS_MINUTES, CLASS_MINUTES)
    yield from _within("remember", round(m.remember, 2), 0, MOST_REMEMBER)
    yield from _within("longest-is-right", round(m.longest, 2), 0, MOST_LONGEST)
    yield from _within("position", round(m.position, 2), 0, MOST_AT_ONE_PLACE)
    yield from _case_rules(m)


def _case_rules(m: Measure) -> Iterator[tuple[str, str]]:
    yield from _within("cases", len(m.cases), CASES)
    places = [countries()[code] for code in m.cases if code in countries()]
    regions = {place.region_m49 for place in places}
    if len(regions) < 2 or not any(not {place.region_m49, place.subregion_m49} & NORTH for place in places):  # noqa: PLR2004 (more than one)
        yield (
            "editorial-case-regions",
            f"cases from {', '.join(m.cases) or 'nowhere'}; the standard asks for different regions, not only Europe and North America",
        )


def _section_faults(series: Series, module: Module, measured: Measure) -> Iterator[Fault]:
    for section in prose_of(series, module):
        words, index = measured.sections[section.key]
        if module.yml.kind == "module":
            for code, message in _within("section-words", words, *WORDS_OF_SECTION):
                yield _fault(section.path, 1, code, message)
        for code, message in _within("section-readability", index, -100, ARI_MOST):
            yield _fault(section.path, 1, code, message)
        for name in section.pictures:
            if name not in section.descriptions:
                yield _fault(section.path, 1, "editorial-description", f"{name} has no long description")
    if module.yml.kind == "module":
        kinds = {section.kind for section in sections_of(series, module)}
        for kind in (
            "introduction",
            "conclusion",
            "class-structure",
            "exercise",
            "assessment",
            "core-reading",
            "advanced-reading",
            "tools",
            "references",
        ):
            if kind not in kinds:
                yield _fault(f"{module.folder}/module.yml", 1, "editorial-sections", f"there is no section of kind {kind}")


def _quiz_faults(module: Module) -> Iterator[Fault]:
    for item in module.quiz.items if module.quiz else ():
        wording = item.written["wording"][item.written["language"]]
        path = module.quiz.path if module.quiz else ""
        for where, text in texts(wording, TYPES[item.type].WORDING):
            if where[1:] and where[-1] == "feedback" and not text:
                yield _fault(path, item.line, "editorial-feedback", f"{item.key}: “{where[-2]}” has no feedback")
        if "anticipated" in wording and not (wording["feedback"] and wording["anticipated"]):
            yield _fault(
                path, item.line, "editorial-feedback", f"{item.key}: what is typed has feedback, and wrong answers are anticipated"
            )


def _outcome_faults(module: Module) -> Iterator[Fault]:
    if module.yml.kind != "module":
        return
    assessed = Counter(item.outcome for item in (module.quiz.items if module.quiz else ()))
    for outcome in module.yml.outcomes:
        if assessed[outcome.id] < ITEMS_OF_OUTCOME:
            message = f"“{outcome.id}” is assessed by {assessed[outcome.id]}; the standard asks for at least {ITEMS_OF_OUTCOME}"
            yield _fault(f"{module.folder}/module.yml", 1, "editorial-assessed", message)


def _passages(series: Series) -> Iterator[tuple[str, int, str]]:
    """Yield every text of the series with its file and first line."""
    for module in series.modules:
        for section in sections_of(series, module):
            yield section.path, section.first_line, section.markdown
        for item in module.quiz.items if module.quiz else ():
            wording = item.written["wording"][item.written["language"]]
            said = [text for _where, text in texts(wording, TYPES[item.type].WORDING)]
            yield module.quiz.path if module.quiz else "", item.line, " \n".join(said)


def _avoided(series: Series) -> Iterator[Fault]:
    for path, first, text in _passages(series):
        for pattern, better in AVOIDED:
            for found in re.finditer(rf"\b{pattern}", text, re.IGNORECASE):
                # Quoting the title of a law is the one use that the guidelines leave; it stands in italics or quotation marks.
                around = text[max(0, found.start() - 120) : found.end() + 120]
                if re.search(rf"[*“\"][^*“”\"]*{re.escape(found[0])}[^*“”\"]*[*”\"]", around):
                    continue
                line = first + (text.count("\n", 0, found.start()) if path.endswith(".md") else 0)
                yield _fault(path, line, "editorial-term", f"“{found[0]}”: write {better}")


def _twice(series: Series) -> Iterator[Fault]:
    """Yield each sentence that stands twice in the series, or nearly."""
    sentences: list[tuple[str, str]] = []
    for module in series.modules:
        for section in sections_of(series, module):
            sentences += [(section.path, s) for s in own_sentences(section) if count_words(s) >= SENTENCE_WORDS]
    words = [" ".join(re.findall(r"\w+", sentence.lower())) for _, sentence in sentences]
    for first, others in _candidates([set(each.split()) for each in words]):
        for second in others:
            if score := _alike(words[first], words[second], score_cutoff=ALIKE):
                path, sentence = sentences[second]
                message = f"“{sentence[:70]}…” stands nearly so in {sentences[first][0]} ({score:.0f})"
                yield _fault(path, _line_of(series, path, sentence), "editorial-twice", message)


def _candidates(words: Sequence[Collection[str]]) -> Iterator[tuple[int, list[int]]]:
    """Yield each sentence with the later ones that may share half of their words or more.

    Two such sentences share one of the rarer half of their words: only those are looked up, since common ones are in most sentences.
    """
    common = Counter(word for each in words for word in each)
    rare = [sorted(each, key=lambda word: (common[word], word))[: len(each) // 2 + 1] for each in words]
    places: dict[str, list[int]] = {}
    for place, each in enumerate(rare):
        for word in each:
            places.setdefault(word, []).append(place)
    for place, each in enumerate(rare):
        yield place, sorted({other for word in each for other in places[word] if other > place})


def _alike(one: str, other: str, *, score_cutoff: float | None = None) -> float:
    # A sentence whose words are all in a longer one is not the same sentence.
    if min(len(one), len(other)) < 0.6 * max(len(one), len(other)):
        return 0.0
    return fuzz.token_set_ratio(one, other, score_cutoff=score_cutoff)


def _line_of(series: Series, path: str, sentence: str) -> int:
    for module in series.modules:
        for section in sections_of(series, module):
            if section.path == path:
                start = " ".join(sentence.split()[:3])
                for number, line in enumerate(section.markdown.split("\n")):
                    if start in line:
                        return section.first_line + number
                return section.first_line
    return 1
