"""The doors of marking: a class's queue, and one answer in it; for those who teach the class and may read what is for teachers."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from elearn.accounts.permissions import Visitor
from elearn.assessment.attempt_queries import SETTING_NAMES
from elearn.assessment.marking import blind_code
from elearn.assessment.marking_queries import MarkGiven, Question, marks_given, questions_to_mark
from elearn.assessment.models import Attempt, QuizSetting
from elearn.assessment.rules import QuizRules, class_rules, rules_of_quiz
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


def rules_in_class(seat: Seat, module_id: int) -> QuizRules:
    """Return the rules of a quiz as the class of ``seat`` sets them."""
    setting = db.session.get(QuizSetting, (seat.class_id, module_id))
    names = {} if setting is None else {name: getattr(setting, name) for name in SETTING_NAMES}
    return class_rules(rules_of_quiz(seat.edition, module_id), names)


@dataclass(frozen=True)
class WrittenAnswer:
    """An answer that a person marks, with all the marks it was given."""

    seat: Seat
    attempt_id: int
    person_id: int
    module_id: int
    slug: str
    language: str
    finished_at: datetime
    pending_count: int
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
    mine = (Attempt.id == attempt_id, Attempt.class_id == class_id, Attempt.finished_at.is_not(None), Attempt.person_id != visitor.id)
    if writing:
        # By itself: a statement that had to wait for the lock would still show the marks of before.
        db.session.execute(select(Attempt.id).where(*mine).with_for_update())
    found = db.session.execute(
        select(
            Attempt.person_id,
            Attempt.module_id,
            Attempt.language,
            Attempt.finished_at,
            Attempt.pending_count,
            Enrolment.name,
        )
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(*mine),
    ).first()
    marks = marks_given(attempt_id, key) if found else []
    if found is None or not marks or marks[-1].answer_id is None:
        raise NotFound
    questions = tuple(questions_to_mark(class_id, visitor.id))
    item = pinned_items((marks[-1].graded_revision_id,))[marks[-1].graded_revision_id]
    question = next((each for each in questions if each.item_id == item.item_id), None)
    module = seat.edition.module_by_id(found.module_id)
    hides = question is not None and question.hides_names
    return WrittenAnswer(
        seat,
        attempt_id,
        found.person_id,
        found.module_id,
        module.slug if module else question.slug if question else "",
        found.language,
        found.finished_at,
        found.pending_count,
        name_or_code(class_id, found.module_id, found.person_id, found.name, is_hidden=hides),
        question,
        questions,
        tuple(marks),
        item,
    )
