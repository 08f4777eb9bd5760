"""The application: settings, session, turn, guard, pages, rooms. It hands to lower rooms what upper rooms offer; nobody imports it."""

from datetime import timedelta

from flask import Flask, request
from flask_babel import Babel
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter, IntegerConverter, Map

from elearn import cache, db, mail, media
from elearn.accounts import (
    account_views,
    address_views,
    audit_queries,
    audit_views,
    institution_request_views,
    institution_views,
    password_views,
    people_account_views,
    people_views,
    second_factor_views,
)
from elearn.accounts import queries as accounts_queries
from elearn.accounts import service as accounts
from elearn.accounts import views as accounts_views
from elearn.accounts.permissions import may, waits_for_second_factor
from elearn.accounts.presence import check_still_here
from elearn.adaptation import (
    adapt_views,
    arrange_views,
    compare_revision_views,
    compare_views,
    course_classes,
    course_views,
    edition_views,
    editor_views,
    folder_views,
    given_answers,
    handbook_views,
    history_views,
    licence_views,
    picture_queries,
    picture_views,
    proposal_list_views,
    proposal_views,
    question_views,
    shared_views,
    sharing_views,
    slides_views,
    slot_views,
    structure_views,
    update_views,
)
from elearn.adaptation import merge_service as adaptation_mergers
from elearn.assessment import (
    closing_jobs,
    course_answers_queries,
    marking_views,
    mastery_views,
    open_attempt_queries,
    recall_service,
    recall_views,
    regrade_jobs,
    regrade_models,
    regrade_views,
    statistics_jobs,
    statistics_views,
)
from elearn.assessment import setting_views as quiz_setting_views
from elearn.assessment import views as assessment_views
from elearn.catalogue import filling_models, filling_views, glossary_views, item_views, open_reports, search_views
from elearn.catalogue import views as catalogue_views
from elearn.config import TEMPLATES, Settings, normalised_database_url
from elearn.exchange import views as exchange_views
from elearn.front import own_data_views
from elearn.front import views as front_views
from elearn.jobs import runner as jobs
from elearn.jobs import sweep as jobs_sweep
from elearn.jobs import views as jobs_views
from elearn.learning import (
    announcement_views,
    attribution_views,
    claiming_views,
    claims,
    class_views,
    course_class_views,
    course_item_views,
    edition_queries,
    enrolment_views,
    group_views,
    handover_views,
    leaving_views,
    open_attempts,
    plan_draw_views,
    plan_print_views,
    plan_step_views,
    plan_views,
    quick_plan_views,
    roster_views,
    slip_queries,
    slip_views,
    staff_views,
    student_views,
    teach_again_views,
    teaching_views,
)
from elearn.learning import edition_views as class_edition_views
from elearn.learning import merge_service as learning_mergers
from elearn.learning import queries as learning
from elearn.learning import views as learning_views
from elearn.problems import handling_views as problem_handling_views
from elearn.problems import queries as problems
from elearn.problems import views as problems_views
from elearn.reach import record_models
from elearn.reach import service as reach
from elearn.reach import views as reach_views
from elearn.web import assets, choices, guard, headers, pages, turn, words

#: Languages of the interface; catalogues for the others come later.
INTERFACE_LANGUAGES = ("en",)
#: Imported so that every table is known, also of rooms without pages of their own yet.
TABLES = (regrade_models, filling_models, record_models)
#: The pages, room by room.
VIEWS = (
    assets,
    accounts_views,
    account_views,
    address_views,
    password_views,
    second_factor_views,
    people_views,
    people_account_views,
    institution_views,
    institution_request_views,
    audit_views,
    jobs_views,
    catalogue_views,
    glossary_views,
    search_views,
    item_views,
    filling_views,
    picture_views,
    folder_views,
    handbook_views,
    slides_views,
    update_views,
    compare_views,
    compare_revision_views,
    editor_views,
    course_views,
    arrange_views,
    edition_views,
    structure_views,
    slot_views,
    question_views,
    history_views,
    sharing_views,
    shared_views,
    adapt_views,
    licence_views,
    proposal_views,
    proposal_list_views,
    learning_views,
    attribution_views,
    teaching_views,
    class_views,
    course_item_views,
    course_class_views,
    class_edition_views,
    enrolment_views,
    student_views,
    group_views,
    leaving_views,
    staff_views,
    announcement_views,
    teach_again_views,
    handover_views,
    plan_views,
    plan_step_views,
    plan_draw_views,
    plan_print_views,
    quick_plan_views,
    roster_views,
    slip_views,
    claiming_views,
    problems_views,
    problem_handling_views,
    assessment_views,
    marking_views,
    regrade_views,
    recall_views,
    mastery_views,
    quiz_setting_views,
    statistics_views,
    exchange_views,
    reach_views,
    front_views,
    own_data_views,
)
#: Where the work stands that nobody waits for.
JOBS = (jobs_sweep, closing_jobs, regrade_jobs, statistics_jobs)
#: Hear what was done just before it is committed: first what may do more because of it, then who counts it.
LISTENERS = (adaptation_mergers.follow_mergers, learning_mergers.follow_institutions, claims.claim_lines, reach.count_acts)
#: The names by which the audit calls things of rooms above accounts.
NAMERS = {"class": learning.titles_of_classes, "enrolment": learning.classes_of_enrolments}


