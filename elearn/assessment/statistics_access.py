"""The doors of statistics: a class's for those who teach it, a pool of classes for those who answer for them or for the series."""

from collections.abc import Collection, Hashable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from elearn.accounts.models import Institution
from elearn.accounts.permissions import Permission, Visitor, may
from elearn.adaptation.queries import ModuleInEdition
from elearn.assessment.statistics import FEWEST_POOLED
from elearn.assessment.statistics_queries import institutions_within, of_class, of_institutions
from elearn.countries import countries
from elearn.db import db
from elearn.errors import NotAllowed, NotFound
from elearn.learning.access import TaughtClass, class_for_teaching


@dataclass(frozen=True)
class Pool:
    """The classes whose attempts are looked at together, and what their reader may see."""

    where: tuple[ColumnElement[bool], ...]
    #: What tells this pool from others.
    scope: Hashable
    #: Fewer attempts are not shown.
    fewest: int = 1
    #: Whether the reader may read which choice is right.
    sees_keys: bool = True


def pool_of_class(visitor: Visitor, class_id: int) -> tuple[TaughtClass, Pool]:
    """Return a class that ``visitor`` teaches or assists in, and its pool; not there and not theirs are the same."""
    taught = class_for_teaching(visitor, class_id)
    return taught, Pool((of_class(class_id),), class_id, 1, taught.sees_teacher_sections(visitor))


def quiz_of_class(taught: TaughtClass, slug: str) -> ModuleInEdition:
    """Return a module of the class that has a quiz."""
    module = taught.edition.module(slug)
    if module is None or module.quiz is None:
        raise NotFound
    return module


def pool_for_coordinating(visitor: Visitor, code: str = "") -> Pool:
    """Return the classes of the institutions ``visitor`` answers for, or of the one named; not there and not theirs are the same."""
    if may(visitor, Permission.SEE_ALL_FIGURES):
        return _narrowed(code, (), (), everything=True) if code else Pool((), "all", FEWEST_POOLED)
    own = tuple(sorted(set(visitor.institutions(Permission.SEE_FIGURES))))
    areas = {held.region for held in visitor.memberships if held.region and Permission.SEE_FIGURES in held.permissions}
    held = tuple(sorted(c.alpha2 for c in countries().values() if areas & {c.region_m49, c.subregion_m49, "001"}))
    if not own and not held:
        raise NotAllowed
    if code:
        return _narrowed(code, own, held, everything=False)
    return Pool((of_institutions(institutions_within(own, held)),), (own, held), FEWEST_POOLED)


def _narrowed(code: str, own: Collection[int], held: Collection[str], *, everything: bool) -> Pool:
    question = select(Institution.id).where(Institution.code == code)
    if not everything:
        question = question.where(Institution.id.in_(institutions_within(own, held)))
    found = db.session.scalar(question)
    if found is None:
        raise NotFound
    return Pool((of_institutions(institutions_within((found,), ())),), ("institution", found), FEWEST_POOLED)


def institutions_to_choose(visitor: Visitor) -> list[tuple[str, str]]:
    """Return the institutions (code, name) that ``visitor`` coordinates by name."""
    ids = set(visitor.institutions(Permission.SEE_FIGURES))
    rows = db.session.execute(
        select(Institution.code, Institution.name).where(Institution.id.in_(ids)).order_by(Institution.name_key),
    )
    return [(row.code, row.name) for row in rows]


def pool_for_editing() -> Pool:
    """Return all classes: the guard has seen to it that the visitor looks after the questions of the series."""
    return Pool((), "all", FEWEST_POOLED)
