"""An accepted passage as the file of its module in which it belongs, ready to be published."""

from dataclasses import dataclass

from sqlalchemy import select

from elearn import media
from elearn.adaptation.proposal_models import PassageProposal
from elearn.adaptation.proposal_text import in_file, taken_into
from elearn.catalogue.models import ModuleFile, Section
from elearn.catalogue.queries import PublishedModule, current_series
from elearn.db import db


@dataclass(frozen=True)
class Today:
    """The section of a proposal as the series has it now, with the proposal in it."""

    version: str
    #: Where the file stands under ``content/modules``.
    path: str
    text: str
    #: Whether the series says something else than when the proposal was made.
    has_moved: bool
    #: How many passages were changed on both sides.
    clashes: int


def today(proposal: PassageProposal, *, with_file: bool = False) -> Today | None:
    """Return what a proposal would make of its file; None where the series has the section no more. Only ``with_file`` is it read."""
    module = next((each for each in current_series().modules if each.module_id == proposal.module_id), None)
    section = _section(module, proposal) if module else None
    if module is None or section is None:
        return None
    taken = taken_into(section.markdown, proposal.before, proposal.after)
    file = db.session.execute(
        select(ModuleFile.path, ModuleFile.digest).where(
            ModuleFile.revision_id == module.revision.id,
            ModuleFile.path.startswith(f"{proposal.language}/"),
            ModuleFile.path.endswith(f"-{section.key}.md"),
        ),
    ).first()
    path = file.path if file else f"{proposal.language}/{section.key}.md"
    text = taken.text
    if with_file and file:
        text = in_file(media.bytes_of([file.digest])[file.digest].decode(), taken.text)
    moved = section.markdown != proposal.before
    return Today(module.revision.version, f"{module.revision.folder}/{path}", text, moved, taken.clashes)


def _section(module: PublishedModule, proposal: PassageProposal) -> Section | None:
    """Return the section in the newest revision, perhaps under another key."""
    asked = select(Section).where(Section.revision_id == module.revision.id, Section.language == proposal.language)
    rows = db.session.scalars(asked).all()
    named = next((row for row in rows if row.key == proposal.section_key), None)
    return named or next((row for row in rows if proposal.section_key in row.formerly), None)
