"""Files that would do harm are refused whole, with a reason, before anything of them is used."""

import contextlib
import io
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.exchange import gift_read, moodle_read, package, qti_read
from elearn.exchange.formats import FORMATS, read
from elearn.exchange.labels import REFUSALS
from elearn.exchange.limits import LARGEST_FILE, MOST_ITEMS, Refused

LAUGHS = (
    "<!DOCTYPE quiz [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    + "]><quiz><question type='essay'><name><text>&a9;</text></name></question></quiz>"
)
EXTERNAL = (
    "<!DOCTYPE quiz [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><quiz><question type='essay'><name><text>&x;</text></name></question></quiz>"
)
PARAMETER = "<!DOCTYPE quiz [<!ENTITY % x SYSTEM 'http://example.org/x.dtd'> %x;]><quiz/>"
PLAIN_DTD = "<!DOCTYPE quiz SYSTEM 'http://example.org/quiz.dtd'><quiz/>"


def packed(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def refused(name: str, content: bytes) -> str:
    with pytest.raises(Refused) as reason:
        read(name, content)
    assert reason.value.code in REFUSALS, "a refusal has words"
    return reason.value.code


@pytest.mark.parametrize("text", [LAUGHS, EXTERNAL, PARAMETER, PLAIN_DTD])
def test_document_types_and_entities_are_refused(text: str) -> None:
    for name, content in (("moodle", text.encode()), ("qti", text.encode()), ("qti", packed({"a.xml": text.encode()}))):
        assert refused(name, content) == "xml-unsafe"
    # What is looked for is not the letters: another encoding hides nothing.
    assert refused("moodle", ("<?xml version='1.0' encoding='UTF-16'?>" + text).encode("utf-16")) == "xml-unsafe"


def test_deep_nesting_is_refused() -> None:
    for tag in ("a", "question"):
        assert refused("moodle", f"<quiz>{f'<{tag}>' * 200_000}".encode()) == "too-deep"


def test_too_many_elements_are_refused() -> None:
    assert refused("moodle", b"<quiz>" + b"<a/>" * 500_000 + b"</quiz>") == "too-many-elements"


@pytest.mark.parametrize("name", list(FORMATS))
def test_too_large_a_file_is_refused(name: str) -> None:
    start = b"a{T}" if name == "gift" else b"<quiz>"
    assert refused(name, start + b" " * LARGEST_FILE) == "too-large"


def test_too_many_questions_are_refused() -> None:
    assert refused("gift", b"a{T}\n\n" * (MOST_ITEMS + 1)) == "too-many-items"
    assert refused("moodle", b"<quiz>" + b'<question type="essay"/>' * (MOST_ITEMS + 1) + b"</quiz>") == "too-many-items"
    item = b'<item ident="a"><presentation><material><mattext>x</mattext></material><response_str ident="r"/></presentation></item>'
    assert refused("qti", b"<questestinterop>" + item * (MOST_ITEMS + 1) + b"</questestinterop>") == "too-many-items"


def test_a_zip_bomb_is_refused() -> None:
    bomb = packed({"a.xml": b" " * (9 * 1024 * 1024)})
    assert len(bomb) < 20_000
    assert refused("qti", bomb) == "package-too-large"
    many = packed({f"{n}.xml": bytes([n % 256, n // 256]) * 4_000_000 for n in range(9)})
    assert refused("qti", many) == "package-too-large"


def test_a_size_that_lies_is_not_believed() -> None:
    # The directory says 100 bytes; what is packed is far more.
    content = packed({"a.xml": b"<quiz>" + b" " * 300_000 + b"</quiz>"})
    size = (300_000 + 13).to_bytes(4, "little")
    assert content.count(size) == 2
    assert refused("qti", content.replace(size, (100).to_bytes(4, "little"))) in {"not-a-package", "not-xml"}


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "LIMITS", replace(package.LIMITS, files=3))
    assert refused("qti", packed({f"{n}.txt": b"" for n in range(4)})) == "too-many-files"


@pytest.mark.parametrize("name", ["../a.xml", "a/../../b.xml", "/etc/a.xml", "C:/a.xml", "a\\..\\b.xml"])
def test_paths_that_lead_outside_are_refused(name: str) -> None:
    assert refused("qti", packed({"ok.xml": b"<item/>", name: b"<item/>"})) == "path-outside"


def test_links_and_locked_files_are_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        link = zipfile.ZipInfo("a.xml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert refused("qti", target.getvalue()) == "symbolic-link"
    locked = bytearray(packed({"a.xml": b"<item/>"}))
    locked[6] |= 1
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    assert refused("qti", bytes(locked)) == "encrypted"


def test_a_manifest_leads_nowhere_outside() -> None:
    manifest = b'<manifest><resources><resource type="imsqti_item" href="../../../../etc/passwd"/></resources></manifest>'
    assert refused("qti", packed({"imsmanifest.xml": manifest})) == "no-questions"


@given(st.binary(max_size=300))
def test_bytes_that_are_no_package_are_refused_in_words(noise: bytes) -> None:
    good = packed({"a.xml": b"<item ident='a'/>"})
    for content in (b"PK\x03\x04" + noise, good[:-30] + noise, good[: len(noise)] + noise):
        code = ""
        with contextlib.suppress(Refused):
            read("qti", content)
            code = "read"
        assert code or refused("qti", content) in REFUSALS


@given(st.text(st.sampled_from("~=#{}:\\%->[]/$ \n1aT*<&;"), max_size=80))
def test_any_gift_is_read_or_noted(text: str) -> None:
    reading = gift_read.read(text.encode())
    assert reading.items or reading.notes or not any(line.strip() and not line.strip().startswith("//") for line in text.split("\n"))


@given(st.text(st.sampled_from("{}:1SACNMHORTE_~=#%\\*5.<p> &;"), max_size=80))
def test_any_embedded_answer_is_read_or_noted(text: str) -> None:
    safe = text.replace("&", "&amp;").replace("<", "&lt;")
    text_ = f'<questiontext format="html"><text>{safe}</text></questiontext>'
    question = f'<quiz><question type="cloze"><name><text>n</text></name>{text_}</question></quiz>'
    reading = moodle_read.read(question.encode())
    assert len(reading.items) == 1 or reading.notes


NAMES = [
    "item",
    "presentation",
    "material",
    "mattext",
    "response_lid",
    "render_choice",
    "response_label",
    "respcondition",
    "varequal",
    "setvar",
    "assessmentItem",
    "itemBody",
    "choiceInteraction",
    "simpleChoice",
    "responseDeclaration",
    "correctResponse",
    "value",
    "mapping",
    "textEntryInteraction",
    "matchInteraction",
    "simpleMatchSet",
    "orderInteraction",
    "responseIf",
    "match",
    "variable",
    "baseValue",
]
TREES = st.recursive(
    st.sampled_from(NAMES).map(lambda name: f"<{name} identifier='a' responseIdentifier='a' ident='a' respident='a'>1</{name}>"),
    lambda inner: st.tuples(st.sampled_from(NAMES), st.lists(inner, max_size=4)).map(
        lambda made: f"<{made[0]} identifier='a' responseIdentifier='a' ident='a'>{''.join(made[1])}</{made[0]}>"
    ),
    max_leaves=25,
)


@given(TREES)
def test_any_qti_is_read_or_noted(tree: str) -> None:
    for root in ("assessmentItem", "item"):
        reading = qti_read.read(f"<{root} identifier='x'>{tree}</{root}>".encode())
        assert reading.items or reading.notes


@pytest.mark.parametrize(
    "text",
    [
        "{" * 300_000,
        "a{" + "=a~b" * 70_000,
        "\\" * 300_001,
        "a{" + "#" * 300_000 + "}",
        "[" * 300_000 + "{T}",
        "::" * 150_000,
        "<!" * 90_000 + "{T}",
        "[html]" + "<div>" * 60_000 + "{T}",
        "[html]" + "".join(f"<b id\\={n}><p>" for n in range(15_000)) + "{T}",
        "[html]" + "<b><i>" * 30_000 + "{T}",
        "[html]" + "*_`" * 60_000 + "{T}",
        "%" * 200_000 + "{=a}",
    ],
)
def test_texts_that_would_take_their_square_end_soon(text: str) -> None:
    reading = gift_read.read(text.encode())
    assert reading.items or reading.notes
