"""Whatever both sides do: no word of the professor's is lost, nothing taken out comes back, what is untouched follows."""

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from elearn.adaptation import overlays
from elearn.adaptation.blocks import blocks_of, joined, words_of
from elearn.adaptation.deltas import applied, delta_of, own_blocks
from elearn.adaptation.merge import held_on, merge
from elearn.adaptation.overlays import Changes, resolve, unwanted
from elearn.adaptation.texts import ModuleSource, SectionSource
from tests.adaptation.worlds import CARDS, HEAD, adapted, modules, next_revisions, said, texts

many = settings(max_examples=300)


def own_words(changes: Changes) -> set[str]:
    """Return the passages that the professor wrote and that can be read in the course."""
    hidden = set(changes.get("hidden", ()))
    written = [b for key, entry in changes.get("sections", {}).items() if key not in hidden for b in own_blocks(entry.get("text", []))]
    added = [b for key, each in changes.get("added", {}).items() if key not in hidden for b in blocks_of(each["markdown"])]
    return {words_of(block) for block in (*written, *added)}


@example("```")
@example("::: note x\n```\n\n")
@given(st.text(alphabet="ab\n-*1. \t`#:>|^[]~\r", max_size=60) | texts)
def test_blocks_joined_are_the_text(markdown: str) -> None:
    found = blocks_of(markdown)
    text = joined(found)
    assert blocks_of(text) == found
    assert [line.rstrip() for line in text.split("\n") if line.strip()] == [
        line.rstrip() for line in markdown.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()
    ]


@given(st.lists(st.sampled_from(CARDS), max_size=8), st.lists(st.sampled_from(CARDS), max_size=8))
def test_a_difference_laid_over_its_base_is_the_text(base: list[str], mine: list[str]) -> None:
    both = [*base[:3], *mine]
    assert applied(base, delta_of(base, both)) == tuple(both)
    assert own_blocks(delta_of(base, base)) == ()


@st.composite
def stories(draw: st.DrawFn) -> tuple[ModuleSource, Changes, list[ModuleSource]]:
    base = draw(modules())
    changes = draw(adapted(base))
    revisions = [base]
    for _ in range(draw(st.integers(1, 3))):
        revisions.append(draw(next_revisions(revisions[-1])))
    return base, changes, revisions[1:]


@many
@given(stories())
def test_no_word_of_the_professors_is_lost_and_nothing_taken_out_returns(story: tuple[ModuleSource, Changes, list[ModuleSource]]) -> None:
    base, changes, revisions = story
    before = resolve(base, changes)
    # A passage that only moved stays upstream's, and follows it to its new place.
    mine = (own_words(changes) & said(before)) - set().union(*(said(revision) for revision in (base, *revisions)))
    out = {words_of(t) for t in unwanted(base, changes)} - said(before)
    questions = {item["source"] for item in changes.get("items", {}).values()}
    for upstream in revisions:
        merged = merge(base, upstream, changes)
        base, changes = upstream, merged.changes
        after = resolve(base, changes)
        assert mine <= said(after)
        assert not out & said(after)
        kept = {i["source"] for i in (*changes.get("items", {}).values(), *changes.get("added_items", ()))}
        assert questions <= kept
        out |= {words_of(t) for t in unwanted(base, changes)} - said(after)


@many
@given(st.data())
def test_a_course_that_changes_nothing_is_upstream(data: Any) -> None:
    base = data.draw(modules())
    upstream = data.draw(next_revisions(base))
    merged = merge(base, upstream, {})
    assert merged.changes == {}
    assert resolve(upstream, merged.changes) == upstream
    assert not merged.questions


@many
@given(st.data())
def test_what_is_untouched_is_the_newest_upstream(data: Any) -> None:
    base = data.draw(modules())
    changes = data.draw(adapted(base))
    upstream = data.draw(next_revisions(base))
    after = resolve(upstream, merge(base, upstream, changes).changes)
    touched = own_words(changes) | {words_of(t) for t in unwanted(base, changes)}
    for section in base.sections:
        new, mine = upstream.section(section.key), after.section(section.key)
        if new is None or mine is None or changes.get("sections", {}).get(section.key) or unwanted(base, changes):
            continue
        assert mine.markdown == new.markdown
    for section in after.sections:
        there = upstream.section(section.key)
        if there is None or changes.get("sections", {}).get(section.key, {}).get("intent"):
            continue
        known = {words_of(block) for block in blocks_of(there.markdown)}
        asked = {words_of(q.mine) for q in merge(base, upstream, changes).questions}
        for block in blocks_of(section.markdown):
            assert words_of(block) in known | touched | asked