class LanguageConverter(BaseConverter):
    """A BCP 47 tag in an address."""

    regex = r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"


class RowIdConverter(IntegerConverter):
    """A number in an address that a row may have; a larger one is no page, not a fault of the database."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**31 - 1)


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application, ready to serve; raise Misconfigured where a setting cannot be used."""
    settings = settings or Settings.from_environment()
    settings.check_served()
    app = Flask("elearn", template_folder=str(TEMPLATES), static_folder=None)
    app.url_map.converters |= {"lang": LanguageConverter, "int": RowIdConverter}
    _configure(app, settings)
    cache.init_app(app)
    db.init_app(app)
    mail.init_app(app, settings.mail_url, settings.mail_from)
    jobs.init_app(app, JOBS, settings.jobs)
    for listener in LISTENERS:
        db.before_commit(app, listener)
    audit_queries.init_namers(app, NAMERS)
    open_reports.init_app(app, problems.open_reports)
    media.init_app(app, picture_queries.name_of_course_picture)
    given_answers.init_app(app, course_answers_queries.answers_on_course)
    open_attempts.init_app(app, open_attempt_queries.open_attempts_in_class)
    course_classes.init_app(app, edition_queries.classes_on_courses)
    app.extensions["account_notices"] = [slip_queries.notices_of]
    choices.init_app(app, recall_service.choice_of_review)
    # After-request handlers run last first: the turn commits before the answer is compressed and gets its headers.
    headers.init_app(app)
    pages.init_app(app, lambda: front_views.navigation(request.path), accounts.is_demonstration)
    turn.init_app(app, lambda: check_still_here(current_user))
    Babel(app, locale_selector=_interface_language)
    words.init_app(app)
    guard.read_first(app)
    CSRFProtect(app)
    _init_sign_in(app)
    guard.init_app(app, may, waits_for_second_factor)
    for views in VIEWS:
        app.register_blueprint(views.bp)
    if settings.trusted_proxies != "0":
        hops = int(settings.trusted_proxies)
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=normalised_database_url(settings.database_url),
        # Moments come from the database in UTC, whatever the server's own zone.
        SQLALCHEMY_ENGINE_OPTIONS={"connect_args": {"options": "-c timezone=utc"}} if "postgres" in settings.database_url else {},
        SITE_NAME=settings.site_name,
        BASE_URL=settings.base_url,
        CONTACT=settings.contact,
        MEASURE=bool(settings.measure),
        LAPTOP=settings.laptop,
        SESSION_COOKIE_NAME="__Host-session" if settings.https else "session",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=accounts.REMEMBERED_FOR,
        # A form may stay open as long as the sign-in lasts: people write slowly on slow lines.
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE="en",
        INTERFACE_LANGUAGES=INTERFACE_LANGUAGES,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.jinja_env.auto_reload = False


def _interface_language() -> str:
    wanted = getattr(current_user, "language", "") if request.cookies else ""
    if wanted in INTERFACE_LANGUAGES:
        return wanted
    return request.accept_languages.best_match(INTERFACE_LANGUAGES, "en")


def _init_sign_in(app: Flask) -> None:
    manager = LoginManager(app)
    # Phones change their address all day: a sign-in is ended on the server, not guessed at.
    manager.session_protection = None
    manager.user_loader(accounts_queries.visitor_signed_in)
    app.config["REMEMBER_COOKIE_DURATION"] = timedelta(0)
