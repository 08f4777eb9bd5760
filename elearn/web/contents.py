"""The contents beside a section, and the steps before and after it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ContentsLink:
    """A line of the contents; ``done`` is None where progress is not followed."""

    title: str
    url: str
    current: bool
    kind_label: str
    minutes: int
    done: bool | None = None
    #: What stands in the place of done, where it is filled in later.
    mark: str = ""


def steps_beside(contents: Sequence[ContentsLink], end: tuple[str, str] | None) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
    """Return (label, address) of what stands before and after the current line; after the last one comes ``end``."""
    place = next(number for number, link in enumerate(contents) if link.current)
    before = contents[place - 1] if place else None
    after = contents[place + 1] if place + 1 < len(contents) else None
    return (
        (before.title, before.url) if before else None,
        (after.title, after.url) if after else end,
    )
