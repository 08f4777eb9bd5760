"""How an invented student answers a question: by ability against difficulty, with the slips that make statistics worth reading (pure)."""

import math
from dataclasses import dataclass
from random import Random
from typing import Any

from elearn.catalogue.items import multiple_response, short_text, single_choice, true_false
from elearn.catalogue.items.choices import ids, right_ids
from elearn.catalogue.items.item import Definition, Response

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
        if random.random() < LEFT_OUT_AT_MOST * (1 - skill):
            return None
        match definition["type"]:
            case single_choice.TYPE | true_false.TYPE:
                return _choose(random, definition, skill)
            case multiple_response.TYPE:
                return _tick(random, definition, skill)
            case short_text.TYPE:
                return _write(random, definition, skill)
            case _:
                return None


def difficulty_of(item_key: str) -> float:
    """Return how hard an item is, on the scale of ability: its own for good."""
    return Random(item_key).gauss(0, SPREAD_OF_DIFFICULTY)  # noqa: S311 (to be repeated)


def _choose(random: Random, definition: Definition, skill: float) -> str:
    """Return one choice; of the wrong ones the first are taken more often."""
    right = right_ids(definition)
    wrong = [key for key in ids(definition) if key not in right]
    guess = 1 / (len(wrong) + 2)
    if not wrong or random.random() < guess + (1 - guess) * skill:
        return random.choice(right)
    return random.choices(wrong, weights=range(len(wrong), 0, -1))[0]


def _tick(random: Random, definition: Definition, skill: float) -> list[str]:
    """Return some choices, each judged by itself; at least one."""
    right = set(right_ids(definition))
    known = ids(definition)
    ticked = [key for key in known if (key in right) == (random.random() < (1 + skill) / 2)]
    return ticked or [random.choice(known)]


def _write(random: Random, definition: Definition, skill: float) -> str:
    """Return an accepted answer or one that is wrong, often a foreseen one."""
    language: str = definition["language"]
    if random.random() < skill:
        return str(random.choice(definition["accept"][language]))
    foreseen: list[dict[str, Any]] = definition["wording"][language]["anticipated"]
    return str(random.choice([*(known["text"] for known in foreseen), random.choice(AT_A_LOSS)]))
