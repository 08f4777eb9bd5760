"""What a room above accounts lets people choose for themselves on the page of their profile; ``app.py`` hands it over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app


@dataclass(frozen=True)
class OwnChoice:
    """Something to be switched: how it stands, and the button that changes it."""

    title: str
    text: str
    #: What the button says, where it posts to, and what.
    label: str
    url: str
    fields: Mapping[str, str]


def init_app(app: Flask, *ask: Callable[[int], OwnChoice]) -> None:
    """Have each of ``ask`` say how its choice stands for a person."""
    app.extensions["own_choices"] = ask


def choices_of(person_id: int) -> list[OwnChoice]:
    """Return what a person may switch."""
    return [ask(person_id) for ask in cast("tuple[Callable[[int], OwnChoice], ...]", current_app.extensions["own_choices"])]
