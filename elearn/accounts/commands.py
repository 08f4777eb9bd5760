"""`elearn users` and `elearn institutions`."""

import csv
import io
import sys
from datetime import date
from pathlib import Path
from zoneinfo import available_timezones

import click
from flask import current_app
from sqlalchemy import select

from elearn import audit, clock
from elearn.accounts import institution_queries, queries, service
from elearn.accounts.credentials import hash_password
from elearn.accounts.models import Institution
from elearn.accounts.permissions import AT_AN_INSTITUTION, Role
from elearn.countries import countries
from elearn.db import db, unit_of_work
from elearn.errors import Invalid, NotFound

KINDS = ("university", "school", "police-academy", "judicial-academy", "ministry", "ngo", "other")
#: How much the registry keeps of a column.
LONGEST = {"name": 200, "local_name": 200, "ror_id": 60, "domains": 400}
ROLES = tuple(role.value for role in Role)


@click.group()
def users() -> None:
    """Look after people's accounts."""


@users.command()
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--institution", "code", help="The institution's code, for students, professors and coordinators.")
@click.option("--region", help="A UN M49 region, for regional coordinators.")
def create(email: str, name: str, role: str, code: str | None, region: str | None) -> None:
    """Make a confirmed account.

    The password is read from standard input; where there is none, a one-time link to choose one is printed.
    """
    password = "" if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if password:
        service.check_password(password)
    hashed = hash_password(password) if password else ""
    with unit_of_work():
        institution = queries.institution_with_code(code) if code else None
        if code and institution is None:
            raise NotFound(f"There is no institution with the code {code}.")
        if (Role(role) in AT_AN_INSTITUTION) != (institution is not None):
            raise Invalid(f"--institution goes with {', '.join(sorted(AT_AN_INSTITUTION))}, and with these always.")
        if (role == Role.REGIONAL_COORDINATOR) != bool(region):
            raise Invalid("--region goes with regional-coordinator, and with it always.")
        person = service.sign_up(name=name, email=email, password_hash=hashed, role=None, institution_id=None, is_verified=True)
        service.add_membership(person.id, Role(role), institution_id=institution.id if institution else None, region=region)
        place = institution.id if institution else None
        audit.record("create-person", "person", person.id, actor_id=None, institution_id=place, details={"role": role})
        token = None if password else service.make_one_time_link(person.id)
    if token:
        click.echo(f"{current_app.config['BASE_URL'].rstrip('/')}/set-password/{token}")
    else:
        click.echo(f"{email} can sign in.")


@users.command("remove-second-factor")
@click.option("--email", required=True, help="Their address or sign-in name.")
def remove_second_factor(email: str) -> None:
    """Let somebody sign in with their password alone, who lost their authenticator and their recovery codes.

    Be sure that it is they who ask. Roles that want a second factor give nothing until they have set up a new one.
    """
    with unit_of_work():
        person = queries.person_to_sign_in(service.kept_address(email))
        if person is None:
            raise NotFound(f"There is no account with the address or sign-in name {email}.")
        service.remove_second_factor(person.id, None)
    click.echo(f"{email} signs in with the password alone.")


@click.group()
def institutions() -> None:
    """Look after the registry of institutions."""


@institutions.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Add institutions from a CSV file, and bring those known by their code up to date; all lines or none."""
    rows = list(csv.DictReader(io.StringIO(_text(file.read_bytes()))))
    faults = [fault for line, row in enumerate(rows, start=2) if (fault := _fault(line, row))]
    if faults or not rows:
        raise Invalid("\n".join(faults) or "The file has no lines.")
    with unit_of_work():
        places = {institution.code: _place(institution) for institution in db.session.scalars(select(Institution))}
        added = sum(_save(row) for row in rows)
        for row in rows:
            if parent := row.get("parent_code"):
                child = db.session.scalars(select(Institution).where(Institution.code == row["code"])).one()
                above = queries.institution_with_code(parent)
                if above is None:
                    raise Invalid(f"There is no institution with the code {parent}.")
                if child.id in institution_queries.ancestors_of(above.id):
                    raise Invalid(f"{row['code']} cannot stand under {parent}, which stands under it.")
                child.parent_id = above.id
        moved = any(places.get(each.code, _place(each)) != _place(each) for each in db.session.scalars(select(Institution)))
    click.echo(f"{added} added, {len(rows) - added} brought up to date.")
    if moved:
        click.echo("Countries or parents have changed: run `elearn reach recount --repair`, so that figures follow.")


def _place(institution: Institution) -> tuple[str, int | None]:
    """Return what the places depend on in which its people count."""
    return institution.country, institution.parent_id


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        click.echo("The file is not UTF-8; read as Windows-1252.", err=True)
        return content.decode("windows-1252")


def _fault(line: int, row: dict[str, str]) -> str | None:
    """Return what is wrong with a line; None if nothing is."""
    if not row.get("code") or not row.get("name"):
        return f"line {line}: code and name are wanted."
    if not service.INSTITUTION_CODE.fullmatch(row["code"]):
        return f"line {line}: a code is made of at most 40 letters from A to Z, digits and hyphens."
    for name, length in LONGEST.items():
        if len(row.get(name) or "") > length or "\x00" in (row.get(name) or ""):
            return f"line {line}: {name} is a text of at most {length} characters."
    if row.get("kind") not in KINDS:
        return f"line {line}: kind is one of {', '.join(KINDS)}."
    if row.get("country") not in countries():
        return f"line {line}: {row.get('country')!r} is no country code (ISO 3166-1 alpha-2)."
    if (row.get("timezone") or "UTC") not in available_timezones():
        return f"line {line}: {row['timezone']!r} is no time zone (IANA)."
    return _fault_of_dates(line, row)


def _fault_of_dates(line: int, row: dict[str, str]) -> str | None:
    for name in ("opened_on", "closed_on"):
        try:
            _day(row, name)
        except ValueError:
            return f"line {line}: {name}: {row[name]!r} is no date such as 2026-09-01."
    opened, closed = _day(row, "opened_on"), _day(row, "closed_on")
    if opened and closed and closed < opened:
        return f"line {line}: closed_on lies before opened_on."
    return None


def _day(row: dict[str, str], name: str) -> date | None:
    """Return the date in a column; None where it is empty."""
    return date.fromisoformat(row[name].strip()) if (row.get(name) or "").strip() else None


def _save(row: dict[str, str]) -> bool:
    """Leave the line's institution in the registry and return whether it is new."""
    known = queries.institution_with_code(row["code"])
    if known is not None and known.state != "confirmed":
        raise Invalid(f"{row['code']} is not in the list: somebody asked for it. Decide on it on the web, under “Institutions asked for”.")
    institution = known or Institution(code=row["code"], created_at=clock.now())
    institution.name = row["name"]
    institution.kind = row["kind"]
    institution.country = row["country"]
    institution.local_name = row.get("local_name") or ""
    institution.timezone = row.get("timezone") or "UTC"
    institution.ror_id = row.get("ror_id") or ""
    institution.domains = row.get("domains") or ""
    institution.opened_on = _day(row, "opened_on")
    institution.closed_on = _day(row, "closed_on")
    db.session.add(institution)
    if known is None or db.session.is_modified(institution):
        db.session.flush()
        audit.record(
            "add-institution" if known is None else "change-institution",
            "institution",
            institution.id,
            actor_id=None,
            institution_id=institution.id,
            details={"code": institution.code},
        )
    return known is None
