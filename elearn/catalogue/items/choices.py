"""What the types with choices share. Pure."""

from collections.abc import Collection, Sequence

from elearn.catalogue.items.item import Definition, Explained, ExplainedChoice, Problem, Shown, ShownChoice, common, spoken
from elearn.catalogue.items.source import ChoiceSource, ItemSource


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
    problems = []
    seen: set[str] = set()
    wording = definition["wording"][definition["language"]]["choices"]
    for number, choice in enumerate(definition["choices"]):
        key = choice["id"]
        if key in seen:
            problems.append(Problem(("choices", number, "id"), "duplicate-choice", f"the choice “{key}” stands twice"))
        seen.add(key)
        if not wording[key]["feedback"]:
            problems.append(Problem(("choices", number), "no-feedback", f"the choice “{key}” has no feedback to learn from", warning=True))
    return problems


def one_right(definition: Definition) -> list[Problem]:
    """Return the problem of a question that wants exactly one right choice and has none or several."""
    right = right_ids(definition)
    if not right:
        return [Problem(("choices",), "no-right-answer", "no choice is marked correct: true")]
    return [Problem(("choices",), "two-right-answers", f"only one choice can be right here, not {len(right)}")] if len(right) > 1 else []


def one_of(definition: Definition, values: Sequence[str]) -> str | None:
    """Return the one choice that a form sent; raise ValueError where it sent several or one that was not offered."""
    sent = [value for value in values if value]
    if len(sent) > 1 or not set(sent) <= set(ids(definition)):
        raise ValueError("not a choice of this question")
    return sent[0] if sent else None


def shown(definition: Definition, language: str, order: Sequence[str] | None, *, kind: str) -> Shown:
    """Return the question with its choices in ``order``; a choice that ``order`` does not name keeps its place at the end."""
    language = spoken(definition, language)
    html = definition["html"][language]
    known = ids(definition)
    ordered = [key for key in order or () if key in known]
    choices = (ShownChoice(key, html["choices"][key]["text"]) for key in [*ordered, *(key for key in known if key not in ordered)])
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
