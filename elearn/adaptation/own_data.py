"""What the adaptation room keeps of a person: given back to them, and erased with them."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from elearn.accounts.models import Institution
from elearn.adaptation.draft_models import SectionDraft
from elearn.adaptation.folder_models import CourseUpload
from elearn.adaptation.models import Course, CourseProfessor, Edition, Overlay
from elearn.adaptation.picture_models import CoursePicture
from elearn.adaptation.proposal_models import PassageProposal
from elearn.adaptation.sharing_models import CourseSharing
from elearn.catalogue.models import Module
from elearn.db import db
from elearn.web.own_data import Asked, Line, Lines, Words

WORDS: Mapping[str, Words] = {
    "courses": Words(_l("Courses"), _l("Those that you made or may change. They belong to the institution, and stay when you go.")),
    "course_changes": Words(_l("Changes you made to modules"), _l("What your courses change in the series, version by version.")),
    "pictures": Words(
        _l("Pictures you added to courses"), _l("What they are called and what you said of them. They belong to the course.")
    ),
    "course_uploads": Words(_l("Folders of courses you sent back"), _l("Kept until they are used, a day at most; then only their names.")),
    "section_drafts": Words(_l("Drafts you wrote"), _l("Texts that are not saved into a course yet. They stay with the course.")),
    "proposals": Words(_l("Passages you proposed"), _l("With the reasons you gave. The texts stay with those they were given to.")),
    "proposal_answers": Words(_l("Proposals you answered"), _l("What you wrote to professors who proposed a passage.")),
    "shared_courses": Words(_l("Courses you shared"), _l("With whom you shared a course last. It goes on when you go.")),
    "editions": Words(_l("Editions you published"), _l("What classes are taught on. They make you count as a professor who was equipped.")),
}


def _plain(row: Any) -> Line:
    return dict(row._mapping)  # noqa: SLF001 (the documented name)


def _files_of(person_id: int) -> dict[str, Lines]:
    return {
        "pictures": Asked(
            select(Course.title.label("course"), CoursePicture.name, CoursePicture.alt, CoursePicture.description, CoursePicture.added_at)
            .join(Course, Course.id == CoursePicture.course_id)
            .where(CoursePicture.added_by_id == person_id)
            .order_by(CoursePicture.id),
            _plain,
        ),
        "course_uploads": Asked(
            select(Course.title.label("course"), CourseUpload.name, CourseUpload.sent_at, CourseUpload.used_at)
            .join(Course, Course.id == CourseUpload.course_id)
            .where(CourseUpload.sent_by_id == person_id)
            .order_by(CourseUpload.id),
            _plain,
        ),
    }


def _drafts_of(person_id: int) -> Lines:
    return Asked(
        select(
            Course.title.label("course"),
            Module.slug.label("module"),
            SectionDraft.key.label("section"),
            SectionDraft.title,
            SectionDraft.text,
            SectionDraft.former,
            SectionDraft.saved_at,
        )
        .join(Course, Course.id == SectionDraft.course_id)
        .join(Module, Module.id == SectionDraft.module_id)
        .where(SectionDraft.saved_by_id == person_id)
        .order_by(SectionDraft.course_id, SectionDraft.module_id, SectionDraft.key),
        _plain,
    )


def _proposals_of(person_id: int) -> dict[str, Lines]:
    of = select(Course.title.label("course"), PassageProposal.section_title.label("section"), PassageProposal.state)
    here = of.join(Course, Course.id == PassageProposal.course_id).order_by(PassageProposal.id)
    said = (PassageProposal.note, PassageProposal.after.label("text"), PassageProposal.authors, PassageProposal.made_at)
    answered = (PassageProposal.answer, PassageProposal.answered_at)
    return {
        "proposals": Asked(here.add_columns(*said).where(PassageProposal.made_by_id == person_id), _plain),
        "proposal_answers": Asked(here.add_columns(*answered).where(PassageProposal.answered_by_id == person_id), _plain),
        "shared_courses": Asked(
            select(Course.title.label("course"), CourseSharing.audience, CourseSharing.changed_at)
            .join(Course, Course.id == CourseSharing.course_id)
            .where(CourseSharing.changed_by_id == person_id)
            .order_by(Course.id),
            _plain,
        ),
    }


def export_of(person_id: int) -> Mapping[str, Lines]:
    """Return what is kept of the person, by part."""
    may_change = select(CourseProfessor.course_id).where(CourseProfessor.person_id == person_id)
    return {
        **_files_of(person_id),
        "courses": Asked(
            select(
                Course.title,
                Institution.name.label("institution"),
                Course.language,
                Course.created_at,
                (Course.created_by_id == person_id).label("made_by_you"),
            )
            .join(Institution, Institution.id == Course.institution_id)
            .where((Course.created_by_id == person_id) | Course.id.in_(may_change))
            .order_by(Course.id),
            _plain,
        ),
        "course_changes": Asked(
            select(Course.title.label("course"), Module.slug.label("module"), Overlay.number, Overlay.changes, Overlay.made_at)
            .join(Course, Course.id == Overlay.course_id)
            .join(Module, Module.id == Overlay.module_id)
            .where(Overlay.made_by_id == person_id)
            .order_by(Overlay.id),
            _plain,
        ),
        "section_drafts": _drafts_of(person_id),
        **_proposals_of(person_id),
        "editions": Asked(
            select(Course.title.label("course"), Edition.number, Edition.title, Edition.language, Edition.published_at)
            .join(Course, Course.id == Edition.course_id)
            .where(Edition.published_by_id == person_id)
            .order_by(Edition.id),
            _plain,
        ),
    }


def forget(person_id: int) -> None:
    """Take the person's right to change courses; what they adapted is the institution's, and classes are taught on it."""
    db.session.execute(delete(CourseProfessor).where(CourseProfessor.person_id == person_id))
    db.session.execute(update(CourseUpload).where(CourseUpload.sent_by_id == person_id).values(name="", content=None))
    db.session.execute(update(PassageProposal).where(PassageProposal.made_by_id == person_id).values(note=""))
    db.session.execute(update(PassageProposal).where(PassageProposal.answered_by_id == person_id).values(answer=""))
