"""A regrade over whole attempts: dry run, marks, totals, gradebook, and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask, current_app
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from elearn.adaptation.queries import edition
from elearn.assessment import regrade_step_service as service
from elearn.assessment.marking_service import settle
from elearn.assessment.models import Answer, Attempt, Mark
from elearn.assessment.regrade_models import Regrade, RegradeLine
from elearn.assessment.regrade_queries import Judge
from elearn.assessment.regrading import Policy
from elearn.assessment.standing_queries import later_regrade
from elearn.catalogue.models import ItemRevision
from elearn.db import counted_statements, db
from elearn.learning.models import CourseClass
from tests.assessment.conftest import SLUG
from tests.assessment.crowd import BEGAN, Crowd, fill, other_key, put_right, state_of
from tests.cast import Cast

AT = BEGAN + timedelta(days=1)
TYPES = ["single-choice", "multiple-response", "true-false", "short-text"]
IN_ONE_SESSION = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def drafted(crowd: Crowd, cast: Cast, revision: ItemRevision, policy: str, **scope) -> Regrade:
    regrade = Regrade(
        module_id=crowd.module_id,
        item_id=revision.item_id,
        scope=scope.pop("scope", "class"),
        class_id=scope.pop("class_id", crowd.class_id),
        policy=policy,
        new_revision_id=revision.id,
        reason="The key was wrong.",
        made_by_id=cast.bruno,
        made_at=AT,
        **scope,
    )
    db.session.add(regrade)
    db.session.flush()
    counted(regrade)
    return regrade


def counted(regrade: Regrade) -> None:
    judge, after = Judge(regrade), 0
    while after := service.count_some(judge, after):
        pass
    service.finish_count(regrade, AT)


def applied(regrade: Regrade, minutes: int = 0) -> int:
    regrade.state, regrade.applied_at, done, after = "running", AT + timedelta(minutes=minutes), 0, 0
    while True:
        count, after = service.apply_some(regrade, after, AT)
        done += count
        if not after:
            break
    regrade.state = "done"
    db.session.flush()
    return done


def undone(regrade: Regrade) -> None:
    after = 0
    while (step := service.undo_some(regrade, after, AT))[1]:
        after = step[1]
    regrade.state = "undone"
    db.session.flush()


@pytest.fixture
def crowd(context: Flask, cast: Cast) -> Crowd:
    return fill(cast.classes["Bruno"], SLUG, 12, attempts=2)


@contextmanager
def one_of_many(crowd: Crowd) -> Iterator[Crowd]:
    """Yield the crowd as it was filled; what is done to it inside is gone afterwards."""
    savepoint = db.session.begin_nested()
    try:
        yield crowd
    finally:
        savepoint.rollback()
        db.session.expire_all()
        # Numbers are given anew, also those of item revisions that this process remembers.
        current_app.extensions["shelves"].clear()


@IN_ONE_SESSION
@given(type_=st.sampled_from(TYPES), policy=st.sampled_from(Policy))
def test_undoing_restores_the_exact_state(crowd: Crowd, cast: Cast, type_: str, policy: Policy) -> None:
    with one_of_many(crowd):
        before = state_of(crowd.module_id)
        regrade = drafted(crowd, cast, put_right(crowd.item(type_), other_key), policy)
        applied(regrade)
        undone(regrade)
        assert state_of(crowd.module_id) == before


@IN_ONE_SESSION
@given(steps=st.lists(st.tuples(st.sampled_from(TYPES), st.sampled_from(Policy)), min_size=1, max_size=4))
def test_regrades_on_top_of_each_other_are_undone_one_after_the_other(crowd: Crowd, cast: Cast, steps: list) -> None:
    with one_of_many(crowd):
        states, regrades = [state_of(crowd.module_id)], []
        for number, (type_, policy) in enumerate(steps):
            regrade = drafted(crowd, cast, put_right(crowd.item(type_), other_key), policy)
            applied(regrade, number)
            regrades.append(regrade)
            states.append(state_of(crowd.module_id))
        while regrades:
            regrade = regrades.pop()
            assert state_of(crowd.module_id) == states.pop()
            assert later_regrade(regrade) is None
            undone(regrade)
        assert state_of(crowd.module_id) == states.pop()


@IN_ONE_SESSION
@given(
    type_=st.sampled_from(TYPES),
    policy=st.sampled_from([policy for policy in Policy if policy.reads_answers]),
)
def test_a_regrade_by_the_same_key_changes_nothing(crowd: Crowd, cast: Cast, type_: str, policy: Policy) -> None:
    with one_of_many(crowd):
        before, marks = state_of(crowd.module_id), db.session.scalar(select(func.count()).select_from(Mark))
        regrade = drafted(crowd, cast, put_right(crowd.item(type_), lambda _: None), policy)
        assert regrade.counts["attempts"] == 24
        assert regrade.counts["changed"] == 0
        assert applied(regrade) == 0
        assert state_of(crowd.module_id) == before
        assert db.session.scalar(select(func.count()).select_from(Mark)) == marks


@IN_ONE_SESSION
@given(type_=st.sampled_from(TYPES), policy=st.sampled_from(Policy))
def test_what_the_dry_run_says_is_what_comes(crowd: Crowd, cast: Cast, type_: str, policy: Policy) -> None:
    with one_of_many(crowd):
        regrade = drafted(crowd, cast, put_right(crowd.item(type_), other_key), policy)
        lines = list(db.session.scalars(select(RegradeLine).where(RegradeLine.regrade_id == regrade.id)))
        assert {line.attempt_id for line in lines} == set(crowd.attempt_ids)
        applied(regrade)
        # The whole is what the marks that count add up to, reckoned here from the marks alone.
        state = state_of(crowd.module_id)
        for line in lines:
            marks = [mark for (attempt_id, _), mark in state["marks"].items() if attempt_id == line.attempt_id]
            assert (sum(mark[2] for mark in marks), sum(mark[3] for mark in marks)) == (line.total_after, line.out_of_after)
            attempt = db.session.get_one(Attempt, line.attempt_id, populate_existing=True)
            assert (attempt.points, attempt.max_points) == (line.total_after, line.out_of_after)
        before = state
        assert applied(regrade) == 0
        assert state_of(crowd.module_id) == before


def test_the_gradebook_follows(crowd: Crowd, cast: Cast) -> None:
    item = crowd.item("single-choice")
    old = {row[0]: row[1:3] for row in state_of(crowd.module_id)["gradebook"]}
    regrade = drafted(crowd, cast, put_right(item, other_key), "full-marks")
    applied(regrade)
    new = {row[0]: row[1:3] for row in state_of(crowd.module_id)["gradebook"]}
    assert old.keys() == new.keys()
    best: dict[int, int] = {}
    for attempt in db.session.scalars(select(Attempt).where(Attempt.id.in_(crowd.attempt_ids)).execution_options(populate_existing=True)):
        best[attempt.enrolment_id] = max(best.get(attempt.enrolment_id, 0), attempt.points)
    assert {key: new[key][0] for key in best} == best


def test_a_later_attempt_at_the_old_item_is_marked_by_the_new_key(crowd: Crowd, cast: Cast) -> None:
    item = crowd.item("single-choice")
    new = put_right(item, other_key)
    regrade = drafted(crowd, cast, new, "new-key")
    applied(regrade)
    late = fill(crowd.class_id, SLUG, 8, seed=7)
    revisions = [each.id for each in late.items]
    assert service.hold_standing(late.attempt_ids, revisions, AT)
    settle(late.attempt_ids, AT)
    right = next(choice["id"] for choice in new.definition["choices"] if choice["correct"])
    rows = db.session.execute(
        select(RegradeLine, Mark.points)
        .join(Mark, Mark.id == func.coalesce(RegradeLine.mark_after_id, RegradeLine.mark_before_id))
        .where(RegradeLine.attempt_id.in_(late.attempt_ids))
    ).all()
    assert {row.RegradeLine.attempt_id for row in rows} == set(late.attempt_ids)
    assert all(row.RegradeLine.is_later for row in rows)
    state = state_of(crowd.module_id)
    answers = select(Answer.attempt_id, Answer.response).where(Answer.item_revision_id == item.id)
    said = {row.attempt_id: row.response for row in db.session.execute(answers)}
    for row in rows:
        expected = new.points if said[row.RegradeLine.attempt_id] == right else 0
        assert row.points == expected
        assert state["marks"][row.RegradeLine.attempt_id, item.id][2] == expected
    # A second time changes nothing.
    service.hold_standing(late.attempt_ids, revisions, AT)
    settle(late.attempt_ids, AT)
    assert state_of(crowd.module_id) == state
    # Those of before do not count among them; undoing reaches them, too.
    assert service.summed_up(regrade.id)["attempts"] == len(crowd.attempt_ids)
    undone(regrade)
    for attempt_id in late.attempt_ids:
        mark = state_of(crowd.module_id)["marks"][attempt_id, item.id]
        assert mark[2] == item.graded(said[attempt_id]).points


def test_what_came_in_without_it_is_found_at_the_second_look(crowd: Crowd, cast: Cast) -> None:
    item = crowd.item("multiple-response")
    regrade = drafted(crowd, cast, put_right(item, other_key), "void")
    applied(regrade)
    late = fill(crowd.class_id, SLUG, 3, seed=8)
    count, after = service.hold_missed(Judge(regrade), 0, AT)
    assert (count, after) == (3, 0)
    marks = state_of(crowd.module_id)["marks"]
    assert {marks[attempt_id, item.id][2:4] for attempt_id in late.attempt_ids} == {(0, 0)}
    assert service.hold_missed(Judge(regrade), 0, AT) == (0, 0)


def test_new_attempts_and_marks_since_the_dry_run_are_counted_before_it_is_applied(crowd: Crowd, cast: Cast) -> None:
    item = crowd.item("single-choice")
    regrade = drafted(crowd, cast, put_right(item, other_key), "full-marks")
    assert Judge(regrade).count_of_news() == 0
    fill(crowd.class_id, SLUG, 2, seed=9)
    mark = db.session.scalars(select(Mark).where(Mark.attempt_id == crowd.attempt_ids[0], Mark.item_revision_id == item.id)).one()
    copied = {name: getattr(mark, name) for name in ("attempt_id", "item_revision_id", "answer_id", "max_points")}
    db.session.add(Mark(**copied, points=mark.max_points // 2, at=AT, cause="person"))
    db.session.flush()
    settle([crowd.attempt_ids[0]], AT)
    assert Judge(regrade).count_of_news() == 3
    counted(regrade)
    assert Judge(regrade).count_of_news() == 0
    line = db.session.get_one(RegradeLine, (regrade.id, crowd.attempt_ids[0], item.id), populate_existing=True)
    assert line.points_before == mark.max_points // 2


def test_what_a_person_marked_since_is_not_touched_by_the_second_look(crowd: Crowd, cast: Cast) -> None:
    item = crowd.item("single-choice")
    regrade = drafted(crowd, cast, put_right(item, other_key), "full-marks")
    applied(regrade)
    attempt_id = crowd.attempt_ids[0]
    db.session.add(Mark(attempt_id=attempt_id, item_revision_id=item.id, points=1, max_points=100_000, at=AT, cause="person"))
    db.session.flush()
    service.hold_standing([attempt_id], [item.id], AT)
    service.hold_missed(Judge(regrade), 0, AT)
    assert state_of(crowd.module_id)["marks"][attempt_id, item.id][2:4] == (1, 100_000)


def test_a_later_judgement_of_a_person_stays_when_a_regrade_is_undone(crowd: Crowd, cast: Cast) -> None:
    item = crowd.item("single-choice")
    regrade = drafted(crowd, cast, put_right(item, other_key), "void")
    applied(regrade)
    attempt_id = crowd.attempt_ids[0]
    db.session.add(Mark(attempt_id=attempt_id, item_revision_id=item.id, points=1, max_points=100_000, at=AT, cause="person"))
    db.session.flush()
    settle([attempt_id], AT)
    undone(regrade)
    marks = state_of(crowd.module_id)["marks"]
    assert marks[attempt_id, item.id][2:4] == (1, 100_000)
    assert marks[crowd.attempt_ids[1], item.id][3] == item.pinned.definition["points"]


def test_a_regrade_on_top_of_another_one_keeps_that_one_from_being_undone(crowd: Crowd, cast: Cast) -> None:
    item, other = crowd.item("single-choice"), crowd.item("short-text")
    first = drafted(crowd, cast, put_right(item, other_key), "full-marks")
    applied(first)
    second = drafted(crowd, cast, put_right(item, lambda _: None), "only-raise")
    applied(second, 1)
    elsewhere = drafted(crowd, cast, put_right(other, other_key), "void")
    applied(elsewhere, 2)
    assert later_regrade(first).id == second.id
    assert later_regrade(second) is None
    undone(second)
    assert later_regrade(first) is None


def test_scopes_reach_their_own_attempts_only(crowd: Crowd, cast: Cast) -> None:
    dora = fill(cast.classes["Dora"], SLUG, 3, seed=4)
    item = crowd.item("single-choice")
    new = put_right(item, other_key)
    assert drafted(crowd, cast, new, "void").counts["attempts"] == 24
    assert drafted(crowd, cast, new, "void", scope="programme", class_id=None).counts["attempts"] == 27
    course_id = edition(db.session.get_one(CourseClass, dora.class_id).edition_id).course_id
    assert drafted(crowd, cast, new, "void", scope="course", class_id=None, course_id=course_id).counts["attempts"] == 3


def test_a_thousand_attempts_take_a_few_dozen_statements(context: Flask, cast: Cast) -> None:
    crowd = fill(cast.classes["Bruno"], SLUG, 1_100)
    new = put_right(crowd.item("single-choice"), other_key)
    with counted_statements() as ran:
        regrade = drafted(crowd, cast, new, "new-key")
    assert regrade.counts["attempts"] == 1_100
    assert len(ran) < 20
    with counted_statements() as ran:
        assert applied(regrade) > 200
    assert len(ran) < 45
