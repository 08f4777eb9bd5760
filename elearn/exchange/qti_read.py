"""QTI from outside: a package or a bare file, 2.1 (and 2.2) or 1.2. Pure."""

from collections.abc import Iterator
from posixpath import dirname, join, normpath
from urllib.parse import unquote
from xml.etree.ElementTree import Element  # Only the type: xml_safe parses.

from elearn.archives import is_archive
from elearn.exchange import qti12_read
from elearn.exchange.carry import with_aside
from elearn.exchange.limits import MOST_ITEMS, Refused, TooLarge
from elearn.exchange.package import texts_of
from elearn.exchange.qti21_read import ItemReader
from elearn.exchange.report import Item, Notes, Reading, Sink, Told, Unusable
from elearn.exchange.xml_safe import descendants, parse

MANIFEST = "imsmanifest.xml"


class _Metadata:
    """What a manifest says of one file: keywords, and what travels beside the item."""

    def __init__(self, resource: Element | None = None) -> None:
        found = [] if resource is None else list(descendants(resource, "keyword"))
        words = [next((each.text or "" for each in descendants(keyword, "string", "langstring")), "") for keyword in found]
        self.tags = [word.strip() for word in words if word.strip()]
        asides = [] if resource is None else [each.text or "" for each in descendants(resource, "aside")]
        self.aside = asides[0] if asides else ""


def read(content: bytes, *, asides: bool = True) -> Reading:
    """Return the questions of a QTI package or file."""
    notes, items, taken = Notes(), list[Item](), set[str]()
    for name, root, told in _files(content, notes):
        for read_one in _questions(name, root, told, notes):
            if len(items) >= MOST_ITEMS:
                raise TooLarge("items", MOST_ITEMS)
            said = Told()
            try:
                item = read_one(taken, said)
            except Unusable as reason:
                notes.add("", reason.code, " ".join(each for each in (name, read_one.title, reason.detail) if each))
                continue
            for code, detail in said:
                notes.add(item["id"], code, detail)
            taken.add(item["id"])
            items.append(with_aside(item, told.aside if asides and root.tag == "assessmentItem" else "", notes))
    return Reading(tuple(items), tuple(notes.kept))


def _questions(name: str, root: Element, told: _Metadata, notes: Notes) -> Iterator["_Read"]:
    if root.tag == "assessmentItem":
        yield _Read(root, told.tags)
    elif root.tag in {"questestinterop", "item"}:
        yield from (_Read(each, [], old=True) for each in qti12_read.items_of(root))
    elif root.tag in {"assessmentTest", "assessmentSection"}:
        notes.add("", "test-left-out", name)
    else:
        notes.add("", "file-left-out", name)


class _Read:
    """A question that waits to be read."""

    def __init__(self, element: Element, tags: list[str], *, old: bool = False) -> None:
        self.element, self.tags, self.old = element, tags, old
        self.title = f"“{element.get('title', '')[:60]}”"

    def __call__(self, taken: set[str], note: Sink) -> Item:
        """Return the item; raise Unusable where it has no counterpart here."""
        if self.old:
            return qti12_read.read_item(self.element, taken, note)
        return ItemReader(self.element, note).read(taken, self.tags)


def _files(content: bytes, notes: Notes) -> Iterator[tuple[str, Element, _Metadata]]:
    if not is_archive(content):
        yield "", parse(content), _Metadata()
        return
    texts, others = texts_of(content)
    for name in others:
        notes.add("", "file-left-out", name)
    manifest = next((name for name in sorted(texts, key=len) if name.rpartition("/")[2] == MANIFEST), None)
    if manifest is None:
        yield from ((name, parse(text), _Metadata()) for name, text in sorted(texts.items()))
        return
    read: set[str] = set()
    for resource in descendants(parse(texts[manifest]), "resource"):
        kind, href = resource.get("type", ""), unquote(resource.get("href") or _first_file(resource))
        name = normpath(join(dirname(manifest), href))
        if "qti" not in kind.lower() or not href or name in read:
            continue
        if name not in texts:
            notes.add("", "file-missing", href[:80])
            continue
        read.add(name)
        yield name, parse(texts[name]), _Metadata(resource)
    if not read:
        raise Refused("no-questions")


def _first_file(resource: Element) -> str:
    return next((each.get("href", "") for each in descendants(resource, "file")), "")
