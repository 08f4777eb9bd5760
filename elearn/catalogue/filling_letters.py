"""What the author of a country's text is told."""

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from elearn import mail
from elearn.accounts.account_queries import verified_addresses_of
from elearn.accounts.models import Person
from elearn.catalogue.filling_models import Filling
from elearn.catalogue.filling_queries import facts_of
from elearn.db import db


def tell_author(filling: Filling) -> None:
    """Write to whoever proposed a text what became of it, if their address is theirs."""
    addresses = verified_addresses_of(filling.made_by_id) if filling.made_by_id else []
    facts = facts_of(filling.id)
    if not addresses or facts is None or filling.made_by_id == filling.decided_by_id:
        return
    author = db.session.get_one(Person, filling.made_by_id)
    with force_locale(author.language or "en"):
        became = {
            "approved": _("It stands now: readers can choose your country, and courses there are offered it."),
            "declined": _("It was not taken."),
            "withdrawn": _("It is not offered any more. Courses that follow it keep it."),
        }
        lines = [
            _("Hello %(name)s,", name=author.name),
            "",
            _("you proposed a text for your country in “%(module)s”.", module=facts.module),
            became[filling.state],
            *(["", filling.word] if filling.word else []),
            "",
            _("%(site)s writes to you because you proposed it.", site=current_app.config["SITE_NAME"]),
        ]
        subject = _("Your country's text in “%(module)s”", module=facts.module)
    mail.post([mail.Letter(addresses[0], subject, "\n".join(lines) + "\n", author.id)], about="filling", about_id=filling.id)
