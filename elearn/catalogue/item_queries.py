"""The questions of published quizzes as their authors wrote them."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from elearn import cache, media
from elearn.catalogue.item_source import item_texts
from elearn.catalogue.models import ModuleFile
from elearn.catalogue.queries import current_series
from elearn.db import db


def item_texts_of(revision_ids: Collection[int]) -> Mapping[int, Mapping[str, str]]:
    """Return by revision of a module the texts of its questions, by key; two statements, none for what this process has read."""
    return cache.kept_each("item-texts", list(dict.fromkeys(revision_ids)), _texts, most=60)


def _texts(ids: list[int]) -> dict[int, dict[str, str]]:
    path = f"{current_series().source}/quiz.yml"
    asked = select(ModuleFile.revision_id, ModuleFile.digest).where(ModuleFile.revision_id.in_(ids), ModuleFile.path == path)
    rows = db.session.execute(asked).all()
    content = media.bytes_of(sorted({row.digest for row in rows}))
    return {key: {} for key in ids} | {row.revision_id: item_texts(content[row.digest].decode()) for row in rows}
