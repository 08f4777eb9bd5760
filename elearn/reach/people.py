"""Who exists for reach, and whose publishing counts."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import InstrumentedAttribute

from elearn.accounts.models import InstallationMark, Membership, Person
from elearn.accounts.permissions import Role
from elearn.accounts.queries import DEMONSTRATION


def counts_here() -> ColumnElement[bool]:
    """Return the condition on ``Person`` that they count: invented people do only in a database marked as a demonstration."""
    return ~Person.is_demonstration | exists().where(InstallationMark.key == DEMONSTRATION)


def was_confirmed(
    person: InstrumentedAttribute[int], institution: InstrumentedAttribute[int], at: InstrumentedAttribute[datetime]
) -> ColumnElement[bool]:
    """Return the condition that a person was confirmed as professor of an institution at that moment."""
    return exists().where(
        Membership.person_id == person,
        Membership.institution_id == institution,
        Membership.role == Role.PROFESSOR,
        Membership.state == "confirmed",
        Membership.decided_at <= at,
        Membership.ended_at.is_(None) | (Membership.ended_at > at),
    )
