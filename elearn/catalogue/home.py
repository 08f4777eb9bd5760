"""What the catalogue says on a person's home page: to editors, what is published and what waits for them."""

from flask_babel import gettext as _
from flask_babel import ngettext

from elearn.accounts.permissions import Role, Visitor
from elearn.catalogue.filling_queries import count_waiting
from elearn.catalogue.queries import current_series
from elearn.web.home import Group, HomeCard


def home_cards(visitor: Visitor) -> list[HomeCard]:
    """Return what editors look after; one statement, once the series is known."""
    if not any(held.role is Role.EDITOR and held.is_confirmed and not held.is_withheld for held in visitor.memberships):
        return []
    series = current_series()
    if series.revision is None:
        words = _("The series is published with the command `elearn content publish`.")
        return [HomeCard(Group.EDITING, _("Nothing is published yet"), words, turn=_("It is your turn."))]
    count, waiting = len(series.modules), count_waiting()
    return [
        *([_waiting(waiting)] if waiting else []),
        HomeCard(
            Group.EDITING,
            _("The published series"),
            _("You read also what is for teachers: answer keys, model answers and plans."),
            url="/modules/",
            actions=((_("Countries' texts"), "/edit/country-texts/"),),
            facts=(ngettext("%(num)s module or guide", "%(num)s modules and guides", count), _("version %(v)s", v=series.revision.version)),
        ),
    ]


def _waiting(count: int) -> HomeCard:
    title = ngettext("%(num)s text for a country waits", "%(num)s texts for countries wait", count)
    words = _("Professors wrote them for the places of the modules that a country fills.")
    return HomeCard(Group.NOW, title, words, url="/edit/country-texts/", turn=_("It is your turn."))
