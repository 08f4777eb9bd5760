"""From a roster with names alone to a student on a shared computer, in Chromium, with JavaScript and without."""

import pytest

from tests.browser.conftest import Walker
from tests.cast import PASSWORD, Cast

pytestmark = [pytest.mark.browser, pytest.mark.pages]

ROSTER = """name,email,student_id,language,group
Zara Noor,,19,ar,Tuesday
محمد علي,m@example.net,20,ar,Monday
,nobody@example.net,,,
=cmd,,21,,
"""


@pytest.mark.parametrize(("script", "width"), [(True, 1280), (True, 360), (False, 360)])
def test_a_roster_becomes_slips_and_a_slip_becomes_a_student(walk, cast: Cast, script: bool, width: int) -> None:
    base = f"/teach/classes/{cast.classes['Bruno']}/"
    bruno: Walker = walk(script=script, width=width).sign_in("Bruno")
    bruno.go(base + "roster")
    bruno.page.get_by_label("CSV file").set_input_files({"name": "list.csv", "mimeType": "text/csv", "buffer": ROSTER.encode()})
    bruno.press("Look at it")
    assert "There is no name" in bruno.text
    bruno.page.get_by_label("Leave the faulty line out").check()
    bruno.press("Import 3 lines")
    bruno.go(base + "slips").press("Make 3 slips")
    assert "محمد علي" in bruno.text
    bruno.press("Print the slips", role="link")
    slip = bruno.page.locator(".slip").filter(has_text="Zara Noor")
    code = slip.locator("code").inner_text()
    assert slip.locator("svg").bounding_box()["width"] > 60
    bruno.page.emulate_media(media="print")
    assert not bruno.page.locator(".site-header").is_visible()
    assert slip.is_visible()

    computer: Walker = walk(script=script, width=width).go("/join")
    computer.page.get_by_label("Code").fill(code.lower().replace("-", " "))
    computer.press("Join")
    assert "This place is for Zara Noor" in computer.text
    assert computer.page.get_by_label("Sign-in name").input_value() == "zara.noor"
    computer.page.get_by_label("Password").fill(PASSWORD)
    computer.press("Make my account and take the place")
    assert "Modules" in computer.text
    if width < 960:
        computer.page.locator(".site-menu > summary").click()
    computer.press("Sign out")
    computer.page.go_back()
    assert "Zara" not in computer.page.content(), "the back button shows nothing of her"

    bruno.page.emulate_media(media="screen")
    bruno.go(base)
    assert "Zara Noor" in bruno.text
    bruno.go(base + "slips")
    assert "Zara Noor" not in bruno.text
