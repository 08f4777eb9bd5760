"""Random modules, what upstream makes of them, and what a professor does to them: for properties."""

import random
from dataclasses import replace

from hypothesis import strategies as st

from elearn.adaptation import overlays
from elearn.adaptation.blocks import blocks_of, joined, words_of
from elearn.adaptation.overlays import Changes, resolve
from elearn.adaptation.texts import ItemSource, ModuleSource, SectionSource

WORDS = [
    "bridge", "candle", "ledger", "harbour", "mirror", "pepper", "signal", "thunder", "velvet", "walnut",
    "anchor", "basket", "cotton", "dragon", "engine", "falcon", "garden", "hammer", "island", "jacket",
    "kettle", "lantern", "marble", "needle", "orange", "pencil", "quartz", "ribbon", "saddle", "temple",
    "urchin", "violin", "window", "yellow", "zephyr", "meadow", "copper", "silver", "tunnel", "valley",
]  # fmt: skip

HEAD = {"title": "A section", "kind": "key-issue", "audience": "everyone", "minutes": 5, "outcomes": [], "steps": [], "descriptions": {}}

#: Passages no two of which are alike: between near-duplicates nobody could say which one became which.
_chance = random.Random(1)
DECK = [" ".join(_chance.sample(WORDS, 10)).capitalize() + f" {number}." for number in range(300)]


def shaped(text: str, shape: int) -> str:
    """Return a passage as a paragraph, an item, a directive, or a paragraph of two lines."""
    return (text, f"- {text}", f"::: note A note\n{text}\n:::", f"{text[:30]}\n{text[30:]}")[shape]


CARDS = [shaped(text, number % 4) for number, text in enumerate(DECK)]
passages = st.sampled_from(DECK)
texts = st.lists(st.sampled_from(CARDS), max_size=6, unique=True).map(joined)


def said(module: ModuleSource) -> set[str]:
    """Return what a module says, passage by passage."""
    return {words_of(block) for section in module.sections for block in blocks_of(section.markdown)}


def unsaid(*modules: ModuleSource) -> st.SearchStrategy[str]:
    """Return passages that none of these modules has."""
    known = set().union(*(said(module) for module in modules))
    return st.sampled_from([card for card in CARDS if words_of(card) not in known])


