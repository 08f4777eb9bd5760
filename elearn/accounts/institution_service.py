"""What changes the registry of institutions: asking for one that is not listed, and deciding on it."""

from flask_babel import gettext as _

from elearn import clock
from elearn.accounts.models import Institution
from elearn.countries import countries
from elearn.db import db
from elearn.errors import Invalid

LONGEST_NAME = 200


def request_institution(*, person_id: int, name: str, country: str, kind: str = "university") -> Institution:
    """Return an institution that ``person_id`` asks to have listed; it is shown to nobody else until the programme adds it."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        message = _("Enter the name of your institution, with at most %(most)d characters.", most=LONGEST_NAME)
        raise Invalid(message, {"institution_name": message})
    if country not in countries():
        message = _("Choose the country of your institution.")
        raise Invalid(message, {"institution_country": message})
    institution = Institution(
        # Until the programme gives it one: unique, and nobody types it.
        code=f"requested-{person_id}-{clock.now():%Y%m%d%H%M%S%f}",
        name=name,
        kind=kind,
        country=country,
        state="requested",
        requested_by_id=person_id,
        created_at=clock.now(),
    )
    db.session.add(institution)
    db.session.flush()
    return institution
