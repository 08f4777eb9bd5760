"""What changes a class itself: making one, its settings, its way in, its end, and teaching it again."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import available_timezones

from flask_babel import gettext as _
from sqlalchemy import select

from elearn import audit, clock
from elearn.accounts.credentials import new_join_code
from elearn.accounts.models import Institution
from elearn.accounts.permissions import Visitor
from elearn.adaptation.models import Edition
from elearn.db import db
from elearn.errors import Conflict, Invalid
from elearn.learning.models import CourseClass
from elearn.learning.service import enrol
from elearn.learning.terms import day_in, state_of

FIRST_YEAR, LAST_YEAR = 2000, 2199


def open_class(
    *,
    edition: Edition,
    institution: Institution,
    title: str,
    timezone: str,
    starts_on: date,
    ends_on: date,
    professor: Visitor,
    welcome: str = "",
    welcome_html: str = "",
    previous_class_id: int | None = None,
    at: datetime | None = None,
) -> CourseClass:
    """Return a new class on ``edition``, taught by ``professor``; ``welcome_html`` is ``welcome`` laid out by ``text.render_personal``."""
    check_term(timezone, starts_on, ends_on)
    at, join_code = at or clock.now(), new_join_code()
    course_class = CourseClass(
        code=join_code,  # Until the row has its number: two classes may be made at the same moment.
        institution_id=institution.id,
        edition_id=edition.id,
        title=title,
        welcome=welcome,
        welcome_html=welcome_html,
        timezone=timezone,
        starts_on=starts_on,
        ends_on=ends_on,
        join_code=join_code,
        previous_class_id=previous_class_id,
        created_by_id=professor.id,
        created_at=at,
    )
    db.session.add(course_class)
    db.session.flush()
    course_class.code = f"{institution.code}-{course_class.id}"
    enrol(course_class, professor.id, professor.name, "professor", at=at)
    _audit("open-class", course_class, professor)
    return course_class


def check_term(timezone: str, starts_on: date, ends_on: date) -> None:
    """Raise Invalid, naming the field, where no class can have these dates or this time zone."""
    if timezone not in available_timezones():
        message = _("There is no time zone of that name.")
        raise Invalid(message, {"timezone": message})
    for field, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            message = _("Choose a day between the years %(first)d and %(last)d.", first=FIRST_YEAR, last=LAST_YEAR)
            raise Invalid(message, {field: message})
    if ends_on < starts_on:
        message = _("The class ends before it begins.")
        raise Invalid(message, {"ends_on": message})


def _audit(action: str, course_class: CourseClass, visitor: Visitor, **details: object) -> None:
    audit.record(action, "class", course_class.id, actor_id=visitor.id, institution_id=course_class.institution_id, details=details)


def lock(course_class: CourseClass) -> None:
    """Read the class anew, and have whoever changes it at the same moment wait; people may join it meanwhile."""
    db.session.refresh(course_class, with_for_update={"key_share": True})


def set_open(course_class: CourseClass, visitor: Visitor, *, is_open: bool) -> None:
    """Let new students in with the class's code, or no longer."""
    course_class.is_open = is_open
    _audit("open-joining" if is_open else "close-joining", course_class, visitor)


def renew_join_code(course_class: CourseClass, visitor: Visitor) -> None:
    """Give the class another code: the old one, and the link with it, opens it no more."""
    course_class.join_code = new_join_code()
    _audit("renew-join-code", course_class, visitor)


@dataclass(frozen=True)
class Settings:
    """What those who run a class may change of it."""

    title: str
    starts_on: date
    ends_on: date
    timezone: str
    welcome: str
    welcome_html: str

    @property
    def version(self) -> str:
        """Say in a few letters which settings these are, so that a form knows what it was filled in on."""
        known = repr((self.title, self.starts_on, self.ends_on, self.timezone, self.welcome))
        return hashlib.sha256(known.encode()).hexdigest()[:20]


def settings_of(course_class: CourseClass) -> Settings:
    """Return the settings of a class as they are."""
    return Settings(
        course_class.title,
        course_class.starts_on,
        course_class.ends_on,
        course_class.timezone,
        course_class.welcome,
        course_class.welcome_html,
    )


def change_settings(course_class: CourseClass, visitor: Visitor, settings: Settings, *, seen: str) -> None:
    """Leave the class with these settings; raise Conflict where they are not any more what was ``seen`` when the form was filled in."""
    check_term(settings.timezone, settings.starts_on, settings.ends_on)
    lock(course_class)
    known = settings_of(course_class)
    if known.version == settings.version:
        return
    if known.version != seen:
        raise Conflict(
            _("Somebody else changed the settings while you were typing. Nothing of yours is lost, and nothing of yours is saved yet.")
        )
    changed = [name for name in ("title", "starts_on", "ends_on", "timezone", "welcome") if getattr(known, name) != getattr(settings, name)]
    for name in (*changed, "welcome_html"):
        setattr(course_class, name, getattr(settings, name))
    _audit("change-class", course_class, visitor, fields=changed)


def end_today(course_class: CourseClass, visitor: Visitor) -> date:
    """Make today the class's last day, in its own time zone; return which one was."""
    lock(course_class)
    today = day_in(course_class.timezone, clock.now())
    state = state_of(course_class.starts_on, course_class.ends_on, today)
    if state == "coming":
        raise Conflict(_("This class has not begun. Change its dates instead."))
    if state == "over" or course_class.ends_on == today:
        raise Conflict(_("This class ends today, or has ended already."))
    was, course_class.ends_on = course_class.ends_on, today
    _audit("end-class", course_class, visitor, was=was.isoformat())
    return was


def take_back_end(course_class: CourseClass, visitor: Visitor, *, was: date, ended_on: date) -> None:
    """Undo ``end_today``: the class ends when it did before, unless its dates were changed since."""
    lock(course_class)
    if course_class.ends_on == was:
        return
    if course_class.ends_on != ended_on:
        raise Conflict(_("Somebody changed the dates of this class meanwhile."))
    check_term(course_class.timezone, course_class.starts_on, was)
    course_class.ends_on = was
    _audit("continue-class", course_class, visitor, until=was.isoformat())


def class_taught_again(course_class: CourseClass, title: str, starts_on: date) -> CourseClass | None:
    """Return the class that already repeats this one with this title from this day; the class is locked, so that two presses make one."""
    lock(course_class)
    return db.session.scalars(
        select(CourseClass)
        .where(CourseClass.previous_class_id == course_class.id, CourseClass.title == title, CourseClass.starts_on == starts_on)
        .limit(1),
    ).first()


def bring_along(course_class: CourseClass, visitor: Visitor, colleagues: Sequence[tuple[int, str, str]]) -> None:
    """Make these people (id, name, role) staff of a new class."""
    for person_id, name, role in colleagues:
        if enrol(course_class, person_id, name, role, by_id=visitor.id) is not None:
            _audit("add-staff", course_class, visitor, person=person_id, role=role)
