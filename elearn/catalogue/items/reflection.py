"""A thought of one's own, which nobody marks; once it is saved one may compare it with a model answer. Pure."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal

from elearn.catalogue.items import writing
from elearn.catalogue.items.item import N_, Definition, Explained, Grade, Problem, Response, Shown, Values, common, spoken
from elearn.catalogue.items.source import ItemSource, Text, WordingSource
from elearn.catalogue.items.wording import BLOCK, translated

TYPE = "reflection"
IS_TYPED = True
WORDING: Mapping[str, str] = {"model_answer": BLOCK}


class Source(ItemSource):
    """What an author writes. It brings no points: who thinks for a mark thinks of the mark."""

    type: str
    points: Literal[0] = 0
    model_answer: Text


class Wording(WordingSource):
    """What a translator writes."""

    model_answer: Text | None = None


def parse(source: Source, language: str) -> Definition:
    """Return the definition."""
    definition = common(source, TYPE, language)
    definition["wording"][language]["model_answer"] = source.model_answer
    return definition


def translate(definition: Definition, wording: Wording, language: str) -> list[Problem]:
    """Leave the definition with one more language."""
    return translated(definition, wording, language)


def check(definition: Definition) -> list[Problem]:  # noqa: ARG001 (its shape is all that can be wrong)
    """Return nothing: any question may be thought about."""
    return []


def read(definition: Definition, sent: Values) -> Response | None:  # noqa: ARG001 (any text may be written)
    """Return what was written; None where there was nothing."""
    return writing.written(sent)


def show(definition: Definition, language: str, order: Sequence[str] | None = None) -> Shown:  # noqa: ARG001 (nothing to order)
    """Return what a page needs to ask."""
    return writing.shown(definition, language)


def grade(definition: Definition, response: Response | None) -> Grade:  # noqa: ARG001 (whatever was written)
    """Return no points out of none, neither right nor wrong."""
    return Grade(0, 0, None)


def explain(definition: Definition, response: Response | None, language: str) -> Explained:
    """Return the model answer for who has written one of their own; before that nothing of it."""
    language = spoken(definition, language)
    html = definition["html"][language]
    if response is None:
        return Explained((), html["feedback"], "", (), language)
    return Explained((), html["feedback"], "", (), language, model_html=writing.model_of(definition, language))


def rule(definition: Definition) -> tuple[str, ...]:  # noqa: ARG001 (the same for all)
    """Return that nobody marks it."""
    return (N_("A thought of your own: it is not marked and brings no points."),)


def right_response(definition: Definition) -> Response | None:  # noqa: ARG001 (the same for all)
    """Return nothing: no thought of one's own is the right one."""
    return None


def in_words(definition: Definition, response: Response | None, language: str) -> list[str]:  # noqa: ARG001 (the same for all)
    """Return nothing: what was written is words."""
    return []


def guess(definition: Definition) -> Fraction | None:  # noqa: ARG001 (the same for all)
    """Return nothing: there are no points to guess at."""
    return None
