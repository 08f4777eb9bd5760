"""Undo: a message that says what was done, with a button that takes it back, instead of asking beforehand whether one is sure."""

from flask import flash


def flash_with_undo(words: str, url: str, **fields: str) -> None:
    """Have the next page say ``words`` beside a button that posts ``fields`` to ``url``."""
    flash({"words": words, "url": url, "fields": fields}, "undo")  # type: ignore[arg-type]  # the session keeps any JSON
