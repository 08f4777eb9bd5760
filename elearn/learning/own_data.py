"""What the learning room keeps of a person: given back to them, and erased with them."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import aliased

from elearn import clock
from elearn.accounts.models import EmailAddress, Institution, Person
from elearn.accounts.own_data import acts
from elearn.audit import AuditEntry
from elearn.catalogue.items.item import MICRO
from elearn.catalogue.models import Module
from elearn.db import db, writing
from elearn.learning.access import STAFF
from elearn.learning.models import (
    Activity,
    Announcement,
    ClassGroup,
    CourseClass,
    Enrolment,
    EnrolmentChange,
    ModuleProgress,
    Result,
    RosterUpload,
    SectionMark,
    Slip,
)
from elearn.learning.plan_models import ClassPlan
from elearn.web.own_data import Asked, Line, Lines, Obstacle, Words

WORDS: Mapping[str, Words] = {
    "places": Words(_l("Places in classes"), _l("Your name, number and group on each class's list, and when you came and left.")),
    "place_changes": Words(_l("Changes of your places"), _l("When you joined, left, came back or were given more time.")),
    "section_marks": Words(_l("Sections you marked"), _l("Which sections you said are done, and when: it makes your progress.")),
    "progress": Words(_l("Progress"), _l("How far you are in each module of a class, and the mark that counts.")),
    "results": Words(_l("Results"), _l("The mark of each quiz that you submitted in a class. Points are out of max_points.")),
    "activity": Words(_l("Activity"), _l("In which month you learned what: figures of reach count it, without your name.")),
    "slips": Words(_l("Slips"), _l("When a slip of paper with a code was made for you or used by you. The codes are not kept.")),
    "announcements": Words(_l("Announcements you wrote"), _l("What you told a class.")),
    "classes_made": Words(_l("Classes you made"), _l("Their titles, dates and words of welcome. They belong to the institution.")),
    "plans_made": Words(_l("Plans of classes"), _l("When you changed the plan of a class, and how. Plans belong to the class.")),
    "rosters_sent": Words(_l("Rosters you sent"), _l("When you sent a list of students. The file itself goes within a day.")),
    "acts_on_places": Words(
        _l("The log of your places"), _l("What others did with your places in classes, that they may have to answer for.")
    ),
}


def _plain(row: Any) -> Line:
    return dict(row._mapping)  # noqa: SLF001 (the documented name)


def _with_points(row: Any) -> Line:
    line = dict(row._mapping)  # noqa: SLF001 (the documented name)
    return line | {name: line[name] / MICRO for name in ("points", "max_points") if line[name] is not None}


def export_of(person_id: int) -> Mapping[str, Lines]:
    """Return what is kept of the person, by part."""
    place = (Enrolment.id.label("place"), CourseClass.title.label("class"))
    return {
        **_places(person_id),
        "section_marks": Asked(
            _of_places(
                SectionMark, person_id, *place, Module.slug.label("module"), SectionMark.section_key, SectionMark.done, SectionMark.at
            )
            .join(Module, Module.id == SectionMark.module_id)
            .order_by(SectionMark.id),
            _plain,
        ),
        "progress": Asked(
            _of_places(
                ModuleProgress,
                person_id,
                *place,
                Module.slug.label("module"),
                ModuleProgress.done,
                ModuleProgress.points,
                ModuleProgress.max_points,
                ModuleProgress.attempts,
                ModuleProgress.completed_at,
            )
            .join(Module, Module.id == ModuleProgress.module_id)
            .order_by(Enrolment.id, Module.id),
            _with_points,
        ),
        "results": Asked(
            _of_places(
                Result, person_id, *place, Module.slug.label("module"), Result.attempt_id, Result.points, Result.max_points, Result.at
            )
            .join(Module, Module.id == Result.module_id)
            .order_by(Result.id),
            _with_points,
        ),
        **_of_person(person_id),
        **_of_staff(person_id),
    }


def _of_person(person_id: int) -> Mapping[str, Lines]:
    own = select(Enrolment.id).where(Enrolment.person_id == person_id)
    return {
        "activity": Asked(
            select(
                Activity.month,
                CourseClass.title.label("class"),
                Module.slug.label("module"),
                Activity.language,
                Activity.at.label("first_at"),
            )
            .join(CourseClass, CourseClass.id == Activity.class_id)
            .join(Module, Module.id == Activity.module_id)
            .where(Activity.person_id == person_id)
            .order_by(Activity.id),
            _plain,
        ),
        "slips": Asked(
            select(Slip.enrolment_id.label("place"), Slip.kind, Slip.made_at, Slip.expires_at, Slip.used_at, Slip.revoked_at)
            .where((Slip.used_by_id == person_id) | Slip.enrolment_id.in_(own))
            .order_by(Slip.id),
            _plain,
        ),
    }


def _places(person_id: int) -> Mapping[str, Lines]:
    own = select(Enrolment.id).where(Enrolment.person_id == person_id)
    return {
        "places": Asked(
            select(
                Enrolment.id.label("place"),
                CourseClass.title.label("class"),
                Institution.name.label("institution"),
                *(
                    getattr(Enrolment, name)
                    for name in ("role", "name", "student_id", "email", "extended_until", "enrolled_at", "ended_at", "end_reason")
                ),
                Enrolment.last_seen_at,
                ClassGroup.name.label("group"),
            )
            .join(CourseClass, CourseClass.id == Enrolment.class_id)
            .join(Institution, Institution.id == CourseClass.institution_id)
            .outerjoin(ClassGroup, ClassGroup.id == Enrolment.group_id)
            .where(Enrolment.person_id == person_id)
            .order_by(Enrolment.id),
            _plain,
        ),
        "place_changes": Asked(
            select(
                EnrolmentChange.enrolment_id.label("place"),
                EnrolmentChange.kind,
                EnrolmentChange.at,
                func.coalesce(EnrolmentChange.by_id == person_id, False).label("by_you"),
            )
            .where(EnrolmentChange.enrolment_id.in_(own))
            .order_by(EnrolmentChange.id),
            lambda row: {**_plain(row), "by_you": bool(row.by_you)},
        ),
        "acts_on_places": acts(
            person_id,
            (AuditEntry.subject == "enrolment")
            & AuditEntry.subject_id.in_(own)
            & (AuditEntry.actor_id.is_(None) | (AuditEntry.actor_id != person_id)),
        ),
    }


def _of_staff(person_id: int) -> Mapping[str, Lines]:
    return {
        "announcements": Asked(
            select(
                CourseClass.title.label("class"),
                Announcement.title,
                Announcement.body,
                Announcement.made_at,
                Announcement.by_mail,
                Announcement.withdrawn_at,
            )
            .join(CourseClass, CourseClass.id == Announcement.class_id)
            .where(Announcement.author_id == person_id)
            .order_by(Announcement.id),
            _plain,
        ),
        "classes_made": Asked(
            select(*(getattr(CourseClass, name) for name in ("code", "title", "welcome", "timezone", "starts_on", "ends_on", "created_at")))
            .where(CourseClass.created_by_id == person_id)
            .order_by(CourseClass.id),
            _plain,
        ),
        "plans_made": Asked(
            select(CourseClass.title.label("class"), Module.slug.label("module"), ClassPlan.number, ClassPlan.act, ClassPlan.made_at)
            .join(CourseClass, CourseClass.id == ClassPlan.class_id)
            .join(Module, Module.id == ClassPlan.module_id)
            .where(ClassPlan.made_by_id == person_id)
            .order_by(ClassPlan.id),
            _plain,
        ),
        "rosters_sent": Asked(
            select(CourseClass.title.label("class"), RosterUpload.name.label("file"), RosterUpload.sent_at, RosterUpload.imported_at)
            .join(CourseClass, CourseClass.id == RosterUpload.class_id)
            .where(RosterUpload.sent_by_id == person_id)
            .order_by(RosterUpload.id),
            _plain,
        ),
    }


def _of_places(model: Any, person_id: int, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Return the question for rows of ``model`` that hang on the person's places in classes."""
    return (
        select(*columns)
        .select_from(model)
        .join(Enrolment, Enrolment.id == model.enrolment_id)
        .join(CourseClass, CourseClass.id == Enrolment.class_id)
        .where(Enrolment.person_id == person_id)
    )


