"""Names of every script stand where people look for them, and are found however they are typed."""

import pytest

from elearn import clock
from elearn.db import db, unit_of_work
from elearn.learning.models import Enrolment
from tests.learning.conftest import Scene

NAMES = ("Zoë Nyström", "émile Dubois", "Ábel Nagy", "ana Lima", "محمد علي", "O'Brien <b>", "100 % Sure_ly", "😀 Smith")


@pytest.fixture
def listed(scene: Scene) -> Scene:
    with scene.app.app_context(), unit_of_work():
        db.session.add_all(Enrolment(class_id=scene.id, role="student", name=name, enrolled_at=clock.now()) for name in NAMES)
    return scene


def shown(scene: Scene, query: str) -> list[str]:
    page = scene.browser("Bruno").get(f"{scene.teach}students?state=waiting&{query}")
    return [name for name in page.links() if name in NAMES]


def test_capitals_and_accents_do_not_part_names_in_a_list(listed: Scene) -> None:
    latin = ["100 % Sure_ly", "Ábel Nagy", "ana Lima", "émile Dubois", "O'Brien <b>", "😀 Smith", "Zoë Nyström"]
    found = shown(listed, "sort=name")
    assert [name for name in found if name != "محمد علي"] == latin
    assert shown(listed, "sort=-name") == found[::-1]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("EMILE", {"émile Dubois"}),
        ("abel", {"Ábel Nagy"}),
        ("nystrom", {"Zoë Nyström"}),
        ("محمد", {"محمد علي"}),
        ("o'brien", {"O'Brien <b>"}),
        ("_", set()),
        ("'; drop table person", set()),
    ],
)
def test_a_name_is_found_however_it_is_typed(listed: Scene, typed: str, found: set[str]) -> None:
    assert set(shown(listed, f"q={typed}")) == found
