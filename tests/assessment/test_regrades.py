"""A question that was put right, through the pages: prepared, looked at, applied, told, undone."""

import email
import email.policy
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn.accounts.models import EmailAddress
from elearn.assessment import regrade_step_service as steps
from elearn.assessment.models import Attempt, Mark
from elearn.assessment.queries import laid_items
from elearn.assessment.regrade_jobs import run
from elearn.assessment.regrade_models import Regrade, RegradeLine
from elearn.audit import AuditEntry
from elearn.catalogue.models import ItemRevision, Quiz, QuizItem
from elearn.clock import now
from elearn.db import counted_statements, db, unit_of_work
from elearn.jobs.runner import run_due
from tests.assessment.conftest import SLUG, class_quiz, sit
from tests.assessment.crowd import Crowd, fill, other_key, put_right, state_of
from tests.cast import Cast
from tests.catalogue.test_fixing_items import KEY, text_in
from tests.catalogue.test_fixing_items import other_key as other_choice


@pytest.fixture
def crowd(app: Flask, cast: Cast) -> Crowd:
    """Bruno's class: eight students, two attempts each, and a question whose key was put right."""
    with app.app_context(), unit_of_work():
        crowd = fill(cast.classes["Bruno"], SLUG, 8, attempts=2)
        put_right(crowd.item("single-choice"), other_key)
        # As if an editor had published it: a state of the series.
        publish_states(crowd)
    return crowd


def publish_states(crowd: Crowd) -> None:
    quiz_id = db.session.scalars(select(Quiz.id)).first()
    known = set(db.session.scalars(select(QuizItem.item_revision_id)))
    position = 100
    for revision_id in db.session.scalars(select(ItemRevision.id)):
        if revision_id not in known:
            position += 1
            db.session.add(QuizItem(quiz_id=quiz_id, position=position, item_revision_id=revision_id))


@pytest.fixture
def letters(app: Flask, tmp_path: Path):
    """Mail goes into files; return a function that reads them by address."""
    app.config["MAIL_URL"] = f"file://{tmp_path}"

    def read() -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in sorted(tmp_path.rglob("*.eml")):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            found.setdefault(message["To"], []).append(message["Subject"] + "\n" + message.get_content())
        return found

    return read


def work(app: Flask) -> None:
    with app.app_context():
        for job in run_due("regrade"):
            assert job.state in {"done", "queued"}, job.error


def address_of_quiz(class_id: int) -> str:
    return f"/teach/classes/{class_id}/quizzes/{SLUG}/regrade"


def prepared(app: Flask, browser, crowd: Crowd, policy: str = "new-key", path: str = "", **more: str) -> str:
    """Return the page of a new regrade, counted."""
    path = path or address_of_quiz(crowd.class_id)
    key = crowd.item("single-choice").key
    form = browser.get(f"{path}?item={key}").form(f"?item={key}")
    page = browser.post(f"{path}?item={key}", {**form, "policy": policy, "reason": "The key was wrong.", **more})
    work(app)
    return page.response.headers["Location"]


def test_from_the_dry_run_to_the_undoing(app: Flask, cast: Cast, crowd: Crowd, browse, letters) -> None:
    bruno = browse(cast.bruno)
    with app.app_context():
        before = state_of(crowd.module_id)
        person = db.session.get_one(Attempt, crowd.attempt_ids[0]).person_id
        with unit_of_work():
            db.session.add(EmailAddress(person_id=person, address="first@example.org", verified_at=now()))
    page = bruno.get(prepared(app, bruno, crowd, "full-marks"))
    assert "What would change" in page.text
    assert "not applied" in page.text
    with app.app_context():
        assert state_of(crowd.module_id) == before
    path = page.response.request.path
    bruno.post(f"{path}/apply", status=303)
    work(app)
    page = bruno.get(path)
    assert "What has changed" in page.text
    item = crowd.item("single-choice")
    with app.app_context():
        marks = state_of(crowd.module_id)["marks"]
        assert {marks[attempt_id, item.id][2] for attempt_id in crowd.attempt_ids} == {item.pinned.definition["points"]}
    told = letters()["first@example.org"]
    assert len(told) == 1
    assert "The key was wrong." in told[0]
    assert "from 0 of 1 points to 1 of 1 points" in told[0]
    form = bruno.get(path).form(f"{path}/undo")
    refused = bruno.post(f"{path}/undo", form, 422)
    assert "Say why." in refused.text
    bruno.post(f"{path}/undo", {**form, "reason": "It was right after all."})
    work(app)
    with app.app_context():
        assert state_of(crowd.module_id) == before
        actions = [entry.action for entry in db.session.scalars(select(AuditEntry).where(AuditEntry.subject == "regrade"))]
        assert actions == ["start-regrade", "apply-regrade", "undo-regrade"]
    assert "It was right after all." in letters()["first@example.org"][1]
    assert "undone" in bruno.get(address_of_quiz(crowd.class_id)).text


