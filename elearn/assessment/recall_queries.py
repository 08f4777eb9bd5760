"""Questions about the review queue: when each question comes back to a person, and where it is asked.

The queue is worked out, not kept: what was answered wrong is one statement, and which questions are still asked is known from editions and
the series.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from elearn import clock
from elearn.accounts.permissions import Visitor
from elearn.adaptation.queries import edition
from elearn.assessment.recall_models import ReviewHabit
from elearn.assessment.review_rules import may_see_key
from elearn.assessment.spacing import Card, standing
from elearn.assessment.wrong_answer_queries import NOT_ASKED_AGAIN, ruled, wrong_answers_of
from elearn.catalogue.queries import PinnedItem, current_series, pinned_items
from elearn.db import db
from elearn.learning.terms import day_in


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
    rows = wrong_answers_of(visitor.id, if_wanted=if_wanted)
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
