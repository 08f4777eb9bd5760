"""Questions about who holds, asked for, or held which role where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, exists, func, select
from sqlalchemy.orm import aliased

from elearn.accounts.institution_queries import holding
from elearn.accounts.models import EmailAddress, Institution, Membership, Person, SecondFactor, SignIn
from elearn.accounts.permissions import RANK, Role
from elearn.db import db, name_holds

STATES = ("waiting", "confirmed", "declined", "ended")
SORTS = ("name", "role", "institution", "since", "state")

_CURRENT = Membership.ended_at.is_(None)
IS_IN_STATE: dict[str, ColumnElement[bool]] = {
    "waiting": and_(Membership.state == "requested", _CURRENT),
    "confirmed": and_(Membership.state == "confirmed", _CURRENT),
    "declined": Membership.state == "declined",
    "ended": and_(Membership.state != "declined", Membership.ended_at.is_not(None)),
}


def state_of(membership: Membership) -> str:
    """Return the state of a membership as it is called on a page."""
    if membership.state == "declined":
        return "declined"
    if membership.ended_at is not None:
        return "ended"
    return "confirmed" if membership.state == "confirmed" else "waiting"


def _asked(places: Sequence[int] | None, asked: dict[str, str]) -> list[ColumnElement[bool]]:
    """Return the conditions on a list of people at ``places``, None: everywhere. Only who looks after all may search by address."""
    conditions: list[ColumnElement[bool]] = [Person.erased_at.is_(None)]
    if places is not None:
        conditions.append(Membership.institution_id.in_(places))
    if places is not None or asked.get("role") != Role.STUDENT:
        # Coordinators see numbers of students, never names; the programme sees them where it asks for them.
        conditions.append(Membership.role != Role.STUDENT)
    if words := asked.get("q"):
        named = name_holds(Person, words)
        if places is None:
            with_address = exists().where(EmailAddress.person_id == Person.id, holding(words, EmailAddress.address))
            named |= with_address | (Person.sign_in_name == words.lower())
        conditions.append(named)
    if state := asked.get("state"):
        conditions.append(IS_IN_STATE[state])
    if role := asked.get("role"):
        conditions.append(Membership.role == role)
    if place := asked.get("institution"):
        conditions.append(name_holds(Institution, place) | holding(place, Institution.code))
    return conditions


def count_of_people(places: Sequence[int] | None, asked: dict[str, str]) -> int:
    """Return how many roles fit what is asked for."""
    question = select(func.count()).select_from(Membership).join(Person, Person.id == Membership.person_id)
    question = question.outerjoin(Institution, Institution.id == Membership.institution_id)
    return db.session.scalar(question.where(*_asked(places, asked))) or 0


def people_page(places: Sequence[int] | None, asked: dict[str, str], *, offset: int, size: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return a page of the same (membership, name of the person, name of the institution, when deactivated); one statement.

    Unless another order is asked for, those who wait come first, then the newest.
    """
    wanted = asked.get("sort", "")
    waits_first = case((IS_IN_STATE["waiting"], 0), else_=1)
    sorts: dict[str, Any] = {
        "name": Person.name_key,
        "role": Membership.role,
        "institution": Institution.name_key,
        "since": Membership.began_at,
        "state": case(*((condition, STATES.index(state)) for state, condition in IS_IN_STATE.items())),
    }
    order: list[Any] = [waits_first, Membership.began_at.desc()]
    if (column := sorts.get(wanted.lstrip("-"))) is not None:
        order = [column.desc() if wanted.startswith("-") else column, Person.name_key]
    return db.session.execute(
        select(Membership, Person.name, Institution.name.label("institution"), Person.deactivated_at)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Institution, Institution.id == Membership.institution_id)
        .where(*_asked(places, asked))
        .order_by(*order, Membership.id.desc())
        .offset(offset)
        .limit(size),
    ).all()


def count_of_waiting(places: Sequence[int] | None) -> int:
    """Return how many people wait to be confirmed at ``places``, None: everywhere."""
    question = select(func.count()).select_from(Membership).join(Person, Person.id == Membership.person_id)
    question = question.where(IS_IN_STATE["waiting"], Person.erased_at.is_(None))
    if places is not None:
        question = question.where(Membership.institution_id.in_(places))
    return db.session.scalar(question) or 0


@dataclass(frozen=True)
class Named:
    """A membership with the names that a page shows beside it."""

    membership: Membership
    person: Person
    institution: Institution | None
    decided_by: str | None
    ended_by: str | None


def named_membership(membership_id: int) -> Named:
    """Return a membership with its names; one statement."""
    decider, ender = aliased(Person), aliased(Person)
    row = db.session.execute(
        select(Membership, Person, Institution, decider.name, ender.name)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Institution, Institution.id == Membership.institution_id)
        .outerjoin(decider, decider.id == Membership.decided_by_id)
        .outerjoin(ender, ender.id == Membership.ended_by_id)
        .where(Membership.id == membership_id),
    ).one()
    return Named(*row)


