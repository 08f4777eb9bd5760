"""What the learning room says on a person's home page: the classes they take and teach, and the next step in each."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from sqlalchemy import func, select

from elearn import clock
from elearn.accounts.permissions import Permission, Visitor, may
from elearn.adaptation.queries import edition
from elearn.db import db
from elearn.learning.access import STAFF
from elearn.learning.models import CourseClass, Enrolment, ModuleProgress
from elearn.learning.queries import ClassOfPerson, Stage, classes_of, next_stage, progress_of, stages
from elearn.web.home import Group, HomeCard

#: More classes than these stand on pages of their own.
MOST_RUNNING = 12
MOST_OVER = 4


def home_cards(visitor: Visitor) -> list[HomeCard]:
    """Return the classes that ``visitor`` takes and teaches; three statements, however many they are, once their editions are known."""
    today = clock.today()
    mine = classes_of(visitor.id, ("student", *sorted(STAFF)))
    taken = _shown([each for each in mine if each.role == "student"], today)
    taught = _shown([each for each in mine if each.role in STAFF], today)
    return [*_studying(taken, today), *_teaching(visitor, taught, today)]


def _shown(classes: Sequence[ClassOfPerson], today: date) -> list[ClassOfPerson]:
    """Return the classes worth a card: those that run first, then those that come, then a few that are over."""
    over = [each for each in classes if _is_over(each, today)]
    running = sorted((each for each in classes if not _is_over(each, today)), key=lambda each: (each.starts_on > today, each.ends_on))
    return [*running[:MOST_RUNNING], *over[:MOST_OVER]]


def _is_over(each: ClassOfPerson, today: date) -> bool:
    # A day longer: the class's own day may not have ended where it is.
    return each.ends_on < today - timedelta(days=1)


def _when(each: ClassOfPerson, today: date) -> str:
    if _is_over(each, today):
        return _("over since %(day)s", day=format_date(each.ends_on, "medium"))
    if each.starts_on > today:
        return _("begins on %(day)s", day=format_date(each.starts_on, "medium"))
    return _("until %(day)s", day=format_date(each.ends_on, "medium"))


def _studying(taken: Sequence[ClassOfPerson], today: date) -> list[HomeCard]:
    running = [each.enrolment_id for each in taken if not _is_over(each, today)]
    progress = progress_of(running) if running else {}
    cards = []
    for each in taken:
        base = f"/classes/{each.class_id}/"
        facts = (each.institution, _when(each, today))
        if _is_over(each, today):
            cards.append(HomeCard(Group.STUDYING, each.title, url=base, facts=facts))
            continue
        stage = next_stage(stages(edition(each.edition_id), each.enrolment_id, progress))
        if stage is None:
            cards.append(HomeCard(Group.STUDYING, each.title, _("All modules are complete."), url=base, facts=facts))
            continue
        cards.append(
            HomeCard(Group.STUDYING, each.title, url=base, facts=facts, progress=_done(stage), actions=_next_step(base, stage)),
        )
    return cards


def _done(stage: Stage) -> tuple[str, int, int, str]:
    words = ngettext("%(done)s of %(num)s section done", "%(done)s of %(num)s sections done", stage.total, done=stage.done)
    return stage.module.title, stage.done, stage.total, words


def _next_step(base: str, stage: Stage) -> tuple[tuple[str, str], ...]:
    module = f"{base}{stage.module.slug}/"
    if stage.next_line:
        words = _("Go on: %(section)s", section=stage.next_line.title) if stage.done else _("Begin %(module)s", module=stage.module.title)
        return ((words, module + stage.next_line.key),)
    if stage.module.quiz and not stage.attempts:
        return ((_("Take the quiz: %(module)s", module=stage.module.title), f"{module}quiz"),)
    return ()


def _teaching(visitor: Visitor, taught: Sequence[ClassOfPerson], today: date) -> list[HomeCard]:
    cards = []
    running = [each.class_id for each in taught if not _is_over(each, today)]
    numbers = _students_of(running) if running else {}
    for each in taught:
        url, facts = f"/teach/classes/{each.class_id}/", (each.institution, _when(each, today))
        if _is_over(each, today):
            cards.append(HomeCard(Group.TEACHING, each.title, url=url, facts=facts))
            continue
        students, begun = numbers.get(each.class_id, (0, 0))
        if students:
            words = ngettext("%(num)s student", "%(num)s students", students) + " · " + _("%(begun)s have begun", begun=begun)
            cards.append(HomeCard(Group.TEACHING, each.title, words, url=url, facts=facts))
        else:
            step = ((_("Give out the code"), url),)
            cards.append(HomeCard(Group.TEACHING, each.title, _("No student has joined yet."), url=url, facts=facts, actions=step))
    if may(visitor, Permission.PREPARE_CLASSES):
        title, text = (
            (_("One class more"), _("Choose the modules you teach, set the dates, and give out the code."))
            if taught
            else (_("Make your first class"), _("Choose the modules you teach, set the dates, and give your students the code."))
        )
        more = (((_("All your classes"), "/teach/"),) if taught else (), ((_("Your courses"), "/teach/courses/"),))
        actions = ((_("Make a class"), "/teach/classes/new"), *(action for each in more for action in each))
        cards.append(HomeCard(Group.TEACHING, title, text, actions=actions))
    return cards


def _students_of(class_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return how many students each class has, and how many of them have begun; one statement."""
    begun = select(ModuleProgress.enrolment_id).where(ModuleProgress.enrolment_id == Enrolment.id).exists()
    rows = db.session.execute(
        select(CourseClass.id, func.count(Enrolment.id), func.count(Enrolment.id).filter(begun))
        .join(Enrolment, Enrolment.class_id == CourseClass.id)
        .where(CourseClass.id.in_(class_ids), Enrolment.role == "student", Enrolment.ended_at.is_(None))
        .group_by(CourseClass.id),
    )
    return {row[0]: (row[1], row[2]) for row in rows}
