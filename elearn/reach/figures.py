"""Every figure of reach, declared once: its name, what it means, and how it is counted (pure)."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

#: The version of the counting rule, printed with every report; a change of a definition below is a new version.
RULE_VERSION = 1


@dataclass(frozen=True)
class Interval:
    """A number known to lie between two ends; each end may carry a word (``approximately``, ``more-than``)."""

    lower: int
    upper: int
    lower_word: str | None = None
    upper_word: str | None = None

    def __post_init__(self) -> None:
        """Refuse ends that have changed places."""
        if not 0 <= self.lower <= self.upper:
            raise ValueError(f"not an interval: {self.lower} to {self.upper}")

    @classmethod
    def exactly(cls, number: int) -> "Interval":
        """Return the interval whose ends are both ``number``."""
        return cls(number, number)


@dataclass(frozen=True)
class Figure:
    """A figure: ``label`` is its name on pages, ``definition`` what is counted, ``counted`` how."""

    name: str
    label: Any
    definition: Any
    counted: Any
    #: Whether it counts people (rounded in public) or places and modules (not rounded).
    of_people: bool


_ACTS = _l("Kept as they happen, from the acts that the server stored; people who appear in several places count once in the whole.")
_PLACES = _l("Counted from the figures of the places themselves.")

FIGURES: dict[str, Figure] = {
    figure.name: figure
    for figure in (
        Figure(
            "students_taught",
            _l("Students taught"),
            _l(
                "Different people who, in the period and as a student of a class, completed at least one section or submitted "
                "a quiz. A person in several classes, modules or universities counts once in the whole, so parts may add up to more.",
            ),
            _ACTS,
            of_people=True,
        ),
        Figure(
            "learners",
            _l("Learners on the platform"),
            _l(
                "Different people who, in the period and as a student of a class on this platform, completed at least one section or "
                "submitted a quiz. Staff of a class do not count in it.",
            ),
            _ACTS,
            of_people=True,
        ),
        Figure(
            "seats",
            _l("Seats"),
            _l(
                "Student enrolments made in the period, one for each person and class, whether or not anything was studied. Leaving a "
                "class keeps the seat; an enrolment removed as an error never was one.",
            ),
            _l("Kept as they happen; a seat belongs to the day its enrolment was made."),
            of_people=True,
        ),
        Figure(
            "modules_taught",
            _l("Modules taught"),
            _l("Modules of the series, however adapted, with at least one student taught in the period."),
            _PLACES,
            of_people=False,
        ),
        Figure(
            "universities_teaching",
            _l("Universities teaching"),
            _l(
                "Universities with at least one student taught in the period in a class of their own; faculties count with their "
                "university.",
            ),
            _PLACES,
            of_people=False,
        ),
        Figure(
            "professors_equipped",
            _l("Professors equipped"),
            _l(
                "Different people who, in the period, published an edition of a course as confirmed professors of its institution, or "
                "taught a class in which at least one student learned.",
            ),
            _ACTS,
            of_people=True,
        ),
        Figure(
            "universities_equipped",
            _l("Universities equipped"),
            _l("Universities at which at least one professor was equipped in the period; faculties count with their university."),
            _PLACES,
            of_people=False,
        ),
        Figure(
            "countries",
            _l("Countries"),
            _l("Countries with at least one student taught or professor equipped in the period."),
            _PLACES,
            of_people=False,
        ),
        Figure(
            "regions",
            _l("Regions of the world"),
            _l("Regions of the United Nations' M49 list with at least one student taught or professor equipped in the period."),
            _PLACES,
            of_people=False,
        ),
    )
}

EVENTS = _l(
    "People whom trainings, workshops, exhibitions, campaigns and strategies reached, as reported and confirmed, each audience by itself: "
    "audiences may share people, so there is no total. An audience includes those below it, as practitioners include judges.",
)
