"""Pages that are the same for many people but for a few blanks: made once, kept, and filled in for whoever asks.

A template writes ``blank("name")`` where something personal belongs. Rendering a section's page takes more than a millisecond, filling its
blanks a hundredth of one.
"""

import re
from collections.abc import Callable, Hashable, Mapping

from flask import session
from markupsafe import Markup, escape

from elearn import cache

#: Private-use characters: no text of ours has them, and escaping leaves them as they are.
_OPEN, _CLOSE = "\ue000", "\ue001"
_BLANK = re.compile(f"{_OPEN}([a-z0-9-]+){_CLOSE}")
MOST = 2000


def blank(name: str) -> Markup:
    """Return what stands in a page for the value of ``name`` until the page is filled in."""
    return Markup("{}{}{}").format(_OPEN, name, _CLOSE)


class PageWithBlanks:
    """A rendered page, cut at its blanks."""

    def __init__(self, html: str) -> None:
        #: Fixed text and names of blanks, in turn; fixed text first and last.
        self.pieces = _BLANK.split(html)

    def fill(self, values: Mapping[str, object]) -> str:
        """Return the page with each blank's value, escaped unless it is markup already; KeyError where one is missing."""
        pieces = self.pieces.copy()
        for place in range(1, len(pieces), 2):
            pieces[place] = str(escape(values[pieces[place]]))
        return "".join(pieces)


def filled(key: Hashable, render: Callable[[], str], values: Mapping[str, object]) -> str:
    """Return the page that ``render`` makes with blanks, kept under ``key``, with ``values`` in its blanks.

    While a message waits to be shown the page is made for this one answer.
    """
    if session.get("_flashes"):
        return PageWithBlanks(render()).fill(values)
    return cache.kept("pages-with-blanks", key, lambda: PageWithBlanks(render()), most=MOST).fill(values)
