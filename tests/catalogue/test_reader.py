"""The compiler: all faults in one run, each at its line; and what is read where there are none."""

from pathlib import Path

import pytest

from elearn import media
from elearn.catalogue import pictures
from elearn.catalogue.reader import read_series
from elearn.config import CONTENT
from elearn.text import clean
from tests.catalogue import small

DATA = Path(__file__).parents[1] / "data"


def said(faults):
    return [f"{fault.path}:{fault.line}: {fault.code}" for fault in faults]


@pytest.mark.parametrize("name", ["broken", "broken_series"])
def test_a_broken_folder_has_exactly_these_faults(name):
    reading = read_series(DATA / name)
    assert [*said(reading.errors), "--- warnings", *said(reading.warnings)] == (DATA / f"{name}.expected").read_text().splitlines()


def test_the_small_series_has_no_fault():
    reading = small.read()
    assert (reading.errors, reading.warnings) == ((), ())


def test_the_shipped_series_has_no_fault():
    assert said(read_series(CONTENT).errors) == []


def test_a_folder_that_is_not_there_is_a_fault():
    assert said(read_series(DATA / "nowhere").errors) == ["nowhere:1: missing-folder"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("series.yml", None, None), "series.yml:1: missing-file"),
        (("01-first/en/module.md", None, None), "01-first/en/module.md:1: missing-file"),
        (("01-first/module.yml", None, None), "01-first/module.yml:1: missing-file"),
        (("01-first/en/quiz.yml", None, None), "01-first/module.yml:10: outcome-not-assessed"),
        (("01-first/en/10-one.md", "outcomes: [know]\n", ""), "01-first/module.yml:10: outcome-not-taught"),
        (("01-first/module.yml", "outcomes:\n  - {id: know, bloom: understand}\n", ""), "01-first/module.yml:1: no-outcomes"),
        (("01-first/module.yml", "  1.0.0: First edition.", "  0.9.0: Before."), "01-first/module.yml:3: no-release-note"),
        (("01-first/en/90-references.md", None, None), "01-first/en/10-one.md:15: no-references-section"),
        (("01-first/en/20-plan.md", "formerly: [old-plan]", "formerly: [one]"), "01-first/en/20-plan.md:6: taken-key"),
        (("01-first/en/20-plan.md", "key: opening", "key: opening, colour: red"), "01-first/en/20-plan.md:8: unknown-key"),
        (("01-first/en/10-one.md", "art. 6; @wall-2007", "art. 6; @nobody"), "01-first/en/10-one.md:15: unknown-reference"),
        (("01-first/en/10-one.md", "title: One", "title: *alias"), "01-first/en/10-one.md:2: yaml"),
        (("01-first/en/10-one.md", "title: One", "title: !!python/object/apply:os.getcwd []"), "01-first/en/10-one.md:2: wrong-type"),
        (("01-first/en/10-one.md", "title: One", "title: &a One\nkind: *a"), "01-first/en/10-one.md:4: duplicate-key"),
        (("01-first/en/10-one.md", "title: One", "title: &a One\nkind: *a"), "01-first/en/10-one.md:2: yaml-alias"),
        (("01-first/en/10-one.md", "minutes: 5", "minutes: 5.5"), "01-first/en/10-one.md:5: wrong-type"),
        (("01-first/en/10-one.md", "minutes: 5", "minutes: yes"), "01-first/en/10-one.md:5: wrong-type"),
        (("01-first/en/quiz.yml", 'id: "true"', "id: true"), "01-first/en/quiz.yml:25: wrong-type"),
        (("01-first/en/quiz.yml", "id: word", "id: which"), "01-first/en/quiz.yml:27: duplicate-item"),
        (("01-first/fr/quiz.yml", "prompt: Lequel ?", "prompt: Lequel ?\n    points: 3"), "01-first/fr/quiz.yml:5: unknown-key"),
        (("01-first/fr/module.md", "translates: 1.0.0", "translates: 0.1.0"), "01-first/fr/module.md:5: unknown-version"),
        (
            ("01-first/en/10-one.md", "A [bit]{glossary} ", "A [bit]{glossary} of [bits]{glossary two bits} "),
            "01-first/en/10-one.md:15: unknown-mark",
        ),
        (("glossary.yml", "*smallest*", "<b>smallest</b>"), "glossary.yml:4: raw-html"),
    ],
)
def test_one_fault_is_found_at_its_line(change, fault):
    assert fault in said(small.read(change).errors)


def test_a_quoted_truth_value_is_explained():
    faults = small.read(("01-first/en/quiz.yml", 'id: "true"', "id: true")).errors
    assert any('to mean the text, quote it: "true"' in fault.message for fault in faults)


def test_a_translation_older_than_its_source_is_a_fault():
    changes = (("01-first/module.yml", "version: 1.0.0\nchanges:", "version: 1.1.0\nchanges:\n  1.1.0: More."),)
    assert said(small.read(*changes).errors) == ["01-first/fr/module.md:5: translation-outdated"]


def test_a_fault_reads_as_a_compiler_writes_it():
    fault = small.read(("01-first/module.yml", "hours: 2.5", "hours: many")).errors[0]
    assert str(fault) == "01-first/module.yml:8: wrong-type: hours: should be a number, found text"


def test_faults_are_the_same_wherever_lines_end():
    changed = {path: content.replace(b"\n", b"\r\n") for path, content in small.files().items()}
    assert small.read_content(changed).errors == ()


def test_what_is_hidden_is_passed_over(tmp_path):
    folder = small.write(tmp_path)
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("x")
    assert read_series(folder).errors == ()


