"""How QTI 2.1 reckons a mark: the rules that our items are written with. Pure."""

from decimal import Decimal
from xml.etree.ElementTree import Element  # Written, not parsed.

from elearn.exchange.carry import plain_number
from elearn.exchange.report import Item
from elearn.exchange.xml_safe import add, fit


def _condition(processing: Element, test: Element) -> Element:
    found = add(add(processing, "responseCondition"), "responseIf")
    found.append(test)
    return found


def _set(parent: Element, outcome: str, value: Element) -> None:
    add(parent, "setOutcomeValue", identifier=outcome).append(value)


def _value(base: str, text: str) -> Element:
    element = Element("baseValue", baseType=base)
    element.text = fit(text)
    return element


def all_or_nothing(processing: Element, key: str, points: str) -> None:
    """Give the points for exactly the right response."""
    test = Element("match")
    add(test, "variable", identifier=key)
    add(test, "correct", identifier=key)
    _set(_condition(processing, test), "SCORE", _value("float", points))


def by_mapping(processing: Element, key: str, plus: str = "") -> None:
    """Give what the mapping says, and ``plus`` besides, for a response that is one."""
    empty = Element("not")
    add(add(empty, "isNull"), "variable", identifier=key)
    worth = Element("mapResponse", identifier=key)
    if plus:
        whole = Element("sum")
        whole.extend([worth, _value("float", plus)])
        worth = whole
    _set(_condition(processing, empty), "SCORE", worth)


def add_mapping(processing: Element, key: str) -> None:
    """Add what the mapping says to the score."""
    whole = Element("sum")
    add(whole, "variable", identifier="SCORE")
    add(whole, "mapResponse", identifier=key)
    _set(processing, "SCORE", whole)


def same(processing: Element, outcome: str, key: str) -> None:
    """Set an outcome to the response itself."""
    _set(processing, outcome, Element("variable", identifier=key))


def when(processing: Element, test: Element, outcome: str, points: str, *, more: bool = False) -> None:
    """Give points where ``test`` holds; ``more``: beside those there are."""
    value = _value("float", points)
    if more:
        whole = Element("sum")
        add(whole, "variable", identifier=outcome)
        whole.append(value)
        value = whole
    _set(_condition(processing, test), outcome, value)


def same_text(key: str, text: str, case: str) -> Element:
    """Return the test whether a response is this text."""
    test = Element("stringMatch", caseSensitive=case)
    add(test, "variable", identifier=key)
    test.append(_value("string", text))
    return test


def number(key: str, worth: Item) -> Element:
    """Return the test whether a response is this number, within its tolerance or range."""
    if "range" in worth:
        both = Element("and")
        for name, end in zip(("gte", "lte"), worth["range"], strict=True):
            add(both, name).append(Element("variable", identifier=key))
            both[-1].append(_value("float", plain_number(end)))
        return both
    tolerance = plain_number(worth.get("tolerance", Decimal(0)))
    test = Element("equal", toleranceMode="absolute", tolerance=f"{tolerance} {tolerance}")
    add(test, "variable", identifier=key)
    test.append(_value("float", plain_number(worth["value"])))
    return test


def foreseen(processing: Element, key: str, tests: list[Element]) -> None:  # noqa: ARG001 (the tests name it)
    """Set the feedback of the first test that holds."""
    condition = add(processing, "responseCondition") if tests else processing
    for place, test in enumerate(tests, start=1):
        branch = add(condition, "responseIf" if place == 1 else "responseElseIf")
        branch.append(test)
        _set(branch, "FEEDBACK", _value("identifier", f"foreseen-{place}"))
