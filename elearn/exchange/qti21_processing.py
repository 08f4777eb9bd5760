"""What an assessmentItem says of right and wrong: its responses, its rules, its feedback. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from xml.etree.ElementTree import Element  # Only the type: xml_safe parses.

from elearn.exchange.foreign import FULL, Answer, decimal
from elearn.exchange.xml_safe import descendants, text_at

ZERO = Decimal(0)


@dataclass(frozen=True)
class Branch:
    """A condition on one response: what it is compared with (None: the right response), and what follows."""

    key: str
    value: str | None
    tolerance: Decimal | None
    range: tuple[Decimal, Decimal] | None
    #: What is given to SCORE; None: nothing.
    score: Decimal | None
    #: The identifiers that outcomes are set to.
    outcomes: tuple[str, ...]


@dataclass
class Rules:
    """Reads the declarations and rules of one item."""

    root: Element
    branches: list[Branch] = field(default_factory=list)

    def __post_init__(self) -> None:
        for each in descendants(self.root, "responseIf", "responseElseIf"):
            if branch := _branch(each):
                self.branches.append(branch)

    @cached_property
    def declarations(self) -> dict[str, Element]:
        """The response declarations, by identifier."""
        return {each.get("identifier", ""): each for each in self.root.findall("responseDeclaration")}

    def correct(self, key: str) -> list[str]:
        """Return the values of the right response."""
        declaration = self.declarations.get(key)
        return [(each.text or "").strip() for each in declaration.findall("correctResponse/value")] if declaration is not None else []

    def mapping(self, key: str) -> dict[str, Decimal]:
        """Return what each value of a response is worth, in points."""
        declaration = self.declarations.get(key)
        entries = declaration.findall("mapping/mapEntry") if declaration is not None else []
        return {each.get("mapKey", "").strip(): decimal(each.get("mappedValue")) or ZERO for each in entries}

    def is_mapped(self, key: str) -> bool:
        """Return whether the mapping is what counts, not the right response alone."""
        processing = self.root.find("responseProcessing")
        if processing is None or not self.mapping(key):
            return bool(self.mapping(key))
        if (template := processing.get("template")) is not None and not len(processing):
            return "map_response" in template
        mapped = any(each.get("identifier") == key for each in descendants(processing, "mapResponse"))
        return mapped or not any(branch.key == key and branch.score for branch in self.branches)

    def adds_a_share(self, key: str) -> bool:
        """Return whether what the mapping says is raised by a fixed share: each choice rightly left counts."""
        return any(
            (decimal(text_at(each, "baseValue")) or ZERO) > 0
            for each in descendants(self.root, "sum")
            if (inner := each.find("mapResponse")) is not None and inner.get("identifier") == key
        )

    def case_counts(self, key: str) -> bool:
        """Return whether upper and lower case are told apart, explicitly."""
        declaration = self.declarations.get(key)
        entries = [] if declaration is None else declaration.findall("mapping/mapEntry")
        return bool(entries) and all(each.get("caseSensitive") == "true" for each in entries)

    def base(self, key: str) -> str:
        """Return the base type of a response."""
        return self.declarations[key].get("baseType", "") if key in self.declarations else ""

    @cached_property
    def points(self) -> Decimal | None:
        """The most that the item brings; None where it does not say."""
        for each in self.root.findall("outcomeDeclaration"):
            if each.get("identifier") == "SCORE" and (most := decimal(each.get("normalMaximum"))) is not None:
                return most
        for each in self.root.findall("outcomeDeclaration"):
            if each.get("identifier") == "MAXSCORE" and (most := decimal(text_at(each, "defaultValue/value"))) is not None:
                return most
        return None

    def scored(self, key: str) -> Decimal | None:
        """Return what the right response of ``key`` brings by a rule of its own."""
        return max((branch.score for branch in self.branches if branch.key == key and branch.score), default=None)

    def answers(self, key: str) -> list[Answer]:
        """Return what may be typed, with what it is worth in per cent of the best."""
        mapping = self.mapping(key)
        best = max(mapping.values(), default=ZERO)
        found = [Answer(text, worth * FULL / best) for text, worth in mapping.items()] if best > 0 else []
        right = (self.correct(key) or [""])[0]
        for branch in self.branches:
            if branch.key == key and branch.score:
                value = right if branch.value is None else branch.value
                found.append(Answer(value, FULL, tolerance=branch.tolerance, range=branch.range))
        if not found:
            found = [Answer(value, FULL) for value in self.correct(key)]
        return found

    def foreseen(self, key: str, feedback: dict[str, str]) -> list[Answer]:
        """Return wrong answers that have feedback of their own, and take that feedback out of ``feedback``."""
        found = []
        for branch in self.branches:
            told = next((outcome for outcome in branch.outcomes if outcome in feedback), None)
            if branch.key == key and told and not branch.score and (branch.value is not None or branch.range):
                found.append(Answer(branch.value or "", ZERO, feedback.pop(told), tolerance=branch.tolerance, range=branch.range))
        return found

    def feedback(self, text: Callable[[Element], str]) -> tuple[dict[str, str], list[str]]:
        """Return the feedback by identifier, and what is said in any case."""
        always = {
            (each.get("identifier", ""), text_at(each, "defaultValue/value").strip()) for each in self.root.findall("outcomeDeclaration")
        }
        by_key, general = dict[str, str](), list[str]()
        for each in self.root.findall("modalFeedback"):
            words = text(each)
            if words and (each.get("outcomeIdentifier", ""), each.get("identifier", "")) in always:
                general.append(words)
            elif words:
                by_key[each.get("identifier", "")] = words
        return by_key, general

    def said_of(self, key: str, choice: str) -> list[str]:
        """Return the identifiers of feedback that choosing ``choice`` brings."""
        told = [outcome for branch in self.branches if branch.key == key and branch.value == choice for outcome in branch.outcomes]
        return [choice, *told]


def _branch(element: Element) -> Branch | None:
    test = next((child for child in element if child.tag not in {"setOutcomeValue", "responseCondition", "exitResponse"}), None)
    if test is None:
        return None
    variable = next(descendants(test, "variable"), None)
    if variable is None or test.tag in {"not", "or", "isNull", "anyN"}:
        return None
    base = next(descendants(test, "baseValue"), None)
    if test.tag == "and":
        between = _range(test)
        if between is None:
            return None
        value, tolerance = None, None
    else:
        between, value, tolerance = None, (base.text or "").strip() if base is not None else None, _tolerance(test)
    score, outcomes = None, list[str]()
    for each in element.findall("setOutcomeValue"):
        values = list(descendants(each, "baseValue"))
        if each.get("identifier") == "SCORE" and values:
            score = decimal(values[-1].text)
        elif values:
            outcomes.append((values[-1].text or "").strip())
    return Branch(variable.get("identifier", ""), value, tolerance, between, score, tuple(outcomes))


def _tolerance(test: Element) -> Decimal | None:
    if test.tag != "equal" or test.get("toleranceMode", "exact") != "absolute":
        return None
    return decimal((test.get("tolerance", "").split() or [""])[0])


def _range(test: Element) -> tuple[Decimal, Decimal] | None:
    low = next((decimal(text_at(each, "baseValue")) for each in test if each.tag in {"gte", "gt"}), None)
    high = next((decimal(text_at(each, "baseValue")) for each in test if each.tag in {"lte", "lt"}), None)
    return (low, high) if low is not None and high is not None else None
