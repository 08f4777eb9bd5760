"""What the rules of marking are called on a page."""

from typing import Any

from flask_babel import gettext as _

from elearn.catalogue.items.registry import type_of


def scoring_rule(definition: dict[str, Any]) -> str:
    """Return in words how the mark of an item comes about."""
    return " ".join(_(sentence) for sentence in type_of(definition).rule(definition))


def grading_words(grading: str) -> str:
    """Return in words which of several attempts counts."""
    return {
        "best": _("the best one counts"),
        "first": _("the first one counts"),
        "last": _("the last one counts"),
        "average": _("the average of all counts"),
    }[grading]
