"""What the doors open to: beside the cast, one of everything that has an address, at each of the two institutions."""

from typing import Any

from sqlalchemy import select

from elearn import clock
from elearn.accounts import service as accounts
from elearn.accounts.institution_service import request_institution
from elearn.accounts.models import EmailAddress, Institution, Membership, SignIn
from elearn.accounts.permissions import Role, Visitor
from elearn.adaptation.folder_look_queries import folder_file
from elearn.adaptation.folder_models import CourseUpload
from elearn.adaptation.folder_service import keep_upload as keep_upload_of_folder
from elearn.adaptation.models import Course
from elearn.adaptation.picture_decoding import Drawn
from elearn.adaptation.picture_models import CoursePicture
from elearn.adaptation.picture_service import add_picture
from elearn.adaptation.proposal_models import PassageProposal
from elearn.adaptation.queries import edition
from elearn.adaptation.sharing_service import name_institution
from elearn.adaptation.slot_access import slot_for_offering, slots_for_filling
from elearn.adaptation.slot_service import fill_slot, offer_text
from elearn.assessment.access import quiz_in_class
from elearn.assessment.item_choice_queries import items_of
from elearn.assessment.mark_sums import Marked, QuizSums
from elearn.assessment.models import Attempt
from elearn.assessment.queries import laid_items
from elearn.assessment.recall_models import ReviewAnswer
from elearn.assessment.regrade_access import class_quiz_for_regrading
from elearn.assessment.regrade_models import Regrade
from elearn.assessment.regrade_service import start_regrade
from elearn.assessment.regrade_step_service import finish_count, locked
from elearn.assessment.start_service import start_attempt
from elearn.assessment.statistics_models import QuizStatistics
from elearn.catalogue import service as catalogue
from elearn.catalogue.filling_models import Filling
from elearn.catalogue.models import ModuleFile
from elearn.catalogue.queries import current_series
from elearn.db import db, unit_of_work
from elearn.jobs.models import Job
from elearn.learning import service as learning
from elearn.learning.group_service import add_group
from elearn.learning.models import Announcement, ClassGroup, CourseClass, Enrolment, RosterUpload, Slip
from elearn.learning.roster_service import keep_upload
from elearn.learning.slip_codes import slip_code
from elearn.learning.slip_service import make_slips
from elearn.problems.access import page_for_reporting
from elearn.problems.models import ProblemReport
from elearn.problems.service import Wording, make_report
from elearn.web.assets import asset_url
from tests import shipped
from tests.applications import SECRET
from tests.assessment.essays import essay_definition, handed_in, make_item
from tests.cast import Cast, address, make_cast, visitor_of

SLUG = "introduction-to-cybercrime"
KEY = "introduction"
SLOT = "national-law"
#: By institution: its student, professor, coordinator, and the name of its class.
SIDES = {"LAG": ("Ana", "Bruno", "Carla"), "LIM": ("Emil", "Dora", "Faisal")}


def make_world() -> None:
    """Publish the series and put the cast and its things into the database."""
    with unit_of_work():
        catalogue.publish(shipped.reading())
    with unit_of_work():
        make_cast()
    with unit_of_work():
        for name, code in (("Ida", "LAG"), ("Jon", "LIM")):
            _make_assistant(name, code)
    with unit_of_work():
        cast = Cast.found()
        for student, professor, _coordinator in SIDES.values():
            learner = visitor_of(cast.people[student])
            begun = start_attempt(learner, quiz_in_class(learner, cast.classes[professor], SLUG))
            _review(db.session.get_one(Attempt, begun))
            page = page_for_reporting(learner, SLUG, KEY, class_id=cast.classes[professor])
            _fill(cast.classes[professor], visitor_of(cast.people[professor]))
            handed_in(cast.classes[professor], cast.people[student], {make_item("an-essay", essay_definition()): "Mine"}, clock.now())
            make_report(page, None, Wording("fact", "This number is of another year.", wants_mail=False, once=student), learner.id)

    with unit_of_work():
        at = clock.now()
        db.session.add(Job(name="sweep-jobs", arguments={}, state="failed", error="It fell over.", made_at=at, due_at=at, finished_at=at))


def _review(attempt: Attempt) -> None:
    """Give the student of ``attempt`` an answer in review."""
    item = laid_items(attempt.layout)[0].pinned
    names = ("person_id", "module_id", "revision_id", "class_id", "edition_id", "language")
    where = {name: getattr(attempt, name) for name in names}
    said = {"response": None, "points": 0, "max_points": item.points, "answered_at": clock.now(), "due_on": clock.today()}
    db.session.add(ReviewAnswer(item_id=item.item_id, item_revision_id=item.id, number=1, **where, **said))
    db.session.flush()


