"""Who exists for reach."""

from sqlalchemy import ColumnElement, exists

from elearn.accounts.models import InstallationMark, Person
from elearn.accounts.queries import DEMONSTRATION


def counts_here() -> ColumnElement[bool]:
    """Return the condition on ``Person`` that they count: invented people do only in a database marked as a demonstration."""
    return ~Person.is_demonstration | exists().where(InstallationMark.key == DEMONSTRATION)
