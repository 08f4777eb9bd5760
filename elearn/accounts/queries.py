"""Questions about people and institutions."""

from collections.abc import Sequence
from dataclasses import replace

from flask import current_app
from sqlalchemy import bindparam, func, or_, select

from elearn import cache, clock
from elearn.accounts import presence
from elearn.accounts.account_marks import account_mark
from elearn.accounts.credentials import digest_of_token
from elearn.accounts.models import EmailAddress, InstallationMark, Institution, Membership, Person, SignIn
from elearn.accounts.permissions import WANT_SECOND_FACTOR, Held, Role, Visitor
from elearn.db import db, table, writing

DEMONSTRATION = "demonstration"


# Built once: putting a statement together takes ten times as long as running it, and every page of a person asks this.
_SIGN_IN, _PERSON, _MEMBERSHIP = table(SignIn), table(Person), table(Membership)
_VISITOR = (
    select(
        _PERSON.c.id,
        _PERSON.c.name,
        _PERSON.c.language,
        _PERSON.c.timezone,
        _SIGN_IN.c.id.label("sign_in_id"),
        _SIGN_IN.c.second_factor_at,
        _MEMBERSHIP.c.role,
        _MEMBERSHIP.c.institution_id,
        _MEMBERSHIP.c.region,
        _MEMBERSHIP.c.state,
    )
    .select_from(_SIGN_IN)
    .join(_PERSON, _PERSON.c.id == _SIGN_IN.c.person_id)
    .outerjoin(
        _MEMBERSHIP,
        (_MEMBERSHIP.c.person_id == _PERSON.c.id) & _MEMBERSHIP.c.ended_at.is_(None) & (_MEMBERSHIP.c.state != "declined"),
    )
    .where(
        _SIGN_IN.c.token_digest == bindparam("token_digest"),
        _SIGN_IN.c.ended_at.is_(None),
        _SIGN_IN.c.expires_at > bindparam("at"),
        _PERSON.c.deactivated_at.is_(None),
        _PERSON.c.erased_at.is_(None),
    )
)

#: Whoever deletes the account waits for this lock, and this one for them: what is written comes wholly before, or finds nobody.
_VISITOR_WRITING = _VISITOR.with_for_update(read=True, key_share=True, of=_PERSON)


def visitor_signed_in(token: str) -> Visitor | None:
    """Return who is signed in with ``token``, with their roles; None when that sign-in is over. One statement.

    Where the request writes, their account cannot be deleted before the transaction ends.
    """
    asked = {"token_digest": digest_of_token(token), "at": clock.now()}
    rows = db.session.execute(_VISITOR_WRITING if writing.get() else _VISITOR, asked).all()
    if not rows:
        return None
    if writing.get():
        presence.keep_here()
    first = rows[0]
    wanting = {row.role for row in rows} & WANT_SECOND_FACTOR
    withheld = WANT_SECOND_FACTOR if wanting and first.second_factor_at is None and not recent_demonstration() else frozenset()
    held = tuple(
        Held(Role(row.role), row.institution_id, row.region, row.state == "confirmed", row.role in withheld)
        for row in rows
        if row.role is not None
    )
    visitor = Visitor(first.id, first.name, first.language, first.timezone, held, first.sign_in_id)
    return replace(visitor, token=token, mark=account_mark(str(current_app.config["SECRET_KEY"]), first.id))


def person_to_sign_in(name_or_address: str) -> Person | None:
    """Return the person with this sign-in name or address, if they may sign in.

    An address is its verified owner's; while it has none, it is that of whoever claimed it first.
    """
    key = name_or_address.strip().lower()
    return db.session.scalars(
        select(Person)
        .outerjoin(EmailAddress, (EmailAddress.person_id == Person.id) & (EmailAddress.address == key))
        .where(
            or_(EmailAddress.id.is_not(None), Person.sign_in_name == key),
            Person.deactivated_at.is_(None),
            Person.erased_at.is_(None),
        )
        .order_by((Person.sign_in_name == key).is_(True).desc(), EmailAddress.verified_at.is_(None), EmailAddress.id)
        .limit(1),
    ).first()


def verified_owner(address: str) -> Person | None:
    """Return the person who has shown that this address is theirs."""
    return db.session.scalars(
        select(Person)
        .join(EmailAddress, EmailAddress.person_id == Person.id)
        .where(EmailAddress.address == address, EmailAddress.verified_at.is_not(None)),
    ).first()


def institutions_to_choose() -> Sequence[Institution]:
    """Return the institutions that people may say they belong to, by name."""
    return db.session.scalars(
        select(Institution)
        .where(Institution.state == "confirmed", Institution.closed_on.is_(None))
        .order_by(Institution.country, Institution.name_key),
    ).all()


def institution_with_code(code: str) -> Institution | None:
    """Return the institution with this code."""
    return db.session.scalar(select(Institution).where(Institution.code == code))


def memberships_of(person_id: int) -> Sequence[tuple[Membership, str | None]]:
    """Return a person's current memberships with the name of each institution."""
    return [
        (row[0], row[1])
        for row in db.session.execute(
            select(Membership, Institution.name)
            .outerjoin(Institution, Institution.id == Membership.institution_id)
            .where(Membership.person_id == person_id, Membership.ended_at.is_(None))
            .order_by(Membership.began_at),
        )
    ]


def addresses_of(person_id: int) -> list[str]:
    """Return a person's addresses."""
    return list(db.session.scalars(select(EmailAddress.address).where(EmailAddress.person_id == person_id)))


def is_demonstration() -> bool:
    """Return whether this database is marked as a demonstration."""
    return db.session.get(InstallationMark, DEMONSTRATION) is not None


def recent_demonstration() -> bool:
    """Return the same, as it was at most a minute ago."""
    return cache.recent(DEMONSTRATION, is_demonstration, seconds=60)


def has_real_people() -> bool:
    """Return whether anyone here is not invented."""
    return bool(db.session.scalar(select(func.count()).select_from(Person).where(~Person.is_demonstration)))
