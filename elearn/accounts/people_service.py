"""What changes who may do what: confirming, declining, ending, changing and giving roles.

An institution keeps at least one coordinator, and the programme one programme coordinator, with a working account; nobody confirms
themselves. The doors (``access.membership_for_deciding``) lock what these rules look at.
"""

from datetime import datetime

from flask_babel import gettext as _

from elearn import audit, clock
from elearn.accounts import people_queries as queries
from elearn.accounts.access import lock_place
from elearn.accounts.labels import role_names
from elearn.accounts.models import Institution, Membership, Person
from elearn.accounts.notices import tell, with_word
from elearn.accounts.permissions import AT_AN_INSTITUTION, Role, Visitor
from elearn.accounts.service import add_membership
from elearn.db import db
from elearn.errors import Conflict, Invalid, NotAllowed

LONGEST_WORD = 1000
#: Roles of which one must be left at a place.
LAST_ONES = frozenset({Role.COORDINATOR, Role.PROGRAMME_COORDINATOR})


def kept_word(typed: str | None) -> str:
    """Return a word to somebody as it is kept; raise Invalid, naming the field, where it is too long."""
    word = (typed or "").replace("\r\n", "\n").strip()
    if len(word) > LONGEST_WORD:
        message = _("Use at most %(most)d characters.", most=LONGEST_WORD)
        raise Invalid(message, {"word": message})
    return word


def decide_membership(membership: Membership, visitor: Visitor, *, confirm: bool, word: str = "") -> bool:
    """Confirm or decline what somebody asked for, and return whether they are told by mail; raise Conflict when it is decided already."""
    _check_not_own(membership.person_id, visitor)
    if membership.state != "requested" or membership.ended_at is not None:
        names = {"confirmed": _("it is confirmed"), "declined": _("it is declined"), "ended": _("it has ended")}
        state = queries.state_of(membership)
        raise Conflict(_("Somebody has decided this already: %(state)s.", state=names.get(state, state)))
    if confirm:
        check_place(membership.institution_id)
    membership.state = "confirmed" if confirm else "declined"
    membership.decided_by_id = visitor.id
    membership.decided_at = clock.now()
    membership.note = kept_word(word)
    if not confirm:
        membership.ended_at = membership.decided_at
        membership.ended_by_id = visitor.id
    _record("confirm-membership" if confirm else "decline-membership", membership, visitor)
    what = _what(membership)
    if confirm:
        return _tell(membership, visitor, _("You are confirmed: %(what)s", what=what), _("You are confirmed now: %(what)s.", what=what))
    return _tell(
        membership, visitor, _("Your request was declined: %(what)s", what=what), _("Your request was declined: %(what)s.", what=what)
    )


def end_membership(membership: Membership, visitor: Visitor, *, word: str = "") -> bool:
    """End a role that somebody holds, and return whether they are told by mail; never the last of those that a place cannot be without."""
    if queries.state_of(membership) != "confirmed":
        raise Conflict(_("This role has ended already, or was never confirmed."))
    check_not_last(membership)
    membership.ended_at = clock.now()
    membership.ended_by_id = visitor.id
    membership.note = kept_word(word)
    _record("end-membership", membership, visitor)
    what = _what(membership)
    return _tell(membership, visitor, _("Your role has ended: %(what)s", what=what), _("Your role has ended: %(what)s.", what=what))


def reinstate_membership(membership: Membership, visitor: Visitor) -> Membership:
    """Return a new confirmed membership in the role that ended or was declined; the old one stays as it was."""
    _check_not_own(membership.person_id, visitor)
    if queries.state_of(membership) not in {"ended", "declined"}:
        raise Conflict(_("This role has not ended."))
    new = _begin(membership.person_id, Role(membership.role), membership.institution_id, membership.region, visitor)
    _record("reinstate-membership", new, visitor)
    what = _what(new)
    _tell(new, visitor, _("You are confirmed: %(what)s", what=what), _("Your role is yours again: %(what)s.", what=what))
    return new


def change_role(membership: Membership, visitor: Visitor) -> Membership:
    """Return a professor's new membership as coordinator, or a coordinator's as professor; the old one has ended."""
    _check_not_own(membership.person_id, visitor)
    if queries.state_of(membership) != "confirmed" or membership.role not in {Role.PROFESSOR, Role.COORDINATOR}:
        raise Conflict(_("Only a confirmed professor or coordinator can change to the other role."))
    check_not_last(membership)
    at = clock.now()
    membership.ended_at, membership.ended_by_id, membership.note = at, visitor.id, ""
    role = Role.COORDINATOR if membership.role == Role.PROFESSOR else Role.PROFESSOR
    waiting = queries.current_membership(membership.person_id, role, membership.institution_id)
    if waiting is not None and waiting.state == "requested":
        waiting.ended_at, waiting.ended_by_id = at, visitor.id
    db.session.flush()
    new = _begin(membership.person_id, role, membership.institution_id, None, visitor, at=at)
    _record("change-role", new, visitor, before=membership.role)
    what = _what(new)
    _tell(new, visitor, _("Your role has changed: %(what)s", what=what), _("Your role has changed. You are now: %(what)s.", what=what))
    return new


