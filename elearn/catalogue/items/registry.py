"""The item types, by the name that authors and the database use. Pure."""

from collections.abc import Callable, Mapping

from elearn.catalogue.items import (
    cloze,
    essay,
    matching,
    multiple_response,
    numeric,
    ordering,
    reflection,
    short_text,
    single_choice,
    true_false,
)
from elearn.catalogue.items.item import Definition, ItemType
from elearn.catalogue.items.wording import rendered

_FILES: tuple[ItemType, ...] = (
    single_choice,
    multiple_response,
    true_false,
    matching,
    ordering,
    short_text,
    numeric,
    cloze,
    essay,
    reflection,
)
TYPES: dict[str, ItemType] = {file.TYPE: file for file in _FILES}


def type_of(definition: Definition) -> ItemType:
    """Return the type that knows how to show, grade and explain this item."""
    return TYPES[definition["type"]]


def html_of(definition: Definition, language: str, render: Callable[[str], str], labels: Mapping[str, str]) -> Definition:
    """Return the item's texts in ``language`` as HTML; ``labels`` names the choices that the platform words."""
    return rendered(definition["wording"][language], type_of(definition).WORDING, render, labels)
