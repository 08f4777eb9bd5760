"""QTI 1.2, as Canvas and others write it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from xml.etree.ElementTree import Element  # Only the type: xml_safe parses.

from elearn.exchange import foreign
from elearn.exchange.foreign import FULL, Answer, Known, decimal
from elearn.exchange.html_read import plain_text, to_markdown
from elearn.exchange.report import Item, Sink, Unusable
from elearn.exchange.xml_safe import descendants, text_at

ZERO = Decimal(0)
_DEEP = frozenset({"flow_mat", "mattext", "solution", "solutionmaterial", "hint", "hintmaterial"})


def items_of(root: Element) -> Iterator[Element]:
    """Yield the questions of a file."""
    return iter([root]) if root.tag == "item" else descendants(root, "item")


@dataclass
class _Condition:
    """A respcondition: what must be chosen or typed, by response, and what it brings."""

    equal: list[tuple[str, str]] = field(default_factory=list)
    unequal: list[tuple[str, str]] = field(default_factory=list)
    bounds: dict[str, Decimal] = field(default_factory=dict)
    score: Decimal = ZERO
    adds: bool = False
    feedback: list[str] = field(default_factory=list)
    anything: bool = False


def read_item(item: Element, taken: set[str], note: Sink) -> Item:
    """Return a question as an author's item; raise Unusable where it has no counterpart."""
    reader = _Reader(item, note)
    known = Known(id=item.get("ident", ""), name=item.get("title", ""), prompt=reader.prompt(), points=reader.points())
    fragment = reader.fragment(known)
    known.feedback = reader.general()
    return foreign.common(known, fragment, taken, note)


