"""A course as a folder: sent back untouched it changes nothing, and what was changed in it is found, and just that."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.adaptation import overlays
from elearn.adaptation.blocks import blocks_of, joined
from elearn.adaptation.course_folder import CourseHead, FolderModule, folder_of, value_of
from elearn.adaptation.folder_changes import Recognised, Standing, recognised
from elearn.adaptation.folder_reading import ReadFolder, read_both, read_folder
from elearn.adaptation.overlays import Changes, resolve
from elearn.adaptation.texts import ItemSource, ModuleSource, SectionSource
from elearn.archives import packed
from elearn.catalogue.text_check import Known
from tests.adaptation.worlds import HEAD, adapted, modules, passages

FOLDER = "01-module"
COURSE = 7
MODULE_YML = b"""slug: module
number: 1
version: 1.0.0
changes: {1.0.0: First.}
kind: module
level: university
hours: 1
outcomes: [{id: know, bloom: understand}]
authors: [Somebody]
licence: CC-BY-4.0
"""
MODULE_MD = b"---\ntitle: A module\nsummary: What it is.\noutcomes: {know: Know it.}\n---\nIt is a module.\n"
QUIZ = b"""title: Check
pass_mark: 60
attempts: 2
items:
  - id: sky
    type: true-false
    prompt: The sky is green.   # It is not.
    outcome: know
    bloom: remember
    choices:
      - {id: 'true', feedback: Look again.}
      - {id: 'false', correct: true, feedback: Right.}
  - id: sea
    type: true-false
    prompt: The sea is salty.
    outcome: know
    bloom: remember
    choices:
      - {id: 'true', correct: true, feedback: Right.}
      - {id: 'false', feedback: Taste it.}