def test_applied_and_undone_twice_is_once(app: Flask, cast: Cast, crowd: Crowd, browse) -> None:
    bruno = browse(cast.bruno)
    path = prepared(app, bruno, crowd)
    bruno.post(f"{path}/apply", status=303)
    bruno.post(f"{path}/apply", status=409)
    bruno.post(f"{path}/undo", {"reason": "No."}, 409)
    work(app)
    with app.app_context():
        marks = db.session.query(Mark).count()
    work(app)
    bruno.post(f"{path}/undo", {"reason": "No."}, 303)
    bruno.post(f"{path}/undo", {"reason": "No."}, 409)
    work(app)
    with app.app_context():
        changed = db.session.query(RegradeLine).filter(RegradeLine.mark_after_id.is_not(None)).count()
        assert changed > 0
        assert db.session.query(Mark).count() == marks + changed


def test_what_came_in_since_the_dry_run_is_counted_first_and_said(app: Flask, cast: Cast, crowd: Crowd, browse) -> None:
    bruno = browse(cast.bruno)
    path = prepared(app, bruno, crowd)
    with app.app_context(), unit_of_work():
        fill(crowd.class_id, SLUG, 3, seed=5)
    page = bruno.submit(f"{path}/apply")
    assert "3 attempts came in or were marked since this was counted" in page.text
    bruno.post(f"{path}/apply", status=409)
    work(app)
    assert "19" in bruno.get(path).text
    bruno.post(f"{path}/apply", status=303)
    work(app)
    with app.app_context():
        assert db.session.scalars(select(Regrade)).one().state == "done"


def test_a_job_killed_in_the_middle_goes_on(app: Flask, cast: Cast, crowd: Crowd, browse, monkeypatch) -> None:
    monkeypatch.setattr(steps, "AT_ONCE", 5)
    bruno = browse(cast.bruno)
    path = prepared(app, bruno, crowd, "void")
    bruno.post(f"{path}/apply", status=303)
    real, calls = steps.settle, []

    def settle_and_die(ids, at):
        calls.append(ids)
        if len(calls) == 2:
            raise SystemExit("killed")
        return real(ids, at)

    monkeypatch.setattr(steps, "settle", settle_and_die)
    number = int(path.rsplit("/", 1)[1])
    with app.app_context(), pytest.raises(SystemExit):
        run(lambda done, total: None, regrade_id=number)
    with app.app_context():
        db.session.remove()
        assert db.session.query(Mark).filter(Mark.cause == "regrade").count() == 5
    monkeypatch.setattr(steps, "settle", real)
    work(app)
    with app.app_context():
        marks = db.session.scalars(select(Mark).where(Mark.cause == "regrade")).all()
        assert sorted(mark.attempt_id for mark in marks) == sorted(crowd.attempt_ids)
        assert db.session.scalars(select(Regrade)).one().state == "done"


def test_each_student_is_told_once_however_often_the_job_runs(app: Flask, cast: Cast, crowd: Crowd, browse, letters) -> None:
    with app.app_context(), unit_of_work():
        for number, person_id in enumerate(
            db.session.scalars(select(Attempt.person_id).where(Attempt.id.in_(crowd.attempt_ids)).distinct())
        ):
            db.session.add(EmailAddress(person_id=person_id, address=f"s{number}@example.org", verified_at=now()))
    bruno = browse(cast.bruno)
    path = prepared(app, bruno, crowd, "void")
    bruno.post(f"{path}/apply", status=303)
    work(app)
    with app.app_context():
        run(lambda done, total: None, regrade_id=int(path.rsplit("/", 1)[1]))
    told = letters()
    assert len(told) == 8
    for read in told.values():
        assert len(read) == 1
        assert read[0].count("not counted") == 2


