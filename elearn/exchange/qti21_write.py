"""QTI 2.1: one assessmentItem for an item. Pure."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from xml.etree.ElementTree import Element, tostring  # Written, not parsed.

from elearn.exchange import qti21_rules as rules
from elearn.exchange.carry import fractions, plain_number
from elearn.exchange.qti_text import put
from elearn.exchange.report import Item, Unusable
from elearn.exchange.xml_safe import add, fit

NAMESPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
SCHEMA = "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
RESPONSE = "RESPONSE"


def write_item(item: Item) -> bytes:
    """Return an assessmentItem; raise Unusable where QTI has no such question."""
    make = _BODIES.get(item["type"])
    if make is None:
        raise Unusable("item-left-out", str(item["type"]))
    title = fit(" ".join(item["prompt"].split()))[:80]
    root = Element("assessmentItem", identifier=item["id"], title=title, adaptive="false", timeDependent="false")
    root.attrib |= {"xmlns": NAMESPACE, "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance"}
    root.set("xsi:schemaLocation", f"{NAMESPACE} {SCHEMA}")
    body, processing = Element("itemBody"), Element("responseProcessing")
    declarations, feedback = make(item, body, processing)
    root.extend(declarations)
    add(root, "outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float", normalMaximum=_points(item))
    if feedback:
        many = item["type"] == "multiple-response"
        add(root, "outcomeDeclaration", identifier="FEEDBACK", cardinality="multiple" if many else "single", baseType="identifier")
    if "feedback" in item:
        solution = add(root, "outcomeDeclaration", identifier="SOLUTION", cardinality="single", baseType="identifier")
        add(add(solution, "defaultValue"), "value", "general")
    root.append(body)
    if len(processing):
        root.append(processing)
    for key, text in feedback.items():
        put(add(root, "modalFeedback", outcomeIdentifier="FEEDBACK", identifier=key, showHide="show"), text)
    if "feedback" in item:
        put(add(root, "modalFeedback", outcomeIdentifier="SOLUTION", identifier="general", showHide="show"), item["feedback"])
    return bytes(tostring(root, encoding="UTF-8", xml_declaration=True))


Made = tuple[list[Element], dict[str, str]]


def _points(item: Item) -> str:
    return plain_number(item.get("points", 1))


def share_of(item: Item, share: Decimal) -> str:
    """Return a share (1: all) of an item's points."""
    return plain_number((Decimal(str(item.get("points", 1))) * share).quantize(Decimal("0.0000001"), ROUND_HALF_UP))


def declared(key: str, cardinality: str, base: str, correct: list[str]) -> Element:
    """Return the declaration of a response with its right values."""
    declaration = Element("responseDeclaration", identifier=key, cardinality=cardinality, baseType=base)
    holder = add(declaration, "correctResponse")
    for value in correct:
        add(holder, "value", value)
    return declaration


def mapped(declaration: Element, worths: dict[str, str], **attributes: str) -> None:
    """Add what each value of a response is worth."""
    mapping = add(declaration, "mapping", defaultValue="0")
    for key, worth in worths.items():
        add(mapping, "mapEntry", mapKey=key, mappedValue=worth, **attributes)


def _choices(item: Item, body: Element, processing: Element) -> Made:
    put(body, item["prompt"])
    several = item["type"] == "multiple-response"
    interaction = add(
        body, "choiceInteraction", responseIdentifier=RESPONSE, shuffle="false" if item["type"] == "true-false" else "true",
        maxChoices="0" if several else "1",
    )  # fmt: skip
    for choice in item["choices"]:
        put(add(interaction, "simpleChoice", identifier=choice["id"]), choice.get("text", choice["id"].capitalize()), inline=True)
    right = [choice["id"] for choice in item["choices"] if choice.get("correct")]
    declaration = declared(RESPONSE, "multiple" if several else "single", "identifier", right)
    feedback = {choice["id"]: choice["feedback"] for choice in item["choices"] if "feedback" in choice}
    scoring = item.get("scoring", "")
    if scoring == "exact":
        rules.all_or_nothing(processing, RESPONSE, _points(item))
    elif scoring == "per-option":
        each = Decimal(1) / len(item["choices"])
        mapped(declaration, {c["id"]: share_of(item, each if c.get("correct") else -each) for c in item["choices"]})
        rules.by_mapping(processing, RESPONSE, plus=share_of(item, each * (len(item["choices"]) - len(right))))
    else:
        shares = zip(item["choices"], fractions(item), strict=True)
        mapped(declaration, {choice["id"]: share_of(item, share / 100) for choice, share in shares if share})
        declaration[-1].set("lowerBound", "0")
        rules.by_mapping(processing, RESPONSE)
    if feedback:
        rules.same(processing, "FEEDBACK", RESPONSE)
    return [declaration], feedback


def _short_text(item: Item, body: Element, processing: Element) -> Made:
    put(body, item["prompt"])
    add(add(body, "p"), "textEntryInteraction", responseIdentifier=RESPONSE, expectedLength="40")
    declaration = declared(RESPONSE, "single", "string", item["accept"][:1])
    case = "false" if "case" in item.get("normalise", ["case"]) else "true"
    mapped(declaration, dict.fromkeys(item["accept"], _points(item)), caseSensitive=case)
    rules.by_mapping(processing, RESPONSE)
    known = item.get("anticipated", [])
    rules.foreseen(processing, RESPONSE, [rules.same_text(RESPONSE, each["text"], case) for each in known])
    return [declaration], {f"foreseen-{number}": each["feedback"] for number, each in enumerate(known, start=1)}


