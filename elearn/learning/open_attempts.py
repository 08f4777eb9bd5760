"""How many attempts are under way in a class: the room that knows stands above, and ``app.py`` hands its answer down."""

from collections.abc import Callable, Mapping

from flask import Flask, current_app

#: Of a class, by module: how many attempts its students have begun and not finished.
Count = Callable[[int], Mapping[int, int]]


def init_app(app: Flask, count: Count) -> None:
    """Have ``count`` say which attempts are under way in a class."""
    app.extensions["open_attempts"] = count


def open_attempts(class_id: int) -> Mapping[int, int]:
    """Return by module how many attempts are under way in a class."""
    count: Count = current_app.extensions["open_attempts"]
    return count(class_id)
