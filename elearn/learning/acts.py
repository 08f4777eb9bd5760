"""What happens in this room that rooms above may want to know (``db.note``)."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class ActivityAdded:
    """A new row of ``Activity``: the first act of a person in this month, class, module and language."""

    person_id: int
    month: date
    class_id: int
    institution_id: int
    module_id: int
    language: str
    at: datetime


@dataclass(frozen=True)
class SeatTaken:
    """A student was enrolled in a class in which they never were before."""

    class_id: int
    institution_id: int
    at: datetime


@dataclass(frozen=True)
class SeatVoided:
    """An enrolment was removed as an error: its seat never was."""

    class_id: int
    institution_id: int
    enrolled_at: datetime


@dataclass(frozen=True)
class ProfessorAdded:
    """A professor was added to a class, which may already have learners."""

    person_id: int
    class_id: int
    institution_id: int
    at: datetime
