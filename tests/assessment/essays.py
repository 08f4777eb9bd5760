"""An essay in the quiz of a class, and what students and markers do with it."""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from elearn import clock
from elearn.adaptation.models import EditionItem
from elearn.assessment.models import Answer, Attempt, Mark, QuizSetting
from elearn.catalogue.items import essay
from elearn.catalogue.items.item import MICRO
from elearn.catalogue.items.registry import html_of
from elearn.catalogue.models import Item, ItemRevision, Module, ModuleRevision
from elearn.db import db, unit_of_work
from elearn.learning.models import CourseClass, Enrolment
from elearn.learning.result_service import Learner, record_result
from tests.assessment.conftest import SLUG

KEY, OTHER = "why-one-law", "why-one-court"
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
    return definition | {"html": {"en": html_of(definition, "en", str, {})}}


def essay_definition(prompt: str = "<p>Why does one law not do?</p>") -> dict[str, Any]:
    more = {"min_words": 3, "max_words": 200, "model_answer": "The key for teachers."}
    return definition_of(essay, prompt=prompt, points=POINTS, rubric=rubric(), **more)


def make_item(key: str, definition: dict[str, Any]) -> int:
    """Return a new revision of an item of the module, which no quiz has yet."""
    module_id = db.session.scalars(select(Module.id).where(Module.slug == SLUG)).one()
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
    return revision.id


def add_item(class_id: int, key: str, definition: dict[str, Any]) -> int:
    """Put an item into the quiz of a class's edition; return its revision. Its edition must not have been read yet."""
    edition_id = db.session.scalars(select(CourseClass.edition_id).where(CourseClass.id == class_id)).one()
    module_id = db.session.scalars(select(Module.id).where(Module.slug == SLUG)).one()
    here = (EditionItem.edition_id == edition_id, EditionItem.module_id == module_id)
    last = db.session.scalar(select(func.max(EditionItem.position)).where(*here)) or 0
    revision_id = make_item(key, definition)
    db.session.add(EditionItem(edition_id=edition_id, module_id=module_id, position=last + 1, item_revision_id=revision_id))
    return revision_id


def put_essays(app: Flask, class_id: int, *keys: str) -> dict[str, int]:
    """Leave the quiz of a class with these essays alone; return their revisions."""
    with app.app_context(), unit_of_work():
        edition_id = db.session.scalars(select(CourseClass.edition_id).where(CourseClass.id == class_id)).one()
        db.session.execute(EditionItem.__table__.delete().where(EditionItem.edition_id == edition_id))
        return {key: add_item(class_id, key, essay_definition(f"<p>Why, {key}?</p>")) for key in keys}


def hand_in(app: Flask, class_id: int, person_id: int, texts: dict[int, str | None], at: datetime | None = None) -> int:
    """Return the attempt of a student who answered these item revisions, as if they had submitted it."""
    with app.app_context(), unit_of_work():
        return handed_in(class_id, person_id, texts, at or clock.now())


def handed_in(class_id: int, person_id: int, texts: dict[int, str | None], at: datetime) -> int:
    """Do the same within a unit of work."""
    place = db.session.scalars(select(Enrolment).where(Enrolment.class_id == class_id, Enrolment.person_id == person_id)).one()
    course_class = db.session.get_one(CourseClass, class_id)
    first = db.session.get_one(ItemRevision, next(iter(texts)))
    module_id = db.session.get_one(Item, first.item_id).module_id
    revision_id = db.session.scalars(select(ModuleRevision.id).where(ModuleRevision.module_id == module_id)).first()
    number = db.session.scalar(select(func.count()).where(Attempt.person_id == person_id, Attempt.class_id == class_id)) or 0
    revisions = {id_: db.session.get_one(ItemRevision, id_) for id_ in texts}
    waiting = sum(text is not None for text in texts.values())
    attempt = Attempt(
        person_id=person_id,
        class_id=class_id,
        edition_id=course_class.edition_id,
        enrolment_id=place.id,
        module_id=module_id,
        revision_id=revision_id,
        number=number + 1,
        language="en",
        seed=1,
        layout=[[id_, []] for id_ in texts],
        started_at=at - timedelta(hours=1),
        finished_at=at,
        finish="submitted",
        points=0,
        max_points=sum(revision.points for revision in revisions.values()),
        pending_count=waiting,
    )
    db.session.add(attempt)
    db.session.flush()
    for sequence, (id_, text) in enumerate(texts.items(), start=1):
        answer = None
        if text is not None:
            answer = Answer(attempt_id=attempt.id, item_revision_id=id_, sequence=sequence, response=text, saved_at=at)
            db.session.add(answer)
            db.session.flush()
        db.session.add(
            Mark(
                attempt_id=attempt.id,
                item_revision_id=id_,
                answer_id=answer.id if answer else None,
                points=0,
                max_points=revisions[id_].points,
                at=at,
                is_pending=text is not None,
            )
        )
    record_result(
        Learner(person_id, place.id, class_id, course_class.institution_id, module_id, "en"),
        attempt_id=attempt.id,
        points=0,
        max_points=attempt.max_points or 0,
        is_provisional=waiting > 0,
        grading="best",
        section_count=9,
        at=at,
    )
    return attempt.id


def set_blind(app: Flask, class_id: int, *, is_blind: bool = True) -> None:
    """Have the quiz of a class marked blind, or no longer."""
    with app.app_context(), unit_of_work():
        module_id = db.session.scalars(select(Module.id).where(Module.slug == SLUG)).one()
        professor = select(Enrolment.person_id).where(Enrolment.class_id == class_id, Enrolment.role == "professor")
        by_id = db.session.scalars(professor).first()
        db.session.merge(
            QuizSetting(class_id=class_id, module_id=module_id, is_blind=is_blind, changed_by_id=by_id, changed_at=clock.now())
        )


def levels(claim: str = "clear", reasons: str = "good", sources: str = "named") -> dict[str, str]:
    """Return the fields of a form that gives these levels; all the points where nothing is said."""
    return {"level-claim": claim, "level-reasons": reasons, "level-sources": sources}


def newest_mark(app: Flask, attempt_id: int) -> Mark:
    with app.app_context():
        return db.session.scalars(select(Mark).where(Mark.attempt_id == attempt_id).order_by(Mark.id.desc())).first()


def points(number: float) -> int:
    return int(number * MICRO)
