"""The doors to a quiz where it is taken: in a class, as a preview by those who teach it, or as practice."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from elearn import clock
from elearn.accounts.permissions import Visitor
from elearn.assessment.attempt_queries import Begun, begun_in_class, begun_practice
from elearn.assessment.rules import QuizRules, author_rules, class_rules, extended
from elearn.catalogue.access import module_for_reading
from elearn.catalogue.queries import trusted
from elearn.errors import NotAllowed, NotFound
from elearn.learning.access import Desk, desk_for_learning
from elearn.learning.labels import moment


@dataclass(frozen=True)
class QuizPlace:
    """A quiz where somebody takes it: in a class, as a preview by those who teach it, or as practice on the series."""

    module_id: int
    revision_id: int
    slug: str
    module_title: str
    title: str
    instructions_html: Markup
    language: str
    #: As they hold for whoever takes it.
    rules: QuizRules
    draw: list[dict[str, Any]]
    item_revision_ids: tuple[int, ...]
    #: What the person has begun here.
    begun: Begun
    #: None: practice.
    desk: Desk | None = None

    @property
    def is_preview(self) -> bool:
        """Whether the person teaches the class: what they try out is never counted."""
        return self.desk is not None and self.desk.seat.is_staff

    @property
    def class_id(self) -> int | None:
        """The class in which an attempt begun here counts; None: it counts nowhere."""
        return None if self.desk is None or self.is_preview else self.desk.seat.class_id

    @property
    def edition_id(self) -> int | None:
        """The edition on which an attempt begun here stands."""
        return None if self.desk is None else self.desk.seat.edition.id

    @property
    def pass_mark(self) -> int:
        """The share of the points, in per cent, with which one passes."""
        return self.rules.pass_mark

    @property
    def allowed(self) -> int:
        """How often one may take it; 0: as often as one likes."""
        return self.rules.attempts

    @property
    def closed(self) -> str:
        """Why nothing can be begun here now; empty while it can."""
        return self.closed_at(clock.now())

    def closed_at(self, at: datetime) -> str:
        """Return why nothing can be begun here at that moment; empty while it can. Those who teach may always look."""
        if self.desk is None or self.is_preview:
            return ""
        zone = self.desk.seat.timezone
        if words := self.desk.seat.closed(at):
            return words
        if self.rules.opens_at and at < self.rules.opens_at:
            return _("This quiz opens on %(moment)s (%(zone)s).", moment=moment(self.rules.opens_at, zone), zone=zone)
        if self.rules.closes_at and at >= self.rules.closes_at:
            return _("This quiz closed on %(moment)s (%(zone)s).", moment=moment(self.rules.closes_at, zone), zone=zone)
        return ""

    def check_open(self, at: datetime) -> None:
        """Raise NotAllowed where an attempt cannot be begun at that moment."""
        if words := self.closed_at(at):
            raise NotAllowed(words)

    @property
    def question_count(self) -> int:
        """How many questions an attempt begun here has."""
        return sum(rule["count"] for rule in self.draw) or len(self.item_revision_ids)


def quiz_in_class(visitor: Visitor, class_id: int, slug: str, *, writing: bool = False) -> QuizPlace:
    """Return the quiz of a module in ``visitor``'s class; for ``writing``, with their seat locked."""
    desk = desk_for_learning(visitor, class_id, slug, writing=writing)
    quiz = desk.module.quiz
    if quiz is None or not desk.module.item_revision_ids:
        raise NotFound
    seat = desk.seat
    begun = begun_in_class(
        class_id, desk.module.module_id, visitor.id, seat.enrolment_id, preview_of=seat.edition.id if seat.is_staff else None
    )
    rules = class_rules(author_rules(quiz), begun.setting)
    return QuizPlace(
        desk.module.module_id,
        desk.module.revision_id,
        slug,
        desk.module.title,
        quiz["title"],
        trusted(quiz["instructions_html"] or ""),
        seat.edition.language,
        # Who tries a quiz out is held up by nothing, but sees what students see.
        replace(rules, attempts=0, opens_at=None, closes_at=None) if seat.is_staff else extended(rules, begun.extension),
        quiz["draw"],
        desk.module.item_revision_ids,
        begun,
        desk,
    )


def quiz_for_practice(visitor: Visitor | None, slug: str) -> QuizPlace:
    """Return the quiz of a module of the series, to be taken as often as one likes; anyone may read what it is."""
    series, module, language = module_for_reading(slug, None)
    quiz = module.quiz
    if quiz is None or not quiz.item_revision_ids:
        raise NotFound
    title = module.text(language, series.source).title
    return QuizPlace(
        module.module_id,
        module.revision.id,
        slug,
        title,
        quiz.title.get(language) or title,
        trusted(quiz.instructions_html.get(language) or ""),
        language,
        # Practice takes as long as one likes, as often as one likes.
        replace(author_rules({"pass_mark": quiz.pass_mark, **quiz.rules}), minutes=0),
        quiz.draw,
        quiz.item_revision_ids,
        begun_practice(visitor.id, module.module_id) if visitor else Begun(()),
    )
