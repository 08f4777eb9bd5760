"""Questions about the review queue: what a person answered wrong, and when each question comes back.

The queue is worked out, not kept: submitting a quiz writes nothing for it. One statement reads the marks of a person's own newest
attempts beside the cards that their review answers left; which questions are still asked is known from editions and the series.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, Select, String, Subquery, bindparam, cast, func, or_, select

from elearn import clock
from elearn.accounts.permissions import Visitor
from elearn.adaptation.queries import edition
from elearn.assessment.models import Answer, Attempt, Mark, QuizExtension, QuizSetting
from elearn.assessment.recall_models import ReviewCard, ReviewHabit
from elearn.assessment.review_rules import may_see_key
from elearn.assessment.rules import QuizRules, author_rules, class_rules, extended, rules_of_quiz
from elearn.assessment.spacing import Card, standing
from elearn.catalogue.models import ItemRevision
from elearn.catalogue.queries import PinnedItem, current_series, pinned_items
from elearn.db import db, table
from elearn.learning.models import CourseClass, Enrolment
from elearn.learning.terms import day_in

#: Of so many attempts the wrong answers come back: one who practises for years is not asked about the first of them for ever.
NEWEST_ATTEMPTS = 100
#: What only a person can mark, or nobody marks, does not come back.
NOT_ASKED_AGAIN = ("essay", "reflection")

_ATTEMPT, _MARK, _ANSWER, _REVISION = table(Attempt), table(Mark), table(Answer), table(ItemRevision)
_ENROLMENT, _CLASS, _CARD, _HABIT = table(Enrolment), table(CourseClass), table(ReviewCard), table(ReviewHabit)
_SETTING, _EXTENSION = table(QuizSetting), table(QuizExtension)
_LATER = _MARK.alias("later")
#: What says, beside the edition, by which rules a quiz of a class is shown to one student.
RULED = (_SETTING.c.review, _SETTING.c.closes_at, _SETTING.c.grading, _EXTENSION.c.closes_at.label("extended_to"))


def ruled(row: Any) -> QuizRules:
    """Return the rules of a quiz for the student of ``row``: a module, the class's edition (None: practice), and what is RULED there."""
    author = rules_of_quiz(edition(row.edition_id), row.module_id) if row.edition_id is not None else author_rules(None)
    known = class_rules(author, {"review": row.review, "closes_at": row.closes_at, "grading": row.grading})
    return extended(known, {"closes_at": row.extended_to})


def _newest_attempts(*, if_wanted: bool) -> CTE:
    """Return the finished attempts that count for review: in a class or as practice; not a preview, not in a class one never was in."""
    finished = (
        select(*(_ATTEMPT.c[name] for name in ("id", "module_id", "class_id", "enrolment_id", "finished_at")))
        .outerjoin(_ENROLMENT, _ENROLMENT.c.id == _ATTEMPT.c.enrolment_id)
        .where(
            _ATTEMPT.c.person_id == bindparam("person_id"),
            _ATTEMPT.c.finished_at.is_not(None),
            or_(_ATTEMPT.c.class_id.is_not(None), _ATTEMPT.c.edition_id.is_(None)),
            or_(_ENROLMENT.c.end_reason.is_(None), _ENROLMENT.c.end_reason != "error"),
        )
        .order_by(_ATTEMPT.c.id.desc())
        .limit(NEWEST_ATTEMPTS)
    )
    if if_wanted:
        wants = select(_HABIT.c.person_id).where(_HABIT.c.person_id == bindparam("person_id"), _HABIT.c.is_on)
        finished = finished.where(wants.exists())
    return finished.cte("tried")


def _wrong_answers(tried: CTE) -> Subquery:
    """Return when each question was last answered wrong in these attempts, by question and class, by the marks that count now."""
    place = (tried.c.module_id, tried.c.class_id, tried.c.enrolment_id)
    outdated = (
        select(_LATER.c.id)
        .where(
            _LATER.c.attempt_id == _MARK.c.attempt_id,
            _LATER.c.item_revision_id == _MARK.c.item_revision_id,
            _LATER.c.id > _MARK.c.id,
        )
        .correlate(_MARK)
        .exists()
    )
    return (
        select(_REVISION.c.item_id, *place, func.max(tried.c.finished_at).label("wrong_at"))
        .select_from(tried)
        .join(_MARK, _MARK.c.attempt_id == tried.c.id)
        .join(_ANSWER, _ANSWER.c.id == _MARK.c.answer_id)
        .join(_REVISION, _REVISION.c.id == _MARK.c.item_revision_id)
        .where(
            _MARK.c.points < _MARK.c.max_points,
            ~_MARK.c.is_pending,
            # Taken back before it was submitted: not answered.
            cast(_ANSWER.c.response, String) != "null",
            _REVISION.c.type.not_in(NOT_ASKED_AGAIN),
            ~outdated,
        )
        .group_by(_REVISION.c.item_id, *place)
        .subquery("wrong")
    )


def _queue(*, if_wanted: bool) -> Select[Any]:
    wrong = _wrong_answers(_newest_attempts(if_wanted=if_wanted))
    return (
        select(
            wrong.c.item_id,
            wrong.c.module_id,
            wrong.c.class_id,
            _CLASS.c.edition_id,
            *RULED,
            wrong.c.wrong_at,
            _CARD.c.step,
            _CARD.c.due_on,
            _CARD.c.last_at,
            func.coalesce(_CARD.c.answers, 0).label("answers"),
        )
        .select_from(wrong)
        .outerjoin(_CLASS, _CLASS.c.id == wrong.c.class_id)
        .outerjoin(_SETTING, (_SETTING.c.class_id == wrong.c.class_id) & (_SETTING.c.module_id == wrong.c.module_id))
        .outerjoin(_EXTENSION, (_EXTENSION.c.enrolment_id == wrong.c.enrolment_id) & (_EXTENSION.c.module_id == wrong.c.module_id))
        .outerjoin(_CARD, (_CARD.c.person_id == bindparam("person_id")) & (_CARD.c.item_id == wrong.c.item_id))
    )


