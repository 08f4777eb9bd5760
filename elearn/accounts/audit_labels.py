"""What the acts of the audit are called; every action that is recorded anywhere stands here (a test holds that)."""

from flask_babel import gettext as _


def action_names() -> dict[str, str]:
    """Return what each action is called, as something that was done."""
    return {
        **_of_accounts(),
        **_of_roles(),
        **_of_institutions(),
        **_of_classes(),
        **_of_courses(),
        **_of_quizzes(),
        **_of_the_series(),
        **_of_the_site(),
    }


def _of_accounts() -> dict[str, str]:
    return {
        "create-person": _("made an account"),
        "set-password": _("chose a password through a link"),
        "deactivate-account": _("deactivated an account"),
        "reactivate-account": _("reactivated an account"),
        "erase-account": _("deleted an account"),
        "change-profile": _("changed a profile"),
        "change-password": _("changed a password"),
        "add-address": _("added an address"),
        "verify-address": _("verified an address"),
        "remove-address": _("removed an address"),
        "end-sign-in": _("ended a sign-in"),
        "set-up-second-factor": _("set up a second factor"),
        "make-recovery-codes": _("made new recovery codes"),
        "use-recovery-code": _("used a recovery code"),
        "make-password-link": _("made a link for a lost password"),
        "remove-second-factor": _("removed a second factor"),
    }


def _of_roles() -> dict[str, str]:
    return {
        "confirm-membership": _("confirmed a role"),
        "decline-membership": _("declined a role"),
        "end-membership": _("ended a role"),
        "reinstate-membership": _("reinstated a role"),
        "change-role": _("changed a role"),
        "give-role": _("gave a role"),
    }


def _of_institutions() -> dict[str, str]:
    return {
        "add-institution": _("added an institution"),
        "change-institution": _("changed an institution"),
        "list-institution": _("listed an institution that was asked for"),
        "merge-institution": _("merged an institution that was asked for"),
        "decline-institution": _("declined an institution that was asked for"),
    }


def _of_classes() -> dict[str, str]:
    return {
        "open-class": _("made a class"),
        "open-joining": _("opened a class to new students"),
        "close-joining": _("closed a class to new students"),
        "change-class": _("changed a class"),
        "end-class": _("ended a class"),
        "continue-class": _("continued a class that had ended"),
        "renew-join-code": _("gave a class a new code"),
        "move-class": _("moved a class to another edition of its course"),
        "hand-on-class": _("handed a class on"),
        "add-staff": _("added somebody who teaches a class"),
        "remove-staff": _("removed somebody who taught a class"),
        "bring-staff-back": _("brought back somebody who taught a class"),
        "withdraw-student": _("withdrew a student from a class"),
        "remove-student": _("removed a student who was in a class by mistake"),
        "bring-student-back": _("brought a student back into a class"),
        "leave-class": _("left a class"),
        "return-to-class": _("came back to a class"),
        "correct-enrolment": _("corrected a place in a class"),
        "extend-enrolment": _("gave a student more time"),
        "group-students": _("put students into groups"),
        "add-group": _("added a group"),
        "rename-group": _("renamed a group"),
        "remove-group": _("removed a group"),
        "bring-group-back": _("brought a group back"),
        "import-roster": _("imported a roster"),
        "make-slips": _("made slips"),
        "renew-slips": _("made slips anew"),
        "make-password-slip": _("made a slip for a lost password"),
        "mark-answer": _("marked an answer"),
        "plan-class": _("planned a class"),
        "announce": _("announced something to a class"),
        "withdraw-announcement": _("withdrew an announcement"),
        "restore-announcement": _("restored an announcement"),
    }


def _of_courses() -> dict[str, str]:
    return {
        "make-course": _("made a course"),
        "rename-course": _("gave a course another title"),
        "arrange-course": _("arranged the modules of a course"),
        "add-module": _("put a module into a course"),
        "take-out-module": _("took a module out of a course"),
        "put-back-module": _("put a module back into a course"),
        "share-course": _("let a colleague change a course"),
        "unshare-course": _("took a colleague's right to change a course"),
        "publish-edition": _("published an edition of a course"),
        "change-course": _("changed a module of a course"),
        "put-off-update": _("put an update of a course off"),
        "discard-draft": _("discarded a draft of a section"),
        "add-picture": _("added a picture to a course"),
        "change-picture": _("changed what is said of a picture"),
        "remove-picture": _("removed a picture from a course"),
        "bring-back-picture": _("brought back a picture of a course"),
        "share-course-editions": _("shared a course with institutions"),
        "end-sharing": _("ended sharing a course"),
        "adapt-course": _("made a course of a shared one"),
        "propose-passage": _("proposed a passage"),
        "accept-passage": _("accepted a proposed passage"),
        "decline-passage": _("declined a proposed passage"),
        "withdraw-passage": _("withdrew a proposed passage"),
        "choose-licence": _("chose the licence of a course"),
        "take-module": _("took a module of a shared course"),
    }


def _of_quizzes() -> dict[str, str]:
    return {
        "set-quiz": _("set the rules of a quiz"),
        "extend-quiz": _("gave a student more in a quiz"),
        "accept-late-answers": _("accepted late answers"),
    }


def _of_the_series() -> dict[str, str]:
    return {
        "handle-report": _("answered a report of a problem"),
        "publish": _("published the series"),
        "fix-item": _("put a question right"),
        "import-records": _("imported records of teaching and events"),
        "propose-filling": _("proposed a text for a country"),
        "withdraw-filling": _("took back a text for a country"),
        "approve-filling": _("approved a text for a country"),
        "decline-filling": _("declined a text for a country"),
        "end-filling": _("ended a text for a country"),
        "start-regrade": _("prepared to mark answers again"),
        "apply-regrade": _("had answers marked again"),
        "undo-regrade": _("undid that answers were marked again"),
    }


def _of_the_site() -> dict[str, str]:
    return {"retry-job": _("had a background job tried again")}


def subject_names() -> dict[str, str]:
    """Return what the kinds of thing are called that acts are about."""
    return {
        "person": _("person"),
        "membership": _("role"),
        "institution": _("institution"),
        "class": _("class"),
        "course": _("course"),
        "course-picture": _("picture of a course"),
        "enrolment": _("place in a class"),
        "class-group": _("group of a class"),
        "announcement": _("announcement"),
        "attempt": _("attempt at a quiz"),
        "sign-in": _("sign-in"),
        "problem-report": _("report of a problem"),
        "release": _("publication"),
        "regrade": _("marking again"),
        "job": _("background job"),
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
