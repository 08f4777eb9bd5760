"""What regrades are called on a page."""

from flask_babel import gettext as _

from elearn.assessment.regrading import Policy
from elearn.catalogue.queries import trusted
from elearn.learning.progress import shown_points
from elearn.web.names import called


def page_words() -> dict[str, object]:
    """Return what the templates of regrades call things by."""
    return {
        "policies": short_policy_names(),
        "scopes": scope_names(),
        "states": state_names(),
        "tones": state_tones(),
        "trusted": trusted,
        "called": called,
        "shown_points": shown_points,
        "in_words": in_words,
    }


def in_words(points: int, maximum: int) -> str:
    """Return a mark as people write it; nothing out of nothing is a question that does not count."""
    if not maximum:
        return _("not counted")
    return _("%(points)s of %(maximum)s points", points=shown_points(points), maximum=shown_points(maximum))


def policy_names() -> dict[str, str]:
    """Return what each policy is called, with what it does."""
    return {
        Policy.NEW_KEY: _("New key: mark by the corrected question, for better or worse"),
        Policy.ACCEPT_BOTH: _("Accept both: mark by the former and by the corrected question, and count what brings more"),
        Policy.ONLY_RAISE: _("Only raise: mark by the corrected question, but nobody has less than before"),
        Policy.FULL_MARKS: _("Full marks: all the points to everyone who met the question, also where it was left blank"),
        Policy.VOID: _("Leave it out: the question counts for nobody"),
    }


def short_policy_names() -> dict[str, str]:
    """Return the same in a word or two."""
    return {
        Policy.NEW_KEY: _("New key"),
        Policy.ACCEPT_BOTH: _("Accept both"),
        Policy.ONLY_RAISE: _("Only raise"),
        Policy.FULL_MARKS: _("Full marks"),
        Policy.VOID: _("Leave it out"),
    }


def scope_names() -> dict[str, str]:
    """Return how far a regrade reaches."""
    return {
        "class": _("this class"),
        "course": _("all classes of this course"),
        "programme": _("every class, and practice"),
    }


def state_names() -> dict[str, str]:
    """Return how far a regrade is."""
    return {
        "draft": _("not applied"),
        "running": _("being applied"),
        "done": _("applied"),
        "undoing": _("being undone"),
        "undone": _("undone"),
    }


def state_tones() -> dict[str, str]:
    """Return the tone of the badge of each state."""
    return {"draft": "waiting", "running": "accent", "done": "right", "undoing": "accent", "undone": "plain"}


def narrowing_names() -> dict[str, str]:
    """Return by what the list of changes is narrowed."""
    return {
        "changed": _("Another mark for the question"),
        "up": _("Better"),
        "down": _("Worse"),
        "passes": _("Now passed"),
        "fails": _("No longer passed"),
    }
