"""What changes the second factor of a person."""

from flask_babel import gettext as _
from sqlalchemy import delete

from elearn import audit
from elearn.accounts.models import RecoveryCode, SecondFactor
from elearn.accounts.notices import tell
from elearn.db import db
from elearn.errors import Conflict


def remove_second_factor(person_id: int, by: int | None, *, institution_id: int | None = None) -> None:
    """Leave the person without a second factor, and tell them; raise Conflict where they have none. ``by`` None: the operator."""
    gone = delete(SecondFactor).where(SecondFactor.person_id == person_id).returning(SecondFactor.person_id)
    if db.session.execute(gone).first() is None:
        raise Conflict(_("There is no second factor to remove."))
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    audit.record("remove-second-factor", "person", person_id, actor_id=by, institution_id=institution_id)
    tell(
        person_id,
        _("Your second factor was removed"),
        _("The second factor of your account was removed. Sign in with your password and set a new one up."),
        about="person",
        about_id=person_id,
        path="/account/second-factor",
    )
