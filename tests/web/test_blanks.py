"""Pages with blanks: filled in they are what the template would have made, plain and compressed alike."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from elearn.web.blanks import WORTH_KEEPING, PageWithBlanks, blank

texts = st.text(st.characters(exclude_categories=["Cs", "Co"]), max_size=40)
fixed = st.one_of(texts, st.integers(WORTH_KEEPING, WORTH_KEEPING + 50).map(lambda size: "é" * size))


@given(st.lists(st.tuples(fixed, texts), max_size=6), fixed)
def test_a_filled_page_is_its_fixed_text_with_the_values_escaped(parts: list[tuple[str, str]], end: str) -> None:
    html = "".join(text + str(blank(f"b-{place}")) for place, (text, _value) in enumerate(parts)) + end
    values = {f"b-{place}": value for place, (_text, value) in enumerate(parts)}
    wanted = "".join(text + str(escape(value)) for text, value in parts) + end
    page = PageWithBlanks(html)
    assert page.fill(values) == wanted
    assert gzip.decompress(page.fill_packed(values)).decode() == wanted


def test_markup_is_filled_in_as_it_is_and_text_is_escaped() -> None:
    page = PageWithBlanks(f"<p>{blank('a')}{blank('b')}</p>")
    assert page.fill({"a": Markup("<b>x</b>"), "b": "<i>"}) == "<p><b>x</b>&lt;i&gt;</p>"


def test_a_value_cannot_open_another_blank() -> None:
    page = PageWithBlanks(f"{blank('a')}{blank('b')}")
    assert page.fill({"a": str(blank("b")), "b": "secret"}).count("secret") == 1


def test_a_missing_value_is_a_fault() -> None:
    with pytest.raises(KeyError):
        PageWithBlanks(str(blank("a"))).fill({})


def test_nobody_can_type_a_blank(browse, cast) -> None:
    typed = "\ue000csrf-token\ue001 \ue000no-such\ue001"
    new = {"title": typed, "modules": "introduction-to-cybercrime", "starts_on": "2026-09-01", "ends_on": "2099-01-31"}
    bruno = browse(cast.bruno)
    page = bruno.submit("/teach/classes/new", new | {"institution": str(cast.institutions["LAG"]), "timezone": "", "welcome": ""})
    link = next(url for url in page.links().values() if "/join/" in url).removeprefix("http://localhost")
    emil = browse(cast.emil)
    emil.submit("/join", emil.get(link).form("/join"))
    classes = [url for name, url in emil.get("/home").links().items() if "csrf-token" in name]
    section = emil.get(classes[0] + "introduction-to-cybercrime/introduction")
    assert "csrf-token" in section.text
    assert "no-such" in section.text
