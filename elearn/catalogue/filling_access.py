"""The doors to what countries put into the slots of the series."""

from flask_babel import gettext as _

from elearn.accounts.permissions import Permission, Visitor, may
from elearn.catalogue.filling_models import Filling
from elearn.catalogue.filling_queries import FillingFacts, facts_of
from elearn.db import db
from elearn.errors import NotAllowed, NotFound


def check_may_decide(visitor: Visitor) -> None:
    """Raise NotAllowed for whoever is no editor of the series."""
    if not may(visitor, Permission.EDIT_SERIES):
        raise NotAllowed(_("Only the editors of the series can do this."))


def filling_for_deciding(visitor: Visitor, filling_id: int, *, writing: bool = False) -> FillingFacts:
    """Return what somebody proposed, for ``writing`` locked."""
    check_may_decide(visitor)
    if writing:
        db.session.get(Filling, filling_id, with_for_update=True, populate_existing=True)
    facts = facts_of(filling_id)
    if facts is None:
        raise NotFound
    return facts
