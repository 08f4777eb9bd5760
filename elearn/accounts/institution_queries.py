"""Questions about the registry of institutions, and about those that people ask for."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import aliased

from elearn.accounts.likeness import Known, Likely, domain_of, likest, suggested_code
from elearn.accounts.models import EmailAddress, Institution, Membership, Person
from elearn.accounts.permissions import Role
from elearn.db import db, name_holds

SORTS = ("name", "code", "country", "kind", "since")
#: How many institutions of a country are offered as parents, or compared with one that is asked for.
MOST_OF_A_COUNTRY = 20_000


def holding(words: str, *columns: ColumnElement[str] | Any) -> ColumnElement[bool]:
    """Return the condition that one of ``columns`` holds ``words``, whatever their capitals."""
    # SQLite folds the capitals of A to Z only: of other letters, the usual ways of writing them are tried.
    written = dict.fromkeys((words, words.lower(), words.upper(), words.title()))
    return or_(*(c.icontains(each, autoescape=True) for c in columns for each in written))


def _asked(readable: ColumnElement[bool], asked: dict[str, str]) -> list[ColumnElement[bool]]:
    conditions = [readable]
    if words := asked.get("q"):
        conditions.append(name_holds(Institution, words) | holding(words, Institution.local_name, Institution.code, Institution.domains))
    conditions += [getattr(Institution, name) == asked[name] for name in ("country", "kind", "state") if asked.get(name)]
    return conditions


def count_of_institutions(readable: ColumnElement[bool], asked: dict[str, str]) -> int:
    """Return how many institutions there are of those ``readable`` that fit what is asked for."""
    return db.session.scalar(select(func.count()).select_from(Institution).where(*_asked(readable, asked))) or 0


def institutions_page(readable: ColumnElement[bool], asked: dict[str, str], *, offset: int, size: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return a page of the same with the code of each parent, sorted as is asked for; one statement."""
    above = aliased(Institution)
    wanted = asked.get("sort") or "name"
    name = wanted.lstrip("-")
    columns = {"since": Institution.created_at, "name": Institution.name_key}
    column = columns[name] if name in columns else getattr(Institution, name)
    return db.session.execute(
        select(Institution, above.code.label("parent_code"))
        .outerjoin(above, above.id == Institution.parent_id)
        .where(*_asked(readable, asked))
        .order_by(column.desc() if wanted.startswith("-") else column, Institution.name_key, Institution.id)
        .offset(offset)
        .limit(size),
    ).all()


def countries_listed(readable: ColumnElement[bool]) -> list[str]:
    """Return the countries of the institutions that are ``readable``."""
    return list(db.session.scalars(select(Institution.country).where(readable).distinct()))


def coordinators_of(institution_id: int) -> list[tuple[int, str]]:
    """Return who coordinates an institution now: membership and name."""
    rows = db.session.execute(
        select(Membership.id, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.institution_id == institution_id,
            Membership.role == Role.COORDINATOR,
            Membership.state == "confirmed",
            Membership.ended_at.is_(None),
            Person.deactivated_at.is_(None),
        )
        .order_by(Person.name_key, Membership.id),
    )
    return [(row.id, row.name) for row in rows]


def counts_of_roles(institution_id: int) -> dict[tuple[str, str], int]:
    """Return how many people hold each role of an institution now, by (role, state)."""
    rows = db.session.execute(
        select(Membership.role, Membership.state, func.count())
        .where(Membership.institution_id == institution_id, Membership.ended_at.is_(None))
        .group_by(Membership.role, Membership.state),
    )
    return {(role, state): count for role, state, count in rows}


def parts_of(institution_id: int) -> Sequence[Institution]:
    """Return the institutions that stand directly under this one."""
    under = select(Institution).where(Institution.parent_id == institution_id, Institution.state == "confirmed")
    return db.session.scalars(under.order_by(Institution.name_key).limit(200)).all()


def ancestors_of(institution_id: int) -> set[int]:
    """Return the institution and all that stand above it; a ring ends by itself."""
    first = select(Institution.id.label("id"), Institution.parent_id.label("next_id")).where(Institution.id == institution_id)
    steps = first.cte("above", recursive=True)
    steps = steps.union(select(Institution.id, Institution.parent_id).join(steps, Institution.id == steps.c.next_id))
    return set(db.session.scalars(select(steps.c.id)))


def free_code(name: str, country: str) -> str:
    """Return a code that nobody has, suggested by the name and the country."""
    begins = Institution.code.istartswith(suggested_code(name, country, ()).removesuffix("-1"), autoescape=True)
    return suggested_code(name, country, db.session.scalars(select(Institution.code).where(begins)).all())


