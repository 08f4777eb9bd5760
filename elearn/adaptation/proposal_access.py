"""The doors to proposed passages: for those who made them, and for those whose text they would change."""

from dataclasses import dataclass

from flask_babel import gettext as _

from elearn.accounts.permissions import Permission, Visitor, may
from elearn.adaptation.course_access import check_may_read, module_for_editing
from elearn.adaptation.course_queries import AdaptedModule
from elearn.adaptation.licence_queries import licence_of, licences_of
from elearn.adaptation.models import Course, CourseProfessor, Edition
from elearn.adaptation.proposal_models import PassageProposal
from elearn.adaptation.sharing_access import may_share_course
from elearn.adaptation.sharing_queries import not_shared_any_more
from elearn.db import db
from elearn.errors import Conflict, NotAllowed, NotFound


@dataclass(frozen=True)
class ProposalInView:
    """A proposal, and what whoever is asking may do with it."""

    proposal: PassageProposal
    #: Whether they may change the course that it is from.
    is_own: bool
    #: Whether they answer it.
    is_for_them: bool


def proposal_for_reading(visitor: Visitor, proposal_id: int, *, writing: bool = False) -> ProposalInView:
    """Return a proposal, for ``writing`` locked; not there and not theirs are the same."""
    proposal = db.session.get(PassageProposal, proposal_id, with_for_update={"key_share": True} if writing else None)
    if proposal is None:
        raise NotFound
    is_own = _may_change(visitor, proposal.course_id)
    to = proposal.to_course_id
    is_for_them = may(visitor, Permission.EDIT_SERIES) if to is None else _may_change(visitor, to)
    if not is_own and not (is_for_them and proposal.state != "withdrawn"):
        raise NotFound
    check_may_read(visitor, proposal.audience)
    return ProposalInView(proposal, is_own=is_own, is_for_them=is_for_them)


def proposal_for_answering(visitor: Visitor, proposal_id: int) -> PassageProposal:
    """Return a proposal, locked, if the visitor is among those who answer it."""
    found = proposal_for_reading(visitor, proposal_id, writing=True)
    if not found.is_for_them:
        raise NotAllowed(_("Those whose text it would change answer a proposal."))
    return found.proposal


def proposal_for_withdrawing(visitor: Visitor, proposal_id: int) -> PassageProposal:
    """Return a proposal, locked, if the visitor may change the course that it is from."""
    found = proposal_for_reading(visitor, proposal_id, writing=True)
    if not found.is_own:
        raise NotAllowed(_("Those who made a proposal withdraw it."))
    return found.proposal


def _may_change(visitor: Visitor, course_id: int) -> bool:
    is_theirs = db.session.get(CourseProfessor, (course_id, visitor.id)) is not None
    return is_theirs and may(visitor, Permission.PREPARE_CLASSES)


@dataclass(frozen=True)
class Addressee:
    """Whose text a module of a course stands on."""

    #: None: the editors'.
    course: Course | None
    edition_id: int | None
    #: Under which a passage is given to them.
    licence: str


def section_for_proposing(
    visitor: Visitor, course_id: int, slug: str, key: str, *, writing: bool = False
) -> tuple[Course, AdaptedModule, Addressee]:
    """Return a module of a course, for ``writing`` locked, of which the visitor may propose a section, and to whom it goes."""
    course, module = module_for_editing(visitor, course_id, slug, writing=writing)
    section = module.source.section(key)
    if section is None or module.made_on(key) is None:
        raise NotFound
    check_may_read(visitor, section.head["audience"])
    if not may_share_course(visitor, course):
        raise NotAllowed(_("You can propose passages once the institution of the course has confirmed you as a professor."))
    edition_id = module.base.ref.edition_id
    if not edition_id:
        return course, module, Addressee(None, None, licences_of([module.base.ref])[module.base.ref])
    if not_shared_any_more([(course.id, edition_id)]):
        raise Conflict(_("The course from which you took this module is not shared with you any more: nobody there would answer."))
    upstream = db.session.get_one(Course, db.session.get_one(Edition, edition_id).course_id)
    return course, module, Addressee(upstream, edition_id, licence_of(upstream))
