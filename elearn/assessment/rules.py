"""By which rules a quiz is taken: what its author wrote, what the class sets, and what one student was given beyond that (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

FEEDBACKS = ("deferred", "immediate")
#: What of a submitted attempt is shown, and from which moment on.
SHOWN = ("marks", "answers", "key")
MOMENTS = ("submitted", "closed", "never")
DEFAULT_PENALTY = 33


@dataclass(frozen=True)
class QuizRules:
    """The rules that hold for one student at one quiz."""

    pass_mark: int
    #: How often one may take it; 0: as often as one likes.
    attempts: int = 0
    #: Which mark counts: best, first, last or average.
    grading: str = "best"
    #: ``deferred``: one learns what was right after submitting; ``immediate``: question by question, where one asks.
    feedback: str = "deferred"
    #: Per cent of a question's points that each try after the first costs.
    penalty: int = DEFAULT_PENALTY
    #: How long an attempt may take; 0: as long as one likes.
    minutes: int = 0
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    #: By what is shown (marks, answers, key): from when on (submitted, closed, never).
    review: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(SHOWN, "submitted"))
    is_blind: bool = False

    def deadline(self, started_at: datetime) -> datetime | None:
        """Return the moment up to which an attempt begun then may be answered; None: no limit."""
        limits = [started_at + timedelta(minutes=self.minutes)] if self.minutes else []
        return min([*limits, *([self.closes_at] if self.closes_at else [])], default=None)

    def shows(self, what: str, at: datetime) -> bool:
        """Return whether marks, answers or the key of a submitted attempt are shown to its student at that moment."""
        match self.review.get(what, "submitted"):
            case "never":
                return False
            case "closed":
                # A quiz that never closes would never show anything.
                return self.closes_at is None or at >= self.closes_at
            case _:
                return True


def author_rules(quiz: Mapping[str, Any] | None) -> QuizRules:
    """Return the rules that an edition carries for a quiz; what an older one does not say is as it always was."""
    quiz = quiz or {}
    return QuizRules(
        pass_mark=quiz.get("pass_mark", 0),
        attempts=quiz.get("attempts", 0),
        grading=quiz.get("grading", "best"),
        feedback=quiz.get("feedback", "deferred"),
        penalty=quiz.get("penalty", DEFAULT_PENALTY),
        minutes=quiz.get("minutes", 0),
    )


def rules_of_quiz(edition: Any, module_id: int) -> QuizRules:
    """Return the rules that ``edition`` carries for the quiz of a module."""
    module = edition.module_by_id(module_id)
    return author_rules(module.quiz if module else None)


def class_rules(author: QuizRules, setting: Mapping[str, Any] | None) -> QuizRules:
    """Return the rules as a class sets them; what it leaves open (None) is the author's."""
    if not setting:
        return author
    names = ("opens_at", "closes_at", "minutes", "attempts", "grading", "feedback", "penalty", "review", "is_blind")
    return replace(author, **{name: setting[name] for name in names if setting.get(name) is not None})


def extended(rules: QuizRules, extension: Mapping[str, Any] | None) -> QuizRules:
    """Return the rules for a student who was given more: a later closing, more minutes, more attempts. Nothing becomes less."""
    if not extension:
        return rules
    later = extension.get("closes_at")
    return replace(
        rules,
        closes_at=max(rules.closes_at, later) if rules.closes_at and later else rules.closes_at,
        minutes=rules.minutes + (extension.get("more_minutes") or 0) if rules.minutes else 0,
        attempts=rules.attempts + (extension.get("more_attempts") or 0) if rules.attempts else 0,
    )
