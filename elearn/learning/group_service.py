"""What changes the groups of a class."""

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select, update

from elearn import audit, clock
from elearn.db import db, insert
from elearn.errors import Conflict, Invalid
from elearn.learning.enrolment_service import put_in_groups
from elearn.learning.models import ClassGroup, CourseClass, Enrolment, EnrolmentChange

LONGEST_NAME = 80
MOST_GROUPS = 200


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        message = _("Give the group a name of at most %(most)d characters.", most=LONGEST_NAME)
        raise Invalid(message, {"name": message})
    return name


def _taken() -> Invalid:
    message = _("There is a group of that name in this class.")
    return Invalid(message, {"name": message})


def _audit(action: str, course_class: CourseClass, group_id: int, actor_id: int) -> None:
    audit.record(
        action, "class-group", group_id, actor_id=actor_id, institution_id=course_class.institution_id, details={"class": course_class.id}
    )


def add_group(course_class: CourseClass, name: str, *, by_id: int) -> int:
    """Return the number of a new group of the class; raise Invalid where there is one of that name."""
    name = _checked(name)
    if len(names_of_groups(course_class.id)) >= MOST_GROUPS:
        message = _("A class has at most %(most)d groups.", most=MOST_GROUPS)
        raise Invalid(message, {"name": message})
    added = db.session.scalar(
        insert(ClassGroup).values(class_id=course_class.id, name=name).on_conflict_do_nothing().returning(ClassGroup.id),
    )
    if added is None:
        raise _taken()
    _audit("add-group", course_class, added, by_id)
    return added


def names_of_groups(class_id: int) -> list[str]:
    """Return what the groups of a class are called."""
    return list(db.session.scalars(select(ClassGroup.name).where(ClassGroup.class_id == class_id, ClassGroup.removed_at.is_(None))))


def copy_groups(names: Iterable[str], course_class: CourseClass, *, by_id: int) -> None:
    """Give a new class groups of these names."""
    for name in names:
        add_group(course_class, name, by_id=by_id)


def rename_group(course_class: CourseClass, group: ClassGroup, name: str, *, by_id: int) -> str:
    """Leave a locked group with this name; return the one it had."""
    was, name = group.name, _checked(name)
    if was == name:
        return was
    twin = select(ClassGroup.id).where(ClassGroup.class_id == course_class.id, ClassGroup.name == name, ClassGroup.removed_at.is_(None))
    if db.session.scalar(twin) is not None:
        raise _taken()
    group.name = name
    _audit("rename-group", course_class, group.id, by_id)
    return was


def remove_group(course_class: CourseClass, group: ClassGroup, *, by_id: int) -> None:
    """Remove a locked group: its students are in none, and stay in the class."""
    at = clock.now()
    members = select(Enrolment.id).where(
        Enrolment.class_id == course_class.id, Enrolment.group_id == group.id, Enrolment.role == "student", Enrolment.ended_at.is_(None)
    )
    put_in_groups(course_class, dict.fromkeys(db.session.scalars(members)), by_id=by_id, at=at)
    # Who has left is in no group either: they may come back.
    db.session.execute(update(Enrolment).where(Enrolment.group_id == group.id).values(group_id=None))
    group.removed_at = at
    _audit("remove-group", course_class, group.id, by_id)


def bring_group_back(course_class: CourseClass, group: ClassGroup, *, by_id: int) -> None:
    """Undo the removal of a locked group; who has been put into another one since stays there."""
    if group.removed_at is None:
        return
    if group.name in names_of_groups(course_class.id):
        raise Conflict(_("There is another group of that name now."))
    steps = db.session.execute(
        select(EnrolmentChange.enrolment_id, EnrolmentChange.details)
        .join(Enrolment, Enrolment.id == EnrolmentChange.enrolment_id)
        .where(
            Enrolment.class_id == course_class.id,
            Enrolment.group_id.is_(None),
            EnrolmentChange.kind == "regrouped",
            EnrolmentChange.at == group.removed_at,
        ),
    )
    members = [row.enrolment_id for row in steps if row.details.get("from") == group.id]
    group.removed_at = None
    db.session.flush()
    put_in_groups(course_class, dict.fromkeys(members, group.id), by_id=by_id)
    _audit("bring-group-back", course_class, group.id, by_id)
