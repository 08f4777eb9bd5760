"""What slots and the states of a country's text are called on a page."""

from flask_babel import gettext as _


def slot_names() -> dict[str, str]:
    """Return what the slots are called."""
    return {"national-law": _("National law"), "reporting-body": _("Where to report"), "local-case": _("A case from here")}


def filling_states() -> dict[str, str]:
    """Return what the states of a country's text are called."""
    return {
        "proposed": _("waits for an editor"),
        "approved": _("approved"),
        "declined": _("not taken"),
        "withdrawn": _("not offered any more"),
    }
