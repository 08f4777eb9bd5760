"""Values as YAML that the catalogue reads back as they are: long texts as blocks, exact numbers, no aliases. Pure."""

from decimal import Decimal
from typing import Any

import yaml


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


def dumped(value: Any) -> str:
    """Return ``value`` as YAML."""
    return str(yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120))
