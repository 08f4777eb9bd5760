"""What the adaptation room says on a person's home page: courses with updates from upstream, and proposed passages that wait for them."""

from flask_babel import gettext as _
from flask_babel import ngettext

from elearn.accounts.permissions import Permission, Visitor, may
from elearn.adaptation.proposal_queries import count_of_proposals, to_editors, waiting_for_professor
from elearn.adaptation.update_queries import courses_with_updates
from elearn.web.home import Group, HomeCard

#: More courses than these stand on pages of their own.
MOST = 4


def home_cards(visitor: Visitor) -> list[HomeCard]:
    """Return what waits for a professor or an editor; three statements where nothing does."""
    cards = [*_updates(visitor), *_proposed(visitor)] if may(visitor, Permission.PREPARE_CLASSES) else []
    return cards + (_to_editors() if may(visitor, Permission.EDIT_SERIES) else [])


def _proposed(visitor: Visitor) -> list[HomeCard]:
    waiting = waiting_for_professor(visitor.id)
    if not waiting:
        return []
    count = sum(number for _id, _title, number in waiting)
    title = ngettext("%(num)s passage is proposed to your courses", "%(num)s passages are proposed to your courses", count)
    words = _("Professors who adapted a course of yours think that their text is better. Look at the difference, and answer them.")
    actions = tuple((course, f"/teach/courses/{course_id}/proposals") for course_id, course, _number in waiting[:MOST])
    return [HomeCard(Group.NOW, title, words, actions=actions)]


def _to_editors() -> list[HomeCard]:
    count = count_of_proposals(to_editors(), {"state": "open"})
    title = ngettext("%(num)s passage is proposed", "%(num)s passages are proposed", count) if count else _("Proposed passages")
    words = _("What professors changed in the series and think is better for everyone.")
    turn = _("It is your turn.") if count else _("It is nobody's turn now.")
    actions = ((_("Look at them"), "/edit/proposals/"),)
    return [HomeCard(Group.NOW if count else Group.EDITING, title, words, url="/edit/proposals/", turn=turn, actions=actions)]


def _updates(visitor: Visitor) -> list[HomeCard]:
    found = courses_with_updates(visitor.id)
    if not found:
        return []
    title = ngettext("%(num)s of your courses has updates", "%(num)s of your courses have updates", len(found))
    words = _("See what changed upstream. What you changed stays yours, and nothing moves until you say so.")
    actions = tuple((course.title, f"/teach/courses/{course.id}/updates") for course in found[:MOST])
    return [HomeCard(Group.NOW, title, words, actions=actions)]
