"""The pages of statistics: for those who teach a class, those who answer for many, and editors."""

import csv
import io
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from elearn.accounts.models import Institution
from elearn.assessment import statistics_views
from elearn.assessment.statistics_models import QuizStatistics
from elearn.assessment.statistics_service import refresh_statistics
from elearn.catalogue.models import Item, Module
from elearn.db import counted_statements, db, unit_of_work
from elearn.jobs.runner import run_due
from elearn.learning import service as learning
from elearn.learning.models import CourseClass
from tests.assessment.conftest import SLUG, right_response, wrong_response
from tests.assessment.many import add_students, first_right, take
from tests.cast import Cast, make_class, visitor_of
from tests.reader import Page

COORDINATE = f"/coordinate/quizzes/{SLUG}/statistics"
EDIT = f"/edit/quizzes/{SLUG}/statistics"


def class_page(cast: Cast, who: str = "Bruno") -> str:
    return f"/teach/classes/{cast.classes[who]}/quizzes/{SLUG}/statistics"


def fill(app: Flask, class_id: int, attempts: int, *, offset: int = 0, refresh: bool = True, name: str = "Student") -> None:
    """Have new students of a class take its quiz, each rightly as far as another item."""
    with app.app_context(), app.test_request_context(), unit_of_work():
        for number, person in enumerate(add_students(class_id, attempts, name)):
            take(person, class_id, first_right(number + offset))
        if refresh:
            module_id = db.session.scalars(select(Module.id).where(Module.slug == SLUG)).one()
            refresh_statistics(class_id, module_id)


def stat(page: Page, key: str) -> str:
    [found] = [e for e in page.root.iter("div") if e.get("id") == f"stat-{key}"]
    return " ".join("".join(found.itertext()).split())


def test_nobody_has_finished_and_the_page_says_whose_turn_it_is(browse, cast: Cast) -> None:
    page = browse(cast.bruno).get(class_page(cast))
    assert "No finished attempt yet" in page.text
    assert "It is your students' turn." in page.text


def test_computing_now_shows_the_figures(app: Flask, browse, cast: Cast) -> None:
    fill(app, cast.classes["Bruno"], 5, refresh=False)
    browser = browse(cast.bruno)
    page = browser.get(class_page(cast))
    assert "5 attempts are finished" in page.text
    page = browser.submit(class_page(cast), page.form(class_page(cast)))
    assert "5 attempts are counted." in page.text
    assert "Few attempts" in page.text
    with app.app_context():
        [row] = db.session.scalars(select(QuizStatistics))
        count = len(row.sums["items"])
    assert len([row for row in page.root.iter("tr") if row.find("th/a") is not None]) >= count
    assert "%" in stat(page, "mean")
    fill(app, cast.classes["Bruno"], 1, refresh=False, name="Late")
    assert "1 attempt was finished since." in browser.get(class_page(cast)).text


def test_a_class_sees_its_own_figures_from_the_first_attempt_on(app: Flask, browse, cast: Cast) -> None:
    fill(app, cast.classes["Bruno"], 1)
    page = browse(cast.bruno).get(class_page(cast))
    assert "Wants at least 2 attempts." in stat(page, "deviation")
    assert "Wants at least 4 attempts." in stat(page, "kurtosis")


def test_flags_stand_in_words_with_the_choices_that_nobody_took(app: Flask, browse, cast: Cast) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        class_id = cast.classes["Bruno"]
        people = add_students(class_id, 6)
        suspect = db.session.scalars(select(Item.id)).first()
        for number, person in enumerate(people):
            # Those who know the rest get the first question wrong.
            knows = number % 2 == 0

            def respond(item, knows=knows):
                return right_response(item) if (item.pinned.item_id == suspect) != knows else wrong_response(item)

            take(person, class_id, respond)
        refresh_statistics(class_id, db.session.scalars(select(Module.id).where(Module.slug == SLUG)).one())
    page = browse(cast.bruno).get(class_page(cast))
    assert "Negative discrimination" in page.text
    assert "Choose a question in the table" in page.text
    page = browse(cast.bruno).get(page.links()["Show all questions"])
    assert "Look at the key first" in page.text
    assert "None: its marks go against the totals." in page.text
    assert "Nobody took: “" in page.text


def test_a_question_is_opened_from_the_table(app: Flask, browse, cast: Cast) -> None:
    fill(app, cast.classes["Bruno"], 4)
    browser = browse(cast.bruno)
    links = browser.get(class_page(cast)).links()
    first = next(url for words, url in links.items() if words.startswith("1. "))
    page = browser.get(first)
    assert len([e for e in page.root.iter("article") if e.get("aria-labelledby", "").startswith("item-")]) == 1
    assert page.all("a", aria_current="true")[0].get("href") == first


