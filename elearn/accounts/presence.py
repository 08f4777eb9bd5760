"""Whether whoever asked is still there when their work is about to be kept."""

from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from elearn.accounts.models import Person
from elearn.accounts.permissions import Visitor
from elearn.db import db, table
from elearn.errors import Conflict

_PERSON = table(Person)
#: Whoever deletes the account waits for this lock, and this one for them: it comes wholly before, or finds nobody.
_STILL_HERE = (
    select(_PERSON.c.id)
    .where(_PERSON.c.id == bindparam("person_id"), _PERSON.c.erased_at.is_(None))
    .with_for_update(read=True, key_share=True)
)
#: In a session's ``info``: the transaction in which its visitor was read and locked.
_HERE_IN = "visitor_here_in"


def keep_here() -> None:
    """Remember that whoever asks was locked in this transaction: they are still there as long as it lasts."""
    session = db.session()
    session.info[_HERE_IN] = session.get_transaction()


def check_still_here(visitor: object) -> None:
    """Raise Conflict where ``visitor`` has deleted their account, in another tab perhaps, since this request began.

    Otherwise what they typed here would be kept after they asked for all of it to be erased. It takes a statement only where the
    request's first transaction is over: until then they are locked.
    """
    session = db.session()
    if session.in_transaction() and session.info.get(_HERE_IN) is session.get_transaction():
        return
    if isinstance(visitor, Visitor) and db.session.execute(_STILL_HERE, {"person_id": visitor.id}).first() is None:
        raise Conflict(_("This account was deleted meanwhile, in another tab perhaps. Nothing was changed."))