def memberships_at(person_id: int, places: Sequence[int] | None) -> Sequence[tuple[Membership, str | None]]:
    """Return every role that a person holds, asked for or held at ``places`` (None: everywhere), newest first."""
    question = (
        select(Membership, Institution.name)
        .outerjoin(Institution, Institution.id == Membership.institution_id)
        .where(Membership.person_id == person_id)
        .order_by(Membership.began_at.desc(), Membership.id.desc())
        .limit(100)
    )
    if places is not None:
        question = question.where(Membership.institution_id.in_(places), Membership.role != Role.STUDENT)
    return [(row[0], row[1]) for row in db.session.execute(question)]


def verified_addresses(person_id: int) -> list[str]:
    """Return the addresses that a person has shown to be theirs."""
    verified = select(EmailAddress.address).where(EmailAddress.person_id == person_id, EmailAddress.verified_at.is_not(None))
    return list(db.session.scalars(verified.order_by(EmailAddress.address)))


def current_membership(person_id: int, role: Role, institution_id: int | None, region: str | None = None) -> Membership | None:
    """Return the person's current membership in this role at this place, whether it is confirmed or waits."""
    return db.session.scalars(
        select(Membership).where(
            Membership.person_id == person_id,
            Membership.role == role,
            Membership.institution_id.is_(None) if institution_id is None else Membership.institution_id == institution_id,
            Membership.region.is_(None) if region is None else Membership.region == region,
            _CURRENT,
        ),
    ).first()


def others_hold(role: Role, institution_id: int | None, person_id: int) -> bool:
    """Return whether somebody else, with a working account, is confirmed in this role at this place."""
    return bool(
        db.session.scalar(
            select(Membership.id)
            .join(Person, Person.id == Membership.person_id)
            .where(
                Membership.role == role,
                Membership.institution_id.is_(None) if institution_id is None else Membership.institution_id == institution_id,
                Membership.person_id != person_id,
                IS_IN_STATE["confirmed"],
                Person.deactivated_at.is_(None),
                Person.erased_at.is_(None),
            )
            .limit(1),
        ),
    )


def rank_of(person_id: int) -> int:
    """Return the rank of the highest role that a person is confirmed in now; -1 where they hold none."""
    roles = db.session.scalars(select(Membership.role).where(Membership.person_id == person_id, IS_IN_STATE["confirmed"]))
    return max((RANK[Role(role)] for role in roles), default=-1)


@dataclass(frozen=True)
class Account:
    """What those who look after accounts see of one."""

    person: Person
    addresses: tuple[tuple[str, bool], ...]
    has_second_factor: bool
    last_signed_in_at: datetime | None
    sign_ins: int


def account_of(person: Person, at: datetime) -> Account:
    """Return a person's account: addresses (and whether verified), second factor, sign-ins that last."""
    addresses = db.session.execute(
        select(EmailAddress.address, EmailAddress.verified_at).where(EmailAddress.person_id == person.id).order_by(EmailAddress.id),
    )
    factor = db.session.scalar(select(SecondFactor.confirmed_at).where(SecondFactor.person_id == person.id))
    last, count = db.session.execute(
        select(
            func.max(SignIn.began_at),
            func.count().filter(SignIn.ended_at.is_(None), SignIn.expires_at > at),
        ).where(SignIn.person_id == person.id),
    ).one()
    return Account(person, tuple((row.address, row.verified_at is not None) for row in addresses), factor is not None, last, count)


def accounts_named(words: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the accounts (id, name, when deactivated) whose address or sign-in name this is, or whose name holds it; at most 50."""
    with_address = exists().where(EmailAddress.person_id == Person.id, EmailAddress.address == words.lower())
    return db.session.execute(
        select(Person.id, Person.name, Person.deactivated_at)
        .where(Person.erased_at.is_(None), with_address | (Person.sign_in_name == words.lower()) | name_holds(Person, words))
        .order_by(Person.name_key, Person.id)
        .limit(50),
    ).all()


@dataclass(frozen=True)
class PastRole:
    """A role that a person asked for or held and does not hold now, as they may be told."""

    role: str
    institution: str | None
    #: ``declined`` or ``ended``.
    state: str
    at: datetime
    #: The word of whoever decided.
    word: str


def past_roles_of(person_id: int) -> list[PastRole]:
    """Return the roles that a person was declined or that have ended, newest first, without those they hold or wait for again."""
    again = aliased(Membership)
    held_again = exists().where(
        again.person_id == Membership.person_id,
        # A role that was changed for another at the same moment has not been lost either.
        (again.role == Membership.role) | (again.began_at == Membership.ended_at),
        again.institution_id.is_not_distinct_from(Membership.institution_id),
        again.ended_at.is_(None),
    )
    rows = db.session.execute(
        select(Membership, Institution.name)
        .outerjoin(Institution, Institution.id == Membership.institution_id)
        .where(Membership.person_id == person_id, Membership.ended_at.is_not(None), ~held_again)
        .order_by(Membership.ended_at.desc(), Membership.id.desc())
        .limit(20),
    )
    latest: dict[tuple[str, int | None], PastRole] = {}
    for m, institution in rows:
        if m.ended_at is not None:
            latest.setdefault((m.role, m.institution_id), PastRole(m.role, institution, state_of(m), m.ended_at, m.note))
    return list(latest.values())
