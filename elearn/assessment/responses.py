"""Reading what was sent: by a form, by a script, by anybody. Each item's type says what it takes; here every fault gets its words."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from elearn.assessment.answers import Sent
from elearn.assessment.queries import LaidItem
from elearn.errors import Invalid

LONGEST_TEXT = 10_000
MOST_AT_ONCE = 500
LARGEST_SEQUENCE = 2**31 - 1
LONGEST_SENDER = 40
LONGEST_NUMBER = 10


class Given(NamedTuple):
    """An answer as it came in: the item's key, and whatever was sent for it."""

    item: str
    response: Any
    sequence: int | None = None
    #: The sequence of the answer that the page showed; 0: none. None: it does not say.
    seen: int | None = None


def read_given(items: Iterable[LaidItem], given: Sequence[Given]) -> list[Sent]:
    """Return what was given as the item types keep it; raise Invalid, with every fault by field, where anything cannot be taken."""
    if len(given) > MOST_AT_ONCE:
        raise Invalid(_("These are too many answers at once. Please send them in parts."))
    by_key = {item.key: item for item in items}
    sent: list[Sent] = []
    faults: dict[str, str] = {}
    for answer in given:
        item = by_key.get(answer.item)
        if item is None:
            faults[f"answer-{answer.item[:80]}"] = _("This attempt has no question “%(key)s”.", key=answer.item[:80])
            continue
        try:
            sent.append(Sent(item.id, _response(item, _texts(answer.response)), answer.sequence, answer.seen))
        except Invalid as fault:
            faults[item.field] = fault.message
    if faults:
        raise Invalid(" ".join(faults.values()), faults)
    return sent


def _texts(raw: Any) -> list[str]:
    """Return what was sent as the texts that a form would send."""
    values = [] if raw is None else raw if isinstance(raw, list) else [raw]
    if len(values) > MOST_AT_ONCE or not all(isinstance(value, str) for value in values):
        raise Invalid(_("An answer is a text, a list of texts, or nothing."))
    # Half a character pair, which JSON can carry, could be neither kept nor shown.
    return [value.encode("utf-8", "replace").decode() for value in values]


def _response(item: LaidItem, values: list[str]) -> Any:
    """Return ``values`` in the form that the item's type keeps; None: not answered, or taken back."""
    if any(len(value) > LONGEST_TEXT for value in values):
        raise Invalid(_("Your answer to question %(number)s is too long. Please shorten it.", number=item.number))
    try:
        return item.read(values)
    except ValueError:
        raise Invalid(_fault(item, values)) from None


def _fault(item: LaidItem, values: list[str]) -> str:
    """Say why the item's type did not take ``values``."""
    offered = {choice.id for choice in item.shown("").choices}
    unknown = [value for value in values if value and value not in offered]
    if offered and unknown:
        return _("Question %(number)s has no choice “%(choice)s”.", number=item.number, choice=unknown[0][:80])
    if len(values) > 1:
        return _("Question %(number)s takes one answer only.", number=item.number)
    return _("Your answer to question %(number)s is too long. Please shorten it.", number=item.number)


def given_by_form(items: Iterable[LaidItem], form: MultiDict[str, str]) -> list[Given]:
    """Return what a page's form says of ``items`` and of any other it names: an item that it does not speak of is left alone.

    ``answer-KEY`` holds the answer, once or several times; ``seen-KEY`` says which saved answer the page showed, and that the page
    asked the question at all: a group of boxes with none ticked sends nothing else.
    """
    keys = dict.fromkeys(item.key for item in items) | {name.removeprefix("answer-"): None for name in form if name.startswith("answer-")}
    given = []
    for key in keys:
        seen = seen_in(form, key)
        if f"answer-{key}" in form or seen is not None:
            given.append(Given(key, form.getlist(f"answer-{key}"), None, seen))
    return given


def seen_in(form: MultiDict[str, str], key: str) -> int | None:
    """Return the sequence of the answer to this item that the form's page showed (0: none); None where it does not say."""
    text = form.get(f"seen-{key}", "")
    return int(text) if len(text) <= LONGEST_NUMBER and text.isascii() and text.isdecimal() else None


def given_by_script(sent: Any) -> tuple[list[Given], str]:
    """Return the answers of a script's message and the name it gives itself; raise Invalid where the message has another shape."""
    answers = sent.get("answers") if isinstance(sent, dict) else None
    sender = sent.get("sender", "") if isinstance(sent, dict) else ""
    if not isinstance(answers, list) or not all(isinstance(each, dict) for each in answers):
        raise Invalid(_("Send an object with “answers”: a list of objects with “item”, “response” and “sequence”."))
    if not isinstance(sender, str) or len(sender) > LONGEST_SENDER or not sender.isascii() or "\x00" in sender:
        raise Invalid(_("“sender” is a text of at most %(length)s characters.", length=LONGEST_SENDER))
    given = []
    for each in answers:
        item, sequence = each.get("item"), each.get("sequence")
        if not isinstance(item, str) or "response" not in each:
            raise Invalid(_("Each answer names its “item” and holds a “response”; null takes an answer back."))
        if sequence is not None and (type(sequence) is not int or not 0 < sequence <= LARGEST_SEQUENCE):
            raise Invalid(_("“sequence” is a whole number from 1 to %(largest)s.", largest=LARGEST_SEQUENCE))
        given.append(Given(item, each["response"], sequence))
    return given, sender
