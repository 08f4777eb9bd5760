"""Items as the text of a ``quiz.yml``, which the catalogue reads back as they are. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import yaml

from elearn.catalogue.faults import Faults
from elearn.catalogue.yaml_source import load_yaml
from elearn.exchange.author import canonical
from elearn.exchange.report import Item


class _Dumper(yaml.CSafeDumper):
    """Writes long texts as blocks, and exact numbers as they are."""


def _text(dumper: Any, text: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


def _number(dumper: Any, value: Decimal) -> Any:
    text = format(value, "f")
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Decimal, _number)
_Dumper.ignore_aliases = lambda _self, _value: True  # type: ignore[method-assign, assignment]


def written(items: Sequence[Item]) -> str:
    """Return the part of a ``quiz.yml`` that holds ``items``."""
    told = {"items": [canonical(item) for item in items]}
    return str(yaml.dump(told, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120))


def items_of(text: str) -> list[Item]:
    """Return the items of a published ``quiz.yml``."""
    source = load_yaml(text, "quiz.yml", Faults())
    value = source.value if source is not None else None
    found = value.get("items") if isinstance(value, dict) else None
    return [item for item in found or [] if isinstance(item, dict)]
