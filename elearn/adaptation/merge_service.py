"""Courses follow their institution where it turns out to be another one."""

from collections.abc import Iterable

from sqlalchemy import delete, select, update

from elearn.accounts.acts import InstitutionsMerged
from elearn.adaptation.acts import EditionPublished
from elearn.adaptation.models import Course, Edition
from elearn.adaptation.sharing_models import SharedWith
from elearn.catalogue.filling_models import Filling
from elearn.db import db, insert, note


def follow_mergers(acts: Iterable[object]) -> None:
    """Leave courses, and texts for countries, of institutions merged by ``acts`` with those they were merged into; runs before each commit.

    Their editions are noted anew: who published one may be confirmed at the other institution since before that day, and counts there.
    """
    for act in acts:
        if isinstance(act, InstitutionsMerged):
            editions = select(Edition.published_by_id, Edition.published_at).join(Course, Course.id == Edition.course_id)
            for row in db.session.execute(editions.where(Course.institution_id == act.from_id).order_by(Edition.id)).all():
                note(EditionPublished(row.published_by_id, act.into_id, row.published_at))
            db.session.execute(update(Course).where(Course.institution_id == act.from_id).values(institution_id=act.into_id))
            db.session.execute(update(Filling).where(Filling.institution_id == act.from_id).values(institution_id=act.into_id))
            _follow_names(act)


def _follow_names(act: InstitutionsMerged) -> None:
    """Have courses that are shared with the one be shared with the other."""
    named = delete(SharedWith).where(SharedWith.institution_id == act.from_id)
    for row in db.session.execute(named.returning(SharedWith.course_id, SharedWith.added_by_id, SharedWith.added_at)).all():
        put = insert(SharedWith).values(institution_id=act.into_id, **row._mapping)  # noqa: SLF001 (the documented name)
        db.session.execute(put.on_conflict_do_nothing())