def test_the_programme_sees_classes_and_no_names_and_professors_are_told(app: Flask, cast: Cast, crowd: Crowd, browse, letters) -> None:
    with app.app_context(), unit_of_work():
        fill(cast.classes["Dora"], SLUG, 4, seed=3)
    edda = browse(cast.edda)
    path = prepared(app, edda, crowd, "void", path=f"/edit/quizzes/{SLUG}/regrade")
    page = edda.get(path)
    assert "Bruno's class" in page.text
    assert "Universidad del Rímac" in page.text
    assert "Student" not in page.text.replace("Students", "")
    csv = edda.get(f"{path}/changes.csv").response.get_data(as_text=True)
    assert "Lagoon University,Bruno's class,16,16" in csv
    assert "Student" not in csv
    browse(cast.bruno).get(path, status=404)
    edda.post(f"{path}/apply", status=303)
    work(app)
    told = letters()
    assert "Bruno's class: 16 attempts have other marks now." in told["bruno@example.org"][0]
    assert "Dora's class: 4 attempts" in told["dora@example.org"][0]
    assert "edda@example.org" not in told
    log = browse(cast.bruno).get(address_of_quiz(crowd.class_id)).text
    assert "every class, and practice" in log


def test_a_later_submit_is_marked_by_the_key_that_was_put_right(app: Flask, cast: Cast, crowd: Crowd, browse) -> None:
    bruno, ana = browse(cast.bruno), browse(cast.ana)
    quiz = f"/classes/{crowd.class_id}/{SLUG}/quiz"
    attempt = ana.post(quiz, status=303).response.headers["Location"]
    path = prepared(app, bruno, crowd, "void")
    bruno.post(f"{path}/apply", status=303)
    work(app)
    ana.post(attempt, {"action": "submit-anyway"})
    with app.app_context():
        found = db.session.get_one(Attempt, int(attempt.rsplit("/", 1)[1]))
        item = crowd.item("single-choice")
        full = sum(each.pinned.definition["points"] for each in laid_items(found.layout))
        assert found.max_points == full - item.pinned.definition["points"]
    assert "This question was put right on" in ana.get(attempt).text
    assert "Left out: it counts for nobody" in ana.get(attempt).text


def test_where_nothing_was_marked_again_a_submit_asks_nothing_of_it(app: Flask, cast: Cast, browse) -> None:
    ana = sit(app, browse(cast.ana), class_quiz(cast))
    with counted_statements() as ran:
        ana.post(action="submit-anyway")
    assert not [statement for statement in ran if "FROM regrade JOIN" in statement]
    assert len([statement for statement in ran if "INSERT INTO mark" in statement]) == 1


def test_the_student_reads_beside_the_answer_what_was_marked_again_and_why(app: Flask, cast: Cast, crowd: Crowd, browse) -> None:
    bruno, ana = browse(cast.bruno), browse(cast.ana)
    item = crowd.item("single-choice")
    sitting = sit(app, ana, class_quiz(cast))
    sitting.post(**sitting.fields(), action="submit")
    before = ana.get(sitting.path).text
    assert "Marked again" not in before
    path = prepared(app, bruno, crowd)
    bruno.post(f"{path}/apply", status=303)
    work(app)
    page = ana.get(sitting.path)
    number = next(each.number for each in sitting.items if each.id == item.id)
    told = next(block for block in page.all("fieldset") if block.get("id") == f"question-{number}")
    words = " ".join("".join(told.itertext()).split())
    assert "because: The key was wrong. From 1 of 1 points to 0 of 1 points." in words
    assert "Not right" in words
    with counted_statements() as ran:
        ana.get(sitting.path)
    assert len(ran) <= 6
    form = {"reason": "It was right."}
    bruno.post(f"{path}/undo", form)
    work(app)
    assert ana.get(sitting.path).text == before


def test_who_may(app: Flask, cast: Cast, crowd: Crowd, browse) -> None:
    path = prepared(app, browse(cast.bruno), crowd)
    for person in (cast.dora, cast.ana, cast.carla, cast.edda, cast.root):
        other = browse(person)
        other.get(path, status=404)
        other.get(address_of_quiz(crowd.class_id), status=404)
        other.post(f"{path}/apply", status=404)
        other.get(f"{path}/changes.csv", status=404)
    for person in (cast.dora, cast.ana, cast.root):
        browse(person).get(f"/edit/quizzes/{SLUG}/regrade", status=403)
    browse(cast.edda).get(f"/edit/quizzes/{SLUG}/regrade")


