"""Words for sharing courses."""

from flask_babel import get_locale
from flask_babel import gettext as _

from elearn.countries import country_name


def country_called(code: str) -> str:
    """Return what a country is called in the reader's language."""
    return country_name(code, str(get_locale()))


def audience_choices() -> dict[str, str]:
    """Return with whom a course can be shared."""
    return {
        "nobody": _("Nobody: the course is for your own classes"),
        "named": _("Institutions that you name"),
        "all": _("All institutions here"),
    }


def shared_words(audience: str) -> str:
    """Return what was just said about sharing."""
    return {
        "nobody": _("Sharing has ended. Those who adapted the course keep what they have, and get nothing newer of it."),
        "named": _("The course is shared with the institutions that you name."),
        "all": _("The course is shared with all institutions."),
    }[audience]


def loop_words(module: str, theirs: str, mine: str) -> str:
    """Return why a module cannot be taken from a course that stands on one's own."""
    return _(
        "“%(module)s” of “%(theirs)s” is made from your course “%(mine)s”: each would wait for the other's updates. What you "
        "like of it can be proposed to you as a passage.",
        module=module,
        theirs=theirs,
        mine=mine,
    )
