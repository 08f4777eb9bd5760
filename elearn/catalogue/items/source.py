"""What every item may say in ``quiz.yml``; each type adds its own. Pure."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=80)]
Text = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
Weight = Annotated[int, Field(ge=-100, le=100)]
#: Five decimals are what a mark is kept with.
Points = Annotated[int | Decimal, Field(gt=0, le=1000, multiple_of=Decimal("0.00001"))]


class Strict(BaseModel):
    """Takes what the authors' guide names, of the type it names, and nothing else."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ItemSource(Strict):
    """What the items of all types have in common."""

    id: Key
    prompt: Text
    outcome: Key
    bloom: Literal["remember", "understand", "apply", "analyse", "evaluate", "create"]
    points: Points = 1
    #: How often it may be tried where feedback comes at once.
    tries: Annotated[int, Field(ge=1, le=5)] = 1
    tags: list[Annotated[str, StringConstraints(min_length=1, max_length=80)]] = []
    hints: list[Text] = []
    feedback: Text | None = None


class ChoiceSource(Strict):
    """One choice."""

    id: Key
    text: Text
    correct: bool = False
    weight: Weight | None = None
    feedback: Text | None = None


class WordingSource(Strict):
    """What the items of all types have in common in another language."""

    id: Key
    prompt: Text
    hints: list[Text] = []
    feedback: Text | None = None


class ChoiceWording(Strict):
    """A choice in another language."""

    id: Key
    text: Text | None = None
    feedback: Text | None = None


class ChoicesWording(WordingSource):
    """An item with choices in another language."""

    choices: list[ChoiceWording] = []