def test_a_link_out_of_the_folder_is_a_fault(tmp_path):
    folder = small.write(tmp_path)
    (folder / "01-first" / "en" / "30-secret.md").symlink_to("/etc/passwd")
    assert said(read_series(folder).errors) == ["01-first/en/30-secret.md:1: symbolic-link"]


def test_a_section_is_read_whole():
    series = small.read().series
    section = series.modules[0].texts["en"].sections[0]
    assert (section.key, section.position, section.title, section.minutes, section.outcomes) == ("one", 1, "One", 5, ("know",))
    plan = series.modules[0].texts["en"].sections[1]
    assert (plan.formerly, plan.audience, plan.steps[0].minutes) == (("old-plan",), "teacher", 10)


def test_a_section_is_rendered_with_all_it_may_hold():
    html = small.read().series.modules[0].texts["en"].sections[0].rendered.html
    for part in (
        '<h2 id="h-data">Data</h2>',
        '<a aria-describedby="term-bit" class="term" href="/glossary/bit">bit</a>',
        '(<a href="references#ref-coe-2001">Council of Europe, 2001, art. 6</a>; <a href="references#ref-wall-2007">Wall, 2007, p. 3</a>)',
        '<a href="plan">the plan</a>',
        '<a href="../first/one">this</a>',
        'alt="A box" height="10" loading="lazy" src="/media/',
        "<figcaption>The box</figcaption>",
        "<summary>Description of the picture</summary>\n<p>A box.</p>\n<p>Nothing else.</p>",
        '<aside class="directive directive-case" data-country="EE">\n<p class="directive-label">Case study · Estonia</p>\n<p',
        '<p class="directive-title">Attacks in <em>2007</em></p>\n<p>Servers were slow.</p>\n<h3 id="h-then">Then</h3>',
        '<section class="directive directive-slot" data-slot="national-law">\n<p',
        '<p class="directive-label">In your country · National law</p>',
        '<dt>bit</dt>\n<dd id="term-bit"><p>The <em>smallest</em> unit of data.</p></dd>',
    ):
        assert part in html
    assert clean(html) == html


def test_plain_text_has_a_line_for_each_block_and_no_markup():
    rendered = small.read().series.modules[0].texts["en"].sections[0].rendered
    assert rendered.text.split("\n")[:2] == [
        "Data",
        "A bit (Council of Europe, 2001, art. 6; Wall, 2007, p. 3). See the plan and this.",
    ]
    assert rendered.words == 47


def test_the_references_are_those_that_the_module_cites():
    html = small.read(("01-first/en/10-one.md", "; @wall-2007, p. 3", ""), ("01-first/fr/10-one.md", " [@wall-2007]", "")).series
    texts = html.modules[0].texts
    listed = texts["en"].sections[-1].rendered.html
    assert '<li id="ref-coe-2001">Council of Europe (2001). <em>Convention on Cybercrime</em>. Open access.</li>' in listed
    assert "Wall" not in listed


def test_a_translation_is_rendered_in_its_language_under_its_address():
    module = small.read().series.modules[0]
    section = module.texts["fr"].sections[0]
    assert (section.title, section.kind, section.position) == ("Un", "introduction", 1)
    assert 'href="/fr/glossary/bit"' in section.rendered.html
    assert module.texts["fr"].translates == "1.0.0"
    assert module.quiz.items[0].definition["html"]["fr"]["choices"]["a"]["text"] == "Le premier"


def test_links_in_questions_work_on_any_page():
    item = small.read().series.modules[0].quiz.items[0]
    html = item.definition["html"]["en"]
    assert html["choices"]["b"]["feedback"] == (
        '<p>No, see <span class="citation">(<a href="/modules/first/references#ref-coe-2001">Council of Europe, 2001</a>)</span>.</p>'
    )
    assert html["choices"]["a"]["text"] == "The <code>first</code>"
    assert html["prompt"] == '<p>Which <a class="term" href="/glossary/bit">bit</a> is it?</p>'
    assert (item.points, item.outcome, item.tags) == (200_000, "know", ("basics",))


def test_true_and_false_are_worded_by_the_platform():
    item = small.read().series.modules[0].quiz.items[1]
    assert [item.definition["html"]["en"]["choices"][side]["text"] for side in ("true", "false")] == ["True", "False"]


def test_a_digest_tells_what_changed():
    def parts(*changes):
        series = small.read(*changes).series
        module = series.modules[0]
        items = {item.key: item.digest for item in module.quiz.items}
        return series.digest, module.digest, items, {s.key: s.digest for s in module.texts["en"].sections}

    before = parts()
    assert parts() == before
    series, module, items, sections = parts(("references.yml", "Cambridge", "Oxford"))
    assert (series != before[0], module, items, sections) == (True, *before[1:])
    series, module, items, sections = parts(("01-first/en/quiz.yml", "text: The second", "text: The other"))
    assert (series, sections) == (before[0], before[3])
    assert module != before[1]
    assert {key for key in items if items[key] != before[2][key]} == {"which"}
    series, module, items, sections = parts(("01-first/fr/quiz.yml", "C'est ainsi.", "Il en est ainsi."))
    assert {key for key in items if items[key] != before[2][key]} == {"says"}
    series, module, items, sections = parts(("01-first/en/10-one.md", "A [bit]", "Some [bit]"))
    assert {key for key in sections if sections[key] != before[3][key]} == {"one"}


def test_pictures_may_have_the_types_that_are_served():
    assert set(media.CONTENT_TYPES) == pictures.SUFFIXES
