"""What the coded lists of the content format are called on a page."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _


def section_kind_names() -> dict[str, str]:
    """Return what kinds of section are called; plain text has no name."""
    return {
        "case-study": _("case study"),
        "exercise": _("exercise"),
        "class-structure": _("class plan"),
        "assessment": _("assessment"),
        "core-reading": _("core reading"),
        "advanced-reading": _("advanced reading"),
        "tools": _("tools"),
    }


def contents_label(kind: str, audience: str) -> str:
    """Return the word that a list of contents adds to a section's title; mostly none."""
    if audience == "teacher":
        return _("for teachers only")
    if kind in {"class-structure", "exercise", "assessment", "tools"}:
        return _("for teaching")
    return _("case study") if kind == "case-study" else ""


def form_names() -> dict[str, str]:
    """Return what the forms of a class's steps are called."""
    return {
        "lecture": _("Lecture"),
        "discussion": _("Discussion"),
        "group-work": _("Group work"),
        "exercise": _("Exercise"),
        "demonstration": _("Demonstration"),
        "quiz": _("Quiz"),
        "reading": _("Reading"),
        "break": _("Break"),
    }


def level_names() -> dict[str, str]:
    """Return what levels are called."""
    return {
        "university": _("University"),
        "secondary": _("Secondary school"),
        "primary": _("Primary school"),
        "practitioner": _("Practitioners"),
    }


def bloom_names() -> dict[str, str]:
    """Return what Bloom's levels are called."""
    return {
        "remember": _("Remember"),
        "understand": _("Understand"),
        "apply": _("Apply"),
        "analyse": _("Analyse"),
        "evaluate": _("Evaluate"),
        "create": _("Create"),
    }


def labelled_steps(steps: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the steps of a class structure, each with what its form is called."""
    names = form_names()
    return [step | {"form_label": names[step["form"]]} for step in steps]
