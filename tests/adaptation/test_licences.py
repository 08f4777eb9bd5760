"""Licences go together as the chart of Creative Commons says; a mix that may not be is refused with the reason; editions name everyone."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from elearn.adaptation import overlays
from elearn.adaptation.licences import KNOWN, OFFERED, address_of, fitting, hindrance
from elearn.adaptation.models import Course, Edition
from elearn.catalogue.models import ModuleRevision
from elearn.db import counted_statements, db, unit_of_work
from tests.adaptation.sharing import Sharer, with_text
from tests.adaptation.upstream import FOLDER, SLUG, TWIN, Upstream
from tests.cast import Cast
from tests.reader import Browser

KEY, HIDDEN = "who-is-connected", "why-people-offend"
FIRST = "Crime follows daily life"
BY, SA, NC, NC_SA, ZERO, ND = "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "CC0-1.0", "CC-BY-ND-4.0"
#: Creative Commons' chart of the licences that an adaptation may have, by the licence of what is adapted.
CHART = {
    ZERO: {ZERO, BY, SA, NC, NC_SA},
    BY: {BY, SA, NC, NC_SA},
    SA: {SA},
    NC: {NC, NC_SA},
    NC_SA: {NC_SA},
    ND: set(),
    "CC-BY-NC-ND-4.0": set(),
}
licences = st.sampled_from([*KNOWN, "LicenseRef-ours"])


@pytest.fixture
def bruno(app: Flask, cast: Cast) -> Sharer:
    return Sharer(app, cast, "Bruno")


@pytest.fixture
def dora(app: Flask, cast: Cast) -> Sharer:
    return Sharer(app, cast, "Dora")


@pytest.fixture
def upstream(app: Flask) -> Upstream:
    return Upstream(app)


def test_the_table_is_the_chart_of_creative_commons() -> None:
    found = {source: {wanted for wanted in OFFERED if not hindrance(source, wanted)} for source in KNOWN}
    assert found == CHART


@pytest.mark.parametrize(
    ("source", "wanted", "why"),
    [
        (SA, NC, "share-alike"), (SA, BY, "share-alike"), (NC, BY, "non-commercial"), (BY, ZERO, "attribution"), (ND, BY, "no-derivatives"),
        (ND, ND, "no-derivatives"), ("LicenseRef-ours", BY, "unknown"), ("LicenseRef-ours", "LicenseRef-ours", ""), (BY, ND, "unknown"),
    ],
)  # fmt: skip
def test_a_refusal_has_a_reason(source: str, wanted: str, why: str) -> None:
    assert hindrance(source, wanted) == why


@given(st.lists(licences, min_size=1, max_size=4))
def test_a_licence_that_fits_fits_every_text_alone(sources: list[str]) -> None:
    assert set(fitting(sources)) == set.intersection(*(set(fitting([source])) for source in sources))
    assert all(not hindrance(source, each) for each in fitting(sources) for source in sources)


@given(licences, licences, licences)
def test_what_may_be_adapted_twice_may_be_adapted_once(one: str, two: str, three: str) -> None:
    if not hindrance(one, two) and not hindrance(two, three) and three in OFFERED:
        assert not hindrance(one, three)


def test_each_licence_has_an_address() -> None:
    assert address_of(NC_SA) == "https://creativecommons.org/licenses/by-nc-sa/4.0/"
    assert all(address_of(each).startswith("https://creativecommons.org/") for each in KNOWN)
    assert not address_of("LicenseRef-ours")


def choose(who: Sharer, licence: str, authors: str = ""):
    return who.browser.submit(f"{who.page}licence", {"licence": licence, "authors": authors})


def test_a_course_has_the_licence_of_the_series_until_it_says_otherwise(app: Flask, bruno: Sharer) -> None:
    assert "As the series: CC BY 4.0" in bruno.browser.get(f"{bruno.page}licence").text
    assert "nothing was changed" in choose(bruno, "").text
    before = bruno.publish()
    choose(bruno, SA, "Bruno Example and friends")
    after = bruno.publish()
    with app.app_context():
        assert [db.session.get_one(Edition, each).licence for each in (before, after)] == [BY, SA]
        assert [db.session.get_one(Edition, each).authors for each in (before, after)] == ["", "Bruno Example and friends"]


def test_a_licence_that_the_modules_do_not_permit_is_refused_with_the_reason(app: Flask, bruno: Sharer) -> None:
    refused = bruno.browser.post(f"{bruno.page}licence", {"licence": ZERO, "authors": "Me"}, status=422)
    assert "CC BY 4.0 asks that its authors are named" in refused.text
    assert refused.form("")["authors"] == "Me"
    bruno.browser.post(f"{bruno.page}licence", {"licence": ND}, status=422)
    bruno.browser.post(f"{bruno.page}licence", {"licence": BY, "authors": "x" * 301}, status=422)
    with app.app_context():
        assert db.session.get_one(Course, bruno.course_id).licence == ""


def test_an_incompatible_mix_is_refused_with_the_reason(bruno: Sharer, dora: Sharer, upstream: Upstream) -> None:
    upstream.add_twin()
    bruno.make_course("Shared alike", [TWIN])
    choose(bruno, SA)
    bruno.publish()
    bruno.share()
    choose(dora, NC)
    refused = dora.take_module(bruno, TWIN, status=422)
    assert "CC BY-SA 4.0 asks that what is made of it is shared under CC BY-SA 4.0 as well" in refused.text
    assert "the course is under CC BY-NC 4.0" in refused.text
    choose(dora, SA)
    dora.take_module(bruno, TWIN)
    # And now the course cannot go back.
    refused = dora.browser.post(f"{dora.page}licence", {"licence": NC}, status=422)
    assert "does not fit" in refused.text


def test_a_course_made_of_a_shared_one_is_under_its_licence(app: Flask, bruno: Sharer, dora: Sharer) -> None:
    choose(bruno, NC_SA)
    bruno.publish()
    bruno.share()
    dora.adapt(bruno)
    with app.app_context():
        assert db.session.get_one(Course, dora.course_id).licence == NC_SA


def set_licence_of_series(app: Flask, slug_revision: int, licence: str) -> None:
    with app.app_context(), unit_of_work():
        db.session.get_one(ModuleRevision, slug_revision).licence = licence


def test_a_series_that_allows_no_changed_versions_is_not_published_as_a_course(app: Flask, bruno: Sharer, upstream: Upstream) -> None:
    set_licence_of_series(app, upstream.newest(), ND)
    bruno.save(lambda module: overlays.hidden(module.overlay.changes, HIDDEN))
    refused = bruno.browser.post(f"{bruno.page}publish", status=422)
    assert "CC BY-ND 4.0 does not allow changed versions" in refused.text


def test_an_update_that_goes_over_to_another_licence_is_refused_and_nothing_is_lost(app: Flask, bruno: Sharer, upstream: Upstream) -> None:
    upstream.change(f"{FOLDER}/en/20-who-is-connected.md", FIRST, "Crime follows what people do")
    upstream.release("1.9.0", "Another word.")
    set_licence_of_series(app, upstream.newest(), NC)
    fields = bruno.look().form(bruno.address())
    refused = bruno.browser.post(bruno.address(), fields, status=422)
    assert "CC BY-NC 4.0 rules out use for profit" in refused.text
    assert FIRST in bruno.module().source.section(KEY).markdown


def test_an_edition_names_everyone_through_all_courses(app: Flask, cast: Cast, bruno: Sharer, dora: Sharer) -> None:
    bruno.save(with_text(FIRST, "What Lagos says", KEY))
    bruno.save(lambda module: overlays.hidden(module.overlay.changes, HIDDEN))
    choose(bruno, SA, "Bruno & <b>friends</b>")
    bruno.publish()
    bruno.share()
    dora.adapt(bruno)
    head = {"title": "Our law", "kind": "key-issue", "audience": "everyone", "minutes": 5, "outcomes": [], "steps": [], "descriptions": {}}
    dora.save(lambda module: overlays.with_added(module.overlay.changes, "c9-our-law", head, "The law of Peru.\n", after=KEY))
    dora.publish()
    shown = dora.browser.get(f"{dora.page}editions/1/attribution")
    for words in (
        "Universidad del Rímac", "edition 1 of “Ours”", "Added: Our law", "Bruno & <b>friends</b>", "edition 2 of “Bruno's class”",
        "Passages replaced in: Who is connected", "Left out:", "CC BY-SA 4.0", "CC BY 4.0", "version ",
    ):  # fmt: skip
        assert words in shown.text, words
    assert address_of(SA) in shown.links().values()
    assert f"/modules/{SLUG}/" in shown.links().values()
    dora.browser.get(f"{dora.page}editions/7/attribution", status=404)
    bruno.browser.get(f"{dora.page}editions/1/attribution", status=404)
    assert "Bruno & <b>friends</b>" in dora.browser.get(f"{bruno.shared}attribution").text
    with counted_statements() as many:
        dora.browser.get(f"{dora.page}editions/1/attribution")
    assert len(many) <= 10, many


def test_students_read_the_sources_of_their_class_without_what_is_for_teachers(app: Flask, cast: Cast, bruno: Sharer) -> None:
    there = f"/classes/{cast.classes['Bruno']}"
    ana = Browser.of(app, cast.ana)
    assert f"{there}/attribution" in ana.get(f"{there}/{SLUG}/").links().values()
    shown = ana.get(f"{there}/attribution")
    assert "Lagoon University" in shown.text
    assert "CC BY 4.0" in shown.text
    Browser.of(app, cast.emil).get(f"{there}/attribution", status=404)