def _fill(class_id: int, professor: Visitor) -> None:
    """Give a class a group, an announcement, a roster that was sent and not imported, and a line that waits for its slip to be used."""
    course_class = db.session.get_one(CourseClass, class_id)
    add_group(course_class, "Monday", by_id=professor.id)
    said = {"title": "Room 5", "body": "From Monday.", "body_html": "<p>From Monday.</p>"}
    db.session.add(Announcement(class_id=class_id, author_id=professor.id, made_at=clock.now(), **said))
    _add_picture(course_class, professor)
    _share_course(course_class, professor)
    _keep_statistics(class_id)
    _prepare_regrade(class_id, professor)
    keep_upload(class_id, professor.id, "list.csv", b"name,email\nZara Noor,\n,no-name@example.org\n")
    db.session.add(Enrolment(class_id=class_id, role="student", name="On Paper", enrolled_at=clock.now()))
    db.session.flush()
    make_slips(course_class, professor)
    code = "LAG" if professor.name.startswith("Bruno") else "LIM"
    country = db.session.scalars(select(Institution.country).where(Institution.code == code)).one()
    wished = request_institution(person_id=professor.id, name=f"Evening school of {code}", country=country)
    accounts.add_membership(professor.id, Role.PROFESSOR, institution_id=wished.id, state="requested")


def _add_picture(course_class: CourseClass, professor: Visitor) -> None:
    """Give the course of a class a picture, and a folder that was sent back."""
    course = db.session.get_one(Course, edition(course_class.edition_id).course_id)
    add_picture(course, Drawn(b"not looked at", 4, 3), sent_as="market.png", alt="A market", description="", by_id=professor.id)
    _propose_text(course, professor)
    keep_upload_of_folder(course, professor.id, "course.zip", folder_file(course))


def _propose_text(course: Course, professor: Visitor) -> None:
    """Give the course a text for its country, which waits for the editors."""
    desk = slots_for_filling(professor, course.id, SLUG)
    fill_slot(professor, course, desk.module, desk.state(SLOT), "The act of here.", seen=desk.module.overlay.number)
    desk, state = slot_for_offering(professor, course.id, SLUG, SLOT)
    offer_text(professor, course, desk.module, state, "Somebody here")


def _share_course(course_class: CourseClass, professor: Visitor) -> None:
    """Share the course of a class with the other institution, and have a passage of it proposed to the editors."""
    course = db.session.get_one(Course, edition(course_class.edition_id).course_id)
    other = db.session.scalars(select(Institution.id).where(Institution.code.in_(SIDES), Institution.id != course.institution_id)).one()
    name_institution(professor, course, other)
    module = current_series().module(SLUG)
    texts = {"before": "As it was.\n", "after": "As it should be.\n", "note": "It is better.", "licence": "CC-BY-4.0", "authors": "We"}
    about = {"section_key": KEY, "section_title": "Introduction", "audience": "everyone", "language": "en", "made_at": clock.now()}
    where = {"course_id": course.id, "module_id": module.module_id, "revision_id": module.revision.id, "made_by_id": professor.id}
    db.session.add(PassageProposal(**where, **about, **texts))


def _keep_statistics(class_id: int) -> None:
    """Have one attempt be counted in the statistics of the class."""
    [item, *_rest] = current_series().module(SLUG).quiz.item_revision_ids
    sums = QuizSums()
    sums.add([Marked(item, str(item), 0, 1, "wrong")])
    module = current_series().module(SLUG)
    kept = {"module_id": module.module_id, "revision_id": module.revision.id, "form": "doors", "attempts": 1, "sums": sums.as_json()}
    db.session.add(QuizStatistics(class_id=class_id, as_of=clock.now(), **kept))


