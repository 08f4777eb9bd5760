"""Teaching: one's classes, a new class, a class's progress and its gradebook as CSV."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Row
from wtforms.fields.choices import SelectChoice

from elearn.accounts.models import Institution
from elearn.accounts.permissions import Permission, may
from elearn.adaptation import service as adaptation
from elearn.adaptation.edition_service import publish_edition
from elearn.adaptation.queries import ModuleInEdition
from elearn.adaptation.update_queries import courses_with_updates
from elearn.catalogue.queries import current_series
from elearn.db import abandon
from elearn.errors import Invalid, NotAllowed, NotFound
from elearn.learning import access, queries
from elearn.learning.class_queries import TaughtClasses, neighbours
from elearn.learning.class_service import open_class
from elearn.learning.enrolment_queries import groups_of
from elearn.learning.enrolment_views import asked_group
from elearn.learning.forms import ClassForm
from elearn.learning.gradebook import gradebook_lines
from elearn.learning.progress import percent
from elearn.learning.terms import STATES, zones
from elearn.text import render_personal
from elearn.web.guard import wants
from elearn.web.headers import attach
from elearn.web.lists import asked_for, page_of

bp = Blueprint("teaching", __name__)

CLASSES_A_PAGE = 25


@bp.get("/teach/")
def desk() -> ResponseReturnValue:
    """Show the classes one teaches or assists in: those that run, those to come, and those that are over."""
    taught = TaughtClasses(current_user.id)
    prepares = may(current_user, Permission.PREPARE_CLASSES)
    if not prepares and not any(taught.counts.values()):
        raise NotAllowed(_("You teach no class. Whoever teaches here signs up as a professor, or is added to a class by one."))
    show = asked_for(show=STATES)["show"] or next((state for state in STATES if taught.counts[state]), "running")
    page = page_of(taught.counts[show], CLASSES_A_PAGE, url_for("teaching.desk"), {"show": show})
    return render_template(
        "learning/teach.html",
        lines=taught.page(show, CLASSES_A_PAGE, page.offset),
        counts=taught.counts,
        show=show,
        page=page,
        confirmed=may(current_user, Permission.TEACH),
        prepares=prepares,
        updates=courses_with_updates(current_user.id) if prepares else [],
    )


@bp.route("/teach/classes/new", methods=["GET", "POST"])
@wants(Permission.PREPARE_CLASSES)
def new_class() -> ResponseReturnValue:
    """Make a class on chosen modules of the series."""
    form = ClassForm()
    institutions = access.institutions_for_preparing(current_user)
    series = current_series()
    modules = [m for m in series.modules if m.kind == "module"]
    form.institution.choices = [SelectChoice(str(i.id), i.name) for i in institutions]
    form.modules.choices = [SelectChoice(m.slug, m.text(series.source, series.source).title) for m in modules]
    if request.method == "GET":
        form.modules.data = [m.slug for m in modules]
    if form.validate_on_submit():
        institution = next(i for i in institutions if str(i.id) == form.institution.data)
        try:
            course_class_id = _new_class(form, institution, series.source)
        except Invalid as refusal:
            for name, message in (refusal.fields or {"welcome": refusal.message}).items():
                form[name].errors = [message]
        else:
            flash(_("The class is ready. Give the code or the link to your students."), "success")
            return redirect(url_for("teaching.class_page", class_id=course_class_id), 303)
    return render_template("learning/new-class.html", form=form, institutions=institutions, zones=zones()), 422 if form.errors else 200


def _new_class(form: ClassForm, institution: Institution, language: str) -> int:
    welcome = form.welcome.data or ""
    # Laying out may take seconds: no one else's writing waits for it.
    abandon()
    welcome_html = render_personal(welcome)
    course = adaptation.make_course(
        institution_id=institution.id,
        title=form.title.data.strip(),
        slugs=form.modules.data,
        language=language,
        person_id=current_user.id,
    )
    course_class = open_class(
        edition=publish_edition(course, person_id=current_user.id),
        institution=institution,
        title=form.title.data.strip(),
        timezone=(form.timezone.data or "").strip() or institution.timezone,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        professor=current_user,
        welcome=welcome,
        welcome_html=str(welcome_html),
    )
    return course_class.id


@dataclass(frozen=True)
class SectionCount:
    """How many of a class have a section done."""

    title: str
    done: int


@bp.get("/teach/classes/<int:class_id>/")
def class_page(class_id: int) -> ResponseReturnValue:
    """Show a class to those who teach it: the way in, progress by student and by section, results."""
    taught = access.class_for_teaching(current_user, class_id)
    groups = groups_of(class_id)
    group = asked_group(groups)
    group_id = int(group) if group else None
    total = queries.count_of_students(class_id, group_id)
    page = page_of(total, queries.STUDENTS_A_PAGE, url_for("teaching.class_page", class_id=class_id), {"group": group})
    students = queries.students_page(class_id, page.number, group_id)
    tallies = queries.tallies(class_id) if group_id is None else queries.tallies_of_group(class_id, group_id)
    before, after = neighbours(taught.course_class)
    return render_template(
        "learning/teach-class.html",
        taught=taught,
        total=total,
        rows=_matrix(students, taught.edition.modules),
        sections={module.module_id: _section_counts(module, tallies) for module in taught.edition.modules},
        page=page,
        groups=groups,
        group=group,
        waiting=0 if group else queries.count_of_waiting(class_id),
        before=before,
        after=after,
        join_url=current_app.config["BASE_URL"].rstrip("/") + url_for("learning.join_by_link", code=taught.course_class.join_code),
        confirmed=may(current_user, Permission.TEACH, taught.institution.id),
        own_place=queries.own_staff_place(class_id, current_user.id),
    )


def _section_counts(module: ModuleInEdition, tallies: Mapping[tuple[int, str], int]) -> list[SectionCount]:
    lines = (line for line in module.lines if line.audience == "everyone")
    return [SectionCount(line.title, tallies.get((module.module_id, line.key), 0)) for line in lines]


@dataclass(frozen=True)
class StudentProgress:
    """A student in the table of progress."""

    enrolment_id: int
    name: str
    #: Module by module: sections done, best mark.
    cells: list[tuple[str, str]]


def _matrix(students: Sequence[Row[*tuple[Any, ...]]], modules: tuple[ModuleInEdition, ...]) -> list[StudentProgress]:
    """Return each student with sections done and best mark, module by module, as they are shown."""
    progress = queries.progress_lines([student.id for student in students])
    totals = [(module.module_id, len(module.student_keys)) for module in modules]
    matrix = []
    for student in students:
        cells = []
        for module_id, total in totals:
            line = progress.get((student.id, module_id))
            mark = "–" if line is None or line.points is None else f"{percent(line.points, line.max_points or 0)} %"
            cells.append((f"{line.done_count if line else 0}/{total}", mark))
        matrix.append(StudentProgress(student.id, student.name, cells))
    return matrix


@bp.get("/teach/classes/<int:class_id>/progress.csv")
def gradebook(class_id: int) -> ResponseReturnValue:
    """Send the class's progress and results, or those of one group, a line per student."""
    taught = access.class_for_teaching(current_user, class_id)
    wanted = request.args.get("group", "")
    group = next((known for known in groups_of(class_id) if str(known[0]) == wanted), None)
    if wanted and group is None:
        raise NotFound
    code = taught.course_class.code
    lines = gradebook_lines(class_id, code, taught.edition.modules, group_id=group[0] if group else None)
    response = Response(stream_with_context(lines), content_type="text/csv; charset=utf-8")
    return attach(response, f"{code.lower()}-progress{f'-group-{group[0]}' if group else ''}.csv")
