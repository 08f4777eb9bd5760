"""What the assessment room says on a person's home page: quizzes that they began, what waits for marking, and what comes back."""

from collections.abc import Sequence
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from elearn import clock
from elearn.accounts.permissions import Permission, Visitor, may
from elearn.assessment.marked_queries import News, news_of_marking
from elearn.assessment.queries import open_attempts_of
from elearn.assessment.recall_queries import queue_of
from elearn.web.home import Group, HomeCard

#: More are not told one by one.
MOST = 3
#: So long it stands there that a quiz is marked.
TOLD_FOR = timedelta(days=14)


def home_cards(visitor: Visitor) -> list[HomeCard]:
    """Return what waits for ``visitor``: answers to mark, quizzes begun or marked by people, questions that come back; three statements."""
    # Whoever may not read keys marks nowhere.
    teaches = may(visitor, Permission.READ_TEACHER_SECTIONS)
    news = news_of_marking(visitor.id, since=clock.now() - TOLD_FOR, teaches=teaches)
    to_mark = [each for each in news if each.kind == "waiting"]
    return [*_to_mark(to_mark), *_begun(visitor), *_marked([each for each in news if each.kind == "marked"]), *_to_review(visitor)]


def _to_mark(classes: Sequence[News]) -> list[HomeCard]:
    cards = [
        HomeCard(
            Group.NOW,
            ngettext("%(num)s answer waits for your marking", "%(num)s answers wait for your marking", each.waiting),
            _("In the class “%(title)s”.", title=each.class_title),
            actions=((_("Mark"), f"/teach/classes/{each.id}/marking"),),
        )
        for each in classes[:MOST]
    ]
    if len(classes) > MOST:
        left = classes[MOST:]
        number = sum(each.waiting for each in left)
        words = ngettext("%(num)s answer more waits in other classes", "%(num)s answers more wait in other classes", number)
        cards.append(HomeCard(Group.NOW, words, ", ".join(each.class_title for each in left[:MOST])))
    return cards


def _marked(attempts: Sequence[News]) -> list[HomeCard]:
    return [
        HomeCard(
            Group.NOW,
            _("Your quiz is marked: %(title)s", title=each.title),
            _("Your answers in the class “%(title)s” have been read and marked.", title=each.class_title),
            actions=((_("See your result"), f"/attempts/{each.id}"),),
        )
        for each in attempts[:MOST]
    ]


def _begun(visitor: Visitor) -> list[HomeCard]:
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
    return cards


def _to_review(visitor: Visitor) -> list[HomeCard]:
    """Return the questions that come back today, for who wants them; one statement."""
    due = len(queue_of(visitor, if_wanted=True).due)
    if not due:
        return []
    words = ngettext("%(num)s question to review today", "%(num)s questions to review today", due)
    text = _("Answered wrong before, asked again until it is remembered. It takes a few minutes and never counts.")
    return [HomeCard(Group.NOW, words, text, actions=((_("Review"), "/review"),))]
