"""What this process remembers of things that never change: bounded, and forgotten oldest first."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
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

    def get(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """Return what stands under ``key``, made now if it does not."""
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
                return self._things[key]
        thing = make()
        with self._lock:
            self._things[key] = thing
            while len(self._things) > self.most:
                self._things.popitem(last=False)
        return thing


def init_app(app: Flask) -> None:
    """Give ``app`` its own memory."""
    app.extensions["shelves"] = {}
    app.extensions["recent"] = {}


def kept(shelf: str, key: Hashable, make: Callable[[], Kept], *, most: int = 256) -> Kept:
    """Return the immutable thing under ``key`` on ``shelf``, made by ``make`` the first time."""
    shelves: dict[str, Shelf] = current_app.extensions["shelves"]
    if shelf not in shelves:
        shelves[shelf] = Shelf(most)
    return shelves[shelf].get(key, make)


def recent(key: Hashable, make: Callable[[], Kept], *, seconds: float) -> Kept:
    """Return what ``make`` returned at most ``seconds`` ago."""
    known: dict[Hashable, tuple[float, Any]] = current_app.extensions["recent"]
    at = time.monotonic()
    if key not in known or at - known[key][0] > seconds:
        known[key] = (at, make())
    return known[key][1]


def forget_recent(key: Hashable) -> None:
    """Have ``key`` made again when it is next asked for in this process."""
    current_app.extensions["recent"].pop(key, None)
