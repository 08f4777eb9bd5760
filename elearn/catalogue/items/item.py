"""What an item is made of once it is compiled, and what each type must be able to do. Pure.

A *definition* is a JSON object: ``type``, ``language`` (the source language), ``points`` (in 1/100,000), ``wording`` by language as the
author wrote it (Markdown: ``prompt``, ``hints``, ``feedback``, ``choices``), ``html`` by language alike, and what its type needs.
A *response* is what was answered, in one canonical form that can be kept as JSON; None means unanswered.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

from elearn.catalogue.items.source import ItemSource

Definition = dict[str, Any]
Response = str | list[str]
MICRO = 100_000


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

    ``correct`` is True for full marks, False for less, and None where nothing was answered.
    ``verdicts`` says of each choice whether it was rightly ticked or rightly left.
    """

    points: int
    maximum: int
    correct: bool | None
    verdicts: Mapping[str, bool] = field(default_factory=dict)
    #: A person has to mark it first.
    is_pending: bool = False


@dataclass(frozen=True)
class ShownChoice:
    """A choice as a form offers it."""

    id: str
    html: str


@dataclass(frozen=True)
class Shown:
    """What a page needs to ask a question; it does not know what is right. ``input`` is ``radio``, ``checkbox`` or ``text``."""

    prompt_html: str
    input: str
    choices: tuple[ShownChoice, ...]
    hints_html: tuple[str, ...]
    language: str


@dataclass(frozen=True)
class ExplainedChoice:
    """A choice after marking: whether it was chosen, whether it is right, and what there is to learn from it."""

    id: str
    html: str
    chosen: bool
    right: bool
    feedback_html: str


@dataclass(frozen=True)
class Explained:
    """What a page needs to explain a marked answer: ``accepted`` right texts, and in ``answer_html`` feedback on the very text typed."""

    choices: tuple[ExplainedChoice, ...]
    feedback_html: str
    answer_html: str
    accepted: tuple[str, ...]
    language: str
    #: A model answer, for who has given one of their own.
    model_html: str = ""


class ItemType(Protocol):
    """What the file of an item type holds."""

    TYPE: str

    @property
    def Source(self) -> type[ItemSource]:  # noqa: N802 (a class)
        """What an author may write."""
        ...

    def parse(self, source: Any, language: str) -> Definition:
        """Return the definition of what an author wrote."""
        ...

    def check(self, definition: Definition) -> list[Problem]:
        """Return what keeps the item from being a fair question."""
        ...

    def read_form(self, definition: Definition, values: Sequence[str]) -> Response | None:
        """Return what a form sent as a response; raise ValueError where it names what was not offered."""
        ...

    def show(self, definition: Definition, language: str, order: Sequence[str] | None = None) -> Shown:
        """Return what a page needs to ask, with the choices in ``order``."""
        ...

    def grade(self, definition: Definition, response: Response | None) -> Grade:
        """Return the mark for a response."""
        ...

    def explain(self, definition: Definition, response: Response | None, language: str) -> Explained:
        """Return what a page needs to explain the mark."""
        ...

    def guess(self, definition: Definition) -> Fraction | None:
        """Return the share of the points that blind guessing brings on average; None where that is not known."""
        ...


def common(source: ItemSource, type_: str, language: str) -> Definition:
    """Return the part of a definition that all types share; the caller adds what its type needs."""
    wording = {"prompt": source.prompt, "hints": list(source.hints), "feedback": source.feedback or ""}
    return {"type": type_, "language": language, "points": int(source.points * MICRO), "wording": {language: wording}}


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


def rendered(wording: Mapping[str, Any], render: Callable[[str], str], labels: Mapping[str, str]) -> dict[str, Any]:
    """Return a wording with its Markdown as HTML; a choice without a text of its own is called what ``labels`` calls it."""
    return {
        "prompt": render(wording["prompt"]),
        "hints": [render(hint) for hint in wording["hints"]],
        "feedback": render(wording["feedback"]),
        "choices": {
            key: {"text": _inline(render(choice["text"])) or labels.get(key, key), "feedback": render(choice["feedback"])}
            for key, choice in wording.get("choices", {}).items()
        },
        "anticipated": [{"text": known["text"], "feedback": render(known["feedback"])} for known in wording.get("anticipated", [])],
    }


def _inline(html: str) -> str:
    """Return a single paragraph without its element: a choice stands in a label, which holds no paragraphs."""
    inside = html.strip().removeprefix("<p>").removesuffix("</p>")
    return inside if html.startswith("<p>") and "<p>" not in inside else html
