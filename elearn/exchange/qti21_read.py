"""QTI 2.1 and 2.2: an assessmentItem as an author's item. Pure."""

from decimal import Decimal
from fractions import Fraction
from math import gcd
from xml.etree.ElementTree import Element  # Only the type: xml_safe parses.

from elearn.exchange import foreign
from elearn.exchange.foreign import FULL, Answer, Known
from elearn.exchange.html_read import plain_text
from elearn.exchange.qti21_processing import ZERO, Rules
from elearn.exchange.qti_text import html_of, markdown_of
from elearn.exchange.report import Item, Sink, Unusable
from elearn.exchange.xml_safe import descendants

_TYPED = frozenset({"textEntryInteraction", "inlineChoiceInteraction"})
_FEEDBACK = frozenset({"feedbackInline", "feedbackBlock", "rubricBlock"})


class ItemReader:
    """Reads one item."""

    def __init__(self, root: Element, note: Sink) -> None:
        body = root.find("itemBody")
        if body is None:
            raise Unusable("no-question")
        self.root, self.body, self.note, self.rules = root, body, note, Rules(root)
        self.interactions = [each for each in body.iter() if str(each.tag).endswith("Interaction")]
        self.feedback, self.general = self.rules.feedback(lambda each: markdown_of(each, note))

    def read(self, taken: set[str], tags: list[str]) -> Item:
        """Return the item; raise Unusable where it has no counterpart here."""
        kinds = [str(each.tag) for each in self.interactions]
        if not kinds:
            raise Unusable("no-question")
        known = Known(id=self.root.get("identifier", ""), name=self.root.get("title", ""), tags=tags)
        if set(kinds) <= _TYPED and not (kinds == ["textEntryInteraction"] and self._stands_alone(self.interactions[0])):
            fragment = self._cloze()
            known.prompt = fragment.pop("prompt")
        elif len(kinds) > 1:
            raise Unusable("several-questions", ", ".join(sorted(set(kinds))))
        else:
            known.prompt = self._prompt()
            fragment = self._one(self.interactions[0])
        known.points = self.rules.points if self.rules.points is not None else fragment.pop("points", None)
        fragment.pop("points", None) if fragment["type"] != "reflection" else None
        known.feedback = "\n\n".join(self.general)
        for words in self.feedback.values():
            self.note("overall-feedback", words[:80])
        return foreign.common(known, fragment, taken, self.note)

    def _one(self, interaction: Element) -> Item:
        key = interaction.get("responseIdentifier", "")
        match interaction.tag:
            case "choiceInteraction":
                return self._choices(interaction, key)
            case "orderInteraction":
                return self._ordering(interaction, key)
            case "matchInteraction":
                return self._matching(interaction, key)
            case "textEntryInteraction":
                return self._typed(key)
            case "extendedTextInteraction":
                return self._essay()
        raise Unusable("unsupported-type", str(interaction.tag))

    def _instead(self, element: Element) -> str | None:
        if element.tag in _FEEDBACK:
            return ""
        if str(element.tag).endswith("Interaction"):
            prompt = element.find("prompt")
            return f"<p>{html_of(prompt, self._instead)}</p>" if prompt is not None else ""
        return None

    def _prompt(self) -> str:
        for each in descendants(self.body, "feedbackBlock", "rubricBlock"):
            if each.tag == "rubricBlock" and "scorer" in each.get("view", ""):
                continue
            if words := markdown_of(each, self.note):
                self.note("left-out", words[:80])
        return markdown_of(self.body, self.note, self._instead)

    def _stands_alone(self, interaction: Element) -> bool:
        """Return whether nothing else stands in the paragraph of an interaction."""
        for parent in self.body.iter():
            if interaction in list(parent):
                beside = [parent.text or "", *((each.tail or "") for each in parent)]
                return parent is self.body or (len(parent) == 1 and not "".join(beside).strip())
        return False

    def _text(self, element: Element) -> str:
        return markdown_of(element, self.note, self._instead)

    def _said(self, key: str, choice: Element) -> str:
        """Return what there is to learn from a choice, and take it out of the feedback that is left."""
        inner = [words for each in descendants(choice, "feedbackInline") if (words := markdown_of(each, self.note))]
        given = [self.feedback.pop(name) for name in self.rules.said_of(key, choice.get("identifier", "")) if name in self.feedback]
        return "\n\n".join(inner + given)

    def _choices(self, interaction: Element, key: str) -> Item:
        declaration = self.rules.declarations.get(key)
        several = declaration is not None and declaration.get("cardinality") == "multiple"
        mapping, correct = self.rules.mapping(key), self.rules.correct(key)
        entries = list(descendants(interaction, "simpleChoice"))
        ids = [each.get("identifier", "") for each in entries]
        answers = [Answer(self._text(each), feedback=self._said(key, each), id=name) for each, name in zip(entries, ids, strict=True)]
        mapped = self.rules.is_mapped(key)
        worths = {name: mapping.get(name, ZERO) for name in ids} if mapped else {name: Decimal(name in correct) for name in ids}
        positive = [worth for worth in worths.values() if worth > 0]
        best = (sum(positive) if several else max(positive, default=ZERO)) or Decimal(1)
        if self.rules.points and mapped and not self.rules.adds_a_share(key):
            best = self.rules.points
        for answer, name in zip(answers, ids, strict=True):
            answer.fraction = worths[name] * FULL / best
        points = {"points": best if mapped else self.rules.scored(key) or Decimal(1)}
        if not several and sorted(ids) == ["false", "true"]:
            sides = {answer.id: answer for answer in answers}
            right = sides["true"].fraction > sides["false"].fraction
            return foreign.true_false(right=right, if_true=sides["true"].feedback, if_false=sides["false"].feedback) | points
        if several and (not mapped or self.rules.adds_a_share(key)):
            # Without a mapping, all the right ones and no other; with a fixed share, each choice counts alike.
            item = foreign.choices(self._alike(answers), single=False, note=self.note)
            return item | {"scoring": "per-option" if mapped else "exact"} | points
        return foreign.choices(answers, single=not several, note=self.note) | points

    @staticmethod
    def _alike(answers: list[Answer]) -> list[Answer]:
        right = sum(answer.fraction > 0 for answer in answers)
        for answer in answers:
            answer.fraction = FULL / right if answer.fraction > 0 else -FULL / (len(answers) - right)
        return answers

    def _ordering(self, interaction: Element, key: str) -> Item:
        entries = {each.get("identifier", ""): each for each in descendants(interaction, "simpleChoice")}
        order = self.rules.correct(key)
        if sorted(order) != sorted(entries):
            raise Unusable("no-right-answer")
        said = [self._said(key, entries[name]) for name in order]
        item = foreign.ordering([self._text(entries[name]) for name in order], "exact", said, order)
        return item | {"points": self.rules.scored(key) or Decimal(1)}

    def _matching(self, interaction: Element, key: str) -> Item:
        sides = [
            {each.get("identifier", ""): self._text(each) for each in descendants(side, "simpleAssociableChoice")}
            for side in interaction.findall("simpleMatchSet")
        ]
        mapping = self.rules.mapping(key)
        mapped = self.rules.is_mapped(key)
        pairs = [pair.split() for pair in (self.rules.correct(key) or [pair for pair, worth in mapping.items() if worth > 0])]
        right = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}  # noqa: PLR2004 (from and to)
        if len(sides) != 2 or not right or any(one not in sides[0] or other not in sides[1] for one, other in right.items()):  # noqa: PLR2004
            raise Unusable("no-right-answer")
        if len(right) < len(pairs):
            self.note("answer-left-out", ", ".join(" ".join(pair) for pair in pairs if right.get(pair[0]) != pair[-1])[:80])
        for name in sides[0].keys() - right.keys():
            self.note("answer-left-out", sides[0][name][:60])
        keys = dict(zip(sides[1], foreign.keyed(sides[1].values(), sides[1]), strict=True))
        names = [name for name in sides[0] if name in right]
        prompts = zip(foreign.keyed((sides[0][name] for name in names), names), names, strict=True)
        item: Item = {
            "type": "matching",
            "prompts": [{"id": made, "text": sides[0][name], "match": keys[right[name]]} for made, name in prompts],
            "choices": [{"id": keys[name], "text": text} for name, text in sides[1].items()],
        }
        points = sum((mapping.get(f"{one} {other}", ZERO) for one, other in right.items()), ZERO) if mapped else self.rules.scored(key)
        return item | ({} if mapped else {"scoring": "exact"}) | {"points": points or Decimal(1)}

    def _typed(self, key: str) -> Item:
        answers = self.rules.answers(key) + self.rules.foreseen(key, self.feedback)
        points = {"points": max(self.rules.mapping(key).values(), default=ZERO) or self.rules.scored(key) or Decimal(1)}
        if self.rules.base(key) in {"float", "integer"}:
            return foreign.numeric(answers, unit="", note=self.note) | points
        return foreign.short_text(answers, case=self.rules.case_counts(key), note=self.note) | points

    def _essay(self) -> Item:
        item: Item = {"type": "reflection", "points": 0} if self.rules.points == 0 else {"type": "essay"}
        model = [markdown_of(each, self.note) for each in descendants(self.body, "rubricBlock") if "scorer" in each.get("view", "")]
        return item | ({"model_answer": "\n\n".join(model)} if any(model) else {})

    def _cloze(self) -> Item:
        names = [each.get("responseIdentifier", "") for each in self.interactions]
        ids = foreign.keyed(names, names)
        marks = {name: f"⦃{place}⦄" for place, name in enumerate(names)}

        def instead(element: Element) -> str | None:
            return marks.get(element.get("responseIdentifier", ""), "") if element.tag in _TYPED else self._instead(element)

        divided = {each.get("id"): each for each in self.body.findall("div")}
        if {"prompt", "text"} <= divided.keys():
            prompt, text = markdown_of(divided["prompt"], self.note), markdown_of(divided["text"], self.note, instead)
        else:
            paragraphs = markdown_of(self.body, self.note, instead).split("\n\n")
            first = next((place for place, each in enumerate(paragraphs) if "⦃" in each), 0)
            prompt, text = "\n\n".join(paragraphs[:first]), "\n\n".join(paragraphs[first:])
        for place, made in enumerate(ids):
            text = text.replace(f"⦃{place}⦄", "{{" + made + "}}")
        worths = [self._worth(name) for name in names]
        gaps = [self._gap(each, made) for each, made in zip(self.interactions, ids, strict=True)]
        for gap, weight in zip(gaps, _ratio(worths), strict=True):
            if weight != 1:
                gap["weight"] = weight
        return {"type": "cloze", "prompt": prompt, "text": text, "gaps": gaps, "points": sum(worths, ZERO) or Decimal(1)}

    def _worth(self, key: str) -> Decimal:
        return max(self.rules.mapping(key).values(), default=ZERO) or self.rules.scored(key) or Decimal(1)

    def _gap(self, interaction: Element, made: str) -> Item:
        key = interaction.get("responseIdentifier", "")
        if interaction.tag == "inlineChoiceInteraction":
            entries = interaction.findall("inlineChoice")
            right = self.rules.correct(key) or [name for name, worth in self.rules.mapping(key).items() if worth > 0]
            texts = [plain_text(html_of(each), "html", self.note) for each in entries]
            keys = foreign.keyed(texts, (each.get("identifier", "") for each in entries))
            choices = [
                {"id": name, "text": text} | ({"correct": True} if each.get("identifier") in right else {})
                for name, text, each in zip(keys, texts, entries, strict=True)
            ]
            return {"id": made, "kind": "choice", "choices": choices}
        answers = self.rules.answers(key)
        if self.rules.base(key) in {"float", "integer"}:
            found = foreign.numeric(answers, unit="", note=self.note)
            return {"id": made, "kind": "numeric"} | {name: found[name] for name in ("value", "tolerance", "range") if name in found}
        found = foreign.short_text(answers, case=self.rules.case_counts(key), note=self.note)
        return {"id": made, "kind": "text"} | {name: found[name] for name in ("accept", "normalise") if name in found}


def _ratio(worths: list[Decimal]) -> list[int]:
    """Return the smallest whole weights in the ratio of ``worths``; rounded shares are taken for what they stand for."""
    smallest = min(worths)
    shares = [Fraction(worth / smallest).limit_denominator(50) for worth in worths]
    common = 1
    for share in shares:
        common = common * share.denominator // gcd(common, share.denominator)
    whole = [min(max(int(share * common), 1), 1000) for share in shares]
    return [each // gcd(*whole) for each in whole]
