"""What an item is made of once it is compiled, and what each type must be able to do. Pure.

A *definition* is a JSON object: ``type``, ``language`` (the source language), ``points`` (in 1/100,000), ``wording`` by language as the
author wrote it (Markdown: ``prompt``, ``hints``, ``feedback``, and the texts of the type), ``html`` by language alike, and what its type
needs. What an author lists by id stands in ``wording`` and ``html`` by that id.
A *response* is what was answered, in one canonical form that can be kept as JSON; None means unanswered. Of an item that is answered in
parts it holds the parts that are answered, by id. Ids of choices and parts outlive revisions of an item, and a type may be given the
response to another revision: a choice that is gone counts as wrong, a part that is gone is passed over.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

from elearn.catalogue.items.source import ItemSource, WordingSource

Definition = dict[str, Any]
Response = str | list[str] | dict[str, str]
#: What a form or a script sent: the texts of one control, or those of several by the id of their part.
Values = Sequence[str] | Mapping[str, str]
MICRO = 100_000


def N_(message: str) -> str:  # noqa: N802 (gettext's name)
    """Return ``message`` as it is: it is marked to be translated by whoever shows it."""
    return message


class Unreadable(ValueError):
    """What was sent is no response. ``message`` says why, ready to be translated; ``values`` and the question's ``number`` stand in it."""

    def __init__(self, message: str, **values: str | int) -> None:
        super().__init__(message)
        self.message = message
        self.values = values


@dataclass(frozen=True)
class Problem:
    """Something wrong with an item, at a place within it."""

    where: tuple[str | int, ...]
    code: str
    message: str
    warning: bool = False


@dataclass(frozen=True)
class Grade:
    """A mark: points out of a maximum, both in 1/100,000.

    ``correct`` is True for full marks, False for less, and None where nothing was answered, or where a person has yet to mark it
    (``is_pending``). ``verdicts`` says of each choice whether it was rightly ticked or rightly left, of each part whether it is right.
    """

    points: int
    maximum: int
    correct: bool | None
    verdicts: Mapping[str, bool] = field(default_factory=dict)
    is_pending: bool = False


@dataclass(frozen=True)
class ShownChoice:
    """A choice as a form offers it."""

    id: str
    html: str


@dataclass(frozen=True)
class ShownPart:
    """A part that is answered by itself; ``html`` is its label, or in a cloze the text before the gap.

    ``input`` is ``select``, with the ``choices`` it offers, or ``text``, with a ``unit`` behind it where a number is wanted.
    """

    id: str
    html: str
    input: str
    choices: tuple[ShownChoice, ...] = ()
    unit: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class Shown:
    """What a page needs to ask a question; it does not know what is right.

    ``input`` is ``radio``, ``checkbox``, ``text``, ``textarea``, ``parts`` (each with its label) or ``gaps`` (parts in running text).
    ``choices`` stand in the order in which they are shown; their ids are what an attempt draws its order from.
    ``closing_html`` follows the last gap; ``unit`` stands behind the field of a number.
    ``is_number``: digits and a point are all that is needed to answer, so that a telephone may offer no other keys.
    """

    prompt_html: str
    input: str
    choices: tuple[ShownChoice, ...]
    hints_html: tuple[str, ...]
    language: str
    parts: tuple[ShownPart, ...] = ()
    closing_html: str = ""
    unit: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class ExplainedChoice:
    """A choice after marking: whether it was chosen, whether it is right, and what there is to learn from it."""

    id: str
    html: str
    chosen: bool
    right: bool
    feedback_html: str


@dataclass(frozen=True)
class ExplainedPart:
    """A part after marking. ``html`` as it was shown; ``given`` and ``right`` are ids of its shown choices, or text.

    ``verdict`` is ``right``, ``wrong`` or ``blank``.
    """

    id: str
    html: str
    given: str
    right: str
    verdict: str
    feedback_html: str


@dataclass(frozen=True)
class Explained:
    """What a page needs to explain a marked answer.

    ``accepted``: right texts; ``answer_html``: feedback on the very text typed; ``read_as``: as which number that text was read;
    ``model_html``: how it could have been answered.
    """

    choices: tuple[ExplainedChoice, ...]
    feedback_html: str
    answer_html: str
    accepted: tuple[str, ...]
    language: str
    parts: tuple[ExplainedPart, ...] = ()
    model_html: str = ""
    read_as: str = ""


