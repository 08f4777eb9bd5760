"""A person's home page, composed of what each room has to say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from elearn.accounts import home as accounts
from elearn.accounts.permissions import Visitor
from elearn.adaptation import home as adaptation
from elearn.assessment import home as assessment
from elearn.catalogue import home as catalogue
from elearn.jobs import home as jobs
from elearn.learning import home as learning
from elearn.reach import home as reach
from elearn.web.home import Group, HomeCard

#: In the order in which their cards stand within a part of the page. A room that has something to say is one line more.
ROOMS: tuple[Callable[[Visitor], Sequence[HomeCard]], ...] = (
    accounts.home_cards,
    assessment.home_cards,
    adaptation.home_cards,
    learning.home_cards,
    catalogue.home_cards,
    reach.home_cards,
    jobs.home_cards,
)


@dataclass(frozen=True)
class Part:
    """A part of the home page."""

    group: Group
    title: str
    cards: tuple[HomeCard, ...]


def parts_of_home(visitor: Visitor) -> list[Part]:
    """Return the parts of ``visitor``'s home page that hold something, in order; of what there is to do, warnings come first."""
    titles = {
        Group.NOW: _("Now"),
        Group.STUDYING: _("Classes you take"),
        Group.TEACHING: _("Classes you teach"),
        Group.COORDINATING: _("What you answer for"),
        Group.EDITING: _("What you edit"),
    }
    cards = [card for room in ROOMS for card in room(visitor)]
    cards.sort(key=lambda card: card.tone != "warning")
    parts = [Part(group, titles[group], tuple(card for card in cards if card.group is group)) for group in Group]
    return [part for part in parts if part.cards]
