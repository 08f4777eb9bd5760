"""What the catalogue keeps of a person: that they published."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from elearn.catalogue.models import Release
from elearn.web.own_data import Asked, Lines, Words

WORDS: Mapping[str, Words] = {
    "releases": Words(_l("Publications of the series"), _l("When you published the series, as an editor.")),
}


def export_of(person_id: int) -> Mapping[str, Lines]:
    """Return what is kept of the person, by part."""
    question = select(Release.id, Release.released_at).where(Release.released_by_id == person_id).order_by(Release.id)
    return {"releases": Asked(question, lambda row: {"release": row.id, "released_at": row.released_at})}


def forget(person_id: int) -> None:
    """Do nothing: that somebody published stays, under a row without a name."""
