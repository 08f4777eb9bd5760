"""The countries' texts that come with the series itself."""

from sqlalchemy import select

from elearn.catalogue.filling_models import Filling
from elearn.catalogue.models import Release, SeriesRevision
from elearn.catalogue.reading import Series
from elearn.db import db


def fillings_follow(release: Release, series: Series, current: SeriesRevision | None) -> None:
    """Leave the countries' texts that come with the series as ``series`` has them, from ``release`` on; the same again changes nothing."""
    wanted = {(s.country, s.language, s.key): s for s in series.slots}
    there = db.session.scalars(select(Filling).where(Filling.made_by_id.is_(None), Filling.state == "approved")).all() if current else ()
    for filling in there:
        now = wanted.get((filling.country, filling.language, filling.key))
        if now and (now.markdown, str(now.html)) == (filling.markdown, filling.html):
            del wanted[filling.country, filling.language, filling.key]
        else:
            filling.state, filling.decided_at = "withdrawn", release.released_at
    at = {"made_at": release.released_at, "decided_at": release.released_at, "decided_by_id": release.released_by_id}
    for s in wanted.values():
        text = {"country": s.country, "language": s.language, "key": s.key, "markdown": s.markdown, "html": str(s.html)}
        db.session.add(Filling(**text, **at, state="approved", release_id=release.id))
    db.session.flush()
