"""What is new in what was sent, beside what is saved already (pure).

Saved answers are never changed: a changed mind is appended. The answer that stands is the one saved last. These rules see to it that
nothing sent and acknowledged is lost, and nothing is saved twice:

- What stands already is not saved again.
- A *sender* (one open page) numbers what it sends, and repeats what was not acknowledged, in order, before it goes on. What it sends
  again, or what arrives after something newer of its own, is passed over.
- Another sender's numbers say nothing: whoever arrives last is heard, be it from a second tab or another device.
- A page without script sends all its answers at once and says which it had ``seen``: what is as it was there was not touched, so an
  answer that was given elsewhere meanwhile stays.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from elearn.catalogue.items.item import Response, Shown


@dataclass(frozen=True)
class Saved:
    """An answer as it is saved; without an id as long as it is not."""

    item_revision_id: int
    sequence: int
    response: Any
    sender: str = ""
    sent_sequence: int | None = None
    id: int | None = None
    #: Whether it came after the deadline.
    is_late: bool = False
    #: Whether it is marked: a late one only once a professor accepted it.
    counts: bool = True


@dataclass(frozen=True)
class Sent:
    """An answer as it was sent, its response in the form its item type keeps."""

    item_revision_id: int
    response: Any
    sequence: int | None = None
    #: The sequence of the answer that the sending page knew; 0: none. None: it does not say.
    seen: int | None = None


def standing(saved: Iterable[Saved]) -> dict[int, Saved]:
    """Return the answer that stands for each item revision: of those that count the one saved last, be it that it was taken back."""
    last: dict[int, Saved] = {}
    for answer in saved:
        if not answer.counts:
            continue
        known = last.get(answer.item_revision_id)
        if known is None or answer.sequence > known.sequence:
            last[answer.item_revision_id] = answer
    return last


def new_answers(saved: Sequence[Saved], sent: Iterable[Sent], sender: str = "") -> list[Saved]:
    """Return what is to be appended to ``saved``, in order, with the next sequences."""
    known = list(saved)
    following = max((answer.sequence for answer in saved), default=0) + 1
    for each in sent:
        mine = [answer for answer in known if answer.item_revision_id == each.item_revision_id]
        if _is_news(mine, each, sender):
            known.append(Saved(each.item_revision_id, following, each.response, sender, each.sequence))
            following += 1
    return known[len(saved) :]


def _is_news(mine: list[Saved], sent: Sent, sender: str) -> bool:
    """Return whether ``sent`` says something that the answers to its item do not say yet."""
    if sent.sequence is not None and _is_repeated(mine, sent, sender):
        return False
    if sent.seen is not None and sent.response == _response_as_of(mine, sent.seen):
        return False
    return sent.response != _response_as_of(mine, None)


def _is_repeated(mine: list[Saved], sent: Sent, sender: str) -> bool:
    """Return whether this sender said this before, or something newer since."""
    assert sent.sequence is not None
    said = [(answer.sent_sequence, answer.response) for answer in mine if answer.sender == sender and answer.sent_sequence is not None]
    # A number used again for something else is not a repeat: two senders without names happened to count alike.
    return (sent.sequence, sent.response) in said or any(sequence > sent.sequence for sequence, _ in said)


def _response_as_of(mine: list[Saved], sequence: int | None) -> Any:
    """Return the response that stood at ``sequence`` (None: now); None where there was no answer."""
    there = [answer for answer in mine if sequence is None or answer.sequence <= sequence]
    return max(there, key=lambda answer: answer.sequence).response if there else None


def is_whole(shown: Shown, response: Response | None) -> bool:
    """Return whether a response answers all that is asked: each part, where there are several."""
    if isinstance(response, dict):
        return bool(response) and all(response.get(part.id) for part in shown.parts)
    return bool(response)
