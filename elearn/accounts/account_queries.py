"""Questions about one's own account: its addresses, sign-ins, second factor and links."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, select

from elearn import clock
from elearn.accounts.credentials import digest_of_token
from elearn.accounts.models import EmailAddress, Institution, OneTimeLink, Person, RecoveryCode, SecondFactor, SignIn
from elearn.db import db


def claims_of(person_id: int) -> Sequence[EmailAddress]:
    """Return a person's addresses, the verified ones first."""
    return db.session.scalars(
        select(EmailAddress).where(EmailAddress.person_id == person_id).order_by(EmailAddress.verified_at.is_(None), EmailAddress.id),
    ).all()


def verified_addresses_of(person_id: int) -> list[str]:
    """Return the addresses to which mail for a person may go."""
    return [claim.address for claim in claims_of(person_id) if claim.verified_at]


def unlisted_institutions_of(person_id: int) -> set[int]:
    """Return the institutions that a person asked to have listed, and that wait for the programme."""
    asked = select(Institution.id).where(Institution.requested_by_id == person_id, Institution.state == "requested")
    return set(db.session.scalars(asked))


def recent_claimants(address: str, since: datetime, most: int) -> Sequence[Person]:
    """Return who claimed ``address`` with an account made after ``since``, the newest first."""
    return db.session.scalars(
        select(Person)
        .join(EmailAddress, EmailAddress.person_id == Person.id)
        .where(EmailAddress.address == address, Person.created_at > since, Person.deactivated_at.is_(None), Person.erased_at.is_(None))
        .order_by(Person.id.desc())
        .limit(most),
    ).all()


def open_link(token: str, purpose: str) -> OneTimeLink | None:
    """Return the link with this token, if it still works."""
    return db.session.scalar(
        select(OneTimeLink)
        .join(Person, Person.id == OneTimeLink.person_id)
        .where(
            OneTimeLink.token_digest == digest_of_token(token),
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > clock.now(),
            Person.deactivated_at.is_(None),
            Person.erased_at.is_(None),
        ),
    )


def second_factor_of(person_id: int) -> SecondFactor | None:
    """Return a person's authenticator, also one that is being set up."""
    return db.session.get(SecondFactor, person_id)


def has_second_factor(person_id: int) -> bool:
    """Return whether a person's sign-in asks for a code."""
    return bool(
        db.session.scalar(select(exists().where(SecondFactor.person_id == person_id, SecondFactor.confirmed_at.is_not(None)))),
    )


def recovery_codes_left(person_id: int) -> int:
    """Return how many of a person's recovery codes are not used yet."""
    unused = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(unused) or 0


def is_open() -> ColumnElement[bool]:
    """Return what makes a sign-in an open one."""
    return SignIn.ended_at.is_(None) & (SignIn.expires_at > clock.now())


def _open_sign_ins(person_id: int) -> Select[SignIn]:
    return select(SignIn).where(SignIn.person_id == person_id, is_open())


def number_of_sign_ins(person_id: int) -> int:
    """Return in how many browsers a person is signed in."""
    return db.session.scalar(select(func.count()).select_from(_open_sign_ins(person_id).subquery())) or 0


def open_sign_ins(person_id: int, *, offset: int = 0, size: int = 50) -> Sequence[SignIn]:
    """Return where a person is signed in, the newest first."""
    return db.session.scalars(_open_sign_ins(person_id).order_by(SignIn.began_at.desc(), SignIn.id.desc()).offset(offset).limit(size)).all()


def second_factor_was_shown(sign_in_id: int | None) -> bool:
    """Return whether the second factor was shown in this sign-in."""
    return bool(db.session.scalar(select(exists().where(SignIn.id == sign_in_id, SignIn.second_factor_at.is_not(None)))))
