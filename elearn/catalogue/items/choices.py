"""What the types with choices share. Pure."""

from collections.abc import Collection, Mapping, Sequence

from elearn.catalogue.items.item import (
    N_,
    ONE_ONLY,
    Definition,
    Explained,
    ExplainedChoice,
    Problem,
    Response,
    Shown,
    ShownChoice,
    Unreadable,
    Values,
    choice_of,
    common,
    ordered,
    spoken,
    values_of,
)
from elearn.catalogue.items.listed import twice, without_feedback, words_of
from elearn.catalogue.items.source import ChoiceSource, ItemSource
from elearn.catalogue.items.wording import BLOCK, INLINE

WORDING: Mapping[str, str] = {"choices.*.text": INLINE, "choices.*.feedback": BLOCK}
ONE_RIGHT = N_("The right choice brings all the points, any other nothing.")


def define(source: ItemSource, choices: Sequence[ChoiceSource], type_: str, language: str) -> Definition:
    """Return a definition with its choices in the author's order."""
    definition = common(source, type_, language)
    definition["choices"] = [
        {"id": choice.id, "correct": choice.correct, **({} if choice.weight is None else {"weight": choice.weight})} for choice in choices
    ]
    definition["wording"][language]["choices"] = {c.id: {"text": getattr(c, "text", ""), "feedback": c.feedback or ""} for c in choices}
    return definition


def ids(definition: Definition) -> list[str]:
    """Return the ids of the choices in the author's order."""
    return [choice["id"] for choice in definition["choices"]]


def right_ids(definition: Definition) -> list[str]:
    """Return the ids of the right choices."""
    return [choice["id"] for choice in definition["choices"] if choice["correct"]]


def check_choices(definition: Definition) -> list[Problem]:
    """Return what is wrong with choices of any type: ids that stand twice, choices that teach nothing."""
    return twice(definition["choices"], "choices") + without_feedback(definition, "choices")


def one_right(definition: Definition) -> list[Problem]:
    """Return the problem of a question that wants exactly one right choice and has none or several."""
    right = right_ids(definition)
    if not right:
        return [Problem(("choices",), "no-right-answer", "no choice is marked correct: true")]
    return [Problem(("choices",), "two-right-answers", f"only one choice can be right here, not {len(right)}")] if len(right) > 1 else []


def ticked(definition: Definition, sent: Values) -> list[str]:
    """Return the choices that were sent, in the author's order; refuse one that was not offered."""
    values = [choice_of(value, ids(definition)) for value in values_of(sent)]
    return [key for key in ids(definition) if key in values]


def one_of(definition: Definition, sent: Values) -> str | None:
    """Return the one choice that was sent; refuse several."""
    chosen = ticked(definition, sent)
    if len(chosen) > 1:
        raise Unreadable(ONE_ONLY)
    return chosen[0] if chosen else None


def shown(definition: Definition, language: str, order: Sequence[str] | None, *, kind: str) -> Shown:
    """Return the question with its choices in ``order``."""
    language = spoken(definition, language)
    html = definition["html"][language]
    choices = (ShownChoice(key, html["choices"][key]["text"]) for key in ordered(ids(definition), order))
    return Shown(html["prompt"], kind, tuple(choices), tuple(html["hints"]), language)


def explained(definition: Definition, chosen: Collection[str], language: str) -> Explained:
    """Return every choice with what there is to learn from it, in the author's order."""
    language = spoken(definition, language)
    html = definition["html"][language]
    choices = tuple(
        ExplainedChoice(
            choice["id"],
            html["choices"][choice["id"]]["text"],
            choice["id"] in chosen,
            choice["correct"],
            html["choices"][choice["id"]]["feedback"],
        )
        for choice in definition["choices"]
    )
    return Explained(choices, html["feedback"], "", (), language)


def in_words(definition: Definition, response: Response | None, language: str) -> list[str]:
    """Return the texts of what was chosen; a choice that has none, or is gone, is called by its id."""
    texts = words_of(definition, language)["choices"]
    chosen = [response] if isinstance(response, str) else list(response or [])
    return [texts.get(key, {}).get("text") or key for key in chosen]
