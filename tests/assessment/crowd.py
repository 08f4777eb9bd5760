"""A class full of submitted attempts, written down at once, and items put right: what the tests and the bench of regrades stand on."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, insert, select

from elearn.accounts.models import Person
from elearn.assessment.marking_service import IS_NEWEST
from elearn.assessment.models import Answer, Attempt, Mark
from elearn.assessment.queries import LaidItem, laid_items
from elearn.catalogue.models import ItemRevision
from elearn.db import db, table
from elearn.learning.access import edition
from elearn.learning.models import CourseClass, Enrolment, ModuleProgress, Result
from elearn.learning.result_service import Learner, record_result

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Crowd:
    """The attempts of a class at one quiz."""

    def __init__(self, class_id: int, module_id: int, items: list[LaidItem], attempt_ids: list[int]) -> None:
        self.class_id, self.module_id, self.items, self.attempt_ids = class_id, module_id, items, attempt_ids

    def __repr__(self) -> str:
        return f"{len(self.attempt_ids)} attempts"

    def item(self, type_: str) -> LaidItem:
        return next(item for item in self.items if item.pinned.type == type_)


def some_response(item: LaidItem, random: Random) -> Any:
    """Return an answer that somebody may give, or None."""
    definition = item.pinned.definition
    if random.random() < 0.1:
        return None
    if "accept" in definition:
        return random.choice([definition["accept"]["en"][0], "something else", "corrected"])
    ids = [choice["id"] for choice in definition["choices"]]
    if definition["type"] == "multiple-response":
        ticked = [key for key in ids if random.random() < 0.5]
        return ticked or None
    return random.choice(ids)


def fill(class_id: int, slug: str, people: int, *, seed: int = 1, attempts: int = 1) -> Crowd:
    """Have so many new students submit so many attempts each."""
    random = Random(seed)
    course_class = db.session.get_one(CourseClass, class_id)
    standing = edition(course_class.edition_id)
    module = standing.module(slug)
    assert module
    items = [item for item in laid_items([[each, []] for each in module.item_revision_ids]) if item.pinned.type in CHOSEN]
    first = (db.session.scalar(select(func.max(Person.id))) or 0) + 1
    person_ids = list(range(first, first + people))
    named = [{"id": key, "name": f"Student {key}", "language": "en", "timezone": "UTC"} for key in person_ids]
    db.session.bulk_insert_mappings(Person.__mapper__, [{**each, "created_at": BEGAN} for each in named])
    seats = [{"class_id": class_id, "person_id": key, "role": "student", "name": f"Student {key}"} for key in person_ids]
    enrolments = db.session.scalars(insert(Enrolment).returning(Enrolment.id), [{**seat, "enrolled_at": BEGAN} for seat in seats]).all()
    db.session.flush()
    seated = list(zip(person_ids, enrolments, strict=True))
    ids = []
    for number in range(1, attempts + 1):
        ids += _attempts(course_class, module, items, seated, number, random)
    return Crowd(class_id, module.module_id, items, ids)


CHOSEN = {"single-choice", "multiple-response", "true-false", "short-text"}


def _attempts(course_class, module, items, seated, number: int, random: Random) -> list[int]:
    said = {place: [some_response(item, random) for item in items] for place in range(len(seated))}
    rows = [
        {
            "person_id": person_id,
            "class_id": course_class.id,
            "edition_id": course_class.edition_id,
            "enrolment_id": enrolment_id,
            "module_id": module.module_id,
            "revision_id": module.revision_id,
            "number": number,
            "language": "en",
            "seed": place,
            "layout": [[item.id, []] for item in items],
            "started_at": BEGAN,
            "finished_at": BEGAN + timedelta(minutes=number),
            "finish": "submitted",
            "points": sum(item.graded(response).points for item, response in zip(items, said[place], strict=True)),
            "max_points": sum(item.pinned.definition["points"] for item in items),
        }
        for place, (person_id, enrolment_id) in enumerate(seated)
    ]
    ids = db.session.scalars(insert(Attempt).returning(Attempt.id, sort_by_parameter_order=True), rows).all()
    answers = [
        {
            "attempt_id": attempt_id,
            "item_revision_id": item.id,
            "sequence": sequence,
            "response": response,
            "sender": "",
            "saved_at": BEGAN,
            "is_late": False,
        }
        for place, attempt_id in enumerate(ids)
        for sequence, (item, response) in enumerate(zip(items, said[place], strict=True), start=1)
    ]
    answer_ids = db.session.scalars(insert(table(Answer)).returning(table(Answer).c.id, sort_by_parameter_order=True), answers).all()
    marks = []
    for answer, answer_id in zip(answers, answer_ids, strict=True):
        item = items[answer["sequence"] - 1]
        grade = item.graded(answer["response"])
        mark = {"attempt_id": answer["attempt_id"], "item_revision_id": item.id, "points": grade.points, "max_points": grade.maximum}
        marks.append({**mark, "answer_id": answer_id if answer["response"] is not None else None, "at": BEGAN})
    db.session.execute(insert(Mark), marks)
    for row, attempt_id in zip(rows, ids, strict=True):
        learner = Learner(row["person_id"], row["enrolment_id"], course_class.id, course_class.institution_id, module.module_id, "en")
        sums = {"points": row["points"], "max_points": row["max_points"], "is_provisional": False}
        record_result(learner, attempt_id=attempt_id, **sums, grading="best", section_count=1, at=row["finished_at"])
    db.session.flush()
    return list(ids)


def put_right(item: LaidItem, change) -> ItemRevision:
    """Return a new state of the item, its definition changed by ``change``."""
    old = db.session.get_one(ItemRevision, item.id)
    definition = deepcopy(old.definition)
    change(definition)
    newest = db.session.scalar(select(func.max(ItemRevision.number)).where(ItemRevision.item_id == old.item_id)) or 0
    facts = {name: getattr(old, name) for name in ("item_id", "type", "outcome", "bloom", "tags")}
    new = ItemRevision(**facts, number=newest + 1, digest=f"{old.digest[:50]}-{newest}", points=definition["points"], definition=definition)
    db.session.add(new)
    db.session.flush()
    return new


def other_key(definition: dict[str, Any]) -> None:
    """Make another answer the right one."""
    if "accept" in definition:
        definition["accept"]["en"] = ["corrected"]
        return
    right = next(place for place, choice in enumerate(definition["choices"]) if choice["correct"])
    for place, choice in enumerate(definition["choices"]):
        choice["correct"] = place == (right + 1) % len(definition["choices"])


def state_of(module_id: int) -> dict[str, Any]:
    """Return all that a regrade may change, as it stands: the marks that count, what they add up to, and the gradebook."""
    counting = ("points", "max_points", "answer_id", "is_pending", "graded_revision_id", "marked_by_id", "comment", "rubric", "tries")
    marks = table(Mark)
    replaced = select(Result.replaces_id).where(Result.replaces_id.is_not(None))
    return {
        "marks": {
            (row.attempt_id, row.item_revision_id): tuple(row)
            for row in db.session.execute(
                select(marks.c.attempt_id, marks.c.item_revision_id, *(marks.c[name] for name in counting)).where(IS_NEWEST)
            )
        },
        "attempts": _rows(Attempt, ("id", "points", "max_points", "pending_count"), Attempt.module_id == module_id),
        "results": _rows(Result, ("attempt_id", "points", "max_points", "is_provisional"), Result.id.not_in(replaced)),
        "gradebook": _rows(
            ModuleProgress, ("enrolment_id", "points", "max_points", "is_provisional", "attempts"), ModuleProgress.module_id == module_id
        ),
    }


def _rows(model: Any, names: tuple[str, ...], condition: Any) -> list[tuple[Any, ...]]:
    columns = [getattr(model, name) for name in names]
    return [tuple(row) for row in db.session.execute(select(*columns).where(condition).order_by(columns[0]))]
