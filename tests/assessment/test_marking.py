"""Answers that people mark: the queue, the rubric, two who mark at once, changes and what they add up to."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from elearn import clock
from elearn.accounts import service as accounts
from elearn.accounts.permissions import Role
from elearn.assessment.models import Answer, Attempt, Mark
from elearn.audit import AuditEntry
from elearn.db import counted_statements, db, unit_of_work
from elearn.learning import service as learning
from elearn.learning.models import Activity, CourseClass, Enrolment, ModuleProgress, Result
from tests.assessment.conftest import count
from tests.assessment.essays import KEY, OTHER, hand_in, levels, newest_mark, points, put_essays, set_blind
from tests.cast import PASSWORD, Cast
from tests.reader import Page

TEXT = "Because crime\nknows no border.\n\n<b>One</b> law ends at it."


@pytest.fixture
def revisions(app: Flask, cast: Cast) -> dict[str, int]:
    """The essays of Bruno's class."""
    return put_essays(app, cast.classes["Bruno"], KEY, OTHER)


@pytest.fixture
def attempt(app: Flask, cast: Cast, revisions: dict[str, int]) -> int:
    """Ana's attempt: one essay written, the other left blank."""
    return hand_in(app, cast.classes["Bruno"], cast.ana, {revisions[KEY]: TEXT, revisions[OTHER]: None})


def queue_of(cast: Cast, who: str = "Bruno") -> str:
    return f"/teach/classes/{cast.classes[who]}/marking"


def page_of(cast: Cast, attempt_id: int, key: str = KEY) -> str:
    return f"{queue_of(cast)}/{attempt_id}/{key}"


def seen(page: Page, path: str) -> dict[str, str]:
    return {"seen": page.form(path)["seen"]}


def join(app: Flask, cast: Cast, *names: str, role: str = "student") -> None:
    with app.app_context(), unit_of_work():
        course_class = db.session.get_one(CourseClass, cast.classes["Bruno"])
        for name in names:
            learning.enrol(course_class, cast.people[name], f"{name} Example", role)


def test_what_was_written_waits_in_the_queue_and_a_blank_does_not(browse, cast: Cast, attempt: int) -> None:
    page = browse(cast.bruno).get(queue_of(cast))
    assert "1 answer waits" in page.text
    assert page.links()["Ana Example"] == page_of(cast, attempt)
    assert f"Why, {KEY}? (1 waits)" in page.text
    assert f"Why, {OTHER}?" not in page.text


def test_without_anything_to_mark_the_queue_says_whose_turn_it_is(browse, cast: Cast) -> None:
    assert "It is your students' turn." in browse(cast.bruno).get(queue_of(cast)).text


def test_the_answer_stands_there_as_it_was_written_with_its_rubric_and_the_key(browse, cast: Cast, attempt: int) -> None:
    page = browse(cast.bruno).get(page_of(cast, attempt))
    prose = [element for element in page.all("div", class_="prose") if element.get("dir") == "auto"]
    assert len(prose) == 1
    assert len(list(prose[0].iter("p"))) == 2
    assert len(list(prose[0].iter("br"))) == 1
    assert not list(prose[0].iter("b"))
    assert "<b>One</b> law ends at it." in page.text
    assert "Asked for: 3 to 200 words. 10 words written." in page.text
    assert "The key for teachers." in page.text
    radios = [(e.get("name"), e.get("value")) for e in page.all("input", type="radio")]
    assert radios[:3] == [("level-claim", "none"), ("level-claim", "some"), ("level-claim", "clear")]
    assert len(radios) == 8


