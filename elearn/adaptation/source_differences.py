"""What a module is in one text and in another: section by section, question by question. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from elearn.adaptation.block_differences import Stretch, Words, block_rows, stretches, words_changed
from elearn.adaptation.texts import HEAD_FIELDS, ItemSource, ModuleSource, SectionSource


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
    #: What else of its head is other: kind, audience, minutes, outcomes, steps, descriptions.
    heads: tuple[str, ...] = ()
    words: Words = field(default_factory=lambda: Words(0, 0))


def section_differences(before: ModuleSource, after: ModuleSource) -> tuple[Difference, ...]:
    """Return the sections in the order of the new text, those that are gone behind them."""
    former = {section.key: section for section in before.sections}
    names = {old: section.key for section in after.sections for old in section.formerly if old in former and section.key not in former}
    renamed = {new: former[old] for old, new in names.items()}
    found = [_section(former.get(section.key) or renamed.get(section.key), section) for section in after.sections]
    there = {section.key for section in after.sections} | set(names)
    return (*found, *(_section(section, None) for section in before.sections if section.key not in there))


def module_differences(before: ModuleSource, after: ModuleSource) -> tuple[str, ...]:
    """Return what else is other in the module: title, summary, order (of the sections that both have), quiz (how it is taken)."""
    orders = [[s.key for s in one.sections if other.section(s.key)] for one, other in ((before, after), (after, before))]
    differ = {
        "title": before.title != after.title,
        "summary": before.summary != after.summary,
        "order": orders[0] != orders[1],
        "quiz": before.quiz != after.quiz,
    }
    return tuple(name for name, is_other in differ.items() if is_other)


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
    both = [section for section in (before, after) if section is not None]
    old = both[0].title
    # What was for teachers once is for teachers here, also where everyone reads it now.
    audience = "teacher" if any(section.head["audience"] == "teacher" for section in both) else "everyone"
    one, two = (None if section is None else section.markdown for section in (before, after))
    found = _difference(here.key, here.title, old, audience, one, two)
    heads = tuple(name for name in HEAD_FIELDS if name != "title" and both[0].head.get(name) != both[-1].head.get(name))
    changed = found.state == "same" and (heads or old != here.title)
    return replace(found, heads=heads, state="changed" if changed else found.state)


def _difference(key: str, title: str, former_title: str, audience: str, before: str | None, after: str | None) -> Difference:
    if before is None or after is None:
        rows = block_rows(before or "", after or "")
        state = "added" if before is None else "removed"
    else:
        rows = block_rows(before, after) if before != after else ()
        state = "changed" if any(row.kind != "same" for row in rows) else "same"
    return Difference(key, title, former_title, audience, state, stretches(rows), words=words_changed(rows))
