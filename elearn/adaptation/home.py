"""What the adaptation room says on a person's home page: which of their courses have updates from upstream."""

from flask_babel import gettext as _
from flask_babel import ngettext

from elearn.accounts.permissions import Permission, Visitor, may
from elearn.adaptation.update_queries import courses_with_updates
from elearn.web.home import Group, HomeCard

#: More courses than these stand on pages of their own.
MOST = 4


def home_cards(visitor: Visitor) -> list[HomeCard]:
    """Return the courses for which upstream has something newer; two statements where there is none."""
    found = courses_with_updates(visitor.id) if may(visitor, Permission.PREPARE_CLASSES) else []
    if not found:
        return []
    title = ngettext("%(num)s of your courses has updates", "%(num)s of your courses have updates", len(found))
    words = _("See what changed upstream. What you changed stays yours, and nothing moves until you say so.")
    actions = tuple((course.title, f"/teach/courses/{course.id}/updates") for course in found[:MOST])
    return [HomeCard(Group.NOW, title, words, actions=actions)]
