"""Packages of questions: zip files from outside, of which the XML is read. Pure."""

from elearn.archives import BadArchive, Limits, opened
from elearn.exchange.limits import LARGEST_FILE, MOST_ITEMS, Refused

LIMITS = Limits(packed=LARGEST_FILE, largest=LARGEST_FILE, whole=60 * 1024 * 1024, files=MOST_ITEMS + 1000)


def texts_of(content: bytes) -> tuple[dict[str, bytes], list[str]]:
    """Return the XML files of a package by name, and the names of the others; raise Refused where it is not harmless."""
    try:
        return opened(content, LIMITS, lambda name: name.lower().endswith(".xml"))
    except BadArchive as bad:
        raise Refused(bad.code, bad.detail) from None
