"""What changes announcements: making one, with its mails, and withdrawing it."""

from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import func, select

from elearn import audit, clock, mail
from elearn.accounts.permissions import Visitor
from elearn.db import db
from elearn.errors import Invalid
from elearn.learning.class_service import lock
from elearn.learning.models import Announcement, ClassGroup, CourseClass
from elearn.learning.staff_queries import addresses_in_class

#: More in a day than anybody reads; counted under a lock, so that two at once do not pass it.
MOST_A_DAY = 20
DAY = timedelta(days=1)
#: What its mails are about.
ABOUT = "announcement"


def announce(
    course_class: CourseClass,
    author: Visitor,
    *,
    title: str,
    body: str,
    body_html: str,
    group: ClassGroup | None,
    by_mail: bool,
    at: datetime | None = None,
) -> tuple[int, int]:
    """Say something to a class or to a group of it, on its pages and, if wanted, by mail; return its number and how many mails go.

    ``body_html`` is ``body`` as ``text.render_personal`` lays it out. Mails go to the staff and to every student meant who has verified an
    address.
    """
    lock(course_class)
    at = at or clock.now()
    _check_not_too_many(course_class.id, at)
    announcement = Announcement(
        class_id=course_class.id,
        group_id=group.id if group else None,
        author_id=author.id,
        title=title,
        body=body,
        body_html=body_html,
        made_at=at,
        by_mail=by_mail and mail.is_set_up(),
    )
    db.session.add(announcement)
    db.session.flush()
    audit.record(
        "announce",
        "announcement",
        announcement.id,
        actor_id=author.id,
        institution_id=course_class.institution_id,
        details={"class": course_class.id, "group": announcement.group_id, "by_mail": announcement.by_mail},
    )
    return announcement.id, _send(course_class, author, announcement) if announcement.by_mail else 0


def _check_not_too_many(class_id: int, at: datetime) -> None:
    lately = select(func.count()).select_from(Announcement).where(Announcement.class_id == class_id, Announcement.made_at > at - DAY)
    if (db.session.scalar(lately) or 0) >= MOST_A_DAY:
        message = _("%(most)d announcements were made to this class in a day. Wait until tomorrow, or put it into one.", most=MOST_A_DAY)
        raise Invalid(message, {"title": message})


def _send(course_class: CourseClass, author: Visitor, announcement: Announcement) -> int:
    """Write the mails down; however many there are, one statement finds the addresses and one writes the mails."""
    url = f"{current_app.config['BASE_URL'].rstrip('/')}/classes/{course_class.id}/"
    subject = f"{course_class.title}: {announcement.title}"
    words = _("%(name)s writes to the class “%(title)s”:", name=author.name, title=course_class.title)
    why = _("You get this mail because you are in this class. All its announcements stand on its page:")
    body = f"{words}\n\n{announcement.title}\n\n{announcement.body}\n\n-- \n{why}\n{url}\n"
    people = addresses_in_class(course_class.id, announcement.group_id)
    letters = (mail.Letter(address, subject, body, person_id) for person_id, address in people)
    return mail.post(letters, about=ABOUT, about_id=announcement.id)


def withdraw(course_class: CourseClass, announcement: Announcement, visitor: Visitor) -> None:
    """Take a locked announcement off the class's pages; mails that went are not called back."""
    if announcement.withdrawn_at is None:
        announcement.withdrawn_at = clock.now()
        _record("withdraw-announcement", course_class, announcement, visitor)


def restore(course_class: CourseClass, announcement: Announcement, visitor: Visitor) -> None:
    """Undo ``withdraw``: the announcement stands where it stood, and no mail goes again."""
    if announcement.withdrawn_at is not None:
        announcement.withdrawn_at = None
        _record("restore-announcement", course_class, announcement, visitor)


def _record(action: str, course_class: CourseClass, announcement: Announcement, visitor: Visitor) -> None:
    audit.record(
        action,
        "announcement",
        announcement.id,
        actor_id=visitor.id,
        institution_id=course_class.institution_id,
        details={"class": course_class.id},
    )
