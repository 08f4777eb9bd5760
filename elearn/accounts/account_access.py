"""The doors of one's own account: what is somebody else's is not there."""

from sqlalchemy import select

from elearn.accounts import account_queries
from elearn.accounts.models import EmailAddress, SignIn
from elearn.accounts.permissions import Visitor
from elearn.db import db
from elearn.errors import NotFound


def address_for_changing(visitor: Visitor, address_id: int) -> EmailAddress:
    """Return an address of the visitor's own."""
    claim = db.session.get(EmailAddress, address_id)
    if claim is None or claim.person_id != visitor.id:
        raise NotFound
    return claim


def sign_in_for_ending(visitor: Visitor, sign_in_id: int) -> SignIn:
    """Return an open sign-in of the visitor's own."""
    found = db.session.scalar(select(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == visitor.id, account_queries.is_open()))
    if found is None:
        raise NotFound
    return found
