"""Who may do what with a class: every route of its life, for everyone it is not for, beside somebody it is for."""

import re

import pytest

from tests.learning.conftest import Scene

#: Of another class, of another institution, or of none: for them a class is not there.
STRANGERS = ("Emil", "Dora", "Faisal", "Carla", "Root", "Edda", "Gita")
#: For its staff: GET, for assistants too or not.
SEEN = {"": True, "students": True, "students/{ana}": True, "announcements": True, "announcements/new": True, "progress.csv": True}
RUN = ("settings", "staff", "groups", "join-code", "teach-again")
#: What only professors do, with what they would send.
DONE = {
    "settings": {},
    "staff": {"email": "emil@example.org", "role": "assistant"},
    "joining": {"state": "closed"},
    "join-code": {},
    "end": {},
    "continue": {"was": "2099-12-31", "ended_on": "2099-12-30"},
    "teach-again": {},
    "groups": {"name": "One"},
    "groups/1/rename": {"name": "Two"},
    "groups/1/remove": {},
    "groups/1/bring-back": {},
    "students/group": {"chosen": "{ana}", "group": ""},
    "students/{ana}/correct": {"name": "Anna", "student_id": ""},
    "students/{ana}/extend": {"until": ""},
    "students/{ana}/withdraw": {},
    "students/{ana}/remove": {},
    "students/{ana}/bring-back": {},
    "staff/{pia}/remove": {},
    "staff/{pia}/bring-back": {},
}
ANNOUNCED = {"title": "Hello", "body": "Hello", "group": ""}


def filled(scene: Scene, text: str) -> str:
    return text.replace("{ana}", str(scene.place("Ana"))).replace("{pia}", str(scene.place("Pia", "professor")))


def done(scene: Scene) -> list[tuple[str, dict[str, str]]]:
    return [
        (scene.teach + filled(scene, path), {name: filled(scene, value) for name, value in fields.items()}) for path, fields in DONE.items()
    ]


def test_what_staff_see_is_not_there_for_others(scene: Scene) -> None:
    for path in [scene.teach + filled(scene, path) for path in (*SEEN, *RUN)]:
        for name in (*STRANGERS, "Ana"):
            scene.browser(name).get(path, 404)
        assert "/sign-in" in scene.browser(None).get(path, 302).response.headers["Location"]
        scene.browser("Bruno").get(path)
    for path in SEEN:
        scene.browser("Tito").get(scene.teach + filled(scene, path))
    for path in RUN:
        scene.browser("Tito").get(scene.teach + path, 403)


def test_what_professors_do_nobody_else_does(scene: Scene) -> None:
    scene.browser("Bruno").post(scene.teach + "groups", {"name": "Zero"})
    for path, fields in done(scene):
        for name in (*STRANGERS, "Ana"):
            scene.browser(name).post(path, fields, 404)
        scene.browser("Tito").post(path, fields, 403)
        anonymous = scene.browser(None)
        assert anonymous.client.post(path, data=fields | {"csrf_token": anonymous.csrf_token}).status_code == 401
    scene.assert_counts_agree()
    for path, fields in done(scene):
        bruno = scene.browser("Bruno")
        status = bruno.client.post(path, data=fields | {"csrf_token": bruno.csrf_token}).status_code
        assert status in {303, 409, 422}, path


def test_what_assistants_do_too_others_do_not(scene: Scene) -> None:
    for name in (*STRANGERS, "Ana"):
        scene.browser(name).post(scene.teach + "announcements/new", ANNOUNCED, 404)
    scene.browser("Tito").post(scene.teach + "announcements/new", ANNOUNCED)
    scene.browser("Bruno").post(scene.teach + "announcements/new", ANNOUNCED)


def test_a_student_s_pages_are_for_those_in_the_class(scene: Scene) -> None:
    for name in STRANGERS:
        browser = scene.browser(name)
        browser.get(scene.learn + "announcements", 404)
        browser.get(scene.learn + "leave", 404)
        browser.post(scene.learn + "leave", {}, 404)
        browser.post(scene.learn + "come-back", {}, 404)
    for name in ("Bruno", "Pia", "Tito"):
        browser = scene.browser(name)
        browser.get(scene.learn + "announcements")
        browser.get(scene.learn + "leave", 404)
        browser.post(scene.learn + "come-back", {}, 404)
    scene.browser("Ana").get(scene.learn + "leave")
    scene.browser("Ana").get(scene.learn + "announcements")


@pytest.mark.parametrize(
    ("name", "status"), [("Carla", 200), ("Root", 200), ("Faisal", 404), ("Rosa", 403), ("Bruno", 403), ("Ana", 403), ("Edda", 403)]
)
def test_a_coordinator_s_page_of_a_class_is_for_those_who_answer_for_it(scene: Scene, name: str, status: int) -> None:
    browser, path = scene.browser(name), f"/coordinate/classes/{scene.id}"
    browser.get(path, status)
    browser.post(path, {"person": scene.people["Pia"]}, status if status != 200 else 409)
    browser.get("/coordinate/classes", 403 if status == 403 else 200)
    browser.get("/coordinate/classes/999999", status if status == 403 else 404)


def test_a_coordinator_without_the_second_factor_hands_nothing_on(scene: Scene) -> None:
    browser = type(scene.browser("Carla")).of(scene.app, scene.people["Carla"], second_factor=False)
    assert "/account/second-factor" in browser.get("/coordinate/classes", 302).response.headers["Location"]
    browser.post(f"/coordinate/classes/{scene.id}", {"person": scene.people["Pia"]}, 403)


def test_every_route_of_a_class_s_life_is_walked_here(scene: Scene) -> None:
    blueprints = {
        "teaching",
        "class_settings",
        "class_students",
        "class_student",
        "class_groups",
        "class_staff",
        "announcements",
        "teach_again",
    }
    walked = {
        re.sub(r"\{\w+\}|\d+", "#", path)
        for path in (*SEEN, *RUN, *DONE, "students/{ana}/withdraw", "announcements/1/withdraw", "announcements/1/restore")
    }
    routes = set()
    for rule in scene.app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] in blueprints and rule.rule.startswith("/teach/classes/<int:class_id>/"):
            path = re.sub(r"<int:\w+>", "#", rule.rule.removeprefix("/teach/classes/<int:class_id>/"))
            steps = re.search(r"<any\(([^)]*)\):\w+>", path)
            routes |= {path.replace(steps.group(0), step.strip()) for step in steps.group(1).split(",")} if steps else {path}
    assert routes <= walked, routes - walked


def test_somebody_removed_while_signed_in_is_out_at_once(scene: Scene) -> None:
    pia = scene.browser("Pia")
    pia.get(scene.teach + "settings")
    scene.browser("Bruno").post(scene.teach + f"staff/{scene.place('Pia', 'professor')}/remove")
    pia.post(scene.teach + "joining", {"state": "closed"}, 404)
