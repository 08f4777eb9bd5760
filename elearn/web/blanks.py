"""Pages that are the same for many people but for a few blanks: made once, kept, and filled in for whoever asks.

A template writes ``blank("name")`` where something personal belongs. Rendering a section's page takes more than a millisecond, filling its
blanks a hundredth of one. Its long fixed parts are compressed once, too: a gzip stream may be put together from parts that were compressed
by themselves (RFC 1951, section 2.3: a full flush ends a part on a byte, and nothing after it looks back).
"""

import re
import secrets
import zlib
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass

from flask import Response, request, session
from markupsafe import Markup, escape

from elearn import cache
from elearn.text import joined

#: Drawn anew by each process: nobody can type a blank into a title and have a reader's token written there.
_OPEN, _CLOSE = f"\ue000{secrets.token_hex(16)}:", "\ue001"
_BLANK = re.compile(f"{_OPEN}([a-z0-9-]+){_CLOSE}")
MOST = 2000
#: Fixed text shorter than this is compressed together with the values around it.
WORTH_KEEPING = 2000
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_GZIP_END = b"\x03\x00"


def blank(name: str) -> Markup:
    """Return what stands in a page for the value of ``name`` until the page is filled in."""
    return Markup("{}{}{}").format(_OPEN, name, _CLOSE)


@dataclass(frozen=True)
class _Block:
    """A long fixed part, as it is and compressed."""

    plain: bytes
    packed: bytes


def _packed(text: bytes, level: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(text) + packer.flush(zlib.Z_FULL_FLUSH)


class PartWithBlanks:
    """A part of a page, cut at its blanks: kept, and filled in for each page on which it stands."""

    def __init__(self, html: Markup) -> None:
        #: Fixed HTML and names of blanks, in turn; fixed HTML first and last. Cut by Markup itself, so that text stays text.
        first, *others = html.split(_OPEN)
        self.pieces: list[str] = [first]
        for other in others:
            blank_name, _close, fixed = other.partition(_CLOSE)
            self.pieces += [str(blank_name), fixed]

    def fill(self, values: Mapping[str, object]) -> Markup:
        """Return the part with each blank's value, escaped unless it is markup already; KeyError where one is missing."""
        pieces: list[object] = [*self.pieces]
        pieces[1::2] = [values[name] for name in self.pieces[1::2]]
        return joined(pieces)


class PageWithBlanks:
    """A rendered page, cut at its blanks."""

    def __init__(self, html: str) -> None:
        #: Fixed text and names of blanks, in turn; fixed text first and last.
        self.pieces = _BLANK.split(html)
        self.blocks = {
            place: _Block(plain, _packed(plain, 9))
            for place in range(0, len(self.pieces), 2)
            if len(plain := self.pieces[place].encode()) >= WORTH_KEEPING
        }

    def fill(self, values: Mapping[str, object]) -> str:
        """Return the page with each blank's value, escaped unless it is markup already; KeyError where one is missing."""
        pieces = self.pieces.copy()
        for place in range(1, len(pieces), 2):
            pieces[place] = str(escape(values[pieces[place]]))
        return "".join(pieces)

    def fill_packed(self, values: Mapping[str, object]) -> bytes:
        """Return the filled page as one gzip stream."""
        parts, checksum, size = [_GZIP_HEAD], 0, 0
        for plain, packed in self._parts(values):
            parts.append(packed)
            checksum = zlib.crc32(plain, checksum)
            size += len(plain)
        return b"".join((*parts, _GZIP_END, checksum.to_bytes(4, "little"), size.to_bytes(4, "little")))

    def _parts(self, values: Mapping[str, object]) -> Iterator[tuple[bytes, bytes]]:
        """Yield the page part by part, each as it is and compressed."""
        loose: list[str] = []
        for place, piece in enumerate(self.pieces):
            if (block := self.blocks.get(place)) is None:
                loose.append(str(escape(values[piece])) if place % 2 else piece)
                continue
            if between := "".join(loose).encode():
                yield between, _packed(between, 1)
            loose.clear()
            yield block.plain, block.packed
        if rest := "".join(loose).encode():
            yield rest, _packed(rest, 1)


def filled(key: Hashable, render: Callable[[], str], values: Mapping[str, object]) -> Response:
    """Return the page that ``render`` makes with blanks, kept under ``key``, with ``values`` in its blanks.

    While a message waits to be shown the page is made for this one answer.
    """
    if session.get("_flashes"):
        page = PageWithBlanks(render())
    else:
        page = cache.kept("pages-with-blanks", key, lambda: PageWithBlanks(render()), most=MOST)
    # A client that takes gzip says so without a weight; whoever says more gets the page as it is.
    if "gzip" not in [coding.strip() for coding in request.headers.get("Accept-Encoding", "").split(",")]:
        return Response(page.fill(values), content_type="text/html; charset=utf-8")
    response = Response(page.fill_packed(values), content_type="text/html; charset=utf-8")
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response