def obstacles(person_id: int) -> list[Obstacle]:
    """Return the running classes with students that would be left without a professor. Holds the classes that it looked at."""
    seat, other = aliased(Enrolment), aliased(Enrolment)
    taught = (
        select(CourseClass)
        .join(Enrolment, Enrolment.class_id == CourseClass.id)
        .where(Enrolment.person_id == person_id, Enrolment.role == "professor", Enrolment.ended_at.is_(None))
        .order_by(CourseClass.id)
    )
    if writing.get():
        taught = taught.with_for_update(of=CourseClass)
    running = [each for each in db.session.scalars(taught).all() if clock.now().astimezone(ZoneInfo(each.timezone)).date() <= each.ends_on]
    has_students = select(seat.id).where(seat.class_id == CourseClass.id, seat.role == "student", seat.ended_at.is_(None)).exists()
    has_another = (
        select(other.id)
        .join(Person, Person.id == other.person_id)
        .where(
            other.class_id == CourseClass.id,
            other.role == "professor",
            other.ended_at.is_(None),
            other.person_id != person_id,
            Person.deactivated_at.is_(None),
            Person.erased_at.is_(None),
        )
        .exists()
    )
    left = select(CourseClass.id, CourseClass.title).where(CourseClass.id.in_([each.id for each in running]), has_students, ~has_another)
    return [
        Obstacle(
            _("This account is the only professor of “%(title)s”, which has students and is not over. Hand it on first.", title=row.title),
            f"/teach/classes/{row.id}/staff",
            _("Hand on “%(title)s”", title=row.title),
        )
        for row in db.session.execute(left.order_by(CourseClass.id))
    ]


