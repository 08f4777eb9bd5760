"""An essay in the quiz of a class, and what students and markers do with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import func, select, update

from elearn import clock
from elearn.assessment.models import Attempt, Mark, QuizSetting
from elearn.catalogue.items import essay, reflection
from elearn.catalogue.items.item import MICRO
from elearn.catalogue.models import Item, ItemRevision, Module
from elearn.db import db, unit_of_work
from elearn.adaptation.models import EditionItem, EditionModule
from elearn.learning.models import CourseClass, Enrolment
from tests.assessment.conftest import SLUG
from tests.cast import Cast
from tests.reader import Browser

KEY, OTHER, THOUGHT = "why-one-law", "why-one-court", "what-i-would-do"
LEVELS = {"claim": {"none": 0, "some": 1, "clear": 2}, "reasons": {"none": 0, "some": 1, "good": 3}, "sources": {"none": 0, "named": 1}}
POINTS = 6


def rubric() -> list[dict[str, Any]]:
    return [
        {
            "id": criterion,
            "text": f"Is there a *{criterion}*?",
            "levels": [{"id": level, "text": f"{criterion}: {level}", "points": points} for level, points in levels.items()],
        }
        for criterion, levels in LEVELS.items()
    ]


def definition_of(type_: Any, **facts: Any) -> dict[str, Any]:
    """Return a definition as the compiler would make it; its HTML is as plain as its words."""
    common = {"id": "item", "outcome": "define-cybercrime", "bloom": "evaluate", "type": type_.TYPE}
    definition = type_.parse(type_.Source.model_validate(common | facts), "en")
    return definition | {"html": {"en": definition["wording"]["en"]}}


def essay_definition(prompt: str = "<p>Why does one law not do?</p>") -> dict[str, Any]:
    more = {"min_words": 3, "max_words": 200, "model_answer": "The key for teachers."}
    return definition_of(essay, prompt=prompt, points=POINTS, rubric=rubric(), **more)


def add_item(class_id: int, key: str, definition: dict[str, Any]) -> int:
    """Put an item into the quiz of a class's edition; return its revision. Its edition must not have been read yet."""
    module_id = db.session.scalars(select(Module.id).where(Module.slug == SLUG)).one()
    edition_id = db.session.scalars(select(CourseClass.edition_id).where(CourseClass.id == class_id)).one()
    item = db.session.scalars(select(Item).where(Item.module_id == module_id, Item.key == key)).first()
    if item is None:
        item = Item(module_id=module_id, key=key)
        db.session.add(item)
        db.session.flush()
    number = (db.session.scalar(select(func.max(ItemRevision.number)).where(ItemRevision.item_id == item.id)) or 0) + 1
    revision = ItemRevision(
        item_id=item.id,
        number=number,
        digest=f"{key}-{number}",
        type=definition["type"],
        points=definition["points"],
        outcome="define-cybercrime",
        bloom="evaluate",
        tags=[],
        definition=definition,
    )
    db.session.add(revision)
    db.session.flush()
    here = (EditionItem.edition_id == edition_id, EditionItem.module_id == module_id)
    last = db.session.scalar(select(func.max(EditionItem.position)).where(*here)) or 0
    db.session.add(EditionItem(edition_id=edition_id, module_id=module_id, position=last + 1, item_revision_id=revision.id))
    return revision.id


def only_essays(class_id: int, *keys: str) -> dict[str, int]:
    """Leave a class's quiz with these essays alone; return their revisions."""
    edition_id = db.session.scalars(select(CourseClass.edition_id).where(CourseClass.id == class_id)).one()
    db.session.execute(EditionItem.__table__.delete().where(EditionItem.edition_id == edition_id))
    return {key: add_item(class_id, key, essay_definition(f"<p>Why, {key}?</p>")) for key in keys}


def mark_blind(class_id: int, *, is_blind: bool = True) -> None:
    module_id = db.session.scalars(select(Module.id).where(Module.slug == SLUG)).one()
    professor = db.session.scalars(select(Enrolment.person_id).where(Enrolment.class_id == class_id, Enrolment.role == "professor")).first()
    db.session.merge(
        QuizSetting(class_id=class_id, module_id=module_id, is_blind=is_blind, changed_by_id=professor, changed_at=clock.now())
    )
