"""What the rules of marking are called on a page."""

from typing import Any

from flask_babel import gettext as _


def scoring_rule(definition: dict[str, Any]) -> str:
    """Return in words how the mark of an item comes about; empty where the rule goes without saying."""
    has_weights = any("weight" in choice for choice in definition.get("choices", []))
    match definition["type"], definition.get("scoring"):
        case "multiple-response", "exact":
            return _("All the points for exactly the right choices; nothing otherwise.")
        case "multiple-response", "per-option":
            return _("Each choice that is rightly ticked, or rightly left, brings an equal share of the points. Nothing ticked, no points.")
        case "multiple-response", _ if has_weights:
            return _("Each ticked choice brings its own share of the points, or takes some away; never less than nothing.")
        case "multiple-response", _:
            return _("The share of the right choices that you ticked, less the share of the wrong ones; never less than nothing.")
        case "single-choice", _ if has_weights:
            return _("The right choice brings all the points; some others bring a part of them.")
        case "short-text", _:
            return _("Any of the accepted answers brings all the points.") + " " + _differences(definition.get("normalise", []))
    return _("The right choice brings all the points, any other nothing.") if definition.get("choices") else ""


def _differences(normalised: list[str]) -> str:
    names = {"case": _("capital letters"), "space": _("spaces"), "accents": _("accents"), "punctuation": _("punctuation")}
    ignored = [names[rule] for rule in names if rule in normalised]
    return _("These do not matter: %(list)s.", list=", ".join(ignored)) if ignored else _("Every character matters.")


def grading_words(grading: str) -> str:
    """Return in words which of several attempts counts."""
    return {
        "best": _("the best one counts"),
        "first": _("the first one counts"),
        "last": _("the last one counts"),
        "average": _("the average of all counts"),
    }[grading]
