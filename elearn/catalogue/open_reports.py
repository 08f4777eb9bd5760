"""How many open reports there are on a section: the room that knows stands above, and ``app.py`` hands its answer down."""

from collections.abc import Callable

from flask import Flask, current_app, get_template_attribute
from flask_login import current_user

from elearn.accounts.permissions import Permission, may


def init_app(app: Flask, count: Callable[[int, str, int | None], int]) -> None:
    """Have ``count`` say how many open reports there are on a module's section, in a class or (None) anywhere."""
    app.extensions["open_reports"] = count


def open_reports_line(module_id: int, slug: str, key: str, language: str, class_id: int | None = None) -> str:
    """Return the line that tells those who answer reports how many wait on a section's page; nothing where none does, and for others."""
    if class_id is None and not may(current_user, Permission.SEE_PROBLEMS):
        return ""
    count = current_app.extensions["open_reports"](module_id, key, class_id)
    return get_template_attribute("parts/reading.html", "open_reports")(count, slug, key, language, class_id) if count else ""
