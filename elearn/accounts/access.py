"""The doors of the accounts room: objects come only to those who may have them."""

from sqlalchemy import select

from elearn.accounts.models import Membership
from elearn.accounts.permissions import Permission, Visitor, may
from elearn.db import db
from elearn.errors import NotFound


def membership_for_deciding(visitor: Visitor, membership_id: int) -> Membership:
    """Return the membership, locked, if ``visitor`` confirms people at its institution; not there and not theirs are the same."""
    membership = db.session.scalar(select(Membership).where(Membership.id == membership_id).with_for_update())
    if membership is None or membership.institution_id is None:
        raise NotFound
    if not may(visitor, Permission.CONFIRM_PEOPLE, membership.institution_id):
        raise NotFound
    return membership


def institutions_for_confirming(visitor: Visitor) -> list[int] | None:
    """Return where ``visitor`` may confirm people; None: everywhere."""
    if may(visitor, Permission.CONFIRM_ALL_PEOPLE):
        return None
    return list(visitor.institutions(Permission.CONFIRM_PEOPLE))
