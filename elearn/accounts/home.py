"""What the accounts room says on a person's home page: what keeps them waiting, and who waits for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Row, exists, func, or_, select
from sqlalchemy.orm import aliased

from elearn import clock, mail
from elearn.accounts import access
from elearn.accounts.models import EmailAddress, Institution, Membership, Person
from elearn.accounts.permissions import Permission, Role, Visitor, may
from elearn.db import db
from elearn.web.home import Group, HomeCard

#: A decision is told for so long.
TOLD_FOR = timedelta(days=60)


def home_cards(visitor: Visitor) -> list[HomeCard]:
    """Return what keeps ``visitor`` from something, and who waits for them; at most three statements."""
    return [*_second_factor(visitor), *_decisions(visitor), *_addresses(visitor), *_waiting(visitor)]


def _second_factor(visitor: Visitor) -> Iterator[HomeCard]:
    if visitor.lacks_second_factor:
        yield HomeCard(
            Group.NOW,
            _("Set up or show your second factor"),
            _("You hold a role that sees other people's work or figures. It gives you nothing until you sign in with a second factor."),
            actions=((_("To the second factor"), "/account/second-factor"),),
            tone="warning",
        )


def _addresses(visitor: Visitor) -> Iterator[HomeCard]:
    if not mail.is_set_up():
        return
    mine = select(EmailAddress.address).where(EmailAddress.person_id == visitor.id, EmailAddress.verified_at.is_(None))
    if address := db.session.scalar(mine.order_by(EmailAddress.id).limit(1)):
        yield HomeCard(
            Group.NOW,
            _("Show that your address is yours"),
            _(
                "We sent a mail to %(address)s. Follow the link in it: until then nothing else is mailed to you, "
                "and class lists do not know you by it.",
                address=address,
            ),
            actions=((_("To your addresses"), "/account/addresses"),),
        )


def _decisions(visitor: Visitor) -> Iterator[HomeCard]:
    """Yield what the person asked for and waits for, or was declined."""
    held = {(each.role.value, each.institution_id) for each in visitor.memberships}
    for row in db.session.execute(_requests_of(visitor.id)):
        if row.state == "requested":
            yield _waits(row)
        elif (row.role, row.institution_id) not in held:
            yield _declined(row)


def _requests_of(person_id: int) -> Any:
    other = aliased(Membership)
    has_coordinator = (
        exists()
        .where(
            other.institution_id == Membership.institution_id,
            other.role == Role.COORDINATOR.value,
            other.state == "confirmed",
            other.ended_at.is_(None),
            Person.id == other.person_id,
            Person.deactivated_at.is_(None),
            Person.erased_at.is_(None),
        )
        .correlate(Membership)
    )
    return (
        select(
            Membership.role,
            Membership.state,
            Membership.institution_id,
            Membership.note,
            Institution.name,
            Institution.state.label("institution_state"),
            Institution.decision_note,
            has_coordinator.label("has_coordinator"),
        )
        .join(Institution, Institution.id == Membership.institution_id)
        .where(
            Membership.person_id == person_id,
            or_(
                (Membership.state == "requested") & Membership.ended_at.is_(None),
                (Membership.state == "declined") & (Membership.decided_at > clock.now() - TOLD_FOR),
            ),
        )
        .order_by(Membership.id.desc())
        .limit(10)
    )


def _waits(row: Row[*tuple[Any, ...]]) -> HomeCard:
    if row.institution_state == "requested":
        return HomeCard(
            Group.NOW,
            _("%(institution)s is not listed yet", institution=row.name),
            _("You asked to have it listed. Meanwhile you can prepare a class; students can join it afterwards."),
            turn=_("It is the programme's turn to add it."),
        )
    if row.institution_state == "declined":
        return _not_listed(row)
    text = (
        _("A coordinator has to confirm that you teach there. Meanwhile you can prepare a class; students can join it afterwards.")
        if row.role == Role.PROFESSOR
        else _("A coordinator has to confirm the role that you asked for.")
    )
    turn = (
        _("It is the turn of the coordinator of %(institution)s.", institution=row.name)
        if row.has_coordinator
        else _("%(institution)s has no coordinator yet: it is the programme's turn.", institution=row.name)
    )
    return HomeCard(Group.NOW, _("You are not confirmed yet"), text, turn=turn)


def _declined(row: Row[*tuple[Any, ...]]) -> HomeCard:
    if row.institution_state == "declined":
        return _not_listed(row)
    return HomeCard(
        Group.NOW,
        _("Your role at %(institution)s was declined", institution=row.name),
        _("They wrote: “%(note)s”", note=row.note)
        if row.note
        else _("No reason was given. Ask the coordinator there, if you think that this is a mistake."),
        actions=((_("To your account"), "/account"),),
        tone="warning",
    )


def _not_listed(row: Row[*tuple[Any, ...]]) -> HomeCard:
    note = row.decision_note
    return HomeCard(
        Group.NOW,
        _("%(institution)s was not added", institution=row.name),
        _("The programme wrote: “%(note)s”", note=note) if note else _("No reason was given. It may be listed under another name."),
        turn=_("Write to the people who run this site if that is a mistake: they can still give you a role."),
        actions=((_("To your account"), "/account"),),
        tone="warning",
    )


@dataclass(frozen=True)
class _Waiting:
    """How many people and institutions wait for a coordinator."""

    people: int
    institutions: int


def _waiting_for(institution_ids: Sequence[int] | None) -> _Waiting:
    """Return who waits at these institutions; None: everywhere, and which institutions wait for the programme. One statement."""
    people = (
        select(func.count())
        .select_from(Membership)
        .join(Institution, Institution.id == Membership.institution_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.state == "requested",
            Membership.ended_at.is_(None),
            Institution.state == "confirmed",
            Person.deactivated_at.is_(None),
        )
    )
    if institution_ids is not None:
        return _Waiting(db.session.scalar(people.where(Membership.institution_id.in_(institution_ids))) or 0, 0)
    asked = select(func.count()).select_from(Institution).where(Institution.state == "requested")
    row = db.session.execute(select(people.scalar_subquery(), asked.scalar_subquery())).one()
    return _Waiting(row[0], row[1])


def _waiting(visitor: Visitor) -> Iterator[HomeCard]:
    if not may(visitor, Permission.CONFIRM_PEOPLE):
        return
    waiting = _waiting_for(access.institutions_for_confirming(visitor))
    if waiting.people:
        words = ngettext("%(num)s person waits to be confirmed", "%(num)s people wait to be confirmed", waiting.people)
        yield HomeCard(
            Group.NOW,
            words,
            _("Until you decide, nobody can join their classes."),
            actions=((_("Decide"), "/coordinate/people"),),
            tone="warning",
        )
    if waiting.institutions:
        words = ngettext("%(num)s institution is asked for", "%(num)s institutions are asked for", waiting.institutions)
        yield HomeCard(
            Group.NOW,
            words,
            _("Add it, merge it with one that is listed, or decline with a word. Until then its professors wait."),
            actions=((_("Decide"), "/coordinate/institutions"),),
            tone="warning",
        )
    yield HomeCard(
        Group.COORDINATING,
        _("People"),
        _("Who teaches, coordinates and studies in your charge: confirm, change and end their roles."),
        url="/coordinate/people",
        facts=(ngettext("%(num)s waits", "%(num)s wait", waiting.people) if waiting.people else _("nobody waits"),),
    )
