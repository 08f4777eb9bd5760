"""What the coded lists of this room are called on a page."""

from flask_babel import gettext as _

from elearn.accounts.permissions import Role


def role_names() -> dict[str, str]:
    """Return what roles are called."""
    return {
        Role.STUDENT: _("Student"),
        Role.PROFESSOR: _("Professor"),
        Role.COORDINATOR: _("Coordinator"),
        Role.EDITOR: _("Editor"),
        Role.REGIONAL_COORDINATOR: _("Regional coordinator"),
        Role.PROGRAMME_COORDINATOR: _("Programme coordinator"),
    }


def role_meanings() -> dict[str, str]:
    """Return what each role lets a person do, in a sentence."""
    return {
        Role.STUDENT: _("Takes classes there."),
        Role.PROFESSOR: _("Makes classes there that students can join, and reads answer keys."),
        Role.COORDINATOR: _("Confirms people there, sees its figures, and reads who did what."),
        Role.EDITOR: _("Publishes the modules."),
        Role.REGIONAL_COORDINATOR: _("Sees the figures and the institutions of a region."),
        Role.PROGRAMME_COORDINATOR: _("Looks after all institutions, people and figures."),
    }


def membership_state_names() -> dict[str, str]:
    """Return what the states of a membership are called; ``ended`` is one that was confirmed and is over."""
    return {"waiting": _("waiting"), "confirmed": _("confirmed"), "declined": _("declined"), "ended": _("ended")}


def kind_names() -> dict[str, str]:
    """Return what kinds of institution are called."""
    return {
        "university": _("University"),
        "school": _("School"),
        "police-academy": _("Police academy"),
        "judicial-academy": _("Judicial academy"),
        "ministry": _("Ministry"),
        "ngo": _("Non-governmental organisation"),
        "other": _("Other"),
    }


def institution_state_names() -> dict[str, str]:
    """Return what the states of an institution are called."""
    return {"confirmed": _("listed"), "requested": _("asked for"), "declined": _("declined"), "merged": _("merged with another")}
