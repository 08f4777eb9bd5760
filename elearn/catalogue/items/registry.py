"""The item types, by the name that authors and the database use. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from elearn.catalogue.items import multiple_response, short_text, single_choice, true_false
from elearn.catalogue.items.item import Definition, ItemType

_FILES: tuple[ItemType, ...] = (single_choice, multiple_response, true_false, short_text)
TYPES: Mapping[str, ItemType] = MappingProxyType({file.TYPE: file for file in _FILES})


def type_of(definition: Definition) -> ItemType:
    """Return the type that knows how to show, grade and explain this item."""
    return TYPES[definition["type"]]
