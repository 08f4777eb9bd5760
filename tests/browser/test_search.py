"""Finding one's way in a real browser: a definition in its place, search without script, a selected passage taken along."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.pages]
BASE = "/modules/introduction-to-cybercrime/"


@pytest.mark.parametrize("width", [360, 1280])
def test_a_definition_opens_where_the_term_is_used_by_keyboard_alone(walk, width: int) -> None:
    reader = walk(width=width).go(BASE + "computers-and-networks")
    term = reader.page.locator("a.term").nth(1)
    name = term.inner_text()
    term.focus()
    reader.page.keyboard.press("Enter")
    note = reader.page.locator(".term-note")
    expect(note).to_be_visible()
    expect(note).to_be_focused()
    assert reader.page.url.endswith("computers-and-networks"), "the place is kept"
    definition = reader.page.locator(f"#{term.get_attribute('aria-describedby')}").text_content()
    assert definition.strip() in note.text_content()
    box = note.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= 800
    reader.look()
    reader.page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    expect(term).to_be_focused()
    term.click()
    expect(note).to_be_visible()
    reader.page.get_by_role("heading", level=1).click()
    expect(note).to_be_hidden()
    term.click()
    note.get_by_role("link").click()
    reader.page.wait_for_url("**/glossary/*")
    assert name.lower().rstrip("s") in reader.look().page.get_by_role("heading", level=1).inner_text().lower()


def test_without_script_a_term_leads_to_the_glossary_and_search_finds_its_way_back(walk) -> None:
    reader = walk(width=360, script=False).go(BASE + "computers-and-networks")
    with reader.page.expect_navigation():
        reader.page.locator("a.term").nth(1).click()
    assert "/glossary/" in reader.look().page.url
    reader.press("How computers and networks work", "link").go("/modules/")
    reader.page.get_by_label("Search the modules and the glossary").fill('"single choice" <b>')
    reader.press("Search")
    reader.page.get_by_label("Search the modules and the glossary").fill('"single choice" zero')
    reader.press("Search")
    assert reader.page.locator("mark").count() >= 2
    reader.press("How computers and networks work", "link")
    assert reader.page.url.endswith("computers-and-networks")


def test_a_passage_that_is_selected_is_chosen_in_the_form(walk) -> None:
    reader = walk().go(BASE + "computers-and-networks")
    paragraph = reader.page.locator(".prose > p").nth(2)
    words = paragraph.inner_text()[:40]
    paragraph.click(click_count=3)
    reader.press("Report a problem with this page", "link")
    chosen = reader.page.locator("#passage option:checked").inner_text()
    assert words.split()[:4] == chosen.split()[1:5]
    reader.page.get_by_label("A fact is wrong").check()
    reader.page.get_by_label("In your words").fill("This is <b>out of date</b>.")
    reader.press("Send the report")
    assert "has reached the editors" in reader.page.locator(".flashes").inner_text()
