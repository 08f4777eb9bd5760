"""Two texts of a module of a course, to be laid side by side: the course's, its base's, upstream's, an edition's."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from elearn.adaptation.base_queries import Base, BaseRef, base_of
from elearn.adaptation.course_queries import AdaptedModule
from elearn.adaptation.models import Course, Edition, EditionModule
from elearn.adaptation.source_differences import Difference, item_differences, module_differences, section_differences
from elearn.adaptation.texts import ModuleSource
from elearn.adaptation.update_queries import offers_of
from elearn.catalogue.item_queries import item_texts_of
from elearn.catalogue.queries import pinned_items
from elearn.catalogue.render import plain_text
from elearn.db import db
from elearn.errors import NotFound

#: So much of a question's wording stands for it.
LONGEST_CALL = 120


@dataclass(frozen=True)
class Side:
    """A text that can be compared: how forms call it, and where it stands."""

    name: str
    #: base, upstream, edition or mine.
    kind: str
    #: Of an edition: which; of the series: 0.
    number: int
    ref: BaseRef | None


def sides_of(course: Course, module: AdaptedModule) -> tuple[Side, ...]:
    """Return what a module of a course can be compared with: the course's own text, its base, upstream's newest, its editions."""
    found = [Side("mine", "mine", 0, None), Side("base", "base", 0, module.base.ref)]
    offer = next((offer for offer in offers_of(course) if offer.module_id == module.module_id), None)
    if offer and offer.newer:
        found.append(Side("upstream", "upstream", 0, offer.newer))
    rows = db.session.execute(
        select(Edition.id, Edition.number)
        .join(EditionModule, EditionModule.edition_id == Edition.id)
        .where(Edition.course_id == course.id, EditionModule.module_id == module.module_id)
        .order_by(Edition.number.desc())
        .limit(50),
    )
    found += [Side(f"edition-{row.number}", "edition", row.number, BaseRef(module.module_id, 0, row.id)) for row in rows]
    return tuple(found)


def side_called(sides: Sequence[Side], name: str) -> Side:
    """Return the text of this name; raise NotFound where there is none."""
    for side in sides:
        if side.name == name:
            return side
    raise NotFound


@dataclass(frozen=True)
class Compared:
    """Two texts of a module, and what is other in the second."""

    sections: tuple[Difference, ...]
    items: tuple[Difference, ...]
    #: What else of the module is other: title, summary, order, quiz.
    more: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing is."""
        return not self.items and not self.more and all(section.state == "same" for section in self.sections)


def compared(course: Course, module: AdaptedModule, before: Side, after: Side, *, confirmed: bool) -> Compared:
    """Return two texts of a module side by side; what is for teachers only where the reader is ``confirmed`` as one."""
    one, two = _source(course, module, before), _source(course, module, after)
    sections = tuple(each for each in section_differences(one[0], two[0]) if confirmed or each.audience != "teacher")
    return Compared(sections, _items(one, two, course.language) if confirmed else (), module_differences(one[0], two[0]))


def _source(course: Course, module: AdaptedModule, side: Side) -> tuple[ModuleSource, int]:
    """Return a text, and the revision of the series from which the texts of its questions come."""
    if side.ref is None:
        return module.source, module.base.revision_id
    base: Base = base_of(side.ref, course.language)
    return base.source, base.revision_id


def _items(one: tuple[ModuleSource, int], two: tuple[ModuleSource, int], language: str) -> tuple[Difference, ...]:
    states = {key: {item.key: item.revision_id for item in source.items} for key, source in ((0, one[0]), (1, two[0]))}
    differing = {revision for key, mine in states.items() for item, revision in mine.items() if states[1 - key].get(item) != revision}
    if not differing:
        return ()
    written = item_texts_of([one[1], two[1]])
    texts = {item.revision_id: written.get(revision, {}).get(item.key, "") for source, revision in (one, two) for item in source.items}
    return item_differences(one[0], two[0], texts, _prompts(differing, language))


def _prompts(revision_ids: Collection[int], language: str) -> dict[int, str]:
    found = pinned_items(tuple(sorted(revision_ids)))
    called = {}
    for key, item in found.items():
        html = item.definition["html"].get(language) or item.definition["html"][item.definition["language"]]
        words = " ".join(plain_text(str(html["prompt"])).split())
        called[key] = words if len(words) <= LONGEST_CALL else words[:LONGEST_CALL].rsplit(" ", 1)[0] + " …"
    return called
