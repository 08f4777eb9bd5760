"""How an invented student answers a question: by ability against difficulty, with the slips that make statistics worth reading (pure)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from elearn.catalogue.items.item import Definition, Response, parts_in
from elearn.catalogue.items.registry import TYPES

#: What somebody types who does not know.
AT_A_LOSS = ("not sure", "hacking", "I don’t remember", "a virus", "?")
SPREAD_OF_DIFFICULTY = 0.8
LEFT_OUT_AT_MOST = 0.08


@dataclass(frozen=True)
class Mind:
    """What a student brings to a quiz; the same seed always answers the same."""

    seed: str
    ability: float

    def response(self, definition: Definition, item_key: str, attempt: int) -> Response | None:
        """Return what this student answers in their ``attempt``-th attempt; None where they leave the question out."""
        random = Random(f"{self.seed}:{item_key}:{attempt}")  # noqa: S311 (to be repeated)
        skill = 1 / (1 + math.exp(difficulty_of(item_key) - self.ability))
        type_ = TYPES.get(definition["type"])
        right = type_.right_response(definition) if type_ else None
        if type_ is None or right is None or random.random() < LEFT_OUT_AT_MOST * (1 - skill):
            return None
        shown = type_.show(definition, definition["language"])
        offered = [choice.id for choice in shown.choices]
        match shown.input:
            case "radio":
                return _choose(random, offered, str(right), skill)
            case "checkbox":
                return _tick(random, offered, set(right), skill)
            case "parts" if offered == [part.id for part in shown.parts]:
                return _arrange(random, parts_in(right), skill)
            case "parts" | "gaps":
                return _fill(random, parts_in(right), {part.id: [choice.id for choice in part.choices] for part in shown.parts}, skill)
        return _write(random, definition, str(right), skill)


def difficulty_of(item_key: str) -> float:
    """Return how hard an item is, on the scale of ability: its own for good."""
    return Random(item_key).gauss(0, SPREAD_OF_DIFFICULTY)  # noqa: S311 (to be repeated)


def _choose(random: Random, offered: Sequence[str], right: str, skill: float) -> str:
    """Return one choice; of the wrong ones the first are taken more often."""
    wrong = [key for key in offered if key != right]
    guess = 1 / (len(wrong) + 2)
    if not wrong or random.random() < guess + (1 - guess) * skill:
        return right
    return random.choices(wrong, weights=range(len(wrong), 0, -1))[0]


def _tick(random: Random, offered: Sequence[str], right: set[str], skill: float) -> list[str]:
    """Return some choices, each judged by itself; at least one."""
    ticked = [key for key in offered if (key in right) == (random.random() < (1 + skill) / 2)]
    return ticked or [random.choice(offered)]


def _fill(random: Random, right: dict[str, str], offered: dict[str, list[str]], skill: float) -> dict[str, str]:
    """Return an answer to each part, each by itself; what is chosen twice where it fits once is no surprise."""
    return {
        part: _choose(random, offered[part], answer, skill)
        if offered[part]
        else answer
        if random.random() < skill
        else _at_a_loss(random, answer)
        for part, answer in right.items()
    }


def _arrange(random: Random, right: dict[str, str], skill: float) -> dict[str, str]:
    """Return every thing with a place of its own, neighbours here and there taken for each other."""
    order = list(right)
    for place in range(len(order) - 1):
        if random.random() > skill:
            order[place], order[place + 1] = order[place + 1], order[place]
    return dict(zip(order, right.values(), strict=True))


def _write(random: Random, definition: Definition, right: str, skill: float) -> str:
    """Return an accepted answer or one that is wrong, often a foreseen one."""
    if random.random() < skill:
        return right
    foreseen: list[dict[str, Any]] = definition["wording"][definition["language"]].get("anticipated", [])
    return str(random.choice([*(known.get("text") or str(known["value"]) for known in foreseen), _at_a_loss(random, right)]))


def _at_a_loss(random: Random, right: str) -> str:
    """Return something that is wrong and can be read: where a number is wanted, another number."""
    return f"{right}0" if right.isdecimal() else random.choice(AT_A_LOSS)