@many
@given(st.data())
def test_the_same_revision_again_changes_nothing(data: Any) -> None:
    base = data.draw(modules())
    changes = data.draw(adapted(base))
    upstream = data.draw(next_revisions(base))
    merged = merge(base, upstream, changes)
    again = merge(upstream, upstream, merged.changes)
    assert again.changes == merged.changes
    assert not again.questions
    assert again.updated == again.kept == 0
    assert resolve(upstream, again.changes) == resolve(upstream, merged.changes)


@given(st.data())
def test_resolving_and_merging_are_the_same_each_time(data: Any) -> None:
    base = data.draw(modules())
    changes = data.draw(adapted(base))
    upstream = data.draw(next_revisions(base))
    assert resolve(base, changes) == resolve(base, changes)
    assert merge(base, upstream, changes) == merge(base, upstream, changes)


@given(st.data())
def test_what_is_chosen_stands(data: Any) -> None:
    base = data.draw(modules())
    changes = data.draw(adapted(base))
    upstream = data.draw(next_revisions(base))
    first = merge(base, upstream, changes)
    passages = [q for q in first.questions if q.kind == "passage"]
    chosen = {q.key: ("upstream", "") for q in passages[::2]} | {q.key: ("text", "Words of a third kind.") for q in passages[1::2]}
    after = said(resolve(upstream, merge(base, upstream, changes, choices=chosen).changes))
    hidden = set(changes.get("hidden", ()))
    for number, question in enumerate(passages):
        if question.about not in hidden:
            assert words_of(question.upstream if number % 2 == 0 else "Words of a third kind.") in after


@given(st.data())
def test_a_section_that_is_held_stands_as_it_did_whatever_becomes_of_it_upstream(data: Any) -> None:
    base = data.draw(modules())
    changes = data.draw(adapted(base))
    section = data.draw(st.sampled_from(base.sections))
    changes = overlays.with_intent(overlays.shown(changes, section.key), section, "hold", base={"revision": 1})
    key, held = section.key, {section.key: section}
    stood = resolve(base, changes, held).section(key)
    assert stood
    for _ in range(2):
        upstream = data.draw(next_revisions(base))
        merged = merge(base, upstream, changes, held=held)
        if key not in held_on(base, upstream, held):
            key = f"{key}-new"
        held, changes, base = held_on(base, upstream, held), merged.changes, upstream
        held = held if changes.get("sections", {}).get(key, {}).get("intent") == "hold" else {}
        now = resolve(base, changes, held).section(key)
        assert now
        assert blocks_of(now.markdown) == blocks_of(stood.markdown)
        if not held:
            # Upstream took it out: it is the course's own from then on.
            assert key in changes["added"]
            return


def test_a_passage_that_was_moved_follows_upstream_to_its_place() -> None:
    first, second = "The first passage of all.", "The second passage says more than that."
    base = one_section(first, second)
    changes = overlays.with_text({}, base.sections[0], joined([second, first]))
    better = "The second passage now says much more than that."
    merged = merge(base, one_section(first, better), changes)
    assert not merged.questions
    assert resolve(one_section(first, better), merged.changes).sections[0].markdown == joined([better, first])


def test_what_both_changed_is_asked_and_until_then_the_professor_s_stands() -> None:
    base = one_section("Cybercrime is a broad word with many meanings.")
    changes = overlays.with_text({}, base.sections[0], "Cybercrime is, in our country, a broad word with many meanings.\n")
    upstream = one_section("Cybercrime is a broad word with several meanings.")
    merged = merge(base, upstream, changes)
    (question,) = merged.questions
    assert (question.kind, question.mine) == ("passage", "Cybercrime is, in our country, a broad word with many meanings.")
    assert resolve(upstream, merged.changes).sections[0].markdown == joined([question.mine])
    chosen = merge(base, upstream, changes, choices={question.key: ("upstream", "")})
    assert chosen.changes == {}


def test_a_passage_that_was_taken_out_is_asked_about_once_when_upstream_moves_it() -> None:
    kept, gone = "This one stays where it is, whatever happens.", "Nobody in this course wants to read this long passage again."
    base = one_section(kept, gone)
    changes = overlays.with_text({}, base.sections[0], joined([kept]))
    upstream = one_section(gone.replace("long", "very long"), kept)
    merged = merge(base, upstream, changes)
    assert [question.kind for question in merged.questions] == ["returns"]
    assert resolve(upstream, merged.changes).sections[0].markdown == joined([kept])
    assert not merge(upstream, upstream, merged.changes).questions


def one_section(*passages: str) -> ModuleSource:
    return ModuleSource("module", "A module", "", (SectionSource("section", HEAD, joined(passages), section_id=1),))