def _prepare_regrade(class_id: int, professor: Visitor) -> None:
    """Have it be counted what it would change to leave the first question of the quiz out."""
    ground = class_quiz_for_regrading(professor, class_id, SLUG)
    item = items_of(ground.module_id, ground.item_revision_ids, ground.course_id)[0]
    regrade_id = start_regrade(professor, ground, item, policy="void", revision_id=0, reason="It was unclear.")
    finish_count(locked(regrade_id), clock.now())


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
    class_id = cast.classes[professor]
    course_id = edition(db.session.get_one(CourseClass, class_id).edition_id).course_id
    slips = select(Slip.enrolment_id, Slip.id, Slip.made_at).join(Enrolment, Enrolment.id == Slip.enrolment_id)
    line, slip, made_at = db.session.execute(slips.where(Enrolment.class_id == class_id)).one()
    taken = select(Enrolment.role, Enrolment.id).where(Enrolment.class_id == class_id, Enrolment.person_id.is_not(None))
    places = dict(db.session.execute(taken).all())

    def of_class(model: Any) -> int:
        return db.session.scalars(select(model.id).where(model.class_id == class_id)).one()

    picture = db.session.scalars(select(ModuleFile).where(ModuleFile.path.like("%.svg")).limit(1)).one()
    return {
        "class_id": cast.classes[professor],
        "slug": SLUG,
        "key": KEY,
        "language": "en",
        "enrolment_id": places["student"],
        "class_staff.remove.enrolment_id": places["assistant"],
        "class_staff.bring_back.enrolment_id": places["assistant"],
        "group_id": of_class(ClassGroup),
        "place": "basics.0",
        "announcement_id": of_class(Announcement),
        "upload_id": of_class(RosterUpload),
        "claiming.place.code": slip_code(SECRET, slip_id=slip, enrolment_id=line, made_at=made_at),
        "claiming.take_place.code": slip_code(SECRET, slip_id=slip, enrolment_id=line, made_at=made_at),
        "person_id": cast.people[professor],
        "institution_id": cast.institutions[side],
        "institution_requests.wish.institution_id": _wished(side),
        "institution_requests.add.institution_id": _wished(side),
        "institution_requests.merge.institution_id": _wished(side),
        "institution_requests.decline.institution_id": _wished(side),
        "address_id": db.session.scalars(select(EmailAddress.id).where(EmailAddress.person_id == cast.people[student])).one(),
        "sign_in_id": db.session.scalars(select(SignIn.id).where(SignIn.person_id == cast.people[student]).limit(1)).one(),
        "code": cast.codes[professor],
        "token": "no-such-token",
        "attempt_id": _attempt(cast.people[student], is_open=True),
        "marking.answer.attempt_id": _attempt(cast.people[student], is_open=False),
        "marking.answer.key": "an-essay",
        "marking.mark.attempt_id": _attempt(cast.people[student], is_open=False),
        "marking.mark.key": "an-essay",
        "answer_id": db.session.scalars(select(ReviewAnswer.id).where(ReviewAnswer.person_id == cast.people[student])).one(),
        "problems.new?": {"module": SLUG, "section": KEY, "class": cast.classes[professor]},
        "problem_handling.on_section?": {"class": cast.classes[professor]},
        "reach.desk?": {"institution": side},
        "report_id": db.session.scalars(select(ProblemReport.id).where(ProblemReport.class_id == cast.classes[professor])).one(),
        "job_id": db.session.scalars(select(Job.id).where(Job.state == "failed")).one(),
        "regrade_id": of_class(Regrade),
        "course_id": course_id,
        "licence.attribution.number": 1,
        "sharing.unname.institution_id": next(cast.institutions[each] for each in SIDES if each != side),
        "proposal_id": db.session.scalars(select(PassageProposal.id).where(PassageProposal.course_id == course_id)).one(),
        "items.item.key": "shared-address",
        "picture_id": db.session.scalars(select(CoursePicture.id).where(CoursePicture.course_id == course_id)).one(),
        "course_folder.preview.upload_id": _upload(course_id),
        "course_folder.use.upload_id": _upload(course_id),
        "course_items.item.key": "shared-address",
        "course_questions.question.key": "shared-address",
        "course_history.bring_back.number": 1,
        "number": 1,
        "slots.slot.key": SLOT,
        "slots.offer.key": SLOT,
        "slots.withdraw.key": SLOT,
        "filling_id": db.session.scalars(select(Filling.id).where(Filling.made_by_id == cast.people[professor])).one(),
        "glossary.term.key": current_series().revision.glossary[0]["key"],
        "membership_id": _membership(cast.people[professor]),
        "digest": picture.digest,
        "suffix": "svg",
        "assets.send.digest": css.partition("/")[0],
        "path": "css/app.css",
    }


def _upload(course_id: int) -> int:
    return db.session.scalars(select(CourseUpload.id).where(CourseUpload.course_id == course_id)).one()


def _attempt(person_id: int, *, is_open: bool) -> int:
    own = select(Attempt.id).where(Attempt.person_id == person_id, Attempt.finished_at.is_(None) == is_open)
    return db.session.scalars(own).one()


def _wished(side: str) -> int:
    return db.session.scalars(select(Institution.id).where(Institution.name == f"Evening school of {side}")).one()


def _membership(person_id: int) -> int:
    held = select(Membership.id).where(
        Membership.person_id == person_id, Membership.role == Role.PROFESSOR, Membership.state == "confirmed"
    )
    return db.session.scalars(held).one()