"""
FILES = {"module.yml": MODULE_YML, "en/module.md": MODULE_MD, "en/quiz.yml": QUIZ}
RULES = {"title": "Check", "pass_mark": 60, "attempts": 2, "draw": []}
ITEMS = (ItemSource("sky", "", 1), ItemSource("sea", "", 2))


def folder(base: ModuleSource, changes: Changes) -> dict[str, bytes]:
    head = CourseHead(COURSE, "My course", "en", "2026-11-25T05:00:00+00:00", {"module": {"changes": 1, "base": {"revision": 1}}})
    return folder_of(head, [FolderModule(FOLDER, resolve(base, changes), FILES)])


def read(files: Mapping[str, bytes], base: ModuleSource) -> ReadFolder:
    keys = frozenset(section.key for section in base.sections)
    return read_folder(files, {"module": Known(frozenset(), frozenset(), {"module": keys}, "module")})


def found(base: ModuleSource, changes: Changes, files: Mapping[str, bytes]) -> Recognised:
    before, after = read(folder(base, changes), base), read(files, base)
    assert not after.faults, after.faults
    return recognised(Standing(COURSE, base, changes, {}), before.modules["module"], after.modules["module"])


def path_of(files: Mapping[str, bytes], key: str) -> str:
    return next(name for name in files if name.endswith(f"-{key}.md"))


def a_module() -> ModuleSource:
    texts = {
        "one": "First.\n\nSecond.\n\n::: slot national-law\nThe law here.\n:::\n\nThird.\n",
        "two": "## A heading\n\n- a\n- b\n- c\n",
        "three": "Read [the first](section:one).\n",
    }
    sections = tuple(SectionSource(key, {**HEAD, "title": key.title()}, text, section_id=1) for key, text in texts.items())
    return ModuleSource("module", "A module", "What it is.", sections, ITEMS, RULES)


@settings(max_examples=150)
@given(st.data())
def test_a_folder_sent_back_untouched_changes_nothing(data: st.DataObject) -> None:
    base = replace(data.draw(modules()), items=ITEMS, quiz=RULES)
    changes = data.draw(adapted(replace(base, items=(), quiz=None)))
    changes.pop("quiz", None)
    files = folder(base, changes)
    result = found(base, changes, files)
    assert result.changes == overlays.without_empty(changes)
    assert not result.notes
    assert not result.items
    # Other line ends, a mark before the text and blank lines at its end change nothing either.
    other = {name: b"\xef\xbb\xbf" + each.replace(b"\n", b"\r\n") + b"\r\n\r\n" for name, each in files.items() if name.endswith(".md")}
    assert found(base, changes, {**files, **other}).changes == overlays.without_empty(changes)


@settings(max_examples=150)
@given(st.data())
def test_what_is_changed_in_one_text_is_what_the_course_then_says(data: st.DataObject) -> None:
    base = data.draw(modules())
    base = replace(base, items=(), quiz=None)
    changes = data.draw(adapted(base))
    seen = resolve(base, changes)
    if not seen.sections:
        return
    section = data.draw(st.sampled_from(seen.sections))
    blocks = list(blocks_of(section.markdown))
    place = data.draw(st.integers(0, len(blocks)))
    blocks.insert(place, data.draw(passages))
    files = folder(base, changes)
    path = path_of(files, section.key)
    head = files[path].decode().split("---\n", 2)[1]
    text = joined(blocks)
    result = found(base, changes, {**files, path: f"---\n{head}---\n{text}".encode()})
    now = resolve(base, result.changes)
    assert now.section(section.key).markdown == joined(blocks_of(text))
    assert [s for s in now.sections if s.key != section.key] == [s for s in seen.sections if s.key != section.key]
    assert [note.kind for note in result.notes] == ["text"]


@settings(max_examples=100)
@given(st.data())
def test_another_order_is_the_order_that_the_course_then_has(data: st.DataObject) -> None:
    base = replace(data.draw(modules()), items=(), quiz=None)
    changes = data.draw(adapted(base))
    keys = [section.key for section in resolve(base, changes).sections]
    wanted = data.draw(st.permutations(keys))
    files = folder(base, changes)
    moved = {name: each for name, each in files.items() if not name.startswith(f"{FOLDER}/en/") or name.endswith(("module.md", "quiz.yml"))}
    for number, key in enumerate(wanted, start=10):
        moved[f"{FOLDER}/en/{number}-{key}.md"] = files[path_of(files, key)]
    now = resolve(base, found(base, changes, moved).changes)
    assert [section.key for section in now.sections] == list(wanted)
    assert sorted(now.sections, key=lambda s: s.key) == sorted(resolve(base, changes).sections, key=lambda s: s.key)


def test_one_passage_is_one_passage() -> None:
    base = a_module()
    files = folder(base, {})
    path = path_of(files, "one")
    result = found(base, {}, {**files, path: files[path].replace(b"Second.", b"Second, as I see it.")})
    assert result.changes == {"sections": {"one": {"text": [1, "Second, as I see it.", -1, 2]}}}
    [note] = result.notes
    assert (note.kind, note.name, note.added, note.gone) == ("text", "One", 1, 1)


def test_a_file_taken_out_hides_its_section_and_one_of_the_course_s_own_is_gone() -> None:
    base = a_module()
    changes = overlays.with_added({}, "c7-mine", HEAD, "Mine.\n", after="one")
    files = folder(base, changes)
    left = {name: each for name, each in files.items() if not name.endswith(("-two.md", "-c7-mine.md"))}
    result = found(base, changes, left)
    assert result.changes == {"hidden": ["two"]}
    assert [(note.kind, note.name) for note in result.notes] == [("removed", "A section"), ("hidden", "Two")]


def test_a_hidden_section_is_shown_again_by_its_file() -> None:
    base = a_module()
    changes = overlays.hidden({}, "two")
    page = folder(base, {})[path_of(folder(base, {}), "two")]
    result = found(base, changes, {**folder(base, changes), f"{FOLDER}/en/50-two.md": page.replace(b"- b", b"- bee")})
    now = resolve(base, result.changes)
    assert "hidden" not in result.changes
    assert now.section("two").markdown == "## A heading\n\n- a\n- bee\n- c\n"


def test_a_new_file_is_a_section_of_the_course_s_own_where_its_number_puts_it_and_links_find_it() -> None:
    base = a_module()
    files = folder(base, {})
    new = b"---\ntitle: Our law\nkind: key-issue\naudience: everyone\nminutes: 4\n---\nOur law, after [it](section:our-law).\n"
    path = path_of(files, "two")
    linked = files[path] + b"\nSee [our law](section:our-law).\n"
    result = found(base, {}, {**files, f"{FOLDER}/en/21-our-law.md": new, path: linked})
    now = resolve(base, result.changes)
    assert [section.key for section in now.sections] == ["one", "two", "c7-our-law", "three"]
    assert now.section("c7-our-law").markdown == "Our law, after [it](section:c7-our-law).\n"
    assert "(section:c7-our-law)" in now.section("two").markdown
    assert now.section("c7-our-law").head["minutes"] == 4
    # Down and up again it is the same section.
    again = found(base, result.changes, folder(base, result.changes))
    assert again.changes == result.changes


def test_a_file_of_another_name_is_the_same_section() -> None:
    base = a_module()
    files = folder(base, {})
    path = path_of(files, "two")
    renamed = {name: each for name, each in files.items() if name != path} | {path.replace("-two", "-second"): files[path]}
    result = found(base, {}, renamed)
    assert result.changes == {}
    assert [note.kind for note in result.notes] == ["renamed"]
    # Also where the head says so, whatever became of the text.
    other = b"---\ntitle: Two\nkind: key-issue\naudience: everyone\nminutes: 5\nformerly: [two]\n---\nAll new.\n"
    result = found(base, {}, {**renamed, path.replace("-two", "-second"): other})
    assert resolve(base, result.changes).section("two").markdown == "All new.\n"


def test_head_title_and_rules_are_found_field_by_field_and_the_base_s_own_words_are_no_change() -> None:
    base = a_module()
    files = folder(base, {})
    path, about, quiz = path_of(files, "one"), f"{FOLDER}/en/module.md", f"{FOLDER}/en/quiz.yml"
    edited = {
        path: files[path].replace(b"minutes: 5", b"minutes: 15"),
        about: files[about].replace(b"A module\n", b"My module\n"),
        quiz: files[quiz].replace(b"pass_mark: 60", b"pass_mark: 75"),
    }
    result = found(base, {}, {**files, **edited})
    assert result.changes == {"title": "My module", "sections": {"one": {"head": {"minutes": 15}}}, "quiz": {"pass_mark": 75}}
    again = found(base, result.changes, {**folder(base, result.changes), **{name: files[name] for name in edited}})
    assert again.changes == {}


def test_what_stands_in_a_slot_is_a_filling_and_the_place_is_not_copied() -> None:
    base = a_module()
    changes = {"slots": {"national-law": "Our law."}}
    files = folder(base, changes)
    path = path_of(files, "one")
    assert b"::: slot national-law\nOur law.\n:::" in files[path]
    page = files[path].replace(b"Our law.", b"Our other law.").replace(b"First.", b"First of all.")
    result = found(base, changes, {**files, path: page})
    assert result.changes == {
        "slots": {"national-law": "Our other law."},
        "sections": {"one": {"text": ["First of all.", -1, 3]}},
    }


def test_questions_are_found_by_what_they_say_and_not_by_how_they_are_written() -> None:
    base = a_module()
    files = folder(base, {})
    path = f"{FOLDER}/en/quiz.yml"
    quiz = files[path].decode().replace("The sky is green.", "The sky is blue.")
    new = "- id: moon\n  type: true-false\n  prompt: The moon is cheese.\n  outcome: know\n  bloom: remember\n  choices:\n"
    new += "  - {id: 'true', feedback: No.}\n  - {id: 'false', correct: true, feedback: Right.}\n"
    result = found(base, {}, {**files, path: (quiz + new).encode()})
    assert [(edit.key, edit.is_new, edit.value["prompt"]) for edit in result.items] == [
        ("sky", False, "The sky is blue."),
        ("c7-moon", True, "The moon is cheese."),
    ]
    assert result.changes == {}
    one = {**files, path: files[path].split(b"- id: sea")[0]}
    assert found(base, {}, one).changes == {"excluded": ["sea"]}
    kept = {"excluded": ["sea"]}
    assert found(base, kept, folder(base, kept)).changes == kept
    assert found(base, kept, files).changes == {}
    other = b"""type: single-choice
  prompt: The sky is green.
  outcome: know
  bloom: remember
  choices:
  - {id: 'true', text: Yes, feedback: No.}
  - {id: 'false', text: No, correct: true, feedback: Right.}
