"""What the assessment room keeps of a person: given back to them, and erased with them."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, Select, delete, select, update

from elearn.assessment.models import Answer, Attempt, Mark
from elearn.assessment.recall_models import ReviewAnswer, ReviewCard, ReviewHabit
from elearn.assessment.regrade_models import Regrade
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
    "marks": Words(
        _l("Marks of answers"),
        _l("What each answer was given, with the levels reached and what was written to you. Points are out of max_points."),
    ),
    "regrades": Words(
        _l("Answers that you had marked again"),
        _l("What you decided and why. The reason stays when you go: it tells students how their marks came about."),
    ),
    "review": Words(_l("Reviewing"), _l("Whether you want questions that you answered wrong to come back, and since when.")),
    "review_cards": Words(
        _l("Questions on their way back"), _l("When each question that you reviewed is due again, and which of four pauses it is at.")
    ),
    "review_answers": Words(_l("Answers in review"), _l("What you answered when a question came back. It counts nowhere.")),
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
    kept = {"attempts": Asked(attempts, _with_points), "answers": Asked(answers, _answer), "marks": Asked(_marks(person_id), _with_points)}
    return kept | {"regrades": Asked(_regrades(person_id), _as_it_is)} | _of_review(person_id)


def _regrades(person_id: int) -> Select[Any]:
    made = ("scope", "policy", "reason", "state", "made_at", "done_at", "undone_at")
    return (
        select(Module.slug.label("module"), Item.key.label("question_key"), *(getattr(Regrade, name) for name in made))
        .join(Module, Module.id == Regrade.module_id)
        .join(Item, Item.id == Regrade.item_id)
        .where(Regrade.made_by_id == person_id)
        .order_by(Regrade.id)
    )


def _marks(person_id: int) -> Select[Any]:
    return (
        select(
            Mark.attempt_id.label("attempt"),
            Item.key.label("question_key"),
            Mark.points,
            Mark.max_points,
            Mark.at,
            Mark.is_pending,
            Mark.rubric,
            Mark.comment,
            Mark.reason,
            Regrade.reason.label("marked_again_because"),
        )
        .outerjoin(Regrade, Regrade.id == Mark.regrade_id)
        .join(Attempt, Attempt.id == Mark.attempt_id)
        .join(ItemRevision, ItemRevision.id == Mark.item_revision_id)
        .join(Item, Item.id == ItemRevision.item_id)
        .where(Attempt.person_id == person_id)
        .order_by(Mark.id)
    )


def _of_review(person_id: int) -> dict[str, Lines]:
    habit = select(ReviewHabit.is_on, ReviewHabit.changed_at).where(ReviewHabit.person_id == person_id)
    cards = (
        select(
            Module.slug.label("module"),
            Item.key.label("question_key"),
            (ReviewCard.step + 1).label("pause"),
            *(getattr(ReviewCard, name) for name in ("due_on", "answers", "last_at", "finished_at")),
        )
        .join(Module, Module.id == ReviewCard.module_id)
        .join(Item, Item.id == ReviewCard.item_id)
        .where(ReviewCard.person_id == person_id)
        .order_by(ReviewCard.id)
    )
    names = ("item_revision_id", "language", "response", "points", "max_points", "answered_at", "due_on")
    answers = select(*(getattr(ReviewAnswer, name) for name in names)).where(ReviewAnswer.person_id == person_id).order_by(ReviewAnswer.id)
    return {
        "review": Asked(habit, _as_it_is),
        "review_cards": Asked(cards, _as_it_is),
        "review_answers": Asked(
            answers, lambda row: _asked_and_answered(row) | dict(_with_points(row, "points", "max_points", "answered_at", "due_on"))
        ),
    }


def _as_it_is(row: Any) -> Line:
    return dict(row._mapping)  # noqa: SLF001 (the documented name)


def _with_points(row: Any, *only: str) -> Line:
    whole = _as_it_is(row)
    line = {name: whole[name] for name in only or whole}
    return line | {name: line[name] / MICRO for name in ("points", "max_points") if line[name] is not None}


def _answer(row: Any) -> Line:
    return {"attempt": row.attempt_id, **_asked_and_answered(row), "saved_at": row.saved_at, "is_late": row.is_late}


def _asked_and_answered(row: Any) -> dict[str, Any]:
    """Return an answer with its question, in the language in which it was asked, and with the words of what was chosen."""
    item = pinned_items((row.item_revision_id,))[row.item_revision_id]
    wording = item.definition["wording"]
    words = wording.get(row.language) or wording[item.definition["language"]]
    return {
        "question_key": item.key,
        "question": words["prompt"],
        "answer": row.response,
        "answer_in_words": type_of(item.definition).in_words(item.definition, row.response, row.language),
    }


def hold(person_id: int) -> None:
    """Have whatever the person is answering come before what follows, or find it done."""
    db.session.execute(select(Attempt.id).where(Attempt.person_id == person_id).order_by(Attempt.id).with_for_update()).all()


def forget(person_id: int) -> None:
    """Erase what the person typed in their own words, and what was written of it; their marks stay. But for this no answer is changed."""
    own = select(Attempt.id).where(Attempt.person_id == person_id)
    # What is of no type that is known may be text as well.
    chosen = [name for name, type_ in TYPES.items() if not type_.IS_TYPED]
    typed = select(ItemRevision.id).where(ItemRevision.type.not_in(chosen))
    db.session.execute(
        update(Answer).where(Answer.attempt_id.in_(own), Answer.item_revision_id.in_(typed)).values(response=JSON.NULL),
    )
    db.session.execute(update(Mark).where(Mark.attempt_id.in_(own)).values(comment="", reason=""))
    db.session.execute(
        update(ReviewAnswer)
        .where(ReviewAnswer.person_id == person_id, ReviewAnswer.item_revision_id.in_(typed))
        .values(response=JSON.NULL),
    )
    for model in (ReviewHabit, ReviewCard):
        db.session.execute(delete(model).where(model.person_id == person_id))
