"""What the accounts room keeps of a person: given back to them, and erased with them."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, update
from sqlalchemy.orm import aliased

from elearn import clock
from elearn.accounts.models import EmailAddress, Institution, Membership, OneTimeLink, Person, RecoveryCode, SecondFactor, SignIn
from elearn.accounts.permissions import Role
from elearn.audit import AuditEntry
from elearn.db import db, writing
from elearn.errors import NotFound
from elearn.mail import Mail
from elearn.web.own_data import Asked, Line, Lines, Obstacle, Words

WORDS: Mapping[str, Words] = {
    "person": Words(_l("You"), _l("Your name and settings. Your password is kept as a hash alone, from which it cannot be read.")),
    "addresses": Words(_l("E-mail addresses"), _l("To sign in, to write to you, and to find your places on class lists.")),
    "memberships": Words(_l("Roles"), _l("What you are, where, since when and until when, and the word that went with a decision.")),
    "institutions_requested": Words(_l("Institutions you asked for"), _l("What you asked to have listed, and what was decided.")),
    "sign_ins": Words(_l("Sign-ins"), _l("When you signed in, and what your browser calls itself, so that you can end what is not you.")),
    "one_time_links": Words(_l("Links that work once"), _l("When a link to set a password or to verify an address was made and used.")),
    "recovery_codes": Words(_l("Recovery codes"), _l("When they were made and used. The codes themselves are not kept.")),
    "mails": Words(_l("Mails to you"), _l("When we wrote to you and about what. The text of a mail is not kept once it is sent.")),
    "acts": Words(
        _l("The log"), _l("What you did, and what was done to your account or your roles, that somebody may have to answer for.")
    ),
}


def _plain(row: Any) -> Line:
    return dict(row._mapping)  # noqa: SLF001 (the documented name)


def export_of(person_id: int) -> Mapping[str, Lines]:
    """Return what is kept of the person, by part."""
    has_factor = select(SecondFactor.person_id).where(SecondFactor.person_id == Person.id, SecondFactor.confirmed_at.is_not(None)).exists()
    return {
        "person": Asked(
            select(
                Person.id,
                Person.name,
                Person.sign_in_name,
                Person.language,
                Person.timezone,
                Person.created_at,
                (Person.password_hash != "").label("has_password"),
                has_factor.label("has_second_factor"),
            ).where(Person.id == person_id),
            _plain,
        ),
        "addresses": Asked(
            select(EmailAddress.address, EmailAddress.verified_at).where(EmailAddress.person_id == person_id).order_by(EmailAddress.id),
            _plain,
        ),
        "memberships": Asked(_memberships(person_id), _plain),
        "institutions_requested": Asked(
            _institutions(person_id),
            _plain,
        ),
        **_ways_in(person_id),
        "acts": acts(
            person_id,
            or_(
                AuditEntry.actor_id == person_id,
                and_(AuditEntry.subject == "person", AuditEntry.subject_id == person_id),
                and_(AuditEntry.subject == "membership", AuditEntry.subject_id.in_(_own_memberships(person_id))),
            ),
        ),
    }


def _ways_in(person_id: int) -> Mapping[str, Lines]:
    return {
        "sign_ins": Asked(
            select(SignIn.began_at, SignIn.expires_at, SignIn.ended_at, SignIn.second_factor_at, SignIn.user_agent.label("browser"))
            .where(SignIn.person_id == person_id)
            .order_by(SignIn.id),
            _plain,
        ),
        "one_time_links": Asked(
            select(OneTimeLink.purpose, OneTimeLink.address, OneTimeLink.made_at, OneTimeLink.expires_at, OneTimeLink.used_at)
            .where(OneTimeLink.person_id == person_id)
            .order_by(OneTimeLink.id),
            _plain,
        ),
        "recovery_codes": Asked(
            select(RecoveryCode.made_at, RecoveryCode.used_at).where(RecoveryCode.person_id == person_id).order_by(RecoveryCode.id),
            _plain,
        ),
        "mails": Asked(
            select(Mail.address, Mail.subject, Mail.about, Mail.made_at, Mail.sent_at, Mail.given_up_at)
            .where(_mails_of(person_id))
            .order_by(Mail.id),
            _plain,
        ),
    }


def _institutions(person_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Institution.name,
            Institution.kind,
            Institution.country,
            Institution.state,
            Institution.created_at.label("asked_at"),
            Institution.decided_at,
            Institution.decision_note.label("note"),
        )
        .where(Institution.requested_by_id == person_id)
        .order_by(Institution.id)
    )


def _own_memberships(person_id: int) -> Select[int]:
    return select(Membership.id).where(Membership.person_id == person_id)


def _memberships(person_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Membership.role,
            Institution.name.label("institution"),
            Membership.region,
            Membership.state,
            Membership.began_at,
            Membership.decided_at,
            Membership.ended_at,
            Membership.note,
        )
        .outerjoin(Institution, Institution.id == Membership.institution_id)
        .where(Membership.person_id == person_id)
        .order_by(Membership.id)
    )


def acts(person_id: int, which: ColumnElement[bool]) -> Asked:
    """Return the entries of the log for which ``which`` holds, as a person may have them: nobody else's number stands in them."""

    def line(row: Any) -> Line:
        by = "the operator" if row.actor_id is None else "you" if row.actor_id == person_id else "somebody else"
        # Ids are those of other people as often as not; words say what was done.
        words = {key: value for key, value in row.details.items() if isinstance(value, str)}
        return {"at": row.at, "action": row.action, "on": row.subject, "by": by, "details": words}

    columns = (AuditEntry.at, AuditEntry.actor_id, AuditEntry.action, AuditEntry.subject, AuditEntry.details)
    return Asked(select(*columns).where(which).order_by(AuditEntry.id), line)


