"""What the authors' guide says of questions: each example is compiled, in its own language and in another."""

import re
from pathlib import Path

import pytest
import yaml

from elearn.catalogue.items.registry import TYPES
from tests.catalogue import small

GUIDE = (Path(__file__).parents[2] / "docs" / "content-authors.md").read_text()
EXAMPLES = [block for block in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL) if re.match(r"- id: [a-z-]+\n  type: ", block)]


def read(block: str, block_fr: str = ""):
    first = "  - id: which\n"
    indented = "".join(f"  {line}\n" for line in block.splitlines())
    changes = [("01-first/en/quiz.yml", first, indented + first)]
    if block_fr:
        changes.append(("01-first/fr/quiz.yml", first, "".join(f"  {line}\n" for line in block_fr.splitlines()) + first))
    return small.read(*changes)


def test_each_type_has_an_example() -> None:
    shown = {name for block in EXAMPLES for name in re.findall(r"^  type: (.*)$", block, re.MULTILINE)}
    assert shown == set(TYPES)


@pytest.mark.parametrize("block", EXAMPLES, ids=[re.search(r"type: (.*)", block)[1] for block in EXAMPLES])
def test_an_example_is_compiled_without_a_word(block: str) -> None:
    reading = read(block)
    assert reading.errors == ()
    assert [fault.code for fault in reading.warnings] == ["not-translated"] * len(re.findall("^- id:", block, re.MULTILINE))


TRANSLATED = {
    "matching": "prompts: [{id: words, text: Mots}, {id: when, text: Quand}, {id: length, text: Durée}]\n"
    "choices: [{id: content, text: Contenu}, {id: traffic, text: Trafic}, {id: subscriber, text: Abonné}]",
    "ordering": "choices: [{id: notice, text: Voir}, {id: report, text: Dire}, {id: record, text: Noter}]",
    "short-text": "accept: [réseau de zombies]",
    "numeric": "unit: victimes",
    "cloze": "text: La version 6 a {{bits}}, par {{technique}}, à quelle {{moment}}.\n"
    "gaps: [{id: bits, unit: bits binaires}, {id: technique, choices: [{id: nat, text: la traduction}, {id: dns, text: les noms}]},"
    " {id: moment, accept: [heure]}]",
}


def in_french(type_: str, change: tuple[str, str] = ("", "")):
    block = next(block for block in EXAMPLES if f"type: {type_}\n" in block)
    block = "- " + block.split("\n- ")[0].removeprefix("- ").rstrip()
    key = re.search(r"id: (.*)", block)[1]
    wording = TRANSLATED[type_].replace(*change) if change[0] else TRANSLATED[type_]
    return read(block, "\n".join([f"- id: {key}", "  prompt: Quoi ?", *(f"  {line}" for line in wording.splitlines())]))


@pytest.mark.parametrize("type_", TRANSLATED)
def test_an_example_can_be_translated_and_is_shown_and_read_in_both_languages(type_: str) -> None:
    reading = in_french(type_)
    assert (reading.errors, reading.warnings) == ((), ())
    definition = reading.series.modules[0].quiz.items[0].definition
    definition["html"] = reading.series.modules[0].quiz.items[0].definition["html"]
    shown = TYPES[type_].show(definition, "fr")
    assert (shown.language, shown.prompt_html) == ("fr", "<p>Quoi ?</p>")
    right = TYPES[type_].right_response(definition)
    assert TYPES[type_].grade(definition, right).correct
    assert TYPES[type_].explain(definition, right, "fr").language == "fr"


def test_what_is_accepted_in_one_language_is_right_in_every_language() -> None:
    definition = in_french("cloze").series.modules[0].quiz.items[0].definition
    assert TYPES["cloze"].grade(definition, {"bits": "128 bits binaires", "technique": "nat", "moment": "Heure"}).correct
    assert [part.unit for part in TYPES["cloze"].show(definition, "fr").parts] == ["bits binaires", "", ""]
    definition = in_french("numeric").series.modules[0].quiz.items[0].definition
    assert TYPES["numeric"].read(definition, ["12 000 victimes"]) == "12 000 victimes"
    assert TYPES["numeric"].grade(definition, "12,100 victims").correct


@pytest.mark.parametrize(
    ("type_", "change", "fault"),
    [
        ("matching", ("{id: length, text: Durée}", "{id: heigth, text: Durée}"), "unknown-choice"),
        ("matching", (", {id: length, text: Durée}", ""), "not-translated"),
        ("matching", ("text: Mots", "text: Mots, match: content"), "unknown-key"),
        ("ordering", (", {id: record, text: Noter}", ""), "not-translated"),
        ("numeric", ("unit: victimes", "value: 3"), "unknown-key"),
        ("cloze", ("à quelle {{moment}}", "à quelle heure"), "missing-gap"),
        ("cloze", ("{{moment}}", "`{{moment}}`"), "gap-not-here"),
        ("cloze", ("text: La version 6 a {{bits}}, par {{technique}}, à quelle {{moment}}.", "hints: []"), "missing-key"),
        ("cloze", ("{id: dns, text: les noms}", "{id: smtp, text: les noms}"), "unknown-choice"),
    ],
)
def test_a_translation_that_does_not_fit_is_a_fault_in_its_file(type_: str, change: tuple[str, str], fault: str) -> None:
    errors = in_french(type_, change).errors
    assert fault in {each.code for each in errors}
    assert {each.path for each in errors} == {"01-first/fr/quiz.yml"}


def test_the_examples_are_yaml() -> None:
    assert all(isinstance(yaml.safe_load(block), list) for block in EXAMPLES)
