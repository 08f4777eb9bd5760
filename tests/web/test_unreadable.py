"""What no text can hold is refused before anything looks at it: PostgreSQL has no place for a zero byte."""

import json

import pytest

from tests.cast import Cast

UP = {"name": "Zoë", "email": "zoe@example.org", "password": "a long enough one", "role": "student", "institution": ""}


@pytest.mark.parametrize(
    "path",
    [
        "/media/%00.svg",
        "/modules/%00/",
        "/modules/introduction-to-cybercrime/%00",
        "/join/%00AA-BBB-CCC",
        "/set-password/%00",
        "/sign-in?next=%00",
        "/modules/?%00=1",
        "/reach?year=%00",
        "/nowhere/%00",
        "/coordinate/reach?institution=%00",
    ],
)
def test_a_zero_byte_in_an_address_is_answered_with_a_page(browse, cast: Cast, path: str) -> None:
    for browser in (browse(), browse(cast.root)):
        assert browser.get(path, 400).heading == "That request cannot be read"


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/sign-in", {"email": "a\x00b@example.org", "password": "x"}),
        ("/sign-in", {"email": "ana@example.org", "password": "x\x00"}),
        ("/sign-up", UP | {"name": "Z\x00"}),
        ("/sign-up", UP | {"email": "z\x00@example.org"}),
        ("/sign-up", UP | {"a\x00": "b"}),
        ("/set-password/x", {"password": "another\x00long one"}),
    ],
)
def test_a_zero_byte_in_a_form_is_answered_with_a_page(browse, cast: Cast, path: str, fields: dict[str, str]) -> None:
    assert browse().post(path, fields, 400).heading == "That request cannot be read"


def test_a_zero_byte_in_a_form_of_a_class_is_refused_too(browse, cast: Cast) -> None:
    typed = {"title": "T\x00", "institution": str(cast.institutions["LAG"]), "modules": "introduction-to-cybercrime"}
    bruno = browse(cast.bruno)
    bruno.post("/teach/classes/new", typed, 400)
    bruno.post(f"/classes/{cast.classes['Bruno']}/introduction-to-cybercrime/%00", {"state": "done"}, 400)


def test_programs_are_told_so_in_json(browse) -> None:
    answer = browse().client.get("/media/%00.svg", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert json.loads(answer.get_data())["status"] == 400