def test_a_mark_by_the_rubric_counts_at_once_everywhere(app: Flask, browse, cast: Cast, attempt: int) -> None:
    browser, path = browse(cast.bruno), page_of(cast, attempt)
    acts = count(app, Activity)
    form = levels(reasons="some") | {"comment": "Name *one* source more.", "action": "save"}
    page = browser.submit(path, form | seen(browser.get(path), path))
    assert "Saved: 4 points for Ana Example." in page.text
    mark = newest_mark(app, attempt)
    assert (mark.points, mark.max_points, mark.is_pending, mark.cause) == (points(4), points(6), False, "person")
    assert (mark.marked_by_id, mark.rubric) == (cast.bruno, {"claim": "clear", "reasons": "some", "sources": "named"})
    assert mark.comment == "Name *one* source more."
    with app.app_context():
        found = db.session.get_one(Attempt, attempt)
        assert (found.points, found.max_points, found.pending_count) == (points(4), points(12), 0)
        progress = db.session.scalars(select(ModuleProgress)).one()
        assert (progress.points, progress.is_provisional) == (points(4), False)
        results = db.session.scalars(select(Result).order_by(Result.id)).all()
        assert [(each.points, each.is_provisional) for each in results] == [(0, True), (points(4), False)]
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "mark-answer")).one()
        assert (entry.actor_id, entry.subject, entry.subject_id) == (cast.bruno, "attempt", attempt)
        assert entry.details["mark"] == mark.id
        assert "Ana" not in str(entry.details)
    # To mark is no act of the student.
    assert count(app, Activity) == acts
    assert "Everything is marked" in browser.get(queue_of(cast)).text
    assert "4 of 6" in browser.get(f"{queue_of(cast)}?state=marked").text


def test_the_total_is_worked_out_and_nothing_is_saved(app: Flask, browse, cast: Cast, attempt: int) -> None:
    browser, path = browse(cast.bruno), page_of(cast, attempt)
    before = count(app, Mark)
    page = browser.post(path, levels(claim="some") | {"comment": "Well.", "action": "total"} | seen(browser.get(path), path), 200)
    assert "Total: 5 of 6 points" in page.text
    assert page.form(path)["level-claim"] == "some"
    assert page.form(path)["comment"] == "Well."
    part = browser.post(path, {"level-claim": "some", "action": "total"}, 200)
    assert "Out of 6 points" in part.text
    assert count(app, Mark) == before


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"level-sources": ""}, "level-sources", "Choose a level."),
        ({"level-sources": "invented"}, "level-sources", "Choose a level."),
        ({"comment": "c" * 10_001}, "comment", "This has 10001 characters; 10000 are the most."),
        ({"instead": "7", "reason": "r"}, "instead", "From 0 to 6 points."),
        ({"instead": "-1", "reason": "r"}, "instead", "From 0 to 6 points."),
        ({"instead": "9e99", "reason": "r"}, "instead", "From 0 to 6 points."),
        ({"instead": "3.000001", "reason": "r"}, "instead", "Enter a number"),
        ({"instead": "many", "reason": "r"}, "instead", "Enter a number"),
        ({"instead": "3"}, "reason", "Say why the points are not the rubric's."),
        ({"instead": "3", "reason": "r" * 1001}, "reason", "This has 1001 characters"),
    ],
)
def test_a_form_that_cannot_be_taken_keeps_what_was_typed(app: Flask, browse, cast: Cast, attempt: int, typed, field, words) -> None:
    browser, path = browse(cast.bruno), page_of(cast, attempt)
    before = count(app, Mark)
    form = levels() | {"comment": "My draft", "action": "save"} | seen(browser.get(path), path) | typed
    page = browser.post(path, form, 422)
    assert words in page.text
    faults = [e for e in page.root.iter() if e.get("id") == f"{field}-error"]
    assert len(faults) == 1
    kept = page.form(path)
    assert kept["comment"] == form["comment"]
    assert kept["level-claim"] == "clear"
    assert kept["instead"] == form.get("instead", "")
    assert count(app, Mark) == before


@pytest.mark.parametrize(("typed", "given"), [("2.5", 2.5), ("2,5", 2.5), ("٢٫٥", 2.5), ("0", 0), ("6", 6)])
def test_a_professor_gives_other_points_with_a_reason(app: Flask, browse, cast: Cast, attempt: int, typed: str, given: float) -> None:
    browser, path = browse(cast.bruno), page_of(cast, attempt)
    form = levels() | {"instead": typed, "reason": "Copied in part.", "action": "save"} | seen(browser.get(path), path)
    page = browser.submit(path, form)
    mark = newest_mark(app, attempt)
    assert (mark.points, mark.reason, mark.rubric["claim"]) == (points(given), "Copied in part.", "clear")
    assert page.form(path)["instead"] == ("" if given == 6 else str(given))