def _numeric(item: Item, body: Element, processing: Element) -> Made:
    put(body, item["prompt"])
    add(add(body, "p"), "textEntryInteraction", responseIdentifier=RESPONSE, expectedLength="15")
    rules.when(processing, rules.number(RESPONSE, item), "SCORE", _points(item))
    known = item.get("anticipated", [])
    rules.foreseen(processing, RESPONSE, [rules.number(RESPONSE, each) for each in known])
    return [_number_declared(RESPONSE, item)], {f"foreseen-{number}": each["feedback"] for number, each in enumerate(known, start=1)}


def _number_declared(key: str, worth: Item) -> Element:
    middle = sum(Decimal(str(end)) for end in worth["range"]) / 2 if "range" in worth else worth["value"]
    return declared(key, "single", "float", [plain_number(middle)])


def _matching(item: Item, body: Element, processing: Element) -> Made:
    put(body, item["prompt"])
    most = str(len(item["prompts"]))
    interaction = add(body, "matchInteraction", responseIdentifier=RESPONSE, shuffle="true", maxAssociations=most)
    sides = [add(interaction, "simpleMatchSet"), add(interaction, "simpleMatchSet")]
    for side, entries, limit in ((sides[0], item["prompts"], "1"), (sides[1], item["choices"], most)):
        for entry in entries:
            put(add(side, "simpleAssociableChoice", identifier=entry["id"], matchMax=limit), entry["text"], inline=True)
    pairs = [f"{prompt['id']} {prompt['match']}" for prompt in item["prompts"]]
    declaration = declared(RESPONSE, "multiple", "directedPair", pairs)
    if item.get("scoring") == "exact":
        rules.all_or_nothing(processing, RESPONSE, _points(item))
    else:
        mapped(declaration, dict.fromkeys(pairs, share_of(item, Decimal(1) / len(pairs))))
        rules.by_mapping(processing, RESPONSE)
    return [declaration], {}


def _ordering(item: Item, body: Element, processing: Element) -> Made:
    put(body, item["prompt"])
    interaction = add(body, "orderInteraction", responseIdentifier=RESPONSE, shuffle="true")
    for choice in item["choices"]:
        put(add(interaction, "simpleChoice", identifier=choice["id"]), choice["text"], inline=True)
    rules.all_or_nothing(processing, RESPONSE, _points(item))
    return [declared(RESPONSE, "ordered", "identifier", [choice["id"] for choice in item["choices"]])], {}


def _cloze(item: Item, body: Element, processing: Element) -> Made:
    put(add(body, "div", id="prompt"), item["prompt"])
    text = add(body, "div", id="text")
    put(text, item["text"])
    declarations = []
    whole = sum(Decimal(str(gap.get("weight", 1))) for gap in item["gaps"])
    for gap in item["gaps"]:
        worth = share_of(item, Decimal(str(gap.get("weight", 1))) / whole)
        declaration, interaction = _gap(gap, worth)
        declarations.append(declaration)
        if not _embed(text, "{{" + gap["id"] + "}}", interaction):
            raise Unusable("item-left-out", gap["id"])
        if gap["kind"] == "numeric":
            rules.when(processing, rules.number(gap["id"], gap), "SCORE", worth, more=True)
        else:
            rules.add_mapping(processing, gap["id"])
    return declarations, {}


def _gap(gap: Item, worth: str) -> tuple[Element, Element]:
    if gap["kind"] == "numeric":
        return _number_declared(gap["id"], gap), Element("textEntryInteraction", responseIdentifier=gap["id"], expectedLength="10")
    if gap["kind"] == "text":
        declaration = declared(gap["id"], "single", "string", gap["accept"][:1])
        case = "false" if "case" in gap.get("normalise", ["case"]) else "true"
        mapped(declaration, dict.fromkeys(gap["accept"], worth), caseSensitive=case)
        return declaration, Element("textEntryInteraction", responseIdentifier=gap["id"], expectedLength="20")
    right = [choice["id"] for choice in gap["choices"] if choice.get("correct")]
    declaration = declared(gap["id"], "single", "identifier", right)
    mapped(declaration, dict.fromkeys(right, worth))
    interaction = Element("inlineChoiceInteraction", responseIdentifier=gap["id"], shuffle="true")
    for choice in gap["choices"]:
        add(interaction, "inlineChoice", choice["text"], identifier=choice["id"])
    return declaration, interaction


def _embed(parent: Element, mark: str, interaction: Element) -> bool:
    """Put an interaction in the place of its mark; return whether the mark was there."""
    if mark in (parent.text or ""):
        before, _, after = (parent.text or "").partition(mark)
        parent.text, interaction.tail = before, after
        parent.insert(0, interaction)
        return True
    for place, child in enumerate(parent):
        if _embed(child, mark, interaction):
            return True
        if mark in (child.tail or ""):
            before, _, after = (child.tail or "").partition(mark)
            child.tail, interaction.tail = before, after
            parent.insert(place + 1, interaction)
            return True
    return False


def _essay(item: Item, body: Element, processing: Element) -> Made:  # noqa: ARG001 (a person marks it)
    put(body, item["prompt"])
    if "model_answer" in item:
        put(add(body, "rubricBlock", view="scorer"), item["model_answer"])
    add(body, "extendedTextInteraction", responseIdentifier=RESPONSE, expectedLines="10")
    return [Element("responseDeclaration", identifier=RESPONSE, cardinality="single", baseType="string")], {}


_BODIES: dict[str, Callable[[Item, Element, Element], Made]] = {
    "single-choice": _choices,
    "multiple-response": _choices,
    "true-false": _choices,
    "short-text": _short_text,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "essay": _essay,
    "reflection": _essay,
}
