"""How somebody is called who has no name any more."""

from flask_babel import gettext as _


def called(name: str | None) -> str:
    """Return ``name``; where there is none, its owner has deleted their account, and words stand for it."""
    return name or _("Somebody who deleted their account")
