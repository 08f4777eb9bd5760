"""Before something that cannot be undone: whether whoever is signed in is the owner of the account, and not somebody at their desk."""

from flask_babel import gettext as _
from sqlalchemy import select

from elearn import throttle
from elearn.accounts.credentials import password_matches
from elearn.accounts.models import Person, SecondFactor
from elearn.accounts.second_factor_service import take_code
from elearn.accounts.service import TRIES_PER_ACCOUNT, TRIES_WINDOW
from elearn.db import db
from elearn.errors import Invalid


def has_second_factor(person_id: int) -> bool:
    """Return whether the person has set up a second factor, which is then asked for."""
    mine = select(SecondFactor.person_id).where(SecondFactor.person_id == person_id, SecondFactor.confirmed_at.is_not(None))
    return db.session.scalar(mine) is not None


def check_it_is_you(person_id: int, *, password: str, code: str, remote: str) -> None:
    """Raise Invalid, naming the field, where the password or the code is not the person's; TooMany after too many tries.

    Call it before anything is changed: each try is counted whatever becomes of the request, and hashing holds nobody's turn.
    """
    throttle.spend("it-is-you", str(person_id), limit=TRIES_PER_ACCOUNT, window=TRIES_WINDOW)
    hashed = db.session.scalar(select(Person.password_hash).where(Person.id == person_id, Person.erased_at.is_(None))) or ""
    db.session.rollback()
    if not password_matches(password, hashed):
        message = _("This is not your password.")
        raise Invalid(message, {"password": message})
    if has_second_factor(person_id):
        take_code(person_id, code, remote=remote)