def listed_with_id(institution_id: int) -> Institution | None:
    """Return the institution of the registry with this number; not one that is only asked for."""
    return db.session.scalars(select(Institution).where(Institution.id == institution_id, Institution.state == "confirmed")).first()


def institutions_with(ids: Collection[int]) -> Sequence[Institution]:
    """Return the institutions with these numbers, by name."""
    return db.session.scalars(select(Institution).where(Institution.id.in_(sorted(ids))).order_by(Institution.name_key)).all()


def with_code(code: str) -> Institution | None:
    """Return the institution with this code, however it is capitalised, whatever its state."""
    return db.session.scalars(select(Institution).where(func.upper(Institution.code) == code.upper())).first()


def listed_with_code(code: str) -> Institution | None:
    """Return the institution of the registry with this code, however it is capitalised; not one that is only asked for."""
    return db.session.scalars(
        select(Institution).where(func.upper(Institution.code) == code.upper(), Institution.state == "confirmed"),
    ).first()


def known_in(countries: Collection[str]) -> dict[str, list[Known]]:
    """Return the institutions of the registry by country, to compare with; one statement."""
    found: dict[str, list[Known]] = {country: [] for country in countries}
    rows = db.session.execute(
        select(Institution.country, Institution.id, Institution.code, Institution.name, Institution.local_name, Institution.domains)
        .where(Institution.country.in_(sorted(countries)), Institution.state == "confirmed")
        .order_by(Institution.name_key)
        .limit(MOST_OF_A_COUNTRY),
    )
    for row in rows:
        found[row.country].append(Known(row.id, row.code, row.name, row.local_name, row.domains))
    return found


@dataclass(frozen=True)
class Wish:
    """An institution that somebody asks to have listed."""

    institution: Institution
    person_id: int
    person: str
    membership: Membership | None
    addresses: tuple[str, ...]

    def likest(self, known: Iterable[Known]) -> list[Likely]:
        """Return those of the registry that it may be, likest first."""
        return likest(self.institution.name, {domain_of(address) for address in self.addresses}, known)


def count_of_wishes() -> int:
    """Return how many institutions wait for a decision."""
    return db.session.scalar(select(func.count()).select_from(Institution).where(Institution.state == "requested")) or 0


def wishes(*, offset: int = 0, size: int = 1, institution_id: int | None = None) -> list[Wish]:
    """Return institutions that wait for a decision, longest first, or the one with this id whatever became of it; two statements."""
    question = (
        select(Institution, Person, Membership)
        .join(Person, Person.id == Institution.requested_by_id)
        .outerjoin(
            Membership,
            (Membership.institution_id == Institution.id) & (Membership.person_id == Person.id) & Membership.ended_at.is_(None),
        )
        .order_by(Institution.created_at, Institution.id)
    )
    if institution_id is None:
        question = question.where(Institution.state == "requested").offset(offset).limit(size)
    else:
        question = question.where(Institution.id == institution_id)
    rows = db.session.execute(question).all()
    addresses: dict[int, list[str]] = {}
    for address in db.session.scalars(select(EmailAddress).where(EmailAddress.person_id.in_(sorted({row[1].id for row in rows})))):
        addresses.setdefault(address.person_id, []).append(address.address)
    return [
        Wish(row[0], row[1].id, row[1].name or _("somebody who deleted their account"), row[2], tuple(addresses.get(row[1].id, ())))
        for row in rows
    ]


@dataclass(frozen=True)
class WishOfPerson:
    """What became of an institution that a person asked for, as they may be told."""

    institution_id: int
    name: str
    #: ``requested``, ``confirmed``, ``merged`` or ``declined``.
    state: str
    asked_at: datetime
    decided_at: datetime | None
    #: The word of whoever decided.
    word: str
    #: Under which name it stands in the registry, where it was merged with another.
    listed_as: str | None


def requests_of(person_id: int) -> list[WishOfPerson]:
    """Return the institutions that a person asked to have listed, newest first, with what became of them."""
    into = aliased(Institution)
    rows = db.session.execute(
        select(
            Institution.id,
            Institution.name,
            Institution.state,
            Institution.created_at,
            Institution.decided_at,
            Institution.decision_note,
            into.name,
        )
        .outerjoin(into, into.id == Institution.merged_into_id)
        .where(Institution.requested_by_id == person_id)
        .order_by(Institution.created_at.desc(), Institution.id.desc())
        .limit(20),
    )
    return [WishOfPerson(*row) for row in rows]