- id: sea
"""
    rest = files[path].split(b"- id: sea\n")[1]
    kind = files[path].split(b"type: true-false")[0] + other + rest
    assert [fault.code for fault in found(base, {}, {**files, path: kind}).faults] == ["item-type"]


def test_what_a_course_does_not_change_is_said_to_be_left_as_it_is() -> None:
    base = a_module()
    files = folder(base, {})
    about = f"{FOLDER}/en/module.md"
    edited = {
        f"{FOLDER}/module.yml": MODULE_YML.replace(b"hours: 1", b"hours: 2"),
        about: files[about].replace(b"It is a module.", b"It is mine."),
        f"{FOLDER}/media/new.png": b"x",
        f"{FOLDER}/en/quiz.yml": files[f"{FOLDER}/en/quiz.yml"].replace(b"title: Check", b"title: Check\ninstructions: Mine."),
    }
    result = found(base, {}, {**files, **edited})
    assert result.changes == {}
    assert {(note.kind, note.name) for note in result.notes} == {
        ("fixed", "module.yml"),
        ("fixed", "module.md"),
        ("picture", "new.png"),
        ("instructions", ""),
    }


def test_faults_stand_at_their_line_of_the_file() -> None:
    base = a_module()
    files = folder(base, {})
    path = path_of(files, "one")
    page = files[path].replace(b"Second.", b"See [nowhere](section:nowhere).")
    broken = path_of(files, "two")
    sent = read({**files, path: page, broken: files[broken].replace(b"minutes: 5", b"minutes: many")}, base)
    assert [(fault.path, fault.code) for fault in sent.faults] == [(broken, "wrong-type")]
    line = page.decode().split("\n").index("See [nowhere](section:nowhere).") + 1
    result = recognised(Standing(COURSE, base, {}, {}), read(files, base).modules["module"], sent.modules["module"])
    assert [(fault.path, fault.line, fault.code) for fault in result.faults] == [(path, line, "unknown-section")]


@pytest.mark.parametrize(
    "text", ["- id: x\n  type: y", "  - id: x\n    type: y\n", "- id: x\n    type: y", "- {id: x, type: y}", "id: x\ntype: y"]
)
def test_a_question_is_read_however_deep_its_lines_stand(text: str) -> None:
    assert value_of(text) == {"id": "x", "type": "y"}


def test_a_module_whose_texts_are_as_they_were_is_not_read_at_all() -> None:
    base = a_module()
    files = folder(base, {})
    known = {"module": Known(frozenset(), frozenset(), {"module": frozenset()}, "module")}
    sent, before = read_both(packed({**files, f"{FOLDER}/media/x.png": b"x"}), files, known)
    assert (dict(sent.modules), dict(before.modules), sent.same) == ({}, {}, {"module"})
    path = path_of(files, "one")
    sent, before = read_both(packed({**files, path: files[path] + b"More.\n"}), files, known)
    assert (set(sent.modules), set(before.modules), sent.same) == ({"module"}, {"module"}, set())