class ItemType(Protocol):
    """What the file of an item type holds. The type's name stands in ``registry``; nothing else knows which types there are."""

    TYPE: str
    #: Whether a response holds text that somebody typed, which is erased with their account.
    IS_TYPED: bool
    #: Where its Markdown stands, beside what all types have; see ``wording``.
    WORDING: Mapping[str, str]

    @property
    def Source(self) -> type[ItemSource]:  # noqa: N802 (a class)
        """What an author may write."""
        ...

    @property
    def Wording(self) -> type[WordingSource]:  # noqa: N802 (a class)
        """What a translator may write."""
        ...

    def parse(self, source: Any, language: str) -> Definition:
        """Return the definition of what an author wrote."""
        ...

    def translate(self, definition: Definition, wording: Any, language: str) -> list[Problem]:
        """Leave the definition with a translator's wording; return what is wrong with it."""
        ...

    def check(self, definition: Definition) -> list[Problem]:
        """Return what keeps the item from being a fair question."""
        ...

    def read(self, definition: Definition, sent: Values) -> Response | None:
        """Return what was sent as a response; raise ValueError (``Unreadable``, with its reason) where it cannot be one."""
        ...

    def show(self, definition: Definition, language: str, order: Sequence[str] | None = None) -> Shown:
        """Return what a page needs to ask, with the choices in ``order``."""
        ...

    def grade(self, definition: Definition, response: Response | None) -> Grade:
        """Return the mark for a response, be it to another revision of the item."""
        ...

    def explain(self, definition: Definition, response: Response | None, language: str) -> Explained:
        """Return what a page needs to explain the mark."""
        ...

    def rule(self, definition: Definition) -> tuple[str, ...]:
        """Return in sentences, ready to be translated, how the mark comes about."""
        ...

    def right_response(self, definition: Definition) -> Response | None:
        """Return a response that brings all the points; None where that is for a person to say."""
        ...

    def in_words(self, definition: Definition, response: Response | None, language: str) -> list[str]:
        """Return a response in the words of the item, as its author wrote them; nothing where the response is words itself."""
        ...

    def guess(self, definition: Definition) -> Fraction | None:
        """Return the share of the points that blind guessing brings on average; None where that is not known."""
        ...


def common(source: ItemSource, type_: str, language: str) -> Definition:
    """Return the part of a definition that all types share; the caller adds what its type needs."""
    wording = {"prompt": source.prompt, "hints": list(source.hints), "feedback": source.feedback or ""}
    facts: Definition = {"type": type_, "language": language, "points": int(source.points * MICRO), "wording": {language: wording}}
    # What is as usual is not said, so that a definition is what it was before there was such a thing.
    return facts if source.tries == 1 else facts | {"tries": source.tries}


def spoken(definition: Definition, language: str) -> str:
    """Return the language in which the item is shown to someone who reads ``language``."""
    return language if language in definition["html"] else str(definition["language"])


def share_of(points: int, share: Fraction) -> int:
    """Return a share of the points, between nothing and all, rounded half up once."""
    share = min(max(share, Fraction(0)), Fraction(1))
    return (2 * points * share.numerator + share.denominator) // (2 * share.denominator)


def mark(definition: Definition, share: Fraction, verdicts: Mapping[str, bool] | None = None) -> Grade:
    """Return the grade for an answer that earned ``share`` of the points."""
    maximum = int(definition["points"])
    return Grade(share_of(maximum, share), maximum, share >= 1, verdicts or {})


def unanswered(definition: Definition) -> Grade:
    """Return the grade of no answer: nothing, and neither right nor wrong."""
    return Grade(0, int(definition["points"]), None)


def ordered(known: Sequence[str], order: Sequence[str] | None) -> list[str]:
    """Return what is known in ``order``; what ``order`` does not name keeps its place at the end."""
    named = [key for key in dict.fromkeys(order or ()) if key in known]
    return [*named, *(key for key in known if key not in named)]


#: Faults that several types find.
ONE_ONLY = N_("Question %(number)s takes one answer only.")
NO_CHOICE = N_("Question %(number)s has no choice “%(choice)s”.")


def values_of(sent: Values) -> list[str]:
    """Return the texts that were sent for an item of one control, without empty ones."""
    if isinstance(sent, Mapping):
        raise Unreadable(N_("Question %(number)s is not answered in parts."))
    return [value for value in sent if value]


def one_text(sent: Values, longest: int) -> str:
    """Return the one text that was sent, trimmed; nothing stays nothing."""
    values = values_of(sent)
    if len(values) > 1:
        raise Unreadable(ONE_ONLY)
    return short_enough(values[0], longest) if values else ""


def short_enough(text: str, longest: int) -> str:
    """Return ``text`` trimmed, and without what no database keeps; refuse a longer one."""
    if len(text) > longest:
        raise Unreadable(N_("Your answer to question %(number)s is too long. Please shorten it."))
    return text.replace("\x00", "").strip()


def parts_of(sent: Values, known: Sequence[str]) -> dict[str, str]:
    """Return the texts that were sent for the parts of an item, in the order of ``known``, without empty ones."""
    if not isinstance(sent, Mapping):
        if any(sent):
            raise Unreadable(N_("Question %(number)s is answered in parts. Please answer each by itself."))
        return {}
    for part in sent:
        if part not in known:
            raise Unreadable(N_("Question %(number)s has no part “%(part)s”."), part=str(part)[:80])
    return {part: sent[part] for part in known if sent.get(part)}


def choice_of(choice: str, known: Collection[str]) -> str:
    """Return ``choice``; refuse one that was not offered."""
    if choice not in known:
        raise Unreadable(NO_CHOICE, choice=choice[:80])
    return choice


def parts_in(response: Response | None) -> dict[str, str]:
    """Return the answered parts of a response, whatever revision of the item, or item, it was given to."""
    return dict(response) if isinstance(response, dict) else {}
