"""What changes the second factor of a person."""

from flask_babel import gettext as _
from sqlalchemy import delete, update

from elearn import audit, clock
from elearn.accounts.models import RecoveryCode, SecondFactor, SignIn
from elearn.accounts.notices import tell
from elearn.accounts.permissions import Visitor
from elearn.db import db
from elearn.errors import Conflict


def remove_second_factor(person_id: int, by: Visitor) -> None:
    """Leave the person without a second factor and signed out everywhere, and tell them; raise Conflict where they have none."""
    gone = delete(SecondFactor).where(SecondFactor.person_id == person_id).returning(SecondFactor.person_id)
    if db.session.execute(gone).first() is None:
        raise Conflict(_("This person has no second factor."))
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    db.session.execute(update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None)).values(ended_at=clock.now()))
    audit.record("remove-second-factor", "person", person_id, actor_id=by.id)
    tell(
        person_id,
        _("Your second factor was removed"),
        _("%(name)s removed the second factor of your account. Sign in with your password and set a new one up.", name=by.name),
        about="person",
        about_id=person_id,
        path="/account/second-factor",
    )
