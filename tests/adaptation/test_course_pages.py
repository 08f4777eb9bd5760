"""The pages of a course: those one may change, a new one, its modules in order, its editions, and who may change it."""

import pytest
from flask import Flask
from sqlalchemy import select

from elearn.adaptation import overlays
from elearn.adaptation.models import Course, CourseModule, CourseProfessor, Edition, Overlay
from elearn.adaptation.queries import edition, newest_edition
from elearn.audit import AuditEntry
from elearn.db import counted_statements, db
from tests.adaptation.test_updates import Professor
from tests.adaptation.upstream import SLUG, TWIN, Upstream
from tests.cast import Cast, address
from tests.learning.conftest import undo

KEY = "who-is-connected"


@pytest.fixture
def bruno(app: Flask, cast: Cast) -> Professor:
    return Professor(app, cast)


@pytest.fixture
def upstream(app: Flask) -> Upstream:
    return Upstream(app)


@pytest.fixture
def page(bruno: Professor) -> str:
    return f"/teach/courses/{bruno.course_id}/"


@pytest.fixture
def wide(app: Flask, upstream: Upstream, bruno: Professor) -> str:
    """A course of two modules, not published yet."""
    upstream.add_twin()
    bruno.make_course("Two modules", [SLUG, TWIN])
    return f"/teach/courses/{bruno.course_id}/"


def modules(app: Flask, course_id: int) -> list[tuple[int | None, int]]:
    with app.app_context():
        places = select(CourseModule).where(CourseModule.course_id == course_id).order_by(CourseModule.position)
        return [(place.module_id, place.week, place.weight) for place in db.session.scalars(places)]


def editions(app: Flask, course_id: int) -> int:
    with app.app_context():
        return len(db.session.scalars(select(Edition.id).where(Edition.course_id == course_id)).all())


def test_the_list_says_what_each_course_is_and_whether_something_waits_to_be_published(app: Flask, cast: Cast, bruno: Professor) -> None:
    shown = bruno.browser.get("/teach/courses/")
    assert "Bruno's class" in shown.links()
    assert "Edition 1" in shown.text
    assert "changes not published" not in shown.text
    bruno.save(lambda module: overlays.hidden(module.overlay.changes, KEY))
    assert "changes not published" in bruno.browser.get("/teach/courses/").text


def test_a_professor_without_courses_is_told_what_a_course_is(app: Flask, cast: Cast, bruno: Professor) -> None:
    with bruno.inside():
        db.session.execute(CourseProfessor.__table__.delete())
        db.session.commit()
    assert "No course yet" in bruno.browser.get("/teach/courses/").text


def test_a_new_course_is_not_published_and_can_be(app: Flask, bruno: Professor) -> None:
    form = bruno.browser.get("/teach/courses/new").form("")
    made = bruno.browser.submit("/teach/courses/new", {**form, "title": "Cybercrime and our law", "modules": SLUG})
    assert made.heading == "Cybercrime and our law"
    assert "Nothing of this course is published yet" in made.text
    course_id = int(made.response.request.path.split("/")[3])
    assert editions(app, course_id) == 0
    landed = bruno.browser.submit(f"/teach/courses/{course_id}/publish")
    assert "Edition 1 is published" in landed.text
    assert editions(app, course_id) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [({"title": " "}, "Give the course a title"), ({"modules": []}, "Choose at least one module"), ({"title": "x" * 201}, "200")],
)
def test_a_new_course_with_something_missing_keeps_what_was_typed(bruno: Professor, typed: dict, words: str) -> None:
    form = bruno.browser.get("/teach/courses/new").form("")
    refused = bruno.browser.post("/teach/courses/new", {**form, "title": "Mine", "modules": SLUG, **typed}, status=422)
    assert words in refused.text


def test_the_course_says_what_was_changed_since_its_newest_edition(app: Flask, bruno: Professor, page: str) -> None:
    assert "is this course as it stands" in bruno.browser.get(page).text
    bruno.save(lambda module: overlays.hidden(module.overlay.changes, KEY))
    shown = bruno.browser.get(page)
    assert "was changed" in shown.text
    assert "1 section hidden" in shown.text
    bruno.browser.submit(f"{page}publish")
    assert "Edition 2" in bruno.browser.get(page).text
    with app.app_context():
        assert KEY not in [line.key for line in edition(newest_edition(bruno.course_id).id).module(SLUG).lines]


def test_a_change_that_was_taken_back_is_nothing_to_publish(app: Flask, bruno: Professor, page: str) -> None:
    bruno.save(lambda module: overlays.hidden(module.overlay.changes, KEY))
    bruno.save(lambda module: overlays.shown(module.overlay.changes, KEY))
    assert "is this course as it stands" in bruno.browser.get(page).text
    assert "nothing was published" in bruno.browser.submit(f"{page}publish").text
    assert editions(app, bruno.course_id) == 1


