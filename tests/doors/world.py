"""What the doors open to: beside the cast, one of everything that has an address, at each of the two institutions."""

from sqlalchemy import select

from elearn.accounts import service as accounts
from elearn.accounts.models import Membership
from elearn.accounts.permissions import Role
from elearn.assessment.access import quiz_in_class
from elearn.assessment.models import Attempt
from elearn.assessment.service import start_attempt
from elearn.catalogue import service as catalogue
from elearn.catalogue.models import ModuleFile
from elearn.catalogue.queries import current_series
from elearn.catalogue.reader import read_series
from elearn.config import CONTENT
from elearn.db import db, unit_of_work
from elearn.learning import service as learning
from elearn.learning.models import CourseClass
from elearn.problems.access import page_for_reporting
from elearn.problems.models import ProblemReport
from elearn.problems.service import Wording, make_report
from elearn.web.assets import asset_url
from tests.cast import Cast, address, make_cast, visitor_of

SLUG = "introduction-to-cybercrime"
KEY = "introduction"
#: By institution: its student, professor, coordinator, and the name of its class.
SIDES = {"LAG": ("Ana", "Bruno", "Carla"), "LIM": ("Emil", "Dora", "Faisal")}


def make_world() -> None:
    """Publish the series and put the cast and its things into the database."""
    with unit_of_work():
        catalogue.publish(read_series(CONTENT))
    with unit_of_work():
        make_cast()
    with unit_of_work():
        for name, code in (("Ida", "LAG"), ("Jon", "LIM")):
            _make_assistant(name, code)
    with unit_of_work():
        cast = Cast.found()
        for student, professor, _coordinator in SIDES.values():
            learner = visitor_of(cast.people[student])
            start_attempt(learner, quiz_in_class(learner, cast.classes[professor], SLUG))
            page = page_for_reporting(learner, SLUG, KEY, class_id=cast.classes[professor])
            make_report(page, None, Wording("fact", "This number is of another year.", wants_mail=False, once=student), learner.id)


def _make_assistant(name: str, code: str) -> None:
    """Have somebody who is not of the cast assist in the class of that institution."""
    course_class = db.session.get_one(CourseClass, Cast.found().classes[SIDES[code][1]])
    person = accounts.sign_up(
        name=f"{name} Example", email=address(name), password_hash="", role=None, institution_id=None, is_verified=True
    )
    learning.enrol(course_class, person.id, person.name, "assistant")


def objects(cast: Cast, side: str) -> dict[str, object]:
    """Return by the name of an argument of an address the object of that side; ``endpoint.name`` where a name means several things."""
    student, professor, _coordinator = SIDES[side]
    css = asset_url("css/app.css").removeprefix("/static/")
    picture = db.session.scalars(select(ModuleFile).where(ModuleFile.path.like("%.svg")).limit(1)).one()
    return {
        "class_id": cast.classes[professor],
        "slug": SLUG,
        "key": KEY,
        "language": "en",
        "code": cast.codes[professor],
        "token": "no-such-token",
        "attempt_id": db.session.scalars(select(Attempt.id).where(Attempt.person_id == cast.people[student])).one(),
        "problems.new?": {"module": SLUG, "section": KEY, "class": cast.classes[professor]},
        "problem_handling.on_section?": {"class": cast.classes[professor]},
        "reach.desk?": {"institution": side},
        "report_id": db.session.scalars(select(ProblemReport.id).where(ProblemReport.class_id == cast.classes[professor])).one(),
        "glossary.term.key": current_series().revision.glossary[0]["key"],
        "membership_id": _membership(cast.people[professor]),
        "digest": picture.digest,
        "suffix": "svg",
        "assets.send.digest": css.partition("/")[0],
        "path": "css/app.css",
    }


def _membership(person_id: int) -> int:
    held = select(Membership.id).where(Membership.person_id == person_id, Membership.role == Role.PROFESSOR)
    return db.session.scalars(held).one()
