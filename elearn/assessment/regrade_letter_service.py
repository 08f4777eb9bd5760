"""Letters about a regrade, each once: to students whose marks it changed, and to professors whose classes it reached from outside."""

from collections.abc import Iterable
from typing import Any

from flask import current_app
from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from sqlalchemy import func, select

from elearn import mail
from elearn.assessment.models import Attempt
from elearn.assessment.queries import revision_words
from elearn.assessment.regrade_labels import in_words
from elearn.assessment.regrade_models import Regrade, RegradeLine
from elearn.db import db
from elearn.learning.models import CourseClass, Enrolment
from elearn.learning.staff_queries import addresses_for_mail
from elearn.mail import Mail

AT_ONCE = 200
ABOUT, ABOUT_UNDONE = "regrade", "regrade-undone"
ABOUT_CLASSES, ABOUT_CLASSES_UNDONE = "regrade-classes", "regrade-classes-undone"


def tell_students(regrade: Regrade, after: int) -> int:
    """Write to the next students whose marks the regrade changed or, undone, gave back; return where to go on, 0 at the end."""
    about = {"done": ABOUT, "undone": ABOUT_UNDONE}.get(regrade.state)
    if about is None or not mail.is_set_up():
        return 0
    people = list(
        db.session.scalars(
            select(Attempt.person_id)
            .join(RegradeLine, RegradeLine.attempt_id == Attempt.id)
            .where(RegradeLine.regrade_id == regrade.id, RegradeLine.mark_after_id.is_not(None), ~RegradeLine.is_later)
            .where(Attempt.person_id > after, ~_was_told(about, regrade.id, Attempt.person_id))
            .group_by(Attempt.person_id)
            .order_by(Attempt.person_id)
            .limit(AT_ONCE)
        )
    )
    lines: dict[int, list[Any]] = {}
    for row in _lines_of(regrade, people):
        lines.setdefault(row.person_id, []).append(row)
    letters = [_to_student(regrade, address, person_id, lines[person_id]) for person_id, address in addresses_for_mail(people)]
    mail.post(letters, about=about, about_id=regrade.id)
    return people[-1] if len(people) == AT_ONCE else 0


def _was_told(about: str, regrade_id: int, person_id: Any) -> Any:
    return select(Mail.id).where(Mail.about == about, Mail.about_id == regrade_id, Mail.person_id == person_id).exists()


def _lines_of(regrade: Regrade, people: Iterable[int]) -> list[Any]:
    wanted = (
        select(RegradeLine, Attempt, CourseClass.title.label("class_title"), Attempt.person_id)
        .join(Attempt, Attempt.id == RegradeLine.attempt_id)
        .outerjoin(CourseClass, CourseClass.id == Attempt.class_id)
        .where(RegradeLine.regrade_id == regrade.id, RegradeLine.mark_after_id.is_not(None), Attempt.person_id.in_(list(people)))
        .order_by(Attempt.person_id, Attempt.id)
    )
    return list(db.session.execute(wanted))


def _to_student(regrade: Regrade, address: str, person_id: int, rows: list[Any]) -> mail.Letter:
    first = rows[0]
    words = revision_words(first.Attempt.revision_id, first.Attempt.language)
    named = {"quiz": words.title, "module": words.module_title, "title": first.class_title or _("practice")}
    if regrade.state == "undone":
        opening = _("A change to your marks in the quiz “%(quiz)s” of “%(module)s” (%(title)s) was taken back.", **named)
        why = regrade.undo_reason
    else:
        opening = _("A question of the quiz “%(quiz)s” of “%(module)s” (%(title)s) was put right and marked again.", **named)
        why = regrade.reason
    told = "\n".join(_told(regrade, row) for row in rows)
    ending = _("You get this mail because you submitted this quiz. If you have a question, ask your professor.")
    body = f"{opening}\n\n{_('Why:')} {why}\n\n{told}\n\n-- \n{ending}\n"
    return mail.Letter(address, _("Marked again: %(quiz)s", quiz=words.title), body, person_id)


def _told(regrade: Regrade, row: Any) -> str:
    line, attempt = row.RegradeLine, row.Attempt
    number = next((place for place, (revision, _order) in enumerate(attempt.layout, 1) if revision == line.item_revision_id), 0)
    item = (line.points_before, line.max_before), (line.points_after, line.max_after)
    whole = (line.total_before, line.out_of_before), (line.total_after, line.out_of_after)
    if regrade.state == "undone":
        item, whole = item[::-1], whole[::-1]
    question = _(
        "Attempt %(attempt)d, question %(number)d: from %(before)s to %(after)s.",
        attempt=attempt.number,
        number=number,
        before=in_words(*item[0]),
        after=in_words(*item[1]),
    )
    result = _("The whole quiz: from %(before)s to %(after)s.", before=in_words(*whole[0]), after=in_words(*whole[1]))
    return f"{question}\n{result}\n{current_app.config['BASE_URL'].rstrip('/')}/attempts/{attempt.id}"


def tell_professors(regrade: Regrade, after: int) -> int:
    """Write to the next professors in whose classes marks were changed by somebody's word for more than that class."""
    about = {"done": ABOUT_CLASSES, "undone": ABOUT_CLASSES_UNDONE}.get(regrade.state)
    if about is None or regrade.scope == "class" or not mail.is_set_up():
        return 0
    rows = list(
        db.session.execute(
            select(Enrolment.person_id, CourseClass.id, CourseClass.title, func.count(RegradeLine.attempt_id).label("changed"))
            .join(Attempt, Attempt.id == RegradeLine.attempt_id)
            .join(CourseClass, CourseClass.id == Attempt.class_id)
            .join(Enrolment, (Enrolment.class_id == CourseClass.id) & (Enrolment.role == "professor") & Enrolment.ended_at.is_(None))
            .where(RegradeLine.regrade_id == regrade.id, RegradeLine.mark_after_id.is_not(None), Enrolment.person_id != regrade.made_by_id)
            .where(Enrolment.person_id > after, ~_was_told(about, regrade.id, Enrolment.person_id))
            .group_by(Enrolment.person_id, CourseClass.id, CourseClass.title)
            .order_by(Enrolment.person_id, CourseClass.id)
        )
    )
    people = list(dict.fromkeys(row.person_id for row in rows))[:AT_ONCE]
    classes = {person_id: [row for row in rows if row.person_id == person_id] for person_id in people}
    letters = [_to_professor(regrade, address, person_id, classes[person_id]) for person_id, address in addresses_for_mail(people)]
    mail.post(letters, about=about, about_id=regrade.id)
    return people[-1] if len(people) == AT_ONCE else 0


def _to_professor(regrade: Regrade, address: str, person_id: int, rows: list[Any]) -> mail.Letter:
    base = current_app.config["BASE_URL"].rstrip("/")
    if regrade.state == "undone":
        opening = _("That answers in your classes were marked again was taken back. Their marks are what they were before.")
        why = regrade.undo_reason
    else:
        opening = _("A question of a quiz was put right, and answers to it in your classes were marked again. Your students were told.")
        why = regrade.reason
    told = "\n".join(
        f"{row.title}: "
        + ngettext("%(num)d attempt has another mark now.", "%(num)d attempts have other marks now.", row.changed)
        + f"\n{base}/teach/classes/{row.id}/"
        for row in rows
    )
    day = format_date((regrade.undone_at if regrade.state == "undone" else regrade.applied_at) or regrade.made_at, "medium")
    body = f"{opening}\n\n{_('Why:')} {why}\n{_('On:')} {day}\n\n{told}\n"
    return mail.Letter(address, _("Answers in your classes were marked again"), body, person_id)
