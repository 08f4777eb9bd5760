"""What the catalogue keeps of a person: that they published, and what they wrote for their country."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from elearn.catalogue.filling_models import Filling
from elearn.catalogue.models import Release
from elearn.web.own_data import Asked, Lines, Words

WORDS: Mapping[str, Words] = {
    "releases": Words(_l("Publications of the series"), _l("When you published the series, as an editor.")),
    "country_texts": Words(_l("Texts for your country"), _l("What you proposed for a place that a country fills, and what became of it.")),
}


def export_of(person_id: int) -> Mapping[str, Lines]:
    """Return what is kept of the person, by part."""
    question = select(Release.id, Release.released_at).where(Release.released_by_id == person_id).order_by(Release.id)
    written = select(Filling).where(Filling.made_by_id == person_id).order_by(Filling.id)
    return {
        "releases": Asked(question, lambda row: {"release": row.id, "released_at": row.released_at}),
        "country_texts": Asked(written, lambda row: _filling(row.Filling)),
    }


def _filling(filling: Filling) -> dict[str, object]:
    names = ("id", "country", "language", "key", "markdown", "credit", "state", "word", "made_at", "decided_at")
    return {name: getattr(filling, name) for name in names}


def forget(person_id: int) -> None:
    """Do nothing: that somebody published stays, under a row without a name, and so do texts given under a licence, with whom they name."""
