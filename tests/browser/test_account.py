"""The life of an account in a real browser: confirmed, forgotten, with a second factor that gets lost; with script and without."""

import re
from email import message_from_bytes, policy
from pathlib import Path

import pyotp
import pytest
from flask import Flask

from elearn import clock
from tests.browser.conftest import Walker
from tests.cast import address

pytestmark = [pytest.mark.browser, pytest.mark.pages]

WAYS = [(360, True), (360, False), (1280, True)]
PASSWORD = "a long enough one"


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    app.config["MAIL_URL"] = (tmp_path / "mail").as_uri()
    return tmp_path / "mail"


def newest_link(folder: Path) -> str:
    message = message_from_bytes(max(folder.iterdir()).read_bytes(), policy=policy.default)
    found = re.search(r"http://\S+/(?:verify-address|set-password)/\S+", message.get_content())
    assert found
    return found[0]


def sign_out(walker: Walker) -> None:
    walker.go("/account")
    with walker.page.expect_navigation():
        walker.page.locator("main").get_by_role("button", name="Sign out", exact=True).click()


def refused(walker: Walker, button: str) -> None:
    """Press ``button``; the answer refuses what was typed, which the browser notes and we expect."""
    with walker.page.expect_navigation():
        walker.page.get_by_role("button", name=button, exact=True).first.click()
    assert [complaint for complaint in walker.complaints if "422" not in complaint] == []
    walker.complaints.clear()
    walker.look()


@pytest.mark.parametrize(("width", "script"), WAYS)
def test_from_sign_up_to_a_new_password(walk, folder: Path, width: int, script: bool) -> None:
    walker = walk(width=width, script=script).go("/sign-up")
    page = walker.page
    page.get_by_label("Your name").fill("Nadia Okonkwo")
    page.get_by_label("E-mail address").fill("nadia@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("professor or teacher").check()
    page.get_by_label(re.compile("^Institution")).select_option("unlisted")
    refused(walker, "Make the account")
    page.get_by_label(re.compile("^Name of your institution")).fill("Kamau University")
    page.get_by_label(re.compile("^Its country")).select_option("KE")
    page.get_by_label("Password").fill(PASSWORD)
    walker.press("Make the account").go("/account")
    assert "waits for the programme to list it" in walker.text
    walker.go(newest_link(folder)).press("Yes, this is my address")
    assert "not confirmed" not in walker.text
    for path in ("/account/profile", "/account/password", "/account/sign-ins"):
        walker.go(path)
    sign_out(walker)
    walker.go("/sign-in").press("Forgotten your password?", "link")
    page.get_by_label("E-mail address or sign-in name").fill("nadia@example.org")
    walker.press("Send the link").go(newest_link(folder))
    page.get_by_label("New password").fill("quite another one")
    walker.press("Set the password and sign in")
    assert "Welcome, Nadia Okonkwo" in walker.text


@pytest.mark.parametrize(("width", "script"), WAYS)
def test_a_second_factor_is_set_up_lost_and_set_up_anew(walk, width: int, script: bool) -> None:
    walker = walk(width=width, script=script).sign_in("Ana").go("/account/second-factor")
    page = walker.page
    walker.press("Set it up")
    page.get_by_label("Code").fill("no code")
    refused(walker, "Confirm")
    secret = page.locator("code.key").inner_text().replace(" ", "")
    page.get_by_label("Code").fill(pyotp.TOTP(secret).at(clock.now()))
    walker.press("Confirm")
    code, spare = page.locator(".codes code").all_inner_texts()[:2]
    walker.press("I have kept them", "link")

    sign_out(walker)
    walker.go("/sign-in")
    page.get_by_label("E-mail address or sign-in name").fill(address("Ana"))
    page.get_by_label("Password").fill("correct horse battery")
    walker.press("Sign in")
    assert "authenticator app" in walker.text
    page.get_by_text("My device is lost").click()
    page.get_by_label("Code").fill(code.lower().replace("-", " "))
    walker.press("Sign in").go("/account/second-factor")
    assert "9 recovery codes left" in walker.text
    page.get_by_text("Remove the second factor").click()
    page.get_by_label("Code").last.fill(spare)
    walker.press("Remove it").press("Set it up")
    assert page.locator("code.key").inner_text().replace(" ", "") != secret


def test_a_coordinator_who_lost_a_phone_is_let_in_by_a_recovery_code(walk) -> None:
    coordinator = walk()
    coordinator.shown["Carla"] = 1
    coordinator.sign_in("Carla").go("/coordinate/people")
    assert coordinator.page.url.endswith("/coordinate/people")