def test_two_who_mark_at_once_do_not_overwrite_each_other(app: Flask, browse, cast: Cast, attempt: int) -> None:
    join(app, cast, "Dora", role="professor")
    path = page_of(cast, attempt)
    bruno, dora = browse(cast.bruno), browse(cast.dora)
    fields = {name: seen(browser.get(path), path) for name, browser in (("bruno", bruno), ("dora", dora))}
    bruno.post(path, levels(claim="some") | {"comment": "From Bruno", "action": "save"} | fields["bruno"])
    mine = levels(claim="none") | {"comment": "From Dora", "action": "save-next"}
    page = dora.post(path, mine | fields["dora"], 409)
    assert "Bruno Example gave 5 of 6 points" in page.text
    assert "From Bruno" in page.text
    kept = page.form(path)
    assert (kept["comment"], kept["level-claim"]) == ("From Dora", "none")
    assert newest_mark(app, attempt).points == points(5)
    # Knowing of it, she may have hers count: with a reason.
    assert "Say why you change it." in dora.post(path, mine | {"seen": kept["seen"]}, 422).text
    dora.post(path, mine | {"seen": kept["seen"], "reason": "The claim is missing."})
    mark = newest_mark(app, attempt)
    assert (mark.points, mark.marked_by_id, mark.reason) == (points(4), cast.dora, "The claim is missing.")
    history = bruno.get(path)
    assert [text in history.text for text in ("Dora Example", "From Bruno", "From Dora", "The claim is missing.")] == [True] * 4
    assert count(app, Mark) == 4


def test_a_form_sent_twice_is_one_mark(app: Flask, browse, cast: Cast, attempt: int) -> None:
    browser, path = browse(cast.bruno), page_of(cast, attempt)
    form = levels() | {"comment": "Good.", "action": "save"} | seen(browser.get(path), path)
    browser.post(path, form)
    before = count(app, Mark)
    browser.post(path, form)
    assert count(app, Mark) == before


def test_a_mark_is_changed_by_a_further_one_with_a_reason(app: Flask, browse, cast: Cast, attempt: int) -> None:
    browser, path = browse(cast.bruno), page_of(cast, attempt)
    browser.post(path, levels() | {"action": "save"} | seen(browser.get(path), path))
    form = browser.get(path).form(path)
    assert form["level-claim"] == "clear"
    changed = form | levels(reasons="none") | {"action": "save"}
    assert "Say why you change it." in browser.post(path, changed, 422).text
    browser.post(path, changed | {"reason": "The reasons are another's."})
    with app.app_context():
        assert [mark.points for mark in db.session.scalars(select(Mark).where(Mark.cause == "person").order_by(Mark.id))] == [
            points(6),
            points(3),
        ]
        assert db.session.get_one(Attempt, attempt).points == points(3)


def test_save_and_next_goes_through_the_queue_from_the_oldest(app: Flask, browse, cast: Cast, revisions) -> None:
    join(app, cast, "Emil", "Edda")
    now, class_id = clock.now(), cast.classes["Bruno"]
    third = hand_in(app, class_id, cast.edda, {revisions[KEY]: "Three"}, now - timedelta(hours=1))
    first = hand_in(app, class_id, cast.ana, {revisions[KEY]: "One", revisions[OTHER]: "One more"}, now - timedelta(hours=3))
    second = hand_in(app, class_id, cast.emil, {revisions[KEY]: "Two"}, now - timedelta(hours=2))
    browser = browse(cast.bruno)
    narrowed = f"?question=introduction-to-cybercrime.{KEY}"
    page = browser.get(queue_of(cast) + narrowed)
    listed = [url for url in page.links().values() if "/marking/" in url]
    assert listed == [page_of(cast, each) + narrowed for each in (first, second, third)]
    path = page_of(cast, second) + narrowed
    for expected in (third, first):
        form = levels() | {"action": "save-next"} | seen(browser.get(path), path)
        path = browser.post(path, form).response.headers["Location"]
        assert path == page_of(cast, expected) + narrowed
    page = browser.submit(path, levels() | {"action": "save-next"} | seen(browser.get(path), path))
    assert "Nothing else waits to be marked here." in page.text
    assert browser.get(queue_of(cast)).links()["Ana Example"] == page_of(cast, first, OTHER)


