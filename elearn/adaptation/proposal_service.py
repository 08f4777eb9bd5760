"""Proposing a passage to those whose text it was, their answer, and withdrawing it. What was proposed never changes."""

from datetime import timedelta

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, select

from elearn import audit, clock, throttle
from elearn.accounts import notices
from elearn.accounts.models import Institution, Person
from elearn.accounts.permissions import Visitor
from elearn.adaptation.course_queries import AdaptedModule, adapted_modules
from elearn.adaptation.course_service import save_changes
from elearn.adaptation.models import Course, Overlay
from elearn.adaptation.overlays import with_text
from elearn.adaptation.proposal_models import PassageProposal
from elearn.db import db, insert
from elearn.errors import Conflict, Invalid

#: So many proposals of a course may wait for an answer.
MOST_OPEN = 20
PROPOSALS_PER_PERSON, WINDOW = 40, timedelta(days=1)


def propose_passage(visitor: Visitor, course: Course, module: AdaptedModule, wanted: PassageProposal) -> int:
    """Keep a proposal of the locked course and return its number; it says what is to be kept of where it is from and to whom it goes."""
    throttle.spend("propose-passage", str(visitor.id), limit=PROPOSALS_PER_PERSON, window=WINDOW)
    here = select(func.count()).select_from(PassageProposal).where(PassageProposal.course_id == course.id, PassageProposal.state == "open")
    if (db.session.scalar(here) or 0) >= MOST_OPEN:
        raise Conflict(_("%(most)d proposals of this course wait for an answer. Wait for some, or withdraw one.", most=MOST_OPEN))
    place = db.session.get_one(Institution, course.institution_id).name
    row = {
        **{name: getattr(wanted, name) for name in _GIVEN},
        "course_id": course.id,
        "module_id": module.module_id,
        "language": course.language,
        "revision_id": module.base.revision_id,
        "authors": course.authors or place,
        "made_by_id": visitor.id,
        "made_at": clock.now(),
        "state": "open",
        "answer": "",
    }
    made = db.session.scalar(insert(PassageProposal).values(row).on_conflict_do_nothing().returning(PassageProposal.id))
    if made is None:
        raise Conflict(_("This section waits for an answer already. Withdraw that proposal first, then propose the new text."))
    _record(visitor, course.institution_id, "propose-passage", made)
    return int(made)


#: What whoever proposes a passage says of it.
_GIVEN = ("section_key", "section_title", "audience", "to_course_id", "edition_id", "before", "after", "note", "licence")


def answer_proposal(visitor: Visitor, proposal: PassageProposal, *, accept: bool, words: str) -> Overlay | None:
    """Accept or decline a locked proposal with a word; return the changes of the upstream course into which an accepted one went.

    Raise Conflict where it was answered or withdrawn meanwhile.
    """
    _check_open(proposal)
    if not accept and not words:
        message = _("Say in a word why: it helps whoever wrote it.")
        raise Invalid(message, {"words": message})
    overlay = _take(visitor, proposal) if accept and proposal.to_course_id else None
    proposal.state, proposal.answer = ("accepted" if accept else "declined"), words
    proposal.answered_by_id, proposal.answered_at = visitor.id, clock.now()
    proposal.outcome = {"overlay": overlay.number} if overlay else None
    db.session.flush()
    place = db.session.get_one(Course, proposal.to_course_id).institution_id if proposal.to_course_id else None
    _record(visitor, place, "accept-passage" if accept else "decline-passage", proposal.id)
    _tell(visitor, proposal)
    return overlay


def withdraw_proposal(visitor: Visitor, proposal: PassageProposal) -> None:
    """Take a locked proposal back; raise Conflict where it was answered meanwhile."""
    _check_open(proposal)
    proposal.state, proposal.answered_by_id, proposal.answered_at = "withdrawn", visitor.id, clock.now()
    db.session.flush()
    _record(visitor, db.session.get_one(Course, proposal.course_id).institution_id, "withdraw-passage", proposal.id)


def _check_open(proposal: PassageProposal) -> None:
    if proposal.state != "open":
        said = {
            "accepted": _("This proposal is accepted already."),
            "declined": _("This proposal is declined already."),
            "withdrawn": _("This proposal was withdrawn meanwhile."),
        }
        raise Conflict(said[proposal.state])


def _take(visitor: Visitor, proposal: PassageProposal) -> Overlay | None:
    """Put an accepted text into the upstream course, where it still says what was replaced; None: it has to be done by hand."""
    course = db.session.get_one(Course, proposal.to_course_id, with_for_update={"key_share": True})
    module = next((each for each in adapted_modules(course) if each.module_id == proposal.module_id), None)
    section = module.source.section(proposal.section_key) if module else None
    if module is None or section is None or section.markdown != proposal.before:
        return None
    made_on = module.made_on(proposal.section_key) or section
    changes = with_text(module.overlay.changes, made_on, proposal.after)
    return save_changes(visitor, course, module, changes, seen=module.overlay.number)


def _record(visitor: Visitor, institution_id: int | None, action: str, proposal_id: int) -> None:
    audit.record(action, "passage-proposal", proposal_id, actor_id=visitor.id, institution_id=institution_id)


def _tell(visitor: Visitor, proposal: PassageProposal) -> None:
    """Write to whoever proposed it."""
    person = db.session.get_one(Person, proposal.made_by_id)
    with force_locale(person.language or "en"):
        title = proposal.section_title
        if proposal.state == "accepted":
            what = _("your proposal for “%(section)s” is accepted. Thank you.", section=title)
        else:
            what = _("your proposal for “%(section)s” was read and is not taken over. Your own course keeps your text.", section=title)
        word = notices.with_word(proposal.answer, visitor.name)
        subject = _("Your proposal for “%(section)s”", section=title)
        notices.tell(person.id, subject, what, word, about="passage-proposal", about_id=proposal.id, path=f"/proposals/{proposal.id}")