def test_a_course_with_faults_is_not_published_and_says_where_they_are(app: Flask, bruno: Professor, page: str) -> None:
    def change(module):
        return overlays.with_text(module.overlay.changes, module.made_on(KEY), "Fine.\n\nSee [@nobody-wrote-this].\n")

    bruno.save(change)
    refused = bruno.browser.post(f"{page}publish", status=422)
    assert "nobody-wrote-this" in refused.text
    assert "line 3" in refused.text
    assert f"{page}{SLUG}/sections/{KEY}#line-3" in refused.links().values(), refused.text
    assert editions(app, bruno.course_id) == 1


def arranged(shown, page: str, **typed: object) -> dict[str, object]:
    return {**shown.form(f"{page}modules"), **typed}


def test_modules_are_put_in_order_with_weeks_and_weights_and_back(app: Flask, bruno: Professor, wide: str) -> None:
    one, two = (line[0] for line in modules(app, bruno.course_id))
    fields = arranged(bruno.browser.get(wide), wide, **{f"place-{two}": 1, f"week-{two}": 3, f"weight-{one}": 0})
    saved = bruno.browser.submit(f"{wide}modules", fields)
    assert modules(app, bruno.course_id) == [(two, 3, 1), (one, None, 0)]
    undo(bruno.browser, saved)
    assert modules(app, bruno.course_id) == [(one, None, 1), (two, None, 1)]


def test_a_button_moves_a_module_and_keeps_the_numbers_typed(app: Flask, bruno: Professor, wide: str) -> None:
    one, two = (line[0] for line in modules(app, bruno.course_id))
    fields = arranged(bruno.browser.get(wide), wide, move=f"{two} up", **{f"week-{one}": 5})
    bruno.browser.submit(f"{wide}modules", fields)
    assert modules(app, bruno.course_id) == [(two, None, 1), (one, 5, 1)]


@pytest.mark.parametrize("typed", ["-1", "105", "x", "1.5", "٣"])
def test_a_week_that_is_none_is_said_beside_its_field_and_kept(app: Flask, bruno: Professor, wide: str, typed: str) -> None:
    one = modules(app, bruno.course_id)[0][0]
    before = modules(app, bruno.course_id)
    refused = bruno.browser.post(f"{wide}modules", arranged(bruno.browser.get(wide), wide, **{f"week-{one}": typed}), status=422)
    assert "whole number from 1 to 104" in refused.text
    assert refused.form(f"{wide}modules")[f"week-{one}"] == typed
    assert modules(app, bruno.course_id) == before


def test_two_who_arrange_at_once_do_not_overwrite_each_other(app: Flask, bruno: Professor, wide: str) -> None:
    one = modules(app, bruno.course_id)[0][0]
    shown = bruno.browser.get(wide)
    bruno.browser.submit(f"{wide}modules", arranged(shown, wide, **{f"week-{one}": 2}))
    refused = bruno.browser.post(f"{wide}modules", arranged(shown, wide, **{f"week-{one}": 9}), status=409)
    assert refused.form(f"{wide}modules")[f"week-{one}"] == "9"
    assert modules(app, bruno.course_id)[0] == (one, 2, 1)
    bruno.browser.submit(f"{wide}modules", refused.form(f"{wide}modules"))
    assert modules(app, bruno.course_id)[0] == (one, 9, 1)


def test_a_module_is_taken_out_and_comes_back_as_it_was(app: Flask, bruno: Professor, wide: str) -> None:
    bruno.save(lambda module: overlays.hidden(module.overlay.changes, KEY))
    before = modules(app, bruno.course_id)
    gone = bruno.browser.submit(f"{wide}{SLUG}/take-out", {"version": bruno.browser.get(wide).form(f"{wide}modules")["version"]})
    assert [line[0] for line in modules(app, bruno.course_id)] == [before[1][0]]
    assert "the only module" in gone.text
    undo(bruno.browser, gone)
    assert modules(app, bruno.course_id) == before
    assert bruno.module().overlay.changes["hidden"] == [KEY]


def test_a_module_added_again_later_is_as_it_was_left(app: Flask, bruno: Professor, wide: str) -> None:
    bruno.save(lambda module: overlays.hidden(module.overlay.changes, KEY))
    bruno.browser.submit(f"{wide}{SLUG}/take-out", {"version": bruno.browser.get(wide).form(f"{wide}modules")["version"]})
    added = bruno.browser.submit(f"{wide}modules/add", {"module": SLUG})
    assert "is in the course now" in added.text
    assert bruno.module().overlay.changes["hidden"] == [KEY]
    assert [module.slug for module in bruno.modules()] == [TWIN, SLUG]


def test_the_only_module_stays(app: Flask, bruno: Professor, page: str) -> None:
    assert "the only module" in bruno.browser.get(page).text
    version = bruno.browser.get(page).form(f"{page}modules")["version"]
    assert "needs a module" in bruno.browser.post(f"{page}{SLUG}/take-out", {"version": version}, status=409).text