def give_role(
    person: Person, role: Role, visitor: Visitor, *, institution: Institution | None = None, region: str | None = None
) -> Membership:
    """Return the person's confirmed membership in this role: a new one, or the one that waited; raise Invalid where they hold it."""
    _check_not_own(person.id, visitor)
    place = institution.id if institution else None
    lock_place(place)
    known = queries.current_membership(person.id, role, place, region)
    if known is not None and known.state == "confirmed":
        message = _("%(name)s holds this role already.", name=person.name)
        raise Invalid(message, {"email": message})
    if known is not None:
        check_place(place)
        known.state, known.decided_by_id, known.decided_at = "confirmed", visitor.id, clock.now()
        _record("confirm-membership", known, visitor)
        return known
    new = _begin(person.id, role, place, region, visitor)
    _record("give-role", new, visitor)
    return new


def tell_of_role(membership: Membership, visitor: Visitor) -> bool:
    """Write to somebody who was given a role; return whether a mail goes out."""
    what = _what(membership)
    return _tell(membership, visitor, _("You are confirmed: %(what)s", what=what), _("You have a new role: %(what)s.", what=what))


def _begin(
    person_id: int, role: Role, institution_id: int | None, region: str | None, visitor: Visitor, *, at: datetime | None = None
) -> Membership:
    """Return a new confirmed membership; raise Conflict where the person has a current one of the kind, or no working account."""
    person = db.session.get_one(Person, person_id)
    if person.erased_at is not None or person.deactivated_at is not None:
        raise Conflict(_("The account is deactivated; it has to be reactivated first."))
    if (role in AT_AN_INSTITUTION) != (institution_id is not None) or (role is Role.REGIONAL_COORDINATOR) != (region is not None):
        message = _("Choose the place that goes with this role.")
        raise Invalid(message, {"role": message})
    check_place(institution_id)
    if queries.current_membership(person_id, role, institution_id, region) is not None:
        raise Conflict(_("%(name)s holds or asks for this role there already.", name=person.name))
    return add_membership(person_id, role, institution_id=institution_id, region=region, decided_by_id=visitor.id, at=at)


def check_place(institution_id: int | None) -> None:
    """Raise Conflict where nobody can be confirmed yet, since the institution is not listed."""
    if institution_id is not None and db.session.get_one(Institution, institution_id).state != "confirmed":
        raise Conflict(_("This institution is not listed. Decide on the institution first, under “Institutions asked for”."))


def check_not_last(membership: Membership) -> None:
    """Raise Conflict where this confirmed membership is the last of those that its place cannot be without."""
    role = Role(membership.role)
    if role not in LAST_ONES or queries.others_hold(role, membership.institution_id, membership.person_id):
        return
    if role is Role.COORDINATOR:
        raise Conflict(_("This is the last coordinator of the institution. Give somebody else that role first; then this can be done."))
    raise Conflict(_("This is the last programme coordinator. Give somebody else that role first; then this can be done."))


def check_can_leave(person_id: int) -> None:
    """Raise Conflict where an institution or the programme would lose its last coordinator with this person; locks what it looks at."""
    held = [m for m, _name in queries.memberships_at(person_id, None) if m.role in LAST_ONES and queries.state_of(m) == "confirmed"]
    # Always in the same order, so that two who do this at once do not wait for each other; the programme, which has no number, last.
    for membership in sorted(held, key=lambda m: (m.institution_id is None, m.institution_id or 0)):
        lock_place(membership.institution_id)
        check_not_last(membership)


def _check_not_own(person_id: int, visitor: Visitor) -> None:
    if person_id == visitor.id:
        raise NotAllowed(_("This is about yourself: somebody else has to decide it."))


def _record(action: str, membership: Membership, visitor: Visitor, **details: object) -> None:
    audit.record(
        action,
        "membership",
        membership.id,
        actor_id=visitor.id,
        institution_id=membership.institution_id,
        details={"person": membership.person_id, "role": membership.role} | details,
    )


def _what(membership: Membership) -> str:
    """Return the role with its place, as a mail says it."""
    role = role_names()[membership.role]
    if membership.institution_id is None:
        return role
    name = db.session.get_one(Institution, membership.institution_id).name
    return _("%(role)s, %(institution)s", role=role, institution=name)


def _tell(membership: Membership, visitor: Visitor, subject: str, words: str) -> bool:
    if membership.person_id == visitor.id:
        return False
    return tell(membership.person_id, subject, words, with_word(membership.note, visitor.name), about="membership", about_id=membership.id)
