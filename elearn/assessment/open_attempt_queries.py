"""Attempts under way, for whoever is about to change what a class is taught on."""

from collections.abc import Mapping

from sqlalchemy import func, select

from elearn.assessment.models import Attempt
from elearn.db import db


def open_attempts_in_class(class_id: int) -> Mapping[int, int]:
    """Return by module how many attempts of a class are begun and not finished."""
    rows = db.session.execute(
        select(Attempt.module_id, func.count())
        .where(Attempt.class_id == class_id, Attempt.finished_at.is_(None))
        .group_by(Attempt.module_id),
    )
    return {row[0]: row[1] for row in rows}
