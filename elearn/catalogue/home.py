"""What the catalogue says on a person's home page: to editors, what is published."""

from flask_babel import gettext as _
from flask_babel import ngettext

from elearn.accounts.permissions import Role, Visitor
from elearn.catalogue.queries import current_series
from elearn.web.home import Group, HomeCard


def home_cards(visitor: Visitor) -> list[HomeCard]:
    """Return what editors look after; no statement, once the series is known."""
    if not any(held.role is Role.EDITOR and held.is_confirmed and not held.is_withheld for held in visitor.memberships):
        return []
    series = current_series()
    if series.revision is None:
        words = _("The series is published with the command `elearn content publish`.")
        return [HomeCard(Group.EDITING, _("Nothing is published yet"), words, turn=_("It is your turn."))]
    count = len(series.modules)
    return [
        HomeCard(
            Group.EDITING,
            _("The published series"),
            _("You read also what is for teachers: answer keys, model answers and plans."),
            url="/modules/",
            facts=(ngettext("%(num)s module or guide", "%(num)s modules and guides", count), _("version %(v)s", v=series.revision.version)),
        ),
    ]