def test_marking_blind_shows_codes_until_nothing_of_the_question_waits(app: Flask, browse, cast: Cast, revisions) -> None:
    join(app, cast, "Emil")
    class_id = cast.classes["Bruno"]
    set_blind(app, class_id)
    attempts = [hand_in(app, class_id, person, {revisions[KEY]: "Mine"}) for person in (cast.ana, cast.emil)]
    browser = browse(cast.bruno)
    pages = [browser.get(queue_of(cast)), *(browser.get(page_of(cast, each)) for each in attempts)]
    for page in pages:
        everything = page.response.get_data(as_text=True)
        assert "Ana" not in everything
        assert "Emil" not in everything
    codes = [page.heading for page in pages[1:]]
    assert len(set(codes)) == 2
    assert set(codes) <= set(pages[0].links())
    path = page_of(cast, attempts[0])
    page = browser.submit(path, levels() | {"action": "save"} | seen(browser.get(path), path))
    assert codes[0] in page.text
    # One is marked, and still nobody knows whose it is.
    marked = browser.get(f"{queue_of(cast)}?state=marked")
    assert codes[0] in marked.links()
    assert "Ana" not in marked.response.get_data(as_text=True)
    path = page_of(cast, attempts[1])
    browser.post(path, levels() | {"action": "save"} | seen(browser.get(path), path))
    assert set(browser.get(f"{queue_of(cast)}?state=marked").links()) >= {"Ana Example", "Emil Example"}
    assert browser.get(path).heading == "Emil Example"


def test_only_staff_who_may_read_keys_mark(app: Flask, browse, cast: Cast, attempt: int) -> None:
    join(app, cast, "Faisal", role="assistant")
    with app.app_context(), unit_of_work():
        # A class may be taught by somebody whom nobody has confirmed.
        place = db.session.scalars(select(Enrolment).where(Enrolment.class_id == cast.classes["Gita"])).one()
        place.class_id = cast.classes["Bruno"]
    form = levels() | {"action": "save"}
    for who in (cast.ana, cast.dora, cast.emil, cast.carla, cast.gita, cast.root):
        browser = browse(who)
        browser.get(queue_of(cast), 404)
        browser.get(page_of(cast, attempt), 404)
        browser.post(page_of(cast, attempt), form, 404)
    browse(cast.bruno).get(page_of(cast, attempt))
    browse(cast.faisal).get(page_of(cast, attempt))


def test_an_assistant_marks_by_the_rubric_alone(app: Flask, browse, cast: Cast, attempt: int) -> None:
    join(app, cast, "Faisal", role="assistant")
    browser, path = browse(cast.faisal), page_of(cast, attempt)
    page = browser.get(path)
    assert "instead" not in page.form(path)
    form = levels() | {"action": "save"} | seen(page, path)
    assert "Only the professors" in browser.post(path, form | {"instead": "1", "reason": "r"}, 422).text
    browser.post(path, form)
    assert newest_mark(app, attempt).marked_by_id == cast.faisal


def test_an_answer_is_marked_in_its_own_class_only(app: Flask, browse, cast: Cast, attempt: int) -> None:
    dora = browse(cast.dora)
    dora.get(queue_of(cast, "Dora"))
    foreign = f"{queue_of(cast, 'Dora')}/{attempt}/{KEY}"
    dora.get(foreign, 404)
    dora.post(foreign, levels() | {"action": "save"}, 404)
    bruno = browse(cast.bruno)
    for path in (page_of(cast, attempt, "no-such-item"), page_of(cast, attempt, OTHER), page_of(cast, attempt + 1)):
        bruno.get(path, 404)
    assert newest_mark(app, attempt).cause == "submit"


