"""What is kept of a passage when it is proposed: the exact two texts, and under which licence it is given."""

from flask_babel import gettext as _

from elearn.accounts.permissions import Visitor
from elearn.adaptation.course_queries import AdaptedModule
from elearn.adaptation.models import Course
from elearn.adaptation.picture_queries import course_pictures
from elearn.adaptation.proposal_access import Addressee
from elearn.adaptation.proposal_labels import picture_words
from elearn.adaptation.proposal_models import PassageProposal
from elearn.adaptation.proposal_queries import texts_of
from elearn.adaptation.proposal_service import propose_passage
from elearn.adaptation.proposal_text import new_pictures
from elearn.errors import Conflict, Invalid


def make_proposal(visitor: Visitor, course: Course, module: AdaptedModule, to: Addressee, key: str, *, note: str, seen: int) -> int:
    """Propose a section of the locked course as it stands; return the proposal's number.

    Raise Conflict where the course has another text by now than whoever proposes it has seen.
    """
    texts, section = texts_of(module, key), module.source.section(key)
    if texts is None or section is None:
        raise Invalid(_("Your course has not replaced anything of this section."))
    if seen != module.overlay.number:
        raise Conflict(_("The course was changed meanwhile. Look at the text again, then propose it."))
    known = course_pictures(course.id).pictures
    if own := tuple(name for name in new_pictures(*texts) if name in known):
        raise Invalid(picture_words(own))
    wanted = PassageProposal(
        section_key=key,
        section_title=section.title,
        audience=section.head["audience"],
        to_course_id=to.course.id if to.course else None,
        edition_id=to.edition_id,
        before=texts[0],
        after=texts[1],
        note=note,
        licence=to.licence,
    )
    return propose_passage(visitor, course, module, wanted)
