"""What a module is in one text and in another: section by section, question by question. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from elearn.adaptation.block_differences import Stretch, Words, block_rows, stretches, words_changed
from elearn.adaptation.texts import HEAD_FIELDS, ItemSource, ModuleSource, SectionSource
from elearn.catalogue.differences import matching


@dataclass(frozen=True)
class Difference:
    """A section or a question in both texts."""

    key: str
    title: str
    #: Where it has another one in the former text.
    former_title: str
    audience: str
    #: same, changed, added (only in the new text) or removed (only in the former one).
    state: str
    stretches: tuple[Stretch, ...] = ()
    words: Words = field(default_factory=lambda: Words(0, 0))
    #: What else of its head is other: kind, audience, minutes, outcomes, steps, descriptions.
    heads: tuple[str, ...] = ()


def section_differences(before: ModuleSource, after: ModuleSource) -> tuple[Difference, ...]:
    """Return the sections in the order of the new text, those that are gone behind them."""
    former = _former(before, after)
    found = [_section(former.get(section.key), section) for section in after.sections]
    there = {section.key for section in former.values()}
    return (*found, *(_section(section, None) for section in before.sections if section.key not in there))


def module_differences(before: ModuleSource, after: ModuleSource) -> tuple[str, ...]:
    """Return what is other of the module itself: title, summary, quiz (how it is taken)."""
    return tuple(name for name in ("title", "summary", "quiz") if getattr(before, name) != getattr(after, name))


def moved_sections(before: ModuleSource, after: ModuleSource) -> tuple[str, ...]:
    """Return the titles of the fewest sections whose moving makes the order of the new text out of the former one's."""
    former = _former(before, after)
    both = [section for section in after.sections if section.key in former]
    here = [former[section.key].key for section in both]
    there = [section.key for section in before.sections if section.key in set(here)]
    kept = {place for _, place in matching(there, here)}
    return tuple(section.title for place, section in enumerate(both) if place not in kept)


def _former(before: ModuleSource, after: ModuleSource) -> dict[str, SectionSource]:
    """Return by key in the new text what each section was in the former one, also under another key."""
    former = {section.key: section for section in before.sections}
    here = {section.key for section in after.sections}
    found = {}
    for section in after.sections:
        old = next((key for key in section.formerly if key in former and key not in here), None)
        if section.key in former or old is not None:
            found[section.key] = former.get(section.key) or former[str(old)]
    return found


def item_differences(
    before: ModuleSource, after: ModuleSource, texts: Mapping[int, str], prompts: Mapping[int, str]
) -> tuple[Difference, ...]:
    """Return the questions that differ. ``texts`` and ``prompts``: by state of a question, as it is written and how it is called."""
    former, new = {item.key: item for item in before.items}, {item.key: item for item in after.items}
    found = []
    for key in dict.fromkeys([*new, *former]):
        one, two = former.get(key), new.get(key)
        if one is None or two is None or one.revision_id != two.revision_id:
            here = two or one
            assert here
            called = prompts.get(here.revision_id, key)
            found.append(_difference(key, called, called, "teacher", _text(one, texts), _text(two, texts)))
    return tuple(found)


def _text(item: ItemSource | None, texts: Mapping[int, str]) -> str | None:
    if item is None:
        return None
    written = item.source or texts.get(item.revision_id, "")
    # As code: each line of it says something of its own.
    return f"```\n{written.strip()}\n```\n"


def _section(before: SectionSource | None, after: SectionSource | None) -> Difference:
    here = after or before
    assert here
    old = before.title if before else here.title
    one, two = (None if section is None else section.markdown for section in (before, after))
    found = _difference(here.key, here.title, old, str(here.head["audience"]), one, two)
    if before is None or after is None:
        return found
    heads = tuple(name for name in HEAD_FIELDS if name != "title" and before.head.get(name) != after.head.get(name))
    changed = found.state == "same" and (heads or before.title != after.title)
    return replace(found, heads=heads, state="changed" if changed else found.state)


def _difference(key: str, title: str, former_title: str, audience: str, before: str | None, after: str | None) -> Difference:
    if before is None or after is None:
        rows = block_rows(before or "", after or "")
        state = "added" if before is None else "removed"
    else:
        rows = block_rows(before, after) if before != after else ()
        state = "changed" if any(row.kind != "same" for row in rows) else "same"
    return Difference(key, title, former_title, audience, state, stretches(rows), words_changed(rows))
