"""Mails about what somebody decided for a person: who writes, what was decided, the word that went with it, and where to go on."""

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from elearn import mail
from elearn.accounts.models import EmailAddress, Person
from elearn.db import db


def tell(person_id: int, subject: str, *paragraphs: str, about: str, about_id: int, path: str = "/home") -> bool:
    """Write a mail to the person's verified addresses; return whether one goes out. Empty paragraphs are left out."""
    name = db.session.scalar(select(Person.name).where(Person.id == person_id)) or ""
    addresses = db.session.scalars(
        select(EmailAddress.address).where(EmailAddress.person_id == person_id, EmailAddress.verified_at.is_not(None)),
    ).all()
    letters = [mail.Letter(address, subject, body(name, *paragraphs, path=path), person_id) for address in addresses]
    return mail.post(letters, about=about, about_id=about_id) > 0


def body(name: str, *paragraphs: str, path: str) -> str:
    """Return the text of a mail to somebody of this name."""
    site, base = current_app.config["SITE_NAME"], current_app.config["BASE_URL"].rstrip("/")
    parts = [
        _("Dear %(name)s,", name=name),
        *(part for part in paragraphs if part),
        f"{base}{path}",
        _("You receive this because you have an account at %(site)s. Please do not answer this mail.", site=site),
    ]
    return "\n\n".join(parts) + "\n"


def with_word(word: str, visitor_name: str) -> str:
    """Return the paragraph that hands on what somebody wrote; empty where they wrote nothing."""
    return _("%(name)s writes: %(word)s", name=visitor_name, word=word) if word else ""