def test_nobody_marks_what_they_wrote_themselves(app: Flask, browse, cast: Cast, attempt: int) -> None:
    with app.app_context(), unit_of_work():
        place = db.session.scalars(select(Enrolment).where(Enrolment.person_id == cast.ana)).one()
        place.role = "professor"
        accounts.add_membership(cast.ana, Role.PROFESSOR, institution_id=cast.institutions["LAG"])
    browser = browse(cast.ana)
    assert "Nothing to mark yet" in browser.get(queue_of(cast)).text
    browser.get(page_of(cast, attempt), 404)
    browser.post(page_of(cast, attempt), levels() | {"action": "save"}, 404)
    browse(cast.bruno).get(page_of(cast, attempt))


def test_what_went_with_an_account_leaves_the_queue_and_keeps_its_marks(app: Flask, browse, cast: Cast, attempt: int) -> None:
    browser, path = browse(cast.bruno), page_of(cast, attempt)
    fields = levels() | {"action": "save"} | seen(browser.get(path), path)
    ana = browse(cast.ana)
    ana.post("/account/delete", {"password": PASSWORD, "understood": "y"})
    with app.app_context():
        erased = db.session.scalars(select(Answer.response).where(Answer.attempt_id == attempt)).one()
    assert erased is None
    assert "Nothing to mark yet" in browser.get(queue_of(cast)).text
    page = browser.get(path)
    assert "Erased with the account" in page.text
    assert TEXT.split("\n", maxsplit=1)[0] not in page.text
    assert "The text was erased" in browser.post(path, fields, 409).text
    assert newest_mark(app, attempt).cause == "submit"


def test_a_long_queue_costs_as_many_statements_as_a_short_one(app: Flask, browse, cast: Cast, revisions) -> None:
    class_id = cast.classes["Bruno"]
    with app.app_context(), unit_of_work():
        course_class = db.session.get_one(CourseClass, class_id)
        people = []
        for number in range(200):
            person = accounts.sign_up(
                name=f"Student {number}",
                email=f"s{number}@example.org",
                password_hash="",
                role=None,
                institution_id=None,
                is_verified=True,
            )
            learning.enrol(course_class, person.id, person.name, "student")
            people.append(person.id)
    browser = browse(cast.bruno)
    last = 0
    for size, some in ((2, people[:2]), (200, people[2:])):
        for person_id in some:
            last = hand_in(app, class_id, person_id, {revisions[KEY]: "Text " * 300, revisions[OTHER]: "Short"})
        ran = {}
        for path in (queue_of(cast), page_of(cast, last), "/home"):
            browser.get(path)
            with counted_statements() as statements:
                page = browser.get(path)
            ran[path.rpartition("/")[2]] = len(statements)
            if path == queue_of(cast):
                assert f"{2 * size} answers wait" in page.text
        assert ran["marking"] <= 5, statements
        assert ran[KEY] <= 7, statements
        assert ran["home"] <= 9, statements
    page = browser.get(f"{queue_of(cast)}?page=16")
    assert len([a for a in page.all("a") if a.get("href", "").endswith((f"/{KEY}", f"/{OTHER}"))]) == 25
    form = levels() | {"action": "save-next"} | seen(browser.get(page_of(cast, last)), page_of(cast, last))
    with counted_statements() as statements:
        browser.post(page_of(cast, last), form)
    assert len(statements) <= 18, statements


