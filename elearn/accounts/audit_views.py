"""Who did what to whom, when: for coordinators of their institution, for the programme of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn.accounts import access
from elearn.accounts import audit_queries as queries
from elearn.accounts.audit_labels import action_names, detail_names, subject_names
from elearn.accounts.audit_queries import Asked, Names
from elearn.accounts.labels import kind_names, role_names
from elearn.accounts.permissions import Permission, may
from elearn.audit import AuditEntry
from elearn.countries import country_name
from elearn.web.guard import wants
from elearn.web.headers import attach
from elearn.web.lists import Page, asked_for

bp = Blueprint("audit", __name__)

LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True)
class Entry:
    """An entry as a page shows it."""

    at: datetime
    actor: str
    actor_url: str
    action: str
    kind: str
    subject: str
    subject_url: str
    institution: str
    details: list[tuple[str, str]]


@bp.get("/coordinate/audit")
@wants(Permission.READ_AUDIT)
def entries() -> ResponseReturnValue:
    """Show the entries that the reader may read and asks for, newest first."""
    asked, narrowed, faults = _asked()
    found = queries.entries_around(asked, before=_number("before"), after=_number("after"))
    names = queries.names_in(found.entries)
    # Its addresses only: the audit is read by keys, since it has no end.
    page = Page(1, 1, url_for("audit.entries"), asked=narrowed)
    return render_template(
        "accounts/audit.html",
        entries=_shown(found.entries, names, asked),
        older=page.address(before=str(found.older)) if found.older else None,
        newer=page.address(after=str(found.newer)) if found.newer else None,
        newest=page.address() if request.args.get("before") or request.args.get("after") else None,
        export=Page(1, 1, url_for("audit.export"), asked=narrowed).address(),
        asked=narrowed,
        faults=faults,
        actions=sorted(action_names().items(), key=lambda pair: pair[1]),
        everywhere=asked.places is None,
    ), 422 if faults else 200


@bp.get("/coordinate/audit.csv")
@wants(Permission.READ_AUDIT)
def export() -> ResponseReturnValue:
    """Send the same entries, all of them, as CSV."""
    asked, _narrowed, faults = _asked()
    if faults:
        return entries()
    return attach(Response(stream_with_context(queries.csv_lines(asked)), content_type="text/csv; charset=utf-8"), "audit.csv")


def _asked() -> tuple[Asked, dict[str, str], dict[str, str]]:
    """Return what is asked for, the same as it stands in the address, and what is wrong with it by field."""
    narrowed = asked_for("person", "institution", "from", "to", action=sorted(action_names()))
    places = access.institutions_for_auditing(current_user)
    faults = {name: _("Enter a day such as 2026-09-01.") for name in ("from", "to") if narrowed[name] and _day(narrowed[name]) is None}
    first, last = _day(narrowed["from"]), _day(narrowed["to"])
    if first and last and last < first:
        faults["to"] = _("This day lies before the first one.")
    asked = Asked(places, narrowed["action"], narrowed["person"], narrowed["institution"] if places is None else "", first, last)
    return asked, narrowed, faults


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # The day after it is looked at too.
    return day if day < date.max else None


def _number(name: str) -> int | None:
    number = request.args.get(name, type=int)
    return number if number is not None and 0 < number <= LARGEST_NUMBER else None


class _Links:
    """Where the reader finds the people and things of some entries; empty where there is nothing that they may open."""

    def __init__(self, names: Names, asked: Asked) -> None:
        self.names = names
        self.places = asked.places
        people = names.people.keys() - names.erased
        self.opened = queries.memberships_to_open(people, access.institutions_for_confirming(current_user)) if people else {}
        self.cares = may(current_user, Permission.MANAGE_ACCOUNTS)

    def person(self, person_id: int | None) -> str:
        if person_id is None or person_id in self.names.erased:
            return ""
        if person_id in self.opened:
            return url_for("people.membership", membership_id=self.opened[person_id])
        return url_for("people_account.account", person_id=person_id) if self.cares and person_id in self.names.people else ""

    def subject(self, entry: AuditEntry) -> str:
        if entry.subject == "person":
            return self.person(entry.subject_id)
        if entry.subject == "membership" and self.person(self.names.holders.get(entry.subject_id or 0)):
            return url_for("people.membership", membership_id=entry.subject_id)
        if entry.subject == "institution" and (self.places is None or entry.subject_id in self.places):
            return url_for("institutions.institution", institution_id=entry.subject_id)
        return ""


def _shown(found: Sequence[AuditEntry], names: Names, asked: Asked) -> list[Entry]:
    subject_kinds, actions, details = subject_names(), action_names(), detail_names()
    links = _Links(names, asked)
    several = asked.places is None or len(asked.places) > 1
    return [
        Entry(
            entry.at,
            names.actor(entry),
            links.person(entry.actor_id),
            actions.get(entry.action, entry.action),
            subject_kinds.get(entry.subject, entry.subject),
            names.subject(entry),
            links.subject(entry),
            names.institutions.get(entry.institution_id or 0, ("", ""))[1] if several else "",
            _details(entry.details, details),
        )
        for entry in found
    ]


def _details(details: dict[str, Any], labels: dict[str, str]) -> list[tuple[str, str]]:
    """Return the details that have words, each with what it is called; a pair is a change from one to the other."""
    words: dict[str, dict[str, str]] = {"role": role_names(), "before": role_names(), "kind": kind_names()}

    def said(name: str, value: Any) -> str:
        if name == "country" and value:
            return country_name(value)
        return words.get(name, {}).get(value, str(value)) if value not in {None, ""} else "–"

    shown = []
    for name, value in details.items():
        if name not in labels:
            continue
        if isinstance(value, list):
            text = " → ".join(said(name, each) for each in value) if len(value) == 2 and name != "modules" else ", ".join(map(str, value))  # noqa: PLR2004 (before and after)
        else:
            text = said(name, value)
        shown.append((labels[name], text))
    return shown
