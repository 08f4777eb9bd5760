"""What reach says on a person's home page: the figures they answer for."""

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from elearn import clock
from elearn.accounts.permissions import Permission, Visitor, may
from elearn.countries import WORLD
from elearn.db import db
from elearn.reach.access import Scope, scope_of
from elearn.reach.models import Cell
from elearn.reach.periods import year_of
from elearn.web.home import Group, HomeCard


def home_cards(visitor: Visitor) -> list[HomeCard]:
    """Return the figures that ``visitor`` answers for, with the running year's learners where it is one place; one statement."""
    if not may(visitor, Permission.SEE_FIGURES):
        return []
    unit, day = _unit(scope_of(visitor)), clock.today()
    facts: tuple[str, ...] = ()
    if unit:
        learners = (
            db.session.scalar(
                select(Cell.count).where(Cell.period == year_of(day).key, Cell.figure == "learners", Cell.facet == "", Cell.unit == unit),
            )
            or 0
        )
        facts = (ngettext("%(num)s learner in %(year)s", "%(num)s learners in %(year)s", learners, year=day.year),)
    return [
        HomeCard(
            Group.COORDINATING,
            _("Figures"),
            _("Whom the series reached, by a rule that stands beside each figure."),
            url="/coordinate/reach",
            facts=facts,
        ),
    ]


def _unit(scope: Scope) -> str:
    """Return the one place that somebody answers for, as cells name it; several cannot be added up, since people are in more than one."""
    if scope.everything:
        return f"area:{WORLD}"
    units = [*(f"area:{area}" for area in scope.areas), *(f"institution:{key}" for key in scope.institutions)]
    return units[0] if len(units) == 1 else ""
