"""Questions about proposed passages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from elearn import bounded
from elearn.accounts.models import Institution, Person
from elearn.adaptation.course_queries import AdaptedModule
from elearn.adaptation.models import Course, CourseProfessor, Edition, EditionSection
from elearn.adaptation.proposal_models import PassageProposal
from elearn.adaptation.proposal_text import Beside, beside, holds
from elearn.catalogue.models import Module, ModuleRevision, Section
from elearn.db import db
from elearn.errors import Invalid

#: What comparing the two texts may take.
SECONDS = 5.0
#: So many later texts are looked through for what was accepted.
MOST_LATER = 100


@dataclass(frozen=True)
class ProposalLine:
    """A proposal with where it is from and to whom it goes."""

    proposal: PassageProposal
    slug: str
    #: Who made it: name, institution, course.
    by: str
    institution: str
    course: str
    #: The course to whose professors it goes; empty: to the editors.
    to_course: str
    answered_by: str | None


def _lines(*conditions: ColumnElement[bool]) -> Any:
    to, answering = aliased(Course), aliased(Person)
    return (
        select(PassageProposal, Module.slug, Person.name, Institution.name, Course.title, to.title, answering.name)
        .join(Module, Module.id == PassageProposal.module_id)
        .join(Person, Person.id == PassageProposal.made_by_id)
        .join(Course, Course.id == PassageProposal.course_id)
        .join(Institution, Institution.id == Course.institution_id)
        .outerjoin(to, to.id == PassageProposal.to_course_id)
        .outerjoin(answering, answering.id == PassageProposal.answered_by_id)
        .where(*conditions)
    )


def _line(row: Any) -> ProposalLine:
    return ProposalLine(row[0], row[1], row[2], row[3], row[4], row[5] or "", row[6])


#: Which proposals a list is of.
Which = ColumnElement[bool]


def proposal_line(proposal_id: int) -> ProposalLine:
    """Return one proposal with where it is from."""
    return _line(db.session.execute(_lines(PassageProposal.id == proposal_id)).one())


def of_course(course_id: int, whose: str = "") -> Which:
    """Return the condition that a proposal was made from a course (``made``), to it (``received``), or either."""
    made, received = PassageProposal.course_id == course_id, PassageProposal.to_course_id == course_id
    return {"made": made, "received": received}.get(whose, made | received)


def to_editors() -> Which:
    """Return the condition that a proposal goes to the editors of the series."""
    return PassageProposal.to_course_id.is_(None) & (PassageProposal.state != "withdrawn")


def _asked(which: Which, asked: dict[str, str]) -> list[ColumnElement[bool]]:
    found = [which]
    if asked.get("state"):
        found.append(PassageProposal.state == asked["state"])
    if asked.get("module"):
        found.append(PassageProposal.module_id.in_(select(Module.id).where(Module.slug == asked["module"])))
    return found


def count_of_proposals(which: Which, asked: dict[str, str]) -> int:
    """Return how many proposals there are that fit what is asked for."""
    return db.session.scalar(select(func.count()).select_from(PassageProposal).where(*_asked(which, asked))) or 0


def proposal_lines(which: Which, asked: dict[str, str], *, limit: int, offset: int = 0) -> list[ProposalLine]:
    """Return some of them, those that wait for an answer first, the oldest of these first."""
    order = ((PassageProposal.state == "open").desc(), PassageProposal.answered_at.desc(), PassageProposal.id)
    rows = db.session.execute(
        _lines(*_asked(which, asked)).order_by(*order).limit(limit).offset(offset),
    )
    return [_line(row) for row in rows]


def waiting_for_professor(person_id: int) -> list[tuple[int, str, int]]:
    """Return the courses that the person may change to which passages are proposed: number, title, how many wait."""
    rows = db.session.execute(
        select(Course.id, Course.title, func.count())
        .join(PassageProposal, PassageProposal.to_course_id == Course.id)
        .join(CourseProfessor, CourseProfessor.course_id == Course.id)
        .where(CourseProfessor.person_id == person_id, PassageProposal.state == "open")
        .group_by(Course.id, Course.title)
        .order_by(Course.id),
    )
    return [(row[0], row[1], row[2]) for row in rows]


def open_in(course_id: int, module_id: int) -> set[str]:
    """Return the sections of a module of a course whose text waits for an answer as a proposal."""
    here = (PassageProposal.course_id == course_id, PassageProposal.module_id == module_id, PassageProposal.state == "open")
    return set(db.session.scalars(select(PassageProposal.section_key).where(*here)))


def texts_of(module: AdaptedModule, key: str) -> tuple[str, str] | None:
    """Return a section as its base has it and as the course has it; None where the course has not replaced any of it."""
    before, after = module.made_on(key), module.source.section(key)
    if before is None or after is None or before.markdown == after.markdown or not after.markdown.strip():
        return None
    return before.markdown, after.markdown


def side_by_side(before: str, after: str) -> Beside:
    """Return two texts beside each other, found in a process of its own: professors write them as long and as tangled as they like."""
    try:
        return bounded.run(beside, before, after, seconds=SECONDS)
    except bounded.Exceeded:
        raise Invalid(_("These two texts are too long, and too different, to be compared at once.")) from None


def appeared_in(proposals: Iterable[PassageProposal]) -> dict[int, str]:
    """Return by accepted proposal the first published version, or edition, that holds what was proposed; two statements at most."""
    accepted = [each for each in proposals if each.state == "accepted"]
    of_series = [each.id for each in accepted if each.to_course_id is None]
    of_courses = [each.id for each in accepted if each.to_course_id is not None]
    later = [*(_later_revisions(of_series) if of_series else ()), *(_later_editions(of_courses) if of_courses else ())]
    known = {each.id: each for each in accepted}
    found: dict[int, str] = {}
    for proposal_id, version, text in later:
        if proposal_id not in found and holds(text, known[proposal_id].before, known[proposal_id].after):
            found[proposal_id] = version
    return found


def _later_revisions(ids: Sequence[int]) -> Iterable[tuple[int, str, str]]:
    base = aliased(ModuleRevision)
    return [
        (row[0], row[1], row[2])
        for row in db.session.execute(
            select(PassageProposal.id, ModuleRevision.version, Section.markdown)
            .join(base, base.id == PassageProposal.revision_id)
            .join(ModuleRevision, (ModuleRevision.module_id == base.module_id) & (ModuleRevision.number > base.number))
            .join(
                Section,
                (Section.revision_id == ModuleRevision.id)
                & (Section.key == PassageProposal.section_key)
                & (Section.language == PassageProposal.language),
            )
            .where(PassageProposal.id.in_(ids))
            .order_by(ModuleRevision.number)
            .limit(MOST_LATER),
        )
    ]


def _later_editions(ids: Sequence[int]) -> Iterable[tuple[int, str, str]]:
    base = aliased(Edition)
    return [
        (row[0], str(row[1]), row[2] or "")
        for row in db.session.execute(
            select(PassageProposal.id, Edition.number, EditionSection.markdown)
            .join(base, base.id == PassageProposal.edition_id)
            .join(Edition, (Edition.course_id == PassageProposal.to_course_id) & (Edition.number > base.number))
            .join(
                EditionSection,
                (EditionSection.edition_id == Edition.id)
                & (EditionSection.module_id == PassageProposal.module_id)
                & (EditionSection.key == PassageProposal.section_key),
            )
            .where(PassageProposal.id.in_(ids), EditionSection.markdown.is_not(None))
            .order_by(Edition.number)
            .limit(MOST_LATER),
        )
    ]
