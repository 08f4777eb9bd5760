"""Questions about to whom a class can be handed on."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select

from elearn.accounts.models import EmailAddress, Membership, Person
from elearn.db import db
from elearn.learning.queries import holds

MOST_SHOWN = 50


def professors_at(institution_id: int, text: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the first confirmed professors of an institution whose name or verified address holds ``text``: id, name, address."""
    address = (
        select(func.min(EmailAddress.address))
        .where(EmailAddress.person_id == Person.id, EmailAddress.verified_at.is_not(None))
        .correlate(Person)
        .scalar_subquery()
    )
    question = (
        select(Person.id, Person.name, address.label("address"))
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.institution_id == institution_id,
            Membership.role == "professor",
            Membership.state == "confirmed",
            Membership.ended_at.is_(None),
            Person.deactivated_at.is_(None),
            Person.erased_at.is_(None),
        )
        .order_by(Person.name, Person.id)
        .limit(MOST_SHOWN + 1)
    )
    if text:
        named = holds(Person.name, text)
        known = select(EmailAddress.person_id).where(
            EmailAddress.verified_at.is_not(None), EmailAddress.address.icontains(text, autoescape=True)
        )
        question = question.where(named | Person.id.in_(known))
    return db.session.execute(question).all()
