"""The doors of marking: a class's queue, and one answer in it; for those who teach the class and may read what is for teachers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Row, or_, select

from elearn.accounts.permissions import Visitor
from elearn.assessment.marking import blind_code
from elearn.assessment.marking_queries import MarkGiven, Question, marks_given, questions_to_mark
from elearn.assessment.models import Attempt
from elearn.catalogue.models import Module
from elearn.catalogue.queries import PinnedItem, pinned_items
from elearn.db import db
from elearn.errors import NotFound
from elearn.learning.access import Seat, seat_in_class
from elearn.learning.models import Enrolment
from elearn.web.names import called


def seat_for_marking(visitor: Visitor, class_id: int) -> Seat:
    """Return ``visitor``'s seat among the staff of a class; not there, not theirs, and not theirs to read keys in are the same."""
    seat = seat_in_class(visitor, class_id)
    if not seat.sees_teacher_sections:
        raise NotFound
    return seat


def name_or_code(class_id: int, module_id: int, person_id: int, name: str | None, *, is_hidden: bool) -> str:
    """Return how a student is called on the pages of marking."""
    if not is_hidden:
        return called(name)
    key = current_app.config["SECRET_KEY"]
    return _("Student %(code)s", code=blind_code(key, class_id=class_id, module_id=module_id, person_id=person_id))


@dataclass(frozen=True)
class WrittenAnswer:
    """An answer that a person marks, with all the marks it was given."""

    seat: Seat
    attempt_id: int
    person_id: int
    module_id: int
    module_title: str
    language: str
    finished_at: datetime
    #: How its student is called here: their name, or the code that stands for it.
    who: str
    #: The question among those of the class; None: it is not asked for there any more (its answers are erased).
    question: Question | None
    questions: tuple[Question, ...]
    marks: tuple[MarkGiven, ...]
    #: With the rubric by which it is marked now.
    item: PinnedItem

    @property
    def newest(self) -> MarkGiven:
        """The mark that counts."""
        return self.marks[-1]

    @property
    def hides_name(self) -> bool:
        """Whether nobody sees yet whose it is."""
        return self.question is not None and self.question.hides_names

    @property
    def is_erased(self) -> bool:
        """Whether its text went with the account of who wrote it."""
        return self.newest.answer_id is not None and self.newest.response is None

    @property
    def is_void(self) -> bool:
        """Whether a regrade took the question out of the mark."""
        return self.newest.cause == "regrade" and not self.newest.max_points


def answer_for_marking(visitor: Visitor, class_id: int, attempt_id: int, key: str, *, writing: bool = False) -> WrittenAnswer:
    """Return an answer of the class; for ``writing`` with its attempt locked, so that two who mark it come one after the other.

    One's own, from when one was a student here, is not there.
    """
    seat = seat_for_marking(visitor, class_id)
    found = _attempt_of_another(visitor, class_id, attempt_id, writing=writing)
    marks = marks_given(attempt_id, key)
    if not marks or marks[-1].answer_id is None:
        raise NotFound
    questions = tuple(questions_to_mark(class_id, visitor.id))
    item = pinned_items((marks[-1].graded_revision_id,))[marks[-1].graded_revision_id]
    question = next((each for each in questions if each.item_id == item.item_id), None)
    hides = question is not None and question.hides_names
    return WrittenAnswer(
        seat,
        attempt_id,
        found.person_id,
        found.module_id,
        title_of_module(seat, found.module_id, found.slug),
        found.language,
        found.finished_at,
        name_or_code(class_id, found.module_id, found.person_id, found.name, is_hidden=hides),
        question,
        questions,
        tuple(marks),
        item,
    )


def _attempt_of_another(visitor: Visitor, class_id: int, attempt_id: int, *, writing: bool) -> Row[*tuple[Any, ...]]:
    mine = (Attempt.id == attempt_id, Attempt.class_id == class_id, Attempt.finished_at.is_not(None), Attempt.person_id != visitor.id)
    if writing:
        # By itself: a statement that had to wait for the lock would still show the marks of before.
        db.session.execute(select(Attempt.id).where(*mine).with_for_update())
    row = db.session.execute(
        select(Attempt.person_id, Attempt.module_id, Module.slug, Attempt.language, Attempt.finished_at, Enrolment.name)
        .join(Module, Module.id == Attempt.module_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(*mine, or_(Enrolment.end_reason.is_(None), Enrolment.end_reason != "error")),
    ).first()
    if row is None:
        raise NotFound
    return row


def title_of_module(seat: Seat, module_id: int, slug: str) -> str:
    """Return what a module is called in the class; one that the class has no longer, by its name in addresses."""
    module = seat.edition.module_by_id(module_id)
    return module.title if module else slug