# Built once: putting a statement together takes ten times as long as running it.
_QUEUE, _QUEUE_IF_WANTED = _queue(if_wanted=False), _queue(if_wanted=True)


@dataclass(frozen=True)
class Waiting:
    """A question in somebody's queue: how it stands, and where it is asked."""

    pinned: PinnedItem
    card: Card
    #: Of the answer that would be the next one in review: 1, 2, 3, …
    number: int
    module_id: int
    #: The revision of the module on which it stands there.
    revision_id: int
    slug: str
    module_title: str
    language: str
    #: None: on the series.
    class_id: int | None
    edition_id: int | None
    #: The keys of the sections that may be read there.
    section_keys: tuple[str, ...]

    @property
    def item_id(self) -> int:
        """The item, whatever its revision."""
        return self.pinned.item_id


@dataclass(frozen=True)
class Queue:
    """What comes back to a person: what is due in the order in which it is asked, and what comes later."""

    today: date
    due: tuple[Waiting, ...]
    later: tuple[Waiting, ...]
    finished: tuple[Waiting, ...]

    @property
    def next_on(self) -> date | None:
        """The day on which the next question comes that is not due yet; None: none comes."""
        return min((each.card.due_on for each in self.later if each.card.due_on is not None), default=None)

    def waiting(self, item_id: int) -> Waiting | None:
        """Return the question where it stands, due or not."""
        return next((each for each in (*self.due, *self.later, *self.finished) if each.item_id == item_id), None)


def queue_of(visitor: Visitor, *, if_wanted: bool = False, at: datetime | None = None) -> Queue:
    """Return what comes back to ``visitor``; one statement. ``if_wanted``: nothing for who has not switched it on."""
    zone, at = visitor.timezone or "UTC", at or clock.now()
    today = day_in(zone, at)
    rows = db.session.execute(_QUEUE_IF_WANTED if if_wanted else _QUEUE, {"person_id": visitor.id})
    # Where a class keeps the key back, its questions wait: here the key is shown.
    found = _in_their_places(_by_item(row for row in rows if may_see_key(ruled(row), at)), zone)
    due = sorted((each for each in found if each.card.is_due(today)), key=lambda each: (each.card.due_on, each.item_id))
    later = tuple(each for each in found if not each.card.is_finished and not each.card.is_due(today))
    return Queue(today, tuple(due), later, tuple(each for each in found if each.card.is_finished))


def _by_item(rows: Iterable[Any]) -> dict[int, list[Any]]:
    """Return the rows of each question, the newest first, those in a class before practice."""
    grouped: dict[int, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.item_id, []).append(row)
    for known in grouped.values():
        known.sort(key=lambda row: (row.class_id is not None, row.wrong_at), reverse=True)
    return grouped


@dataclass(frozen=True)
class _Place:
    """A module where its questions are asked."""

    revision_id: int
    slug: str
    title: str
    language: str
    item_revision_ids: tuple[int, ...]
    section_keys: tuple[str, ...]


def _place(module_id: int, edition_id: int | None) -> _Place | None:
    """Return the module as the edition has it now, or (None) the series; None: it has no questions there any more."""
    if edition_id is not None:
        taught = edition(edition_id)
        module = taught.module_by_id(module_id)
        if module is None or module.quiz is None:
            return None
        return _Place(module.revision_id, module.slug, module.title, taught.language, module.item_revision_ids, module.student_keys)
    series = current_series()
    published = next((each for each in series.modules if each.module_id == module_id), None)
    if published is None or published.quiz is None:
        return None
    language = series.source
    keys = tuple(line.key for line in published.lines(language, language) if line.audience == "everyone")
    title = published.text(language, language).title
    return _Place(published.revision.id, published.slug, title, language, published.quiz.item_revision_ids, keys)


def _in_their_places(grouped: dict[int, list[Any]], zone: str) -> list[Waiting]:
    """Return the questions as they are asked now; one that is gone from its place leaves the queue."""
    wanted = {(known[0].module_id, known[0].edition_id) for known in grouped.values()}
    places = {key: place for key in wanted if (place := _place(*key)) is not None}
    ids = sorted({revision_id for place in places.values() for revision_id in place.item_revision_ids})
    pinned = pinned_items(tuple(ids))
    asked = {key: {pinned[number].item_id: pinned[number] for number in place.item_revision_ids} for key, place in places.items()}
    found = []
    for item_id, known in grouped.items():
        row = known[0]
        key = (row.module_id, row.edition_id)
        item = asked.get(key, {}).get(item_id)
        if item is None or item.type in NOT_ASKED_AGAIN:
            continue
        place = places[key]
        card = None if row.last_at is None else Card(row.step, row.due_on)
        found.append(
            Waiting(
                item,
                standing(max(each.wrong_at for each in known), zone, card, row.last_at),
                row.answers + 1,
                row.module_id,
                place.revision_id,
                place.slug,
                place.title,
                place.language,
                row.class_id,
                row.edition_id,
                place.section_keys,
            ),
        )
    return found


def habit_of(person_id: int) -> bool | None:
    """Return whether a person wants questions to come back; None: they were not asked yet."""
    return db.session.scalar(select(ReviewHabit.is_on).where(ReviewHabit.person_id == person_id))
