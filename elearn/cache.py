"""What this process remembers of things that never change: bounded, and forgotten oldest first."""

import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping
from threading import Lock
from typing import Any, TypeVar

from flask import Flask, current_app

Kept = TypeVar("Kept")


class Shelf:
    """At most ``most`` things by key; the least recently used goes first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._things: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def known(self, keys: Collection[Hashable]) -> dict[Any, Any]:
        """Return what stands under those of ``keys`` that are known."""
        with self._lock:
            found = {key: self._things[key] for key in keys if key in self._things}
            for key in found:
                self._things.move_to_end(key)
            return found

    def put(self, things: Mapping[Any, Any]) -> None:
        """Keep ``things`` under their keys, and no more than ``most`` in all."""
        with self._lock:
            self._things.update(things)
            while len(self._things) > self.most:
                self._things.popitem(last=False)


def init_app(app: Flask) -> None:
    """Give ``app`` its own memory."""
    app.extensions["shelves"] = {}
    app.extensions["recent"] = {}


def kept(shelf: str, key: Hashable, make: Callable[[], Kept], *, most: int = 256) -> Kept:
    """Return the immutable thing under ``key`` on ``shelf``, made by ``make`` the first time."""
    return kept_each(shelf, (key,), lambda _missing: {key: make()}, most=most)[key]


def kept_each(
    shelf: str,
    keys: Collection[Hashable],
    make: Callable[[list[Any]], Mapping[Any, Kept]],
    *,
    most: int = 256,
) -> dict[Any, Kept]:
    """Return the immutable things under ``keys`` on ``shelf``; ``make`` is asked once for all that are not there yet."""
    shelves: dict[str, Shelf] = current_app.extensions["shelves"]
    things = shelves.setdefault(shelf, Shelf(most))
    found = things.known(keys)
    if missing := [key for key in keys if key not in found]:
        made = make(missing)
        things.put(made)
        found |= made
    return found


def knows(shelf: str, key: Hashable) -> bool:
    """Return whether this process has learnt ``key``."""
    shelves: dict[str, Shelf] = current_app.extensions["shelves"]
    return shelf in shelves and bool(shelves[shelf].known((key,)))


def learn(shelf: str, key: Hashable, *, most: int = 20_000) -> None:
    """Have this process know ``key`` from now on, until it is forgotten for newer ones."""
    shelves: dict[str, Shelf] = current_app.extensions["shelves"]
    shelves.setdefault(shelf, Shelf(most)).put({key: True})


def recent(key: Hashable, make: Callable[[], Kept], *, seconds: float) -> Kept:
    """Return what ``make`` returned at most ``seconds`` ago."""
    known: dict[Hashable, tuple[float, Any]] = current_app.extensions["recent"]
    found = known.get(key)
    if found is None or time.monotonic() - found[0] > seconds:
        made = make()
        found = known[key] = (time.monotonic(), made)
    return found[1]


def made_at(key: Hashable) -> float:
    """Return when, by the monotonic clock, what is recent under ``key`` was made; if it was forgotten meanwhile, now."""
    known: dict[Hashable, tuple[float, Any]] = current_app.extensions["recent"]
    found = known.get(key)
    return found[0] if found is not None else time.monotonic()


def forget_recent(key: Hashable) -> None:
    """Have ``key`` made again when it is next asked for in this process."""
    current_app.extensions["recent"].pop(key, None)
