"""`elearn users`: what an operator does with somebody else's account, in all rooms."""

import click
from sqlalchemy import or_, select, update

from elearn import audit, clock
from elearn.accounts.commands import users
from elearn.accounts.models import EmailAddress, Person, SignIn
from elearn.accounts.service import kept_address
from elearn.db import db, unit_of_work
from elearn.errors import Conflict, Invalid, NotFound
from elearn.front import service
from elearn.front.own_data import obstacles_of

EMAIL = click.option("--email", required=True, help="Their address or sign-in name.")


def _person(name_or_address: str) -> Person:
    """Return the person with this address or sign-in name, locked, whether their account works or not."""
    key = kept_address(name_or_address)
    found = db.session.scalars(
        select(Person)
        .outerjoin(EmailAddress, (EmailAddress.person_id == Person.id) & (EmailAddress.address == key))
        .where(or_(EmailAddress.id.is_not(None), Person.sign_in_name == key), Person.erased_at.is_(None))
        # Its verified owner first: nobody else is meant by the address.
        .order_by(Person.sign_in_name == key, EmailAddress.verified_at.is_(None), Person.id),
    ).all()
    sure = [each for each in found if each.sign_in_name == key or _has_verified(each.id, key)] or found
    if not sure:
        raise NotFound(f"There is no account with the address or sign-in name {key}.")
    if len(sure) > 1:
        raise Conflict(f"{len(sure)} accounts claim the address {key}, and none has verified it. Nothing was changed.")
    return sure[0]


def _has_verified(person_id: int, address: str) -> bool:
    own = select(EmailAddress.id).where(EmailAddress.person_id == person_id, EmailAddress.address == address)
    return db.session.scalar(own.where(EmailAddress.verified_at.is_not(None))) is not None


@users.command()
@EMAIL
@click.option("--yes", is_flag=True, help="Do not ask: for scripts.")
@click.option("--regardless", is_flag=True, help="Also where a class or an institution is left without anybody who looks after it.")
def erase(email: str, yes: bool, regardless: bool) -> None:
    """Delete somebody's account for good, as they could themselves.

    Their name, addresses and own words go; their marks and what is counted stay, under a row without a name. It cannot be undone.
    """
    if not yes and kept_address(click.prompt("This cannot be undone. Type the address or sign-in name again")) != kept_address(email):
        raise Invalid("These are not the same. Nothing was changed.")
    with unit_of_work():
        service.delete_account(_person(email).id, by_id=None, regardless=regardless)
    click.echo("The account is deleted.")


@users.command()
@EMAIL
def deactivate(email: str) -> None:
    """Keep somebody out from now on: their sign-ins end; everything else stays as it is."""
    with unit_of_work():
        person = _person(email)
        if person.deactivated_at is not None:
            raise Conflict("This account is deactivated already.")
        person.deactivated_at = clock.now()
        open_ones = update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
        db.session.execute(open_ones.values(ended_at=person.deactivated_at))
        audit.record("deactivate-account", "person", person.id, actor_id=None)
        gaps = obstacles_of(person.id)
    for gap in gaps:
        click.echo(f"Look after this: {gap.words}", err=True)
    click.echo(f"{email} is kept out. `elearn users reactivate` lets them in again.")


@users.command()
@EMAIL
def reactivate(email: str) -> None:
    """Let somebody sign in again, with the password and the roles they had."""
    with unit_of_work():
        person = _person(email)
        if person.deactivated_at is None:
            raise Conflict("This account is not deactivated.")
        person.deactivated_at = None
        audit.record("reactivate-account", "person", person.id, actor_id=None)
    click.echo(f"{email} can sign in again.")