def test_a_professor_decides_for_their_class_or_their_course_and_no_farther(app: Flask, cast: Cast, crowd: Crowd, browse) -> None:
    bruno = browse(cast.bruno)
    key = crowd.item("single-choice").key
    path = address_of_quiz(crowd.class_id)
    form = bruno.get(f"{path}?item={key}").form(f"?item={key}")
    for changed in (
        {"scope": "programme"},
        {"policy": "hopes"},
        {"policy": ""},
        {"reason": "  "},
        {"revision": "99999"},
        {"reason": "x" * 1001},
    ):
        wrong = {**form, "policy": "new-key", "reason": "Wrong.", **changed}
        assert bruno.post(f"{path}?item={key}", wrong, 422)
    location = prepared(app, bruno, crowd, scope="course")
    assert "all classes of this course" in bruno.get(location).text


def test_the_page_costs_the_same_however_many_there_are(app: Flask, cast: Cast, crowd: Crowd, browse) -> None:
    bruno = browse(cast.bruno)
    path = prepared(app, bruno, crowd)
    bruno.get(path)
    with counted_statements() as few:
        bruno.get(path)
    with app.app_context(), unit_of_work():
        fill(crowd.class_id, SLUG, 150, seed=5)
    bruno.post(f"{path}/apply", status=303)
    work(app)
    bruno.get(path)
    with counted_statements() as many:
        page = bruno.get(path)
    assert "Page 1 of 2" in page.text
    assert len(many) <= len(few) + 1
    assert len(many) <= 14
    assert "another" not in bruno.get(f"{path}?which=passes&page=999").heading


def test_an_editor_puts_a_question_right_and_everyone_sees_it(app: Flask, cast: Cast, browse, letters) -> None:
    """As the guides say it, from the wrong key to the student's page."""
    ana, edda, bruno = browse(cast.ana), browse(cast.edda), browse(cast.bruno)
    sitting = sit(app, ana, class_quiz(cast))
    item = next(each for each in sitting.items if each.key == KEY)
    sitting.post(**{**sitting.fields(), item.field: "town"}, action="submit")
    assert ana.get(sitting.path).text.count("Marked again") == 0
    questions = edda.get("/edit/quizzes/").links()["Questions Introduction to Cybercrime"]
    page = edda.get(questions)
    editor = page.links()[f"Put it right: {KEY}"]
    shown = edda.get(editor)
    fixed = {**shown.form(""), "action": "save", "note": "The town singles out more.", "text": other_choice(text_in(shown))}
    page = edda.submit(editor, fixed)
    assert "Answers given so far are still marked by the former key" in page.text
    form = page.form(f"?item={KEY}")
    path = edda.post(f"{page.response.request.path}?item={KEY}", {**form, "policy": "only-raise", "reason": "The key was wrong."})
    work(app)
    path = path.response.headers["Location"]
    page = edda.get(path)
    assert "Bruno's class" in page.text
    assert "Ana" not in page.text
    edda.post(f"{path}/apply")
    work(app)
    told = ana.get(sitting.path).text
    assert "because: The key was wrong. From 0 of 1 points to 1 of 1 points." in told
    assert "The key was wrong." in letters()["ana@example.org"][-1]
    assert "Bruno's class: 1 attempt has another mark now." in letters()["bruno@example.org"][-1]
    log = bruno.get(bruno.get(f"/teach/classes/{cast.classes['Bruno']}/quizzes").links()["Mark answers again Introduction to Cybercrime"])
    assert "The key was wrong." in log.text
    # Who begins only now, on the edition with the former key, is marked by the new one, too.
    again = sit(app, ana, class_quiz(cast))
    again.post(**{**again.fields(), item.field: "town"}, action="submit")
    with app.app_context():
        mark = state_of(item_module(app, again.id))["marks"][again.id, item.id]
        assert mark[2:4] == (100_000, 100_000)


def item_module(app: Flask, attempt_id: int) -> int:
    return db.session.get_one(Attempt, attempt_id).module_id


def test_regrades_are_not_begun_without_end(app: Flask, browse, cast: Cast, crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elearn.assessment.regrade_views.REGRADES_PER_PERSON", 1)
    bruno, path = browse(cast.bruno), address_of_quiz(cast.classes["Bruno"])
    prepared(app, bruno, crowd)
    key = crowd.item("single-choice").key
    fields = bruno.get(f"{path}?item={key}").form(f"?item={key}") | {"policy": "void", "reason": "Once more."}
    assert "Too many tries" in bruno.post(f"{path}?item={key}", fields, 429).text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Regrade)) == 1
