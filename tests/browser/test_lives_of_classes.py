"""From a university that nobody has listed to the first student's mark; and a class that is handed on, ended, and taught again."""

import re

import pytest

from tests.browser.test_journeys import answer_everything, make_class, sign_up
from tests.cast import Cast

pytestmark = pytest.mark.browser

MODULE = "Introduction to Cybercrime"
WAYS = [(1280, True), (360, False)]


@pytest.mark.parametrize(("width", "script"), WAYS)
def test_from_an_unlisted_university_to_the_first_student_s_mark(walk, width: int, script: bool) -> None:
    professor, student, programme = (walk(width=width, script=script) for _ in range(3))
    professor.go("/sign-up")
    page = professor.page
    page.get_by_label("Your name").fill("Sefa Tuala")
    page.get_by_label("E-mail address").fill("sefa@example.net")
    page.get_by_label("Password").fill("a long enough one")
    page.get_by_label("professor or teacher").check()
    page.get_by_label("Institution", exact=False).first.select_option("unlisted")
    if not page.get_by_label("Name of your institution").is_visible():
        page.get_by_text("My institution is not in the list", exact=True).click()
    page.get_by_label("Name of your institution").fill("University of the Lagoon Islands")
    page.get_by_label("Its country").select_option("WS")
    professor.press("Make the account")
    assert "programme" in professor.text, "the page says whose turn it is"
    professor.go("/teach/").press("Make a class", "link")
    page.get_by_label("Title of the class").fill("Cybercrime, first term")
    professor.press("Make the class")
    class_page = page.url
    link = page.locator("a[href*='/join/']").get_attribute("href") or ""
    student.page.goto(link)
    assert "opens no class now" in student.text, "nobody joins before the professor is confirmed"
    student.complaints.clear()
    assert "Lagoon Islands" not in walk().go("/sign-up").page.content(), "what is only asked for is shown to nobody"

    programme.sign_in("Root").go("/coordinate/").press("1 institution is asked for", "link")
    programme.press("University of the Lagoon Islands", "link")
    code = programme.page.locator("#add ~ form").get_by_label("Code").first
    assert code.input_value(), "a code is proposed"
    code.fill("LAGOON")
    programme.press("Add it to the list")

    professor.go("/home")
    assert "not confirmed" not in professor.text
    student.go(link)
    sign_up(student)
    student.press("Join this class")
    student.press(f"Begin {MODULE}", "link").press("Done, go on")
    student.go(f"{class_page.replace('/teach', '')}introduction-to-cybercrime/quiz").press("Begin the quiz")
    answer_everything(student)
    student.press("Submit")
    mark = re.search(r"(\d+) %", student.text)
    assert mark
    professor.go(class_page)
    assert f"{mark[1]} %" in page.get_by_role("row", name=re.compile("Nadia Okonkwo")).inner_text()
    programme.go("/coordinate/reach?institution=LAGOON")
    assert programme.page.locator("#stat-students-taught .stat-value").inner_text().strip() == "1"


@pytest.mark.parametrize(("width", "script"), WAYS)
def test_a_class_is_handed_on_ended_and_taught_again(walk, cast: Cast, width: int, script: bool) -> None:
    bruno, coordinator, student, successor = (walk(width=width, script=script) for _ in range(4))
    link = make_class(bruno)
    class_page = bruno.page.url
    class_id = class_page.rstrip("/").rpartition("/")[2]
    student.sign_in("Ana").go(link).press("Join this class")
    student.press(f"Begin {MODULE}", "link").press("Done, go on")

    # Gita is confirmed, and the class goes to her.
    coordinator.sign_in("Carla").go("/coordinate/people?state=waiting").press("Gita Example", "link").press("Confirm")
    coordinator.go(f"/coordinate/classes/{class_id}")
    if coordinator.page.get_by_label("Gita Example").count() == 0:
        coordinator.page.get_by_label("Find a professor").fill("Gita")
        coordinator.press("Find")
    coordinator.page.get_by_label("Gita Example").check()
    coordinator.page.get_by_label("The present professors no longer teach it", exact=False).check()
    coordinator.press("Hand the class on")
    assert "Gita Example" in coordinator.text
    assert "Ana Example" not in coordinator.text, "coordinators see numbers, no students"
    bruno.page.goto(class_page)
    assert bruno.page.locator("h1").inner_text() == "There is no such page"
    bruno.complaints.clear()

    successor.sign_in("Gita").go(class_page)
    assert "Ana Example" in successor.text
    successor.go(class_page + "settings")
    successor.page.get_by_label("First day").fill("2026-01-01")
    successor.page.get_by_label("Last day").fill("2026-01-31")
    successor.press("Save the settings")
    successor.go(class_page)
    assert "This class is over" in successor.text
    student.go(f"/classes/{class_id}/introduction-to-cybercrime/introduction")
    assert student.page.get_by_role("button", name=re.compile("Done")).count() == 0, "a class that is over is read-only"
    student.go(f"/classes/{class_id}/")
    assert "1 of" in student.text, "what was done is kept"
    successor.go(class_page + "teach-again")
    successor.page.get_by_label("Title of the class").fill("Cybercrime, next winter")
    successor.press("Make the class")
    assert "Nobody has joined yet" in successor.text
    assert successor.page.locator("h1").inner_text() == "Cybercrime, next winter"
    assert successor.page.url != class_page
    successor.go("/teach/").press("Past (1)", "link")
    assert "Cybercrime, winter" in successor.text
