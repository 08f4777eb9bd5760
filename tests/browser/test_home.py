"""Home, one's own data and the way out, in a real browser: with and without JavaScript, on a telephone and a desk."""

import json

import pytest

from tests.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.pages]

WAYS = [(360, True), (1280, True), (360, False)]


@pytest.mark.parametrize(("width", "script"), WAYS)
def test_the_next_step_on_a_card_is_what_is_pressed(walk, width: int, script: bool) -> None:
    """The link of a card's title covers the card; its buttons stand above it."""
    student = walk(width=width, script=script).sign_in("Ana").go("/home")
    student.press("Begin Introduction to Cybercrime", "link")
    assert "/introduction-to-cybercrime/" in student.page.url


@pytest.mark.parametrize("who", ["Ana", "Bruno", "Carla", "Gita", "Edda", "Rosa", "Root"])
def test_everyone_s_home_is_sound(walk, who: str) -> None:
    walk(width=360).sign_in(who).go("/home")


@pytest.mark.parametrize(("width", "script"), WAYS)
def test_somebody_takes_their_data_along_and_deletes_the_account(walk, width: int, script: bool) -> None:
    ana = walk(width=width, script=script).sign_in("Ana").go("/account/data")
    with ana.page.expect_download() as download:
        ana.page.get_by_role("link", name="Download my data").click()
    assert download.value.suggested_filename == "my-data.json"
    kept = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert kept["parts"]["person"]["lines"][0]["name"] == "Ana Example"
    ana.press("Delete my account", "link")
    ana.page.get_by_label("Your password").fill(PASSWORD)
    ana.page.get_by_label("I understand that this cannot be undone.").check()
    ana.press("Delete my account for good")
    assert "Your account is deleted" in ana.text
    ana.go("/home")
    assert "/sign-in" in ana.page.url


@pytest.mark.parametrize("script", [True, False])
def test_the_next_person_at_the_computer_finds_nothing(walk, script: bool) -> None:
    browser = walk(script=script).sign_in("Ana").go("/home")
    if script:
        browser.page.evaluate("() => localStorage.setItem('left', 'behind')")
    browser.press("Sign out")
    assert browser.page.url.rstrip("/") == browser.site
    assert not browser.page.context.cookies()
    if script:
        assert browser.page.evaluate("() => localStorage.length") == 0
    browser.page.go_back()
    assert "/sign-in" in browser.page.url
    browser.sign_in("Emil").go("/home")
    assert "Emil" in browser.text


@pytest.mark.parametrize("path", ["/help", "/about", "/privacy", "/licence", "/account-deleted", "/nowhere-at-all"])
def test_pages_about_the_site_are_sound(walk, path: str) -> None:
    reader = walk(width=360)
    if path == "/nowhere-at-all":
        reader.page.on("console", lambda message: reader.complaints.clear())
    reader.go(path)
