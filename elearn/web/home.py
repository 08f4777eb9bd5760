"""What a room has to say on a person's home page: cards, which the front composes into one page."""

from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """The parts of the home page, in the order in which they stand there."""

    NOW = "now"
    """Something waits for the person, or they wait for somebody: the reason to look at this page."""
    STUDYING = "studying"
    TEACHING = "teaching"
    COORDINATING = "coordinating"
    EDITING = "editing"


@dataclass(frozen=True)
class HomeCard:
    """One thing on the home page: what it is, whose turn it is, and what can be done now."""

    group: Group
    title: str
    text: str = ""
    #: Where the title leads; empty: nowhere.
    url: str = ""
    #: Short facts in a row: an institution, a date, a number.
    facts: tuple[str, ...] = ()
    #: Who has to do something next, where it is not the person; shown beside the text.
    turn: str = ""
    #: A label, how much is done, of how much, and the same in words.
    progress: tuple[str, int, int, str] | None = None
    #: (words, address) of what can be done; the first is the next step.
    actions: tuple[tuple[str, str], ...] = ()
    #: Of what stands under "now": ``warning`` comes before ``info``.
    tone: str = "info"
