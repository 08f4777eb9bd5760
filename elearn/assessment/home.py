"""What the assessment room says on a person's home page: quizzes that they began, and questions that come back."""

from flask_babel import gettext as _
from flask_babel import ngettext

from elearn.accounts.permissions import Visitor
from elearn.assessment.queries import open_attempts_of
from elearn.assessment.recall_queries import queue_of
from elearn.web.home import Group, HomeCard

#: More are not told one by one.
MOST = 3


def home_cards(visitor: Visitor) -> list[HomeCard]:
    """Return the quizzes that ``visitor`` has begun and not submitted, and what they have to review; two statements."""
    begun = open_attempts_of(visitor.id)
    cards = [
        HomeCard(
            Group.NOW,
            _("You began a quiz: %(title)s", title=attempt.title),
            _("In the class “%(title)s”. What you saved is there.", title=attempt.class_title)
            if attempt.class_title
            else _("To practise: it counts nowhere. What you saved is there."),
            actions=((_("Go on with it"), f"/attempts/{attempt.id}"),),
        )
        for attempt in begun[:MOST]
    ]
    if len(begun) > MOST:
        words = ngettext("%(num)s more quiz is begun", "%(num)s more quizzes are begun", len(begun) - MOST)
        cards.append(HomeCard(Group.NOW, words, _("You find each on the page of its module.")))
    return [*cards, *_to_review(visitor)]


def _to_review(visitor: Visitor) -> list[HomeCard]:
    """Return the questions that come back today, for who wants them; one statement."""
    due = len(queue_of(visitor, if_wanted=True).due)
    if not due:
        return []
    words = ngettext("%(num)s question to review today", "%(num)s questions to review today", due)
    text = _("Answered wrong before, asked again until it is remembered. It takes a few minutes and never counts.")
    return [HomeCard(Group.NOW, words, text, actions=((_("Review"), "/review"),))]
