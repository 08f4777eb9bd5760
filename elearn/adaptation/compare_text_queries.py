"""Two texts of a module and what is other in the second, as far as the reader may read them: of a course, of the series, of an edition."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from elearn import bounded
from elearn.adaptation.source_differences import Difference, item_differences, module_differences, moved_sections, section_differences
from elearn.adaptation.texts import ModuleSource
from elearn.catalogue.item_queries import item_texts_of
from elearn.catalogue.queries import pinned_items
from elearn.catalogue.render import plain_text
from elearn.errors import Invalid

#: So much of a question's wording stands for it.
LONGEST_CALL = 120
#: What comparing two texts of a module may take; two of 10,000 words take half of one.
SECONDS = 5.0


@dataclass(frozen=True)
class Text:
    """A module as it is written, and the revision of the series from which the texts of its questions come."""

    source: ModuleSource
    revision_id: int


@dataclass(frozen=True)
class Compared:
    """Two texts of a module, and what is other in the second."""

    sections: tuple[Difference, ...]
    items: tuple[Difference, ...]
    #: The titles of the sections that stand at another place among those which both texts have.
    moved: tuple[str, ...]
    #: What is other of the module itself: title, summary, quiz.
    more: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing is."""
        return not self.items and not self.moved and not self.more and all(section.state == "same" for section in self.sections)


def compared_texts(before: Text, after: Text, language: str, *, confirmed: bool) -> Compared:
    """Return two texts side by side.

    For who is not ``confirmed`` as a teacher there are no questions, and no section of either text while that text keeps it for teachers:
    one that was opened to everyone is new to them, without the words that it had before.
    """
    one, two = (text.source if confirmed else _for_everyone(text.source) for text in (before, after))
    items = _items(before, after, language) if confirmed else ()
    return Compared(_sections(one, two), items, moved_sections(one, two), module_differences(one, two))


def _sections(one: ModuleSource, two: ModuleSource) -> tuple[Difference, ...]:
    """Return how the sections differ, found in a process of its own: professors write one side, as long and as tangled as they like."""
    try:
        return bounded.run(section_differences, one, two, seconds=SECONDS)
    except bounded.Exceeded:
        raise Invalid(_("These two texts are too long, and too different, to be compared at once.")) from None


def _for_everyone(source: ModuleSource) -> ModuleSource:
    return replace(source, sections=tuple(section for section in source.sections if section.head["audience"] == "everyone"))


def _items(before: Text, after: Text, language: str) -> tuple[Difference, ...]:
    former, new = ({item.key: item.revision_id for item in text.source.items} for text in (before, after))
    differing = {here[key] for here in (former, new) for key in here if former.get(key) != new.get(key)}
    if not differing:
        return ()
    written = item_texts_of([before.revision_id, after.revision_id])
    texts = {
        item.revision_id: written.get(text.revision_id, {}).get(item.key, "") for text in (before, after) for item in text.source.items
    }
    return item_differences(before.source, after.source, texts, _prompts(differing, language))


def _prompts(revision_ids: Collection[int], language: str) -> dict[int, str]:
    found = pinned_items(tuple(sorted(revision_ids)))
    called = {}
    for key, item in found.items():
        html = item.definition["html"].get(language) or item.definition["html"][item.definition["language"]]
        words = " ".join(plain_text(str(html["prompt"])).split())
        called[key] = words if len(words) <= LONGEST_CALL else words[:LONGEST_CALL].rsplit(" ", 1)[0] + " …"
    return called