class _Reader:
    def __init__(self, item: Element, note: Sink) -> None:
        presentation = item.find("presentation")
        if presentation is None:
            raise Unusable("no-question")
        self.item, self.presentation, self.note = item, presentation, note
        fields = descendants(item, "qtimetadatafield")
        self.metadata = {text_at(each, "fieldlabel").strip().lower(): text_at(each, "fieldentry").strip() for each in fields}
        self.conditions = [self._condition(each) for each in descendants(item, "respcondition")]
        self.feedback = {
            each.get("ident", ""): words for each in item.findall("itemfeedback") if (words := self._materials(each, deep=True))
        }

    def points(self) -> Decimal | None:
        """Return what the question is worth; None where it does not say."""
        given = self.metadata.get("points_possible") or self.metadata.get("qmd_weighting") or self.metadata.get("max_score")
        return decimal(given)

    def prompt(self) -> str:
        """Return the words of the question, without those of its answers."""
        return self._materials(self.presentation)

    def _materials(self, element: Element, *, deep: bool = False) -> str:
        found = []
        for each in element:
            if each.tag == "material" or (deep and each.tag in _DEEP):
                found += [self._words(each)] if each.tag != "mattext" else [self._mattext(each)]
            elif each.tag in {"flow", "flow_mat", "flow_label"} and (words := self._materials(each, deep=deep)):
                found.append(words)
        return "\n\n".join(words for words in found if words)

    def _words(self, material: Element) -> str:
        for each in descendants(material, "matimage", "matvideo", "mataudio"):
            self.note("picture", each.get("uri", "")[:80])
        return "\n\n".join(words for each in descendants(material, "mattext") if (words := self._mattext(each)))

    def _mattext(self, element: Element) -> str:
        html = element.get("texttype", "text/plain").lower() in {"text/html", "text/xhtml"}
        return to_markdown((element.text or "").strip(), "html" if html else "plain", self.note)

    def _condition(self, element: Element) -> _Condition:
        found = _Condition()
        denied = {id(each) for no in descendants(element, "not") for each in descendants(no, "varequal")}
        for each in descendants(element, "varequal", "varsubstring"):
            pair = (each.get("respident", ""), (each.text or "").strip())
            (found.unequal if id(each) in denied else found.equal).append(pair)
        for name in ("vargte", "vargt", "varlte", "varlt"):
            for each in descendants(element, name):
                if (bound := decimal(each.text)) is not None:
                    found.bounds[name[3]] = bound
        for each in element.findall("setvar"):
            score = decimal(each.text) or ZERO
            found.adds = found.adds or each.get("action", "Set").lower() == "add"
            found.score = score if abs(score) > abs(found.score) else found.score
        found.feedback = [each.get("linkrefid", "") for each in element.findall("displayfeedback")]
        found.anything = next(descendants(element, "other"), None) is not None
        return found

    def general(self) -> str:
        """Return what is said in any case; what is said of right or wrong alone is noted."""
        always = {name for each in self.conditions if each.anything for name in each.feedback}
        told = [self.feedback.pop(name) for name in list(self.feedback) if name in always or name in {"general_fb", "general"}]
        for words in self.feedback.values():
            self.note("overall-feedback", words[:80])
        return "\n\n".join(told)

    def fragment(self, known: Known) -> Item:
        """Return what the type of the question needs."""
        kind = self.metadata.get("question_type", "")
        lids = [each for each in descendants(self.presentation, "response_lid") if any(descendants(each, "response_label"))]
        texts = list(descendants(self.presentation, "response_str", "response_num"))
        if kind in {"file_upload_question", "text_only_question", "calculated_question"}:
            raise Unusable("unsupported-type", kind)
        if kind == "essay_question" or (texts and not any(each.equal or each.bounds for each in self.conditions)):
            return {"type": "essay"}
        if kind in {"fill_in_multiple_blanks_question", "multiple_dropdowns_question"}:
            return self._blanks(known, lids, choose=kind.startswith("multiple_dropdowns"))
        if len(lids) > 1:
            return self._matching(lids)
        if lids:
            return self._choices(lids[0], kind)
        if len(texts) == 1:
            return self._typed(texts[0], numeric=kind == "numerical_question" or texts[0].tag == "response_num")
        raise Unusable("unsupported-type", kind or ", ".join(sorted({each.tag for each in texts})))

    def _labels(self, lid: Element) -> dict[str, str]:
        return {each.get("ident", ""): self._materials(each, deep=True) for each in descendants(lid, "response_label")}

    def _said(self, key: str, value: str) -> str:
        names = [name for each in self.conditions if (key, value) in each.equal and len(each.equal) == 1 for name in each.feedback]
        return "\n\n".join(self.feedback.pop(name) for name in names if name in self.feedback)

    def _choices(self, lid: Element, kind: str) -> Item:
        key, labels = lid.get("ident", ""), self._labels(lid)
        said = {name: self._said(key, name) for name in labels}
        several = lid.get("rcardinality", "Single").lower() == "multiple" or kind == "multiple_answers_question"
        scored = [each for each in self.conditions if each.score]
        if several and not any(each.adds for each in scored):
            return self._all_or_nothing(labels, {value for each in scored for _, value in each.equal}, said)
        worth = dict.fromkeys(labels, ZERO)
        for each in scored:
            for _, value in each.equal[:1] if len(each.equal) == 1 else []:
                worth[value] = worth.get(value, ZERO) + each.score
        positive = [each for each in worth.values() if each > 0]
        best = (sum(positive, ZERO) if several else max(positive, default=ZERO)) or Decimal(1)
        if self._is_true_false(labels, kind):
            sides = {words.strip().lower(): name for name, words in labels.items()}
            right = worth[sides["true"]] > worth[sides["false"]]
            return foreign.true_false(right=right, if_true=said[sides["true"]], if_false=said[sides["false"]])
        answers = [Answer(words, worth[name] * FULL / best, said[name], _key(name)) for name, words in labels.items()]
        return foreign.choices(answers, single=not several, note=self.note)

    def _all_or_nothing(self, labels: dict[str, str], right: set[str], said: dict[str, str]) -> Item:
        wrong = len(labels) - len(right & labels.keys())
        share = {name: FULL / len(right) if name in right else -FULL / wrong for name in labels}
        answers = [Answer(words, share[name], said[name], _key(name)) for name, words in labels.items()]
        return foreign.choices(answers, single=False, note=self.note) | {"scoring": "exact"}

    @staticmethod
    def _is_true_false(labels: dict[str, str], kind: str) -> bool:
        words = sorted(each.strip().lower() for each in labels.values())
        return words == ["false", "true"] and kind in {"true_false_question", ""}

    def _matching(self, lids: list[Element]) -> Item:
        pairs, options = list[tuple[str, str]](), dict[str, str]()
        for lid in lids:
            key, labels = lid.get("ident", ""), self._labels(lid)
            options |= labels
            right = [value for each in self.conditions if each.score > 0 for name, value in each.equal if name == key]
            if not right or right[0] not in labels:
                self.note("answer-left-out", self._materials(lid)[:60])
                continue
            pairs.append((self._materials(lid), labels[right[0]]))
        used = {right for _, right in pairs}
        return foreign.matching(pairs, [words for words in dict.fromkeys(options.values()) if words not in used], self.note)

    def _typed(self, response: Element, *, numeric: bool) -> Item:
        key, answers = response.get("ident", ""), list[Answer]()
        best = max((each.score for each in self.conditions), default=ZERO) or Decimal(1)
        for each in self.conditions:
            told = "\n\n".join(self.feedback.pop(name) for name in each.feedback if name in self.feedback and not each.anything)
            if not each.score and not told:
                continue
            share = max(each.score, ZERO) * FULL / best
            if {"g", "l"} <= each.bounds.keys() and not (numeric and each.equal):
                answers.append(Answer("", share, told, range=(each.bounds["g"], each.bounds["l"])))
                continue
            for _, value in each.equal:
                answer = Answer(plain_text(value, "plain", self.note), share, told)
                if {"g", "l"} <= each.bounds.keys() and (exact := decimal(value)) is not None:
                    answer.tolerance = max(exact - each.bounds["g"], each.bounds["l"] - exact)
                answers.append(answer)
        if not answers:
            raise Unusable("no-accepted-answer", key)
        if numeric:
            return foreign.numeric(answers, unit="", note=self.note)
        return foreign.short_text(answers, case=False, note=self.note)

    def _blanks(self, known: Known, lids: list[Element], *, choose: bool) -> Item:
        """Return a text with gaps: Canvas writes ``[name]`` in it, and a response ``response_name`` for each."""
        text, gaps = known.prompt, list[Item]()
        for lid in lids:
            key, labels = lid.get("ident", ""), self._labels(lid)
            name = self._materials(lid).replace("\\", "") or key.removeprefix("response_")
            made = foreign.key_of(name, [gap["id"] for gap in gaps])
            right = [value for each in self.conditions if each.score > 0 for one, value in each.equal if one == key]
            marks = [mark for mark in (f"\\[{name}\\]", f"[{name}]", f"\\[{key.removeprefix('response_')}\\]") if mark in text]
            if not marks:
                raise Unusable("no-gaps", name)
            text = text.replace(marks[0], "{{" + made + "}}")
            if choose:
                keys = foreign.keyed(labels.values())
                entries = [
                    {"id": one, "text": words} | ({"correct": True} if label in right else {})
                    for one, (label, words) in zip(keys, labels.items(), strict=True)
                ]
                gaps.append({"id": made, "kind": "choice", "choices": entries})
            else:
                gaps.append({"id": made, "kind": "text", "accept": list(dict.fromkeys(labels.values()))})
        paragraphs = text.split("\n\n")
        first = next(place for place, each in enumerate(paragraphs) if "{{" in each)
        known.prompt = "\n\n".join(paragraphs[:first])
        return {"type": "cloze", "text": "\n\n".join(paragraphs[first:]), "gaps": gaps}


def _key(name: str) -> str:
    """Return the name of a choice where it says something: a number that a program gave says nothing."""
    return "" if name.isdigit() else name
