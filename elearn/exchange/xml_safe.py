"""XML from outside: no document type, no entities, nothing fetched, no needless depth. Pure."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, TreeBuilder  # Only types: defusedxml parses.

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from elearn.exchange.limits import LARGEST_FILE, Refused

DEEPEST = 100
MOST_ELEMENTS = 400_000
#: What XML 1.0 cannot hold.
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Counting(TreeBuilder):
    """Builds a tree, and refuses one that is too deep or too large while it is read."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.count = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        """Begin an element."""
        self.depth += 1
        self.count += 1
        if self.depth > DEEPEST:
            raise Refused("too-deep", str(DEEPEST))
        if self.count > MOST_ELEMENTS:
            raise Refused("too-many-elements", f"{MOST_ELEMENTS:,}")
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        """End an element."""
        self.depth -= 1
        return super().end(tag)


def parse(content: bytes) -> Element:
    """Return the root element, with names bare of their namespace; raise Refused where it is no XML or not harmless."""
    if len(content) > LARGEST_FILE:
        raise Refused("too-large", f"{LARGEST_FILE // (1024 * 1024)}")
    parser = DefusedXMLParser(target=_Counting(), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(content)
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise Refused("xml-unsafe", type(error).__name__) from None
    except (ParseError, LookupError, ValueError) as error:
        raise Refused("not-xml", str(error)[:120]) from None
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    return root


def fit(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _UNFIT.sub("\ufffd", text)


def text_at(element: Element | None, path: str) -> str:
    """Return the text of the element at ``path``; empty where there is none."""
    found = element.find(path) if element is not None else None
    return (found.text or "") if found is not None else ""


def add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """Return a new element under ``parent``."""
    element = Element(tag, {name: fit(value) for name, value in attributes.items()})
    if text:
        element.text = fit(text)
    parent.append(element)
    return element


def descendants(element: Element, *tags: str) -> Iterator[Element]:
    """Yield the elements below with one of these names, in order."""
    return (each for each in element.iter() if each.tag in tags and each is not element)
