"""When a question that was answered wrong is asked again (pure).

A wrong answer has its question come back after a day; each time it is then recalled rightly the pause grows to three, seven and
twenty-one days, and after that it is finished. A wrong recall begins again. Days are days of the person's own: a question is due from
the morning of its day on, however late in the evening it was answered.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from elearn.learning.terms import day_in

#: How many days pass before each time a question comes back.
PAUSES = (1, 3, 7, 21)


@dataclass(frozen=True)
class Card:
    """A question on its way back: ``step`` says which of the pauses it waits for; ``due_on`` is None once it is finished."""

    step: int
    due_on: date | None

    @property
    def is_finished(self) -> bool:
        """Whether it was recalled after every pause."""
        return self.due_on is None

    def is_due(self, today: date) -> bool:
        """Return whether it is asked on this day: its own, or any later one until it is answered."""
        return self.due_on is not None and self.due_on <= today


def begun(wrong_on: date) -> Card:
    """Return the card of a question that was answered wrong on this day, in a quiz or when it came back."""
    return Card(0, wrong_on + timedelta(days=PAUSES[0]))


def recalled(card: Card, on: date, *, right: bool) -> Card:
    """Return the card after the question was asked again on this day; whoever answers late is not asked sooner for it."""
    if card.is_finished:
        message = "what is finished is not asked again"
        raise ValueError(message)
    if not right:
        return begun(on)
    step = card.step + 1
    return Card(step, on + timedelta(days=PAUSES[step])) if step < len(PAUSES) else Card(step, None)


def standing(wrong_at: datetime, timezone: str, card: Card | None = None, last_at: datetime | None = None) -> Card:
    """Return how a question stands that was last answered wrong in a quiz at ``wrong_at``, and reviewed (if it was) at ``last_at``.

    A wrong answer in a quiz begins again too; a right one moves nothing, since it may come minutes after the key was shown.
    """
    if card is None or last_at is None or wrong_at > last_at:
        return begun(day_in(timezone, wrong_at))
    return card