def test_assistants_see_figures_and_no_key(app: Flask, browse, cast: Cast) -> None:
    fill(app, cast.classes["Bruno"], 12)
    with app.app_context(), unit_of_work():
        learning.enrol(db.session.get_one(CourseClass, cast.classes["Bruno"]), cast.gita, "Gita", "assistant")
    page = browse(cast.gita).get(class_page(cast) + "?question=all")
    assert "%" in stat(page, "mean")
    assert "Answers are not shown to you" in page.text
    assert "How often each choice was taken" not in page.text
    assert "Nobody took" not in page.text
    rows = list(
        csv.DictReader(io.StringIO(browse(cast.gita).get(class_page(cast) + ".csv").response.get_data(as_text=True).lstrip("\ufeff")))
    )
    assert not [row for row in rows if row["table"] == "choices"]
    keyed = browse(cast.bruno).get(class_page(cast) + "?question=all").text
    assert "How often each choice was taken" in keyed


def test_students_and_other_classes_see_nothing(app: Flask, browse, cast: Cast) -> None:
    fill(app, cast.classes["Bruno"], 2)
    for who in (cast.ana, cast.dora, cast.carla):
        browse(who).get(class_page(cast), 404)
        browse(who).get(class_page(cast) + ".csv", 404)
        browse(who).post(class_page(cast), {}, 404)
    browse(cast.ana).get(COORDINATE, 403)
    browse(cast.bruno).get(EDIT, 403)


def test_the_csv_says_the_same(app: Flask, browse, cast: Cast) -> None:
    fill(app, cast.classes["Bruno"], 6)
    browser = browse(cast.bruno)
    page = browser.get(class_page(cast))
    response = browser.get(page.links()["Download as CSV"]).response
    assert response.mimetype == "text/csv"
    assert "attachment" in response.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.get_data(as_text=True).lstrip("\ufeff"))))
    mean = next(float(row["value"]) for row in rows if row["table"] == "quiz" and row["figure"] == "mean")
    assert f"{mean:.1f} %" in stat(page, "mean")
    assert sum(int(row["value"]) for row in rows if row["table"] == "results") == 6
    for item in {row["item_revision"] for row in rows if row["table"] == "answers"}:
        assert sum(int(row["value"]) for row in rows if row["table"] == "answers" and row["item_revision"] == item) == 6


def test_a_pool_of_fewer_than_ten_attempts_is_withheld(app: Flask, browse, cast: Cast) -> None:
    fill(app, cast.classes["Bruno"], 9)
    page = browse(cast.carla).get(COORDINATE)
    assert "Fewer than 10 attempts: not shown" in page.text
    assert "Cronbach" not in page.text
    assert "9 attempts" not in page.text
    rows = browse(cast.carla).get(COORDINATE + ".csv").response.get_data(as_text=True)
    assert "withheld" in rows
    assert "facility" not in rows
    fill(app, cast.classes["Bruno"], 1, name="Tenth")
    page = browse(cast.carla).get(COORDINATE)
    assert "Cronbach" in page.text
    assert "facility" in browse(cast.carla).get(COORDINATE + ".csv").response.get_data(as_text=True)


def test_institutions_are_pooled_and_each_sees_its_own(app: Flask, browse, cast: Cast) -> None:
    fill(app, cast.classes["Bruno"], 10)
    fill(app, cast.classes["Dora"], 11, offset=1)
    assert "21 attempts" in browse(cast.edda).get(EDIT).text
    assert "2 institutions." in browse(cast.edda).get(EDIT).text
    assert "21 attempts" in browse(cast.root).get(COORDINATE).text
    assert "11 attempts" in browse(cast.root).get(f"{COORDINATE}?institution=LIM").text
    assert "10 attempts" in browse(cast.carla).get(COORDINATE).text
    assert "11 attempts" in browse(cast.faisal).get(COORDINATE).text
    assert "10 attempts" in browse(cast.rosa).get(COORDINATE).text, "Africa holds Bruno's class alone"
    browse(cast.carla).get(f"{COORDINATE}?institution=LIM", 404)
    browse(cast.rosa).get(f"{COORDINATE}?institution=LIM", 404)
    assert "10 attempts" in browse(cast.rosa).get(f"{COORDINATE}?institution=LAG").text


def test_what_is_remembered_of_a_pool_is_forgotten_when_it_is_counted_anew(app: Flask, browse, cast: Cast) -> None:
    fill(app, cast.classes["Bruno"], 10)
    browser = browse(cast.edda)
    before = stat(browser.get(EDIT), "mean")
    fill(app, cast.classes["Bruno"], 5, offset=9, name="Good")
    assert stat(browser.get(EDIT), "mean") != before
    assert "15 attempts" in browser.get(EDIT).text


