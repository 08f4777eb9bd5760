"""What the assessment room keeps of a person: given back to them, and erased with them."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, select, update

from elearn.assessment.models import Answer, Attempt, Mark
from elearn.catalogue.items.item import MICRO
from elearn.catalogue.items.registry import TYPES, type_of
from elearn.catalogue.models import Item, ItemRevision, Module
from elearn.catalogue.queries import pinned_items
from elearn.db import db
from elearn.learning.models import CourseClass
from elearn.web.own_data import Asked, Line, Lines, Words

WORDS: Mapping[str, Words] = {
    "attempts": Words(_l("Attempts at quizzes"), _l("When you began and submitted each. Without a class: practice, which counts nowhere.")),
    "answers": Words(_l("Answers"), _l("All that you saved, in order; a changed mind is a new line. Your marks are made from it.")),
    "marks": Words(_l("Marks of answers"), _l("What each answer was given. Points are out of max_points.")),
}


def export_of(person_id: int) -> Mapping[str, Lines]:
    """Return what is kept of the person, by part: their answers with the questions, and nothing of what would have been right."""
    attempts = (
        select(
            Attempt.id.label("attempt"),
            CourseClass.title.label("class"),
            Module.slug.label("module"),
            *(
                getattr(Attempt, name)
                for name in ("number", "language", "started_at", "deadline_at", "finished_at", "points", "max_points")
            ),
        )
        .join(Module, Module.id == Attempt.module_id)
        .outerjoin(CourseClass, CourseClass.id == Attempt.class_id)
        .where(Attempt.person_id == person_id)
        .order_by(Attempt.id)
    )
    answers = (
        select(Attempt.language, Answer.attempt_id, Answer.item_revision_id, Answer.response, Answer.saved_at, Answer.is_late)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .where(Attempt.person_id == person_id)
        .order_by(Answer.attempt_id, Answer.sequence)
    )
    marks = (
        select(Mark.attempt_id.label("attempt"), Item.key.label("question_key"), Mark.points, Mark.max_points, Mark.at)
        .join(Attempt, Attempt.id == Mark.attempt_id)
        .join(ItemRevision, ItemRevision.id == Mark.item_revision_id)
        .join(Item, Item.id == ItemRevision.item_id)
        .where(Attempt.person_id == person_id)
        .order_by(Mark.id)
    )
    return {"attempts": Asked(attempts, _with_points), "answers": Asked(answers, _answer), "marks": Asked(marks, _with_points)}


def _with_points(row: Any) -> Line:
    line = dict(row._mapping)  # noqa: SLF001 (the documented name)
    return line | {name: line[name] / MICRO for name in ("points", "max_points") if line[name] is not None}


def _answer(row: Any) -> Line:
    """Return an answer with its question, in the language of the attempt, and with the words of what was chosen."""
    item = pinned_items((row.item_revision_id,))[row.item_revision_id]
    wording = item.definition["wording"]
    words = wording.get(row.language) or wording[item.definition["language"]]
    return {
        "attempt": row.attempt_id,
        "question_key": item.key,
        "question": words["prompt"],
        "answer": row.response,
        "answer_in_words": type_of(item.definition).in_words(item.definition, row.response, row.language),
        "saved_at": row.saved_at,
        "is_late": row.is_late,
    }


def hold(person_id: int) -> None:
    """Have whatever the person is answering come before what follows, or find it done."""
    db.session.execute(select(Attempt.id).where(Attempt.person_id == person_id).order_by(Attempt.id).with_for_update()).all()


def forget(person_id: int) -> None:
    """Erase what the person typed in their own words. Answers are never changed but for this; their marks stay."""
    own = select(Attempt.id).where(Attempt.person_id == person_id)
    # What is of no type that is known may be text as well.
    chosen = [name for name, type_ in TYPES.items() if not type_.IS_TYPED]
    typed = select(ItemRevision.id).where(ItemRevision.type.not_in(chosen))
    db.session.execute(
        update(Answer).where(Answer.attempt_id.in_(own), Answer.item_revision_id.in_(typed)).values(response=JSON.NULL),
    )