def test_a_student_is_told_once_when_all_is_marked(app: Flask, browse, cast: Cast, revisions, tmp_path: Path) -> None:
    app.config["MAIL_URL"] = f"file://{tmp_path}"
    attempt = hand_in(app, cast.classes["Bruno"], cast.ana, {revisions[KEY]: "One", revisions[OTHER]: "Two"})
    browser = browse(cast.bruno)
    for key in (KEY, OTHER):
        assert not list(tmp_path.glob("*.eml"))
        path = page_of(cast, attempt, key)
        browser.post(path, levels() | {"comment": "Secret words", "action": "save"} | seen(browser.get(path), path))
    browser.post(path, levels(claim="none") | {"reason": "Less", "action": "save"} | seen(browser.get(path), path))
    mail = [file.read_text() for file in tmp_path.glob("*.eml")]
    assert len(mail) == 1
    assert f"http://localhost/attempts/{attempt}" in mail[0]
    assert "Secret words" not in mail[0]
    home = browse(cast.ana).get("/home")
    assert f"/attempts/{attempt}" in home.links().values()


def test_without_mail_marking_works_all_the_same(app: Flask, browse, cast: Cast, attempt: int) -> None:
    browser, path = browse(cast.bruno), page_of(cast, attempt)
    browser.post(path, levels() | {"action": "save"} | seen(browser.get(path), path))
    assert newest_mark(app, attempt).points == points(6)
    assert "is marked" in browse(cast.ana).get("/home").text


def test_the_home_of_those_who_teach_says_how_many_wait(app: Flask, browse, cast: Cast, revisions) -> None:
    assert "wait for your marking" not in browse(cast.bruno).get("/home").text
    hand_in(app, cast.classes["Bruno"], cast.ana, {revisions[KEY]: "One", revisions[OTHER]: "Two"})
    page = browse(cast.bruno).get("/home")
    assert "2 answers wait for your marking" in page.text
    assert queue_of(cast) in page.links().values()
    assert "wait for your marking" not in browse(cast.dora).get("/home").text
    assert "wait for your marking" not in browse(cast.ana).get("/home").text


def test_a_question_that_was_taken_out_is_not_marked_again(app: Flask, browse, cast: Cast, attempt: int) -> None:
    browser, path = browse(cast.bruno), page_of(cast, attempt)
    with app.app_context(), unit_of_work():
        before = db.session.get_one(Mark, newest_id(attempt))
        more = {"item_revision_id": before.item_revision_id, "answer_id": before.answer_id, "cause": "regrade"}
        db.session.add(Mark(attempt_id=attempt, points=0, max_points=0, at=clock.now(), **more))
    page = browser.get(path)
    assert "taken out of the marks" in page.text
    form = levels() | {"action": "save", "seen": str(newest_id_in(app, attempt))}
    browser.post(path, form | {"reason": "r"}, 409)
    assert newest_mark(app, attempt).cause == "regrade"


def newest_id(attempt_id: int) -> int:
    written = Mark.attempt_id == attempt_id, Mark.answer_id.is_not(None)
    return db.session.scalar(select(func.max(Mark.id)).where(*written)) or 0


def newest_id_in(app: Flask, attempt_id: int) -> int:
    with app.app_context():
        return newest_id(attempt_id)


def test_what_a_student_is_given_of_their_data_holds_comments_and_levels(app: Flask, browse, cast: Cast, attempt: int) -> None:
    from elearn.assessment.own_data import export_of  # noqa: PLC0415 (here alone)

    browser, path = browse(cast.bruno), page_of(cast, attempt)
    form = levels() | {"comment": "Well argued.", "instead": "5", "reason": "Late.", "action": "save"}
    browser.post(path, form | seen(browser.get(path), path))
    with app.app_context():
        line = list(export_of(cast.ana)["marks"])[-1]
    assert (line["comment"], line["reason"], line["points"]) == ("Well argued.", "Late.", 5)
    assert line["rubric"] == {"claim": "clear", "reasons": "good", "sources": "named"}


def test_statistics_of_the_home_page_ask_nothing_of_the_erased(app: Flask, browse, cast: Cast, attempt: int) -> None:
    with app.app_context(), unit_of_work():
        db.session.execute(update(Enrolment).where(Enrolment.person_id == cast.ana).values(end_reason="error", ended_at=clock.now()))
    assert "wait for your marking" not in browse(cast.bruno).get("/home").text
    assert "Nothing to mark yet" in browse(cast.bruno).get(queue_of(cast)).text
    assert attempt
