"""Reading what was sent: by a form, by a script, by anybody. Each item's type says what it takes; here every fault is put in its place."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from elearn.assessment.answers import Sent
from elearn.assessment.queries import LaidItem
from elearn.catalogue.items.item import Unreadable, Values
from elearn.errors import Invalid

#: No type takes more; each takes less, and says so.
LONGEST_TEXT = 100_000
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
            sent.append(Sent(item.id, _response(item, _values(answer.response)), answer.sequence, answer.seen))
        except Invalid as fault:
            faults[item.field] = fault.message
    if faults:
        raise Invalid(" ".join(faults.values()), faults)
    return sent


def _values(raw: Any) -> Values:
    """Return what was sent as the texts that a form would send: of one control, or of several by their parts."""
    if isinstance(raw, Mapping):
        if len(raw) > MOST_AT_ONCE:
            raise Invalid(_("An answer is a text, a list of texts, texts by their parts, or nothing."))
        return {_kept(part): _only(_texts(each)) for part, each in raw.items()}
    return _texts(raw)


def _texts(raw: Any) -> list[str]:
    values = [] if raw is None else raw if isinstance(raw, list) else [raw]
    if len(values) > MOST_AT_ONCE or not all(isinstance(value, str) for value in values):
        raise Invalid(_("An answer is a text, a list of texts, texts by their parts, or nothing."))
    return [_kept(value) for value in values]


def _only(values: list[str]) -> str:
    if len(values) > 1:
        raise Invalid(_("Each part of a question takes one answer only."))
    return values[0] if values else ""


def _kept(text: str) -> str:
    # Half a character pair, which JSON can carry, could be neither kept nor shown.
    return text.encode("utf-8", "replace").decode()


def _response(item: LaidItem, sent: Values) -> Any:
    """Return what was sent in the form that the item's type keeps; None: not answered, or taken back."""
    if any(len(value) > LONGEST_TEXT for value in (sent.values() if isinstance(sent, Mapping) else sent)):
        raise Invalid(_("Your answer to question %(number)s is too long. Please shorten it.", number=item.number))
    try:
        return item.read(sent)
    except Unreadable as fault:
        raise Invalid(_(fault.message, number=item.number, **fault.values)) from None
    except ValueError:
        raise Invalid(_("Your answer to question %(number)s cannot be read.", number=item.number)) from None


def given_by_form(items: Iterable[LaidItem], form: MultiDict[str, str]) -> list[Given]:
    """Return what a page's form says of ``items`` and of any other it names: an item that it does not speak of is left alone.

    ``answer-KEY`` holds the answer, once or several times, ``answer-KEY.PART`` that to a part; ``seen-KEY`` says which saved answer the
    page showed, and that the page asked the question at all: a group of boxes with none ticked sends nothing else.
    """
    said: dict[str, Any] = {item.key: None for item in items}
    for name in form:
        if name.startswith("answer-"):
            key, dot, part = name.removeprefix("answer-").partition(".")
            values = form.getlist(name)
            known = said.get(key)
            # Where a whole and parts are sent, the whole is a part without a name, which no type knows.
            parts = known if isinstance(known, dict) else {"": known} if known is not None else {}
            said[key] = {**parts, part: values} if dot or parts else values
    given = []
    for key, response in said.items():
        seen = seen_in(form, key)
        if response is not None or seen is not None:
            given.append(Given(key, response, None, seen))
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
