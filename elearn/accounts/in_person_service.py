"""What is done for people whom a professor has before them: an account without an address, a new password without a mail."""

from flask_babel import gettext as _
from sqlalchemy import select, update

from elearn import clock
from elearn.accounts.models import EmailAddress, OneTimeLink, Person, SignIn
from elearn.accounts.sign_in_names import LONGEST, SHORTEST, is_sign_in_name, kept_name, suggested_names
from elearn.db import db, insert
from elearn.errors import Invalid


def free_sign_in_name(name: str) -> str:
    """Return a sign-in name that suits ``name`` and that nobody has; it may be taken a moment later."""
    wanted = suggested_names(name)
    taken = set(db.session.scalars(select(Person.sign_in_name).where(Person.sign_in_name.in_(wanted))))
    return next((each for each in wanted if each not in taken), "")


def make_account(*, name: str, sign_in_name: str, password_hash: str, email: str = "", language: str = "") -> Person:
    """Return a new person who signs in with ``sign_in_name``; an address is a claim, to be verified like any."""
    kept = kept_name(sign_in_name)
    if not is_sign_in_name(kept):
        message = _(
            "Use %(least)d to %(most)d letters and digits, with . _ - between them, and begin with a letter or digit.",
            least=SHORTEST,
            most=LONGEST,
        )
        raise Invalid(message, {"sign_in_name": message})
    at = clock.now()
    made = insert(Person).values(name=name, sign_in_name=kept, password_hash=password_hash, language=language, created_at=at)
    person_id = db.session.scalar(made.on_conflict_do_nothing().returning(Person.id))
    if person_id is None:
        message = _("Somebody has this sign-in name. Choose another one.")
        raise Invalid(message, {"sign_in_name": message})
    if email:
        db.session.add(EmailAddress(person_id=person_id, address=email))
        db.session.flush()
    return db.session.get_one(Person, person_id)


def replace_password(person: Person, password_hash: str) -> None:
    """Leave ``person`` with the password hashed; every sign-in and every link to set a password is over."""
    at = clock.now()
    person.password_hash = password_hash
    links = update(OneTimeLink).where(
        OneTimeLink.person_id == person.id, OneTimeLink.purpose == "set-password", OneTimeLink.used_at.is_(None)
    )
    db.session.execute(links.values(used_at=at))
    db.session.execute(update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None)).values(ended_at=at))