def test_a_module_the_series_does_not_have_is_refused(bruno: Professor, page: str) -> None:
    bruno.browser.post(f"{page}modules/add", {"module": "of-nobody"}, status=422)


def test_the_order_of_modules_is_what_the_edition_has(app: Flask, bruno: Professor, wide: str) -> None:
    one, two = (line[0] for line in modules(app, bruno.course_id))
    bruno.browser.submit(f"{wide}publish")
    bruno.browser.submit(f"{wide}modules", arranged(bruno.browser.get(wide), wide, move=f"{one} down"))
    assert "order, weeks or weights" in bruno.browser.get(wide).text
    bruno.browser.submit(f"{wide}publish")
    with app.app_context():
        assert [module.module_id for module in edition(newest_edition(bruno.course_id).id).modules] == [two, one]


def test_an_update_upstream_is_shown_beside_the_module(bruno: Professor, upstream: Upstream, page: str) -> None:
    assert "update available" not in bruno.browser.get(page).text
    upstream.change(_file_of(upstream, KEY), "Crime follows daily life", "Crime follows everyday life")
    upstream.release("1.2.0", "Words.")
    shown = bruno.browser.get(page)
    assert any(url.endswith(f"{SLUG}/update") for url in shown.links().values())
    assert "version 1.1.0 of the series" in shown.text


def _file_of(upstream: Upstream, key: str) -> str:
    return next(path for path in upstream.files if path.startswith(f"01-{SLUG}/en/") and path.endswith(f"{key}.md"))


def test_a_colleague_is_added_removed_and_brought_back(app: Flask, cast: Cast, bruno: Professor, page: str, browse) -> None:
    gita = browse(cast.gita)
    gita.get(page, 404)
    added = bruno.browser.submit(f"{page}colleagues", {"email": address("Gita").upper()})
    assert "Gita Example may change this course now" in added.text
    assert "not confirmed" in added.text
    assert gita.get(page).heading == "Bruno's class"
    gone = bruno.browser.submit(f"{page}colleagues/{cast.gita}/remove")
    gita.get(page, 404)
    undo(bruno.browser, gone)
    assert gita.get(page).heading == "Bruno's class"
    with app.app_context():
        assert {"share-course", "unshare-course"} <= set(db.session.scalars(select(AuditEntry.action)))


@pytest.mark.parametrize("name", ["Dora", "Ana", "Carla", "Hugo", "Nobody"])
def test_only_professors_of_the_institution_are_added(bruno: Professor, page: str, name: str) -> None:
    refused = bruno.browser.post(f"{page}colleagues", {"email": address(name)}, status=422)
    assert "No professor of this institution" in refused.text


def test_the_last_who_may_change_a_course_stays(cast: Cast, bruno: Professor, page: str, app: Flask) -> None:
    assert "the only one" in bruno.browser.get(f"{page}colleagues").text
    bruno.browser.post(f"{page}colleagues/{cast.bruno}/remove", status=409)
    # Who cannot sign in any more is nobody to leave a course with.
    with app.app_context():
        db.session.add(CourseProfessor(course_id=bruno.course_id, person_id=cast.hugo))
        db.session.commit()
    bruno.browser.post(f"{page}colleagues/{cast.bruno}/remove", status=409)
    assert bruno.browser.get(page)


def test_undoing_cannot_bring_in_somebody_else(cast: Cast, bruno: Professor, page: str) -> None:
    bruno.browser.post(f"{page}colleagues/{cast.dora}/bring-back", status=404)


def test_the_course_gets_another_title_and_the_former_again(app: Flask, bruno: Professor, page: str) -> None:
    saved = bruno.browser.submit(f"{page}title", {"title": "Our law"})
    assert saved.heading == "Our law"
    assert "another title" in saved.text
    assert undo(bruno.browser, saved).heading == "Bruno's class"


def test_the_page_takes_few_statements_however_many_modules(app: Flask, bruno: Professor, wide: str, upstream: Upstream) -> None:
    bruno.save(lambda module: overlays.hidden(module.overlay.changes, KEY))
    bruno.browser.submit(f"{wide}publish")
    bruno.save(lambda module: overlays.shown(module.overlay.changes, KEY))
    upstream.change(_file_of(upstream, KEY), "Crime follows daily life", "Crime follows everyday life")
    upstream.release("1.2.0", "Words.")
    bruno.browser.get(wide)
    with counted_statements() as counted:
        assert "update available" in bruno.browser.get(wide).text
    assert len(counted) <= 12, "\n".join(" ".join(s.split())[:150] for s in counted)
    with counted_statements() as counted:
        bruno.browser.get("/teach/courses/")
    assert len(counted) <= 10, counted


def test_a_course_counts_as_changed_only_for_its_own_overlays(app: Flask, bruno: Professor) -> None:
    with app.app_context():
        assert db.session.scalars(select(Overlay).where(Overlay.course_id == bruno.course_id)).one().number == 1
        assert db.session.get_one(Course, bruno.course_id).version == 1
