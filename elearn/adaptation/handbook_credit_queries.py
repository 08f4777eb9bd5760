"""What revisions of modules say about themselves, and whose texts a course's modules are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from elearn.accounts.models import Institution
from elearn.adaptation.change_counts import counts_of
from elearn.adaptation.handbook_texts import Credit
from elearn.adaptation.models import Course, Edition, Overlay
from elearn.catalogue.models import ModuleRevision, ModuleText
from elearn.catalogue.queries import current_series
from elearn.db import db


@dataclass(frozen=True)
class Facts:
    """What a revision of a module says about itself in a language."""

    title: str
    summary: str
    language: str
    #: Wording by id.
    outcomes: Mapping[str, str]
    content_notes: tuple[str, ...]
    version: str
    authors: tuple[str, ...]
    licence: str

    def worded(self, outcomes: Collection[str]) -> tuple[str, ...]:
        """Return outcomes in words."""
        return tuple(self.outcomes[key] for key in outcomes if key in self.outcomes)


def facts_of(revision_ids: Collection[int], language: str) -> dict[int, Facts]:
    """Return what revisions say about themselves, in the series' first language where they are not translated; one statement."""
    source = current_series().source
    asked = select(ModuleText, ModuleRevision.version, ModuleRevision.authors, ModuleRevision.licence).join(
        ModuleRevision, ModuleRevision.id == ModuleText.revision_id
    )
    found: dict[int, Facts] = {}
    for row in db.session.execute(
        asked.where(ModuleText.revision_id.in_(revision_ids), ModuleText.language.in_({language, source})),
    ):
        text = row.ModuleText
        if text.language == language or text.revision_id not in found:
            found[text.revision_id] = Facts(
                text.title,
                text.summary,
                text.language,
                text.outcomes,
                tuple(text.content_notes.values()),
                row.version,
                tuple(row.authors),
                row.licence,
            )
    return found


def credits_of(overlays: Mapping[int, Overlay], facts: Mapping[int, Facts]) -> dict[int, Credit]:
    """Return by module whose text it is and what was done to it; ``facts`` by module. One statement at most."""
    ids = {overlay.base_edition_id for overlay in overlays.values() if overlay.base_edition_id}
    courses: dict[int | None, tuple[str, int, str]] = {}
    if ids:
        asked = select(Edition.id, Edition.title, Edition.number, Institution.name).join(Course, Course.id == Edition.course_id)
        asked = asked.join(Institution, Institution.id == Course.institution_id).where(Edition.id.in_(ids))
        courses = {row.id: (row.title, row.number, row.name) for row in db.session.execute(asked)}
    return {
        module_id: Credit(
            said.title,
            said.version,
            said.authors,
            said.licence,
            courses.get(overlays[module_id].base_edition_id),
            counts_of(overlays[module_id].changes),
        )
        for module_id, said in facts.items()
    }
