"""The formats by name: how each is written and read, and what an item that was read still lacks. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from elearn.archives import is_archive
from elearn.catalogue.faults import Faults
from elearn.catalogue.items.registry import TYPES
from elearn.catalogue.schema import take
from elearn.catalogue.yaml_source import YamlSource
from elearn.exchange import gift_read, gift_write, moodle_read, moodle_write, qti_read, qti_write
from elearn.exchange.limits import Refused
from elearn.exchange.report import Item, Note, Reading, Written


@dataclass(frozen=True)
class Format:
    """A format of others."""

    name: str
    suffix: str
    content_type: str
    write: Callable[[Sequence[Item]], Written]
    read: Callable[[bytes], Reading]


FORMATS = {
    each.name: each
    for each in (
        Format("gift", ".gift.txt", "text/plain; charset=utf-8", gift_write.write, gift_read.read),
        Format("moodle", ".moodle.xml", "application/xml", moodle_write.write, moodle_read.read),
        Format("qti", ".qti.zip", "application/zip", qti_write.write, qti_read.read),
    )
}
#: What stands in for what an author has yet to name, while the rest is looked at.
_LATER = {"outcome": "later", "bloom": "apply"}


def read(name: str, content: bytes) -> Reading:
    """Return the questions of a file in the format ``name``, looked at as the content check would."""
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:5]
    if not start:
        raise Refused("empty")
    is_xml = start.startswith(b"<") or content.startswith((b"\xff\xfe<\x00", b"\xfe\xff\x00<"))
    if (is_archive(content) and name != "qti") or (is_xml and name == "gift"):
        raise Refused("other-format", "zip" if is_archive(content) else "xml")
    reading = FORMATS[name].read(content)
    if not reading.items and not reading.notes:
        raise Refused("no-questions")
    return Reading(reading.items, (*reading.notes, *_lacking(reading.items)))


def _lacking(items: Sequence[Item]) -> list[Note]:
    notes = [Note(item["id"], "no-outcome") for item in items if "outcome" not in item or "bloom" not in item]
    source = YamlSource({"items": [_LATER | item for item in items]})
    for place, item in enumerate(items):
        type_ = TYPES.get(str(item.get("type")))
        if type_ is None:
            continue
        faults = Faults()
        taken = take(type_.Source, source, "", faults, ("items", place))
        found = [fault.message for fault in faults.errors]
        if taken is not None:
            found += [problem.message for problem in type_.check(type_.parse(taken, "en")) if not problem.warning]
        notes += [Note(item["id"], "check", message) for message in found]
    return notes
