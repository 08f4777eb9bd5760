"""People, institutions, memberships, sign-ins."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base, Instant, keep_name_key, name_key_column


@keep_name_key
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
    name_key: Mapped[str] = name_key_column()
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
    #: Who asked for it to be listed; None: it was in the registry from the start.
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    #: The word that went with the decision.
    decision_note: Mapped[str] = mapped_column(Text, default="")


@keep_name_key
class Person(Base):
    """Somebody with an account, or (erased) the tombstone that keeps their acts countable."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = name_key_column()
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
    """An address that a person says is theirs, in lower case; once verified it is theirs alone.

    Until then several may say so: whoever does not read the mails sent there cannot keep its owner out, or be told who is here.
    """

    __tablename__ = "email_address"
    __table_args__ = (
        UniqueConstraint("person_id", "address"),
        Index(
            "uq_email_address_verified",
            "address",
            unique=True,
            sqlite_where=text("verified_at is not null"),
            postgresql_where=text("verified_at is not null"),
        ),
        Index("ix_email_address_address", "address"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str] = mapped_column(String(254))
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
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: The word that went with the last decision.
    note: Mapped[str] = mapped_column(Text, default="")


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
    #: When the second factor was shown in this sign-in; None: it was not, and roles that want it give nothing.
    second_factor_at: Mapped[datetime | None] = mapped_column(Instant)


class OneTimeLink(Base):
    """A link that works once: to set a password, or to show that an address is one's own."""

    __tablename__ = "one_time_link"
    __table_args__ = (CheckConstraint("purpose in ('set-password','verify-address')", name="purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20), default="set-password")
    #: The address it was sent to: using it shows that its reader is the owner. None: it was handed over in another way.
    address: Mapped[str | None] = mapped_column(String(254))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class SecondFactor(Base):
    """A person's authenticator; its secret is not here but made from the nonce and the installation's key."""

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64))
    begun_at: Mapped[datetime] = mapped_column(Instant)
    #: When a first right code was shown; None: it is being set up and asked of nobody.
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    #: The time step of the last code taken: none is taken twice.
    last_step: Mapped[int | None] = mapped_column(BigInteger)


class RecoveryCode(Base):
    """A code that stands for the second factor once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class InstallationMark(Base):
    """A fact about the whole installation, by key: here, that it is a demonstration."""

    __tablename__ = "installation_mark"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))
