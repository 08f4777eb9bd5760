"""People, institutions, memberships, sign-ins."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base, Instant


class Institution(Base):
    """A university, school, academy, ministry or other body; it may stand under a parent."""

    __tablename__ = "institution"
    __table_args__ = (
        CheckConstraint("kind in ('university','school','police-academy','judicial-academy','ministry','ngo','other')", name="kind"),
        CheckConstraint("state in ('requested','confirmed','declined','merged')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    local_name: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(20))
    #: ISO 3166-1 alpha-2.
    country: Mapped[str] = mapped_column(String(2), index=True)
    #: IANA.
    timezone: Mapped[str] = mapped_column(String(60), default="UTC")
    ror_id: Mapped[str] = mapped_column(String(60), default="")
    #: Mail domains, separated by spaces.
    domains: Mapped[str] = mapped_column(String(400), default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    state: Mapped[str] = mapped_column(String(20), default="confirmed")
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Person(Base):
    """Somebody with an account, or (erased) the tombstone that keeps their acts countable."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    #: A name to sign in with, for people without an address.
    sign_in_name: Mapped[str | None] = mapped_column(String(80), unique=True)
    #: argon2id; empty: cannot sign in with a password.
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(20), default="")
    timezone: Mapped[str] = mapped_column(String(60), default="")
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)
    deactivated_at: Mapped[datetime | None] = mapped_column(Instant)
    erased_at: Mapped[datetime | None] = mapped_column(Instant)


class EmailAddress(Base):
    """An address of a person, in lower case; one person's only."""

    __tablename__ = "email_address"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str] = mapped_column(String(254), unique=True)
    verified_at: Mapped[datetime | None] = mapped_column(Instant)


class Membership(Base):
    """A person's role at an institution or in the programme, from a moment to a moment."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(
            "role in ('student','professor','coordinator','editor','regional-coordinator','programme-coordinator')",
            name="role",
        ),
        CheckConstraint("state in ('requested','confirmed','declined')", name="state"),
        CheckConstraint(
            "(role in ('student','professor','coordinator')) = (institution_id is not null)",
            name="place",
        ),
        Index(
            "uq_membership_current",
            "person_id",
            "institution_id",
            "role",
            unique=True,
            sqlite_where=text("ended_at is null"),
            postgresql_where=text("ended_at is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    role: Mapped[str] = mapped_column(String(30))
    #: UN M49, of a regional coordinator.
    region: Mapped[str | None] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(20))
    began_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)


class SignIn(Base):
    """A signed-in browser; ended on the server at sign-out, so that a copied cookie is worth nothing."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: SHA-256 of the token in the cookie.
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    began_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class OneTimeLink(Base):
    """A link that lets a person set a password once."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class InstallationMark(Base):
    """A fact about the whole installation, by key: here, that it is a demonstration."""

    __tablename__ = "installation_mark"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))
