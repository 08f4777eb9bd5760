"""Items as the text of a ``quiz.yml``, which the catalogue reads back as they are. Pure."""

from collections.abc import Sequence

from elearn.catalogue.faults import Faults
from elearn.catalogue.yaml_source import load_yaml
from elearn.catalogue.yaml_write import dumped
from elearn.exchange.author import canonical
from elearn.exchange.report import Item


def written(items: Sequence[Item]) -> str:
    """Return the part of a ``quiz.yml`` that holds ``items``."""
    told = {"items": [canonical(item) for item in items]}
    return dumped(told)


def items_of(text: str) -> list[Item]:
    """Return the items of a published ``quiz.yml``."""
    source = load_yaml(text, "quiz.yml", Faults())
    value = source.value if source is not None else None
    found = value.get("items") if isinstance(value, dict) else None
    return [item for item in found or [] if isinstance(item, dict)]