def _mails_of(person_id: int) -> ColumnElement[bool]:
    """Return what holds for mails to a person: also those to an address that they have shown to be theirs."""
    verified = select(EmailAddress.address).where(EmailAddress.person_id == person_id, EmailAddress.verified_at.is_not(None))
    return or_(Mail.person_id == person_id, and_(Mail.person_id.is_(None), Mail.address.in_(verified)))


def obstacles(person_id: int) -> list[Obstacle]:
    """Return why the person's roles cannot end now: where nobody would be left to coordinate. Holds the roles that it looked at.

    Of two coordinators who delete their accounts at the same moment one waits here for the other, and is then the last.
    """
    own = db.session.execute(
        select(Membership.role, Membership.institution_id, Institution.name)
        .outerjoin(Institution, Institution.id == Membership.institution_id)
        .where(Membership.person_id == person_id, *_coordinates(Membership))
        .order_by(Membership.institution_id),
    ).all()
    return [_last(row.name) for row in own if not _others(person_id, row.role, row.institution_id)]


def _coordinates(membership: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        membership.role.in_((Role.COORDINATOR.value, Role.PROGRAMME_COORDINATOR.value)),
        membership.state == "confirmed",
        membership.ended_at.is_(None),
    )


def _others(person_id: int, role: str, institution_id: int | None) -> bool:
    """Return whether somebody else with a working account holds this role there, with all who hold it locked."""
    other = aliased(Membership)
    held = (
        select(other.person_id)
        .where(*_coordinates(other), other.role == role, other.institution_id.is_not_distinct_from(institution_id))
        .order_by(other.id)
    )
    holders = set(db.session.scalars(held.with_for_update() if writing.get() else held)) - {person_id}
    working = select(func.count()).select_from(Person).where(Person.id.in_(holders), Person.deactivated_at.is_(None))
    return bool(db.session.scalar(working.where(Person.erased_at.is_(None))))


def _last(institution: str | None) -> Obstacle:
    if institution is None:
        words = _("This account is the last programme coordinator. Make somebody else one first; otherwise nobody looks after the site.")
    else:
        words = _(
            "This account is the last coordinator of %(institution)s. Ask the programme to make somebody else one first; "
            "otherwise nobody could confirm its professors.",
            institution=institution,
        )
    return Obstacle(words, "/coordinate/people", _("To people and roles"))


def hold(person_id: int) -> None:
    """Have whatever else the person is doing, in another tab perhaps, come before or find nobody; raise NotFound where they are gone."""
    held = select(Person.id).where(Person.id == person_id, Person.erased_at.is_(None)).with_for_update()
    if db.session.scalar(held) is None:
        raise NotFound


def forget(person_id: int) -> None:
    """Erase who the person was and how they came in; their row stays without an attribute, and their roles as ended ones."""
    at = clock.now()
    db.session.execute(delete(Mail).where(_mails_of(person_id), Mail.sent_at.is_(None), Mail.given_up_at.is_(None)))
    db.session.execute(update(Mail).where(_mails_of(person_id)).values(person_id=None, address="", subject="", body="", error=""))
    for model in (RecoveryCode, SecondFactor, OneTimeLink, SignIn, EmailAddress):
        db.session.execute(delete(model).where(model.person_id == person_id))
    db.session.execute(
        update(Membership)
        .where(Membership.person_id == person_id, Membership.ended_at.is_(None))
        .values(ended_at=at, ended_by_id=person_id),
    )
    db.session.execute(update(Membership).where(Membership.person_id == person_id).values(note=""))
    db.session.execute(update(Institution).where(Institution.requested_by_id == person_id).values(decision_note=""))
    db.session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(
            name="",
            name_key="",
            sign_in_name=None,
            password_hash="",
            language="",
            timezone="",
            created_at=at,
            deactivated_at=None,
            erased_at=at,
        ),
    )
