"""Words for proposed passages."""

from flask_babel import gettext as _
from flask_babel import ngettext


def state_names() -> dict[str, str]:
    """Return how a proposal stands, in words."""
    return {"open": _("waits for an answer"), "accepted": _("accepted"), "declined": _("declined"), "withdrawn": _("withdrawn")}


#: The colours of the same.
TONES = {"open": "waiting", "accepted": "right", "declined": "plain", "withdrawn": "plain"}


def picture_words(names: tuple[str, ...]) -> str:
    """Return why a text with pictures of the course cannot be proposed."""
    return ngettext(
        "The text shows a picture that only your course has: %(names)s. Propose the text without it, and write of it in the note.",
        "The text shows pictures that only your course has: %(names)s. Propose the text without them, and write of them in the note.",
        len(names),
        names=", ".join(names),
    )