def test_another_form_of_the_quiz_is_not_thrown_together(app: Flask, browse, cast: Cast) -> None:
    fill(app, cast.classes["Bruno"], 12)
    with app.app_context(), unit_of_work():
        [row] = db.session.scalars(select(QuizStatistics))
        other = cast.classes["Dora"]
        db.session.add(
            QuizStatistics(
                class_id=other,
                module_id=row.module_id,
                revision_id=row.revision_id,
                form="another",
                attempts=row.attempts,
                sums=row.sums,
                as_of=row.as_of,
            )
        )
        revision = row.revision_id
    page = browse(cast.edda).get(EDIT)
    assert "Over all versions of the quiz" in page.text
    [overall] = [table for table in page.root.iter("table") if "Over all versions" in "".join(table.find("caption").itertext())]
    assert all("24" in "".join(row.itertext()) for row in overall.iter("tr") if row.find("td") is not None)
    assert "12 attempts" in stat_head(page)
    browse(cast.edda).get(f"{EDIT}?quiz={revision}-another")
    browse(cast.edda).get(f"{EDIT}?quiz={revision}-none", 404)


def stat_head(page: Page) -> str:
    return page.text.partition("The whole quiz")[2][:80]


@pytest.mark.parametrize("path", ["/coordinate/quizzes/no-such-module/statistics", "/edit/quizzes/no-such-module/statistics"])
def test_a_module_that_was_never_there_is_no_page(browse, cast: Cast, path: str) -> None:
    browse(cast.root).get(path, 404)


def test_lists_lead_to_the_pages(app: Flask, browse, cast: Cast) -> None:
    fill(app, cast.classes["Bruno"], 3)
    bruno = browse(cast.bruno)
    tabs = bruno.get(f"/teach/classes/{cast.classes['Bruno']}/").links()
    assert class_page(cast) in bruno.get(tabs["Quizzes"]).links().values()
    assert class_page(cast) in bruno.get(class_page(cast).removesuffix("/statistics")).links().values()
    assert "fewer than 10" in browse(cast.carla).get("/coordinate/quizzes/").text
    assert COORDINATE in browse(cast.carla).get("/coordinate/quizzes/").links().values()
    assert EDIT in browse(cast.edda).get("/edit/quizzes/").links().values()
    assert browse(cast.edda).get("/home").links()["Questions"] == "/edit/quizzes/"


def test_a_class_too_large_is_counted_in_the_background(app: Flask, browse, cast: Cast, monkeypatch) -> None:
    fill(app, cast.classes["Bruno"], 2, refresh=False)
    monkeypatch.setattr(statistics_views, "MOST_AT_ONCE", 1)
    page = browse(cast.bruno).submit(class_page(cast))
    assert "counted in the background" in page.text
    assert "Not counted yet" in page.text
    with app.app_context(), app.test_request_context():
        run_due("count-statistics")
    assert "2 attempts" in stat_head(browse(cast.bruno).get(class_page(cast)))


def test_the_sweep_comes_round_by_itself(app: Flask, browse, cast: Cast) -> None:
    fill(app, cast.classes["Bruno"], 2, refresh=False)
    with app.app_context(), app.test_request_context():
        run_due("sweep-statistics")
    assert "2 attempts" in stat_head(browse(cast.bruno).get(class_page(cast)))


def test_editors_are_led_to_where_a_question_is_put_right(app: Flask, browse, cast: Cast) -> None:
    fill(app, cast.classes["Bruno"], 10)
    links = browse(cast.edda).get(f"{EDIT}?question=all").links()
    browse(cast.edda).get(links["Put the question right"])
    assert "Put the question right" not in browse(cast.carla).get(f"{COORDINATE}?question=all").links()
    assert EDIT in browse(cast.edda).get(EDIT.removesuffix("/statistics")).links().values()


def test_pages_take_a_handful_of_statements_however_many_classes_and_attempts(app: Flask, browse, cast: Cast) -> None:
    fill(app, cast.classes["Bruno"], 10)
    asked = {cast.bruno: class_page(cast), cast.carla: COORDINATE, cast.edda: EDIT}
    browsers = {person: browse(person) for person in asked}
    counts: dict[str, list[int]] = {path: [] for path in asked.values()}
    for step in range(2):
        for person, path in asked.items():
            with counted_statements() as statements:
                browsers[person].get(path)
            counts[path].append(len(statements))
        if not step:
            with app.app_context(), app.test_request_context(), unit_of_work():
                institution = db.session.scalars(select(Institution).where(Institution.code == "LAG")).one()
                made = [make_class(visitor_of(cast.bruno), institution, f"Class {n}", ends_on=date(2099, 1, 1)).id for n in range(3)]
            for class_id in made:
                fill(app, class_id, 3)
    for path, (first, second) in counts.items():
        assert second <= 6, path
        assert second <= first, path


def test_statistics_are_not_counted_without_end(browse, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elearn.assessment.statistics_views.COUNTS_PER_PERSON", 2)
    path = f"/teach/classes/{cast.classes['Bruno']}/quizzes/{SLUG}/statistics"
    bruno = browse(cast.bruno)
    for status in (303, 303, 429):
        bruno.post(path, {}, status)
