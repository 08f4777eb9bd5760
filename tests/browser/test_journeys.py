"""The journeys of a student, a professor and a coordinator, each with its result on another role's page."""

import csv
import io
import re

import pytest

from tests.browser.conftest import Walker

pytestmark = pytest.mark.browser

MODULE = "Introduction to Cybercrime"
WAYS = [(360, True), (1280, True), (360, False), (1280, False)]


def make_class(professor: Walker) -> str:
    """Have the professor make a class and return the link that lets students in."""
    professor.sign_in("Bruno").go("/teach/").press("Make a class", "link")
    professor.page.get_by_label("Title of the class").fill("Cybercrime, winter")
    professor.press("Make the class")
    assert "Nobody has joined yet" in professor.text
    return professor.page.locator("a[href*='/join/']").get_attribute("href") or ""


def sign_up(student: Walker) -> None:
    student.press("Sign up", "link")
    student.page.get_by_label("Your name").fill("Nadia Okonkwo")
    student.page.get_by_label("E-mail address").fill("nadia@example.org")
    student.page.get_by_label("Password").fill("a long enough one")
    student.press("Make the account")


def answer_everything(student: Walker) -> None:
    """Take the first choice of every question and of every part, and write something that can be a word and a number."""
    for item in student.page.locator("fieldset.item").all():
        if item.locator("input[type=radio], input[type=checkbox]").count():
            item.locator("label.choice").first.click()
        for control in item.locator("select").all():
            control.select_option(index=1)
        for control in item.locator("input[type=text], input:not([type]), textarea").all():
            control.fill("7")


@pytest.mark.parametrize(("width", "script"), WAYS)
def test_from_a_new_class_to_the_coordinator_s_figure(walk, width: int, script: bool) -> None:
    professor, student, coordinator = (walk(width=width, script=script) for _ in range(3))
    link = make_class(professor)
    class_page = professor.page.url

    coordinator.sign_in("Carla").go("/coordinate/reach")
    assert stat(coordinator, "students-taught") == "0"

    student.go("/").go(link)
    sign_up(student)
    student.press("Join this class")
    assert "Cybercrime, winter" in student.page.locator("h1").inner_text()
    student.press(f"Begin {MODULE}", "link").press("Done, go on").press("Done, go on")
    student.page.go_back()
    student.go(class_page.replace("/teach", "")).look()
    assert "2 of" in student.text

    student.press(MODULE if student.page.get_by_role("link", name=MODULE, exact=True).count() else f"Module 1: {MODULE}", "link")
    student.press("To the quiz", "link")
    student.press("Begin the quiz")
    answer_everything(student)
    student.press("Submit")
    mark = re.search(r"(\d+) %", student.text)
    assert mark

    professor.go(class_page)
    row = professor.page.get_by_role("row", name=re.compile("Nadia Okonkwo"))
    assert f"{mark[1]} %" in row.inner_text()
    answer = professor.page.request.get(class_page + "progress.csv")
    line = next(csv.DictReader(io.StringIO(answer.text())))
    assert line["name"] == "Nadia Okonkwo"
    assert line["introduction-to-cybercrime percent"] == mark[1]
    assert line["introduction-to-cybercrime sections done"] == "2"

    coordinator.go("/coordinate/reach")
    assert stat(coordinator, "students-taught") == "1"
    stranger = walk(width=width, script=script)
    stranger.sign_in("Faisal").go("/coordinate/reach")
    assert stat(stranger, "students-taught") == "0"


def stat(walker: Walker, key: str) -> str:
    return walker.page.locator(f"#stat-{key} .stat-value").inner_text().strip()


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_every_public_page_is_sound(walk, width: int) -> None:
    reader = walk(width=width)
    for path in ("/", "/modules/", "/reach", "/glossary", "/about", "/privacy", "/licence", "/sign-in", "/sign-up", "/nowhere"):
        if path == "/nowhere":
            reader.page.goto(reader.site + path)
            reader.complaints.clear()
            reader.look()
        else:
            reader.go(path)
    reader.go("/modules/teaching-guide/").go("/modules/introduction-to-cybercrime/guide").go("/modules/introduction-to-cybercrime/quiz")
    reader.go("/modules/introduction-to-cybercrime/").press("Begin reading", "link")
    seen = 1
    while not (following := reader.page.locator("a[rel=next]").get_attribute("href") or "").endswith("/quiz"):
        reader.go(following)
        seen += 1
    assert seen > 10


def test_a_section_is_light(walk) -> None:
    """Under 50 KB in all on first view, under 15 KB on the next: what a slow line pays."""
    reader = walk(width=360)
    sizes: list[int] = []
    session = reader.page.context.new_cdp_session(reader.page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    base = "/modules/introduction-to-cybercrime/"
    reader.page.goto(reader.site + base + "computers-and-networks", wait_until="networkidle")
    first = sum(sizes)
    sizes.clear()
    reader.page.goto(reader.site + base + "who-is-connected", wait_until="networkidle")
    second = sum(sizes)
    assert 2_000 < first < 50_000, first
    assert 1_000 < second < 15_000, second


def test_signing_out_on_a_shared_computer_leaves_nothing_behind_the_back_button(walk) -> None:
    student = walk()
    student.sign_in("Ana").go("/account")
    student.press("Sign out")
    student.page.go_back()
    assert "Ana Example" not in student.page.content()