def hold(person_id: int) -> None:
    """Have whatever the person is doing in a class come before what follows, or find it done."""
    db.session.execute(select(Enrolment.id).where(Enrolment.person_id == person_id).order_by(Enrolment.id).with_for_update()).all()


def forget(person_id: int) -> None:
    """Erase who the person was in their classes; what they did there stays under a line without a name.

    A student's place stays as it is: figures and marks of the class hold. Whoever taught leaves.
    """
    at = clock.now()
    own = select(Enrolment.id).where(Enrolment.person_id == person_id)
    verified = select(EmailAddress.address).where(EmailAddress.person_id == person_id, EmailAddress.verified_at.is_not(None))
    db.session.execute(update(Enrolment).where(Enrolment.person_id.is_(None), Enrolment.email.in_(verified)).values(email=""))
    db.session.execute(
        update(Slip)
        .where(Slip.enrolment_id.in_(own), Slip.used_at.is_(None))
        .values(code_digest=None, revoked_at=func.coalesce(Slip.revoked_at, at)),
    )
    left = db.session.scalars(
        update(Enrolment)
        .where(Enrolment.person_id == person_id, Enrolment.role.in_(STAFF), Enrolment.ended_at.is_(None))
        .values(ended_at=at, end_reason="left")
        .returning(Enrolment.id),
    ).all()
    db.session.add_all(EnrolmentChange(enrolment_id=each, kind="left", at=at, by_id=person_id) for each in left)
    db.session.execute(
        update(Enrolment)
        .where(Enrolment.person_id == person_id)
        .values(name="", name_key="", student_id="", email="", language="", last_seen_at=None),
    )
    db.session.execute(update(RosterUpload).where(RosterUpload.sent_by_id == person_id).values(name="", content=None))
    db.session.flush()