@st.composite
def modules(draw: st.DrawFn) -> ModuleSource:
    """Return a module of a few sections with a few questions."""
    keys = draw(st.lists(st.sampled_from([f"section-{x}" for x in "abcde"]), min_size=1, max_size=4, unique=True))
    cards = draw(st.lists(st.sampled_from(CARDS), max_size=6 * len(keys), unique=True))
    cut = -(-len(cards) // len(keys))
    sections = tuple(
        SectionSource(key, {**HEAD, "title": key}, joined(cards[cut * place : cut * (place + 1)]), section_id=place + 1)
        for place, key in enumerate(keys)
    )
    items = tuple(ItemSource(f"item-{n}", f"- id: item-{n}\n  text: {n}\n", n) for n in range(1, draw(st.integers(0, 3)) + 1))
    return ModuleSource("module", "A module", "What it is.", sections, items, {"pass_mark": 60, "attempts": 2})


def edited(draw: st.DrawFn, markdown: str, fresh: st.SearchStrategy[str]) -> str:
    """Return a text with a few passages changed, added, taken out or moved."""
    found = list(blocks_of(markdown))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(found)))
        what = draw(st.sampled_from(["add", "add", "change", "remove", "move"]))
        if what == "add":
            found.insert(at, draw(fresh))
        elif at < len(found):
            block = found.pop(at)
            if what == "change":
                # In the middle, so that it stays the same passage, changed.
                words = block.split(" ")
                words.insert(len(words) // 2, draw(st.sampled_from(WORDS)))
                found.insert(at, " ".join(words))
            elif what == "move":
                found.insert(draw(st.integers(0, len(found))), block)
    return joined(list(dict.fromkeys(found)))


@st.composite
def next_revisions(draw: st.DrawFn, module: ModuleSource) -> ModuleSource:
    """Return what upstream publishes after ``module``."""
    sections = []
    for section in module.sections:
        what = draw(st.sampled_from(["keep", "edit", "edit", "edit", "drop", "rename", "title"]))
        if what == "drop":
            continue
        if what == "rename" and f"{section.key}-new" not in {s.key for s in module.sections}:
            section = replace(section, key=f"{section.key}-new", formerly=(section.key,))  # noqa: PLW2901
        if what == "title":
            section = replace(section, head={**section.head, "title": draw(passages)[:40]})  # noqa: PLW2901
        text = edited(draw, section.markdown, unsaid(module)) if what == "edit" else section.markdown
        sections.append(replace(section, markdown=text, section_id=(section.section_id or 0) + 100))
    if draw(st.booleans()):
        key = draw(st.sampled_from(["fresh-a", "fresh-b", *(f"section-{x}" for x in "abcde")]))
        if key not in {s.key for s in sections}:
            place = draw(st.integers(0, len(sections)))
            now = {words_of(block) for s in sections for block in blocks_of(s.markdown)}
            again = [block for s in module.sections for block in blocks_of(s.markdown) if words_of(block) not in now]
            more = draw(st.lists(unsaid(module), max_size=4, unique=True))
            text = joined([*(draw(st.lists(st.sampled_from(again), max_size=2, unique=True)) if again else []), *more])
            sections.insert(place, SectionSource(key, {**HEAD, "title": key}, text, section_id=999))
    items = tuple(
        replace(item, source=item.source + "  more: 1\n", revision_id=item.revision_id + 1000) if draw(st.booleans()) else item
        for item in module.items
        if draw(st.integers(0, 4))
    )
    quiz = {"pass_mark": draw(st.sampled_from([50, 60])), "attempts": 2}
    return replace(module, sections=tuple(sections), items=items, quiz=quiz)


@st.composite
def adapted(draw: st.DrawFn, base: ModuleSource, changes: Changes | None = None) -> Changes:
    """Return what a professor makes of a course on ``base``."""
    changes = dict(changes or {})
    for _ in range(draw(st.integers(0, 4))):
        keys = overlays.placed([s.key for s in base.sections], changes)
        what = draw(st.sampled_from(["text", "text", "text", "hide", "show", "add", "order", "head", "mine", "item", "exclude", "quiz"]))
        key = draw(st.sampled_from(keys)) if keys else ""
        section = base.section(key)
        if what == "add":
            own = f"c1-own-{len(changes.get('added', {}))}"
            if own not in changes.get("added", {}):
                changes = overlays.with_added(changes, own, HEAD, joined([draw(unsaid(base))]), after=key)
        elif what == "item" and base.items:
            item = draw(st.sampled_from(base.items))
            changes = overlays.with_item(changes, item.key, item.source + f"  mine: {draw(passages)}\n", item.revision_id + 5000)
        elif what == "exclude" and base.items:
            changes = overlays.excluding(changes, [draw(st.sampled_from(base.items)).key])
        elif what == "quiz":
            changes = {**changes, "quiz": {"pass_mark": draw(st.sampled_from([40, 70]))}}
        elif what == "order":
            changes = overlays.in_order(changes, [s.key for s in base.sections], draw(st.permutations(keys)))
        elif section is not None:
            changes = _of_section(draw, base, changes, section, what)
    return changes


def _of_section(draw: st.DrawFn, base: ModuleSource, changes: Changes, section: SectionSource, what: str) -> Changes:
    if what == "hide":
        return overlays.hidden(changes, section.key)
    if what == "show":
        return overlays.shown(changes, section.key)
    if what == "head":
        return overlays.with_head(changes, section, {"title": draw(passages)[:30]})
    if what == "mine":
        return overlays.with_intent(changes, section, "mine")
    seen = resolve(base, overlays.shown(changes, section.key)).section(section.key)
    return overlays.with_text(changes, section, edited(draw, seen.markdown, unsaid(base))) if seen else changes
