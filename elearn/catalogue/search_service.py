"""Keeps what search finds in step with the newest release. Flushes; whoever calls commits."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import delete, exists, func, select

from elearn.catalogue.models import Module, ModuleRevision, ModuleText, SearchEntry, Section, SeriesRevision
from elearn.catalogue.render import plain_text
from elearn.db import db, table
from elearn.words import fold

#: Sections of a module are counted from here in their order; more than a module has.
PLACES = 10_000
AT_ONCE = 200
#: The definitions at the end of a section's page say which terms it uses.
_TERM = re.compile(r'<dd id="term-([a-z0-9-]+)"')


@dataclass(frozen=True)
class Entry:
    """Something to be found."""

    kind: str
    module_id: int | None
    key: str
    language: str
    audience: str
    place: int
    title: str
    text: str
    terms: list[str] = field(default_factory=list)

    @property
    def identity(self) -> tuple[str, int | None, str, str]:
        """What tells it from every other entry."""
        return self.kind, self.module_id, self.key, self.language

    @property
    def digest(self) -> str:
        """A digest of all of it: the same means that nothing has to be done."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


def fill_if_empty() -> None:
    """Make the entries where there are none yet: after the upgrade that brought search."""
    if not db.session.scalar(select(exists().select_from(table(SearchEntry)))):
        renew()


def renew() -> int:
    """Leave the entries as the newest release has them; return how many were added, changed or removed."""
    db.session.flush()
    entries = table(SearchEntry)
    known: dict[tuple[str, int | None, str, str], tuple[int, str]] = {
        (row.kind, row.module_id, row.key, row.language): (row.id, row.digest)
        for row in db.session.execute(
            select(entries.c.id, entries.c.kind, entries.c.module_id, entries.c.key, entries.c.language, entries.c.digest)
        )
    }
    added: list[dict[str, Any]] = []
    for entry in _entries():
        digest = entry.digest
        if known.get(entry.identity, (0, ""))[1] == digest:
            del known[entry.identity]
            continue
        folded = {"folded_title": fold(entry.title), "folded_text": fold(entry.text)}
        added.append(asdict(entry) | folded | {"digest": digest})
    outdated = [entry_id for entry_id, _ in known.values()]
    for start in range(0, len(outdated), AT_ONCE):
        db.session.execute(delete(entries).where(entries.c.id.in_(outdated[start : start + AT_ONCE])))
    for start in range(0, len(added), AT_ONCE):
        db.session.execute(entries.insert(), added[start : start + AT_ONCE])
    return len(added) + len(outdated)


def _entries() -> Iterator[Entry]:
    """Yield what is to be found in the series as it stands: nothing of a quiz."""
    series = db.session.scalar(select(SeriesRevision).order_by(SeriesRevision.number.desc()).limit(1))
    if series is None:
        return
    newest = select(func.max(ModuleRevision.id)).group_by(ModuleRevision.module_id)
    modules = {
        row.slug: (row.id, row.module_id)
        for row in db.session.execute(
            select(Module.slug, ModuleRevision.id, ModuleRevision.module_id)
            .join(ModuleRevision, ModuleRevision.module_id == Module.id)
            .where(ModuleRevision.id.in_(newest), Module.slug.in_(series.modules)),
        )
    }
    for place, slug in enumerate(slug for slug in series.modules if slug in modules):
        yield from _entries_of_module(*modules[slug], place * PLACES)
    for term in series.glossary:
        module_id = modules.get(term["module"], (0, None))[1]
        for language, name in term["term"].items():
            if definition := term["definition"].get(language):
                yield Entry("term", module_id, term["key"], language, "everyone", 0, name, plain_text(definition))


def _entries_of_module(revision_id: int, module_id: int, place: int) -> Iterator[Entry]:
    for text in db.session.scalars(select(ModuleText).where(ModuleText.revision_id == revision_id)):
        said = "\n".join([text.summary, *text.outcomes.values()])
        yield Entry("module", module_id, "", text.language, "everyone", place, text.title, said)
    columns = (Section.key, Section.language, Section.audience, Section.position, Section.title, Section.text, Section.steps, Section.html)
    for row in db.session.execute(select(*columns).where(Section.revision_id == revision_id)):
        said = "\n".join([row.text, *(f"{step['title']}. {step['text']}" for step in row.steps)])
        terms = sorted(set(_TERM.findall(row.html)))
        yield Entry("section", module_id, row.key, row.language, row.audience, place + row.position, row.title, said, terms)
