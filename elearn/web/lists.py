"""Long lists: which page one is on, with what is asked for kept in the address, so that it can be sent to a colleague."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import request

#: So far a page number may go; a larger one is the last page's anyway.
FARTHEST = 10**6
LONGEST_FILTER = 100


@dataclass(frozen=True)
class Page:
    """A page of a long list, counted from 1."""

    number: int
    pages: int
    base: str
    total: int = 0
    size: int = 0
    #: What the list is narrowed and sorted by, by name in the address; empty ones are left out.
    asked: Mapping[str, str] = field(default_factory=dict)

    @property
    def offset(self) -> int:
        """How many lines stand before this page."""
        return (self.number - 1) * self.size

    def url(self, number: int) -> str:
        """Return the address of another page of the list."""
        return self.address(page=str(number))

    def address(self, **changes: str) -> str:
        """Return the list's address with ``changes`` to what is asked for."""
        query = {name: value for name, value in {**self.asked, **changes}.items() if value}
        return f"{self.base}?{urlencode(query)}" if query else self.base

    def sorted_by(self, column: str) -> str:
        """Return the address of the list sorted by ``column``, turned round where it is sorted by it already."""
        return self.address(sort=f"-{column}" if self.asked.get("sort") == column else column)

    def order(self, column: str) -> str | None:
        """Return how the list is sorted by ``column``, for ``aria-sort``; None: by another one."""
        return {column: "ascending", f"-{column}": "descending"}.get(self.asked.get("sort", ""))


def page_of(total: int, size: int, base: str, asked: Mapping[str, str] | None = None) -> Page:
    """Return the page that the request asks for, of a list of ``total`` lines; one that there is not is the nearest there is."""
    pages = max(1, -(-total // size))
    number = min(max(request.args.get("page", 1, type=int), 1), pages, FARTHEST)
    return Page(number, pages, base, total, size, asked or {})


def asked_for(*names: str, **choices: Sequence[str]) -> dict[str, str]:
    """Return what the address narrows the list by: free texts ``names``, cut to a bound, and ``choices``, each one of those given or ""."""
    texts = {name: " ".join(request.args.get(name, "").split())[:LONGEST_FILTER] for name in names}
    chosen = {name: request.args.get(name, "") for name in choices}
    return texts | {name: value if value in choices[name] else "" for name, value in chosen.items()}
