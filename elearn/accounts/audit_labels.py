"""What the acts of the audit are called; every action that is recorded anywhere stands here (a test holds that)."""

from flask_babel import gettext as _


def action_names() -> dict[str, str]:
    """Return what each action is called, as something that was done."""
    return {
        # Accounts.
        "create-person": _("made an account"),
        "set-password": _("chose a password through a link"),
        "deactivate-account": _("deactivated an account"),
        "reactivate-account": _("reactivated an account"),
        "make-password-link": _("made a link for a lost password"),
        "remove-second-factor": _("removed a second factor"),
        # Roles.
        "confirm-membership": _("confirmed a role"),
        "decline-membership": _("declined a role"),
        "end-membership": _("ended a role"),
        "reinstate-membership": _("reinstated a role"),
        "change-role": _("changed a role"),
        "give-role": _("gave a role"),
        # Institutions.
        "add-institution": _("added an institution"),
        "change-institution": _("changed an institution"),
        "list-institution": _("listed an institution that was asked for"),
        "merge-institution": _("merged an institution that was asked for"),
        "decline-institution": _("declined an institution that was asked for"),
        # Classes.
        "open-class": _("made a class"),
        "open-joining": _("opened a class to new students"),
        "close-joining": _("closed a class to new students"),
        # The series.
        "publish": _("published the series"),
    }


def subject_names() -> dict[str, str]:
    """Return what the kinds of thing are called that acts are about."""
    return {
        "person": _("person"),
        "membership": _("role"),
        "institution": _("institution"),
        "class": _("class"),
        "course": _("course"),
        "enrolment": _("place in a class"),
        "release": _("publication"),
    }


def detail_names() -> dict[str, str]:
    """Return what the details of entries are called; those that are not here stand in the export only."""
    return {
        "role": _("role"),
        "before": _("before"),
        "code": _("code"),
        "name": _("name"),
        "local_name": _("local name"),
        "kind": _("kind"),
        "country": _("country"),
        "timezone": _("time zone"),
        "ror_id": _("ROR id"),
        "domains": _("mail domains"),
        "opened_on": _("opened on"),
        "closed_on": _("closed on"),
        "modules": _("modules"),
    }
