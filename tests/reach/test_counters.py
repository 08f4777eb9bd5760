"""The counters agree with a recount and with a naive count, whatever happens in whatever order."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, current_app
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text

from elearn.accounts.models import InstallationMark
from elearn.db import Base, counted_statements, db, unit_of_work
from elearn.reach import queries
from elearn.reach.models import Cell
from elearn.reach.periods import EVER, Period, months_in
from elearn.reach.places import Cut
from elearn.reach.recount import recount
from tests.reach import naive
from tests.reach.naive import Diary, Happened
from tests.reach.worlds import BEGAN, World, town

PEOPLE = ("ana", "ben")
STAFF = ("dora", "emil")
PLACES = ("KE1", "KE1-LAW", "FR1")
CLASSES = {"ke": ("KE1", "en"), "law": ("KE1-LAW", "en"), "law-fr": ("KE1-LAW", "fr"), "ug": ("KE1-ABROAD", "en"), "fr": ("FR1", "fr")}


@pytest.fixture
def counting(empty_app: Flask):
    with empty_app.app_context(), empty_app.test_request_context():
        yield empty_app


def wipe() -> None:
    db.session.remove()
    # The next world's rows have the same numbers: what the process learnt of this one's is not true of them.
    current_app.extensions["shelves"].clear()
    with unit_of_work():
        if db.engine.dialect.name == "postgresql":
            names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
            # The search index, which is no table of the models, points at one of theirs.
            db.session.execute(text(f"truncate {names} restart identity cascade"))
        else:
            # A world is thrown away whole: what the database keeps from being deleted in earnest goes, too.
            kept = text("select name from sqlite_master where type = 'trigger' and name like '%_no_delete'")
            for trigger in db.session.scalars(kept).all():
                db.session.execute(text(f'drop trigger "{trigger}"'))
            for table in reversed(Base.metadata.sorted_tables):
                db.session.execute(delete(table))


def kept_cells(world: World) -> dict[tuple[str, str, str, str], int]:
    """Return the cells with codes in place of ids."""
    names = {f"institution:{key}": f"institution:{code}" for code, key in world.institutions.items()}
    names |= {f"class:{key}": f"class:{code}" for code, key in world.classes.items()}
    rows = db.session.execute(select(Cell.period, Cell.figure, Cell.facet, Cell.unit, Cell.count.label("n")).where(Cell.count != 0))
    return {(r.period, r.figure, r.facet, names.get(r.unit, r.unit)): r.n for r in rows}


def agrees(world: World, diary: Diary) -> None:
    again = recount()
    assert not again.difference_count, again.differences
    assert kept_cells(world) == naive.cells(diary, world.modules)


ACTS = st.one_of(
    st.tuples(st.just("enrol"), st.sampled_from(PEOPLE), st.sampled_from(list(CLASSES))),
    st.tuples(st.just("mark"), st.sampled_from(PEOPLE), st.sampled_from(list(CLASSES)), st.integers(0, 1)),
    st.tuples(st.just("mark"), st.sampled_from(PEOPLE), st.sampled_from(list(CLASSES)), st.integers(0, 1)),
    st.tuples(st.just("submit"), st.sampled_from(PEOPLE), st.sampled_from(list(CLASSES)), st.integers(0, 1)),
    st.tuples(st.just("undo"), st.sampled_from(PEOPLE), st.sampled_from(list(CLASSES)), st.integers(0, 1)),
    st.tuples(st.just("leave"), st.sampled_from(PEOPLE), st.sampled_from(list(CLASSES))),
    st.tuples(st.just("error"), st.sampled_from(PEOPLE), st.sampled_from(list(CLASSES))),
    st.tuples(st.just("teach"), st.sampled_from(STAFF + PEOPLE[:1]), st.sampled_from(list(CLASSES))),
    st.tuples(st.just("stop teaching"), st.sampled_from(STAFF), st.sampled_from(list(CLASSES))),
    st.tuples(st.just("publish"), st.sampled_from(STAFF), st.sampled_from(PLACES)),
    st.tuples(st.sampled_from(["confirm", "confirm", "unconfirm"]), st.sampled_from(STAFF), st.sampled_from(PLACES)),
)
#: Hours between one act and the next: within a day, over months, over years.
STEPS = st.lists(st.tuples(st.one_of(st.integers(1, 48), st.integers(200, 900), st.integers(900, 9000)), ACTS, st.booleans()), max_size=18)


def do(world: World, diary: Diary, act: tuple, at: datetime) -> None:
    """Do one act through the services, and write it into the diary."""
    what, who, where, *rest = act
    if what == "publish":
        world.edition(where, "en", who, at)
        diary.published.append(Happened(who, at, where))
        return
    if what in {"confirm", "unconfirm"}:
        getattr(world, what)(who, where, at)
        diary.confirm(who, where, at, is_so=what == "confirm")
        return
    institution, language = CLASSES[where]
    present = world.current(where, who)
    is_student = present is not None and present.role == "student"
    if what == "enrol" and present is None:
        world.enrol(where, who, "student", at)
        seated = any(s.who == who and s.course_class == where for s in diary.seats)
        if not seated:
            diary.seats.append(Happened(who, at, institution, where))
    elif what in {"mark", "submit"} and (is_student or present is None):
        if present is None:
            do(world, diary, ("enrol", who, where), at)
        getattr(world, what)(where, who, rest[0], at)
        diary.learned.append(Happened(who, at, institution, where, rest[0], language))
    elif what == "undo" and is_student:
        world.mark(where, who, rest[0], at, done=False)
    elif what in {"leave", "error"} and is_student:
        removed = what == "error" and world.is_first(present)
        world.leave(where, who, at, error=removed)
        if removed:
            diary.seats[:] = [s for s in diary.seats if (s.who, s.course_class) != (who, where)]
    elif what == "teach" and present is None:
        world.enrol(where, who, "professor", at)
        diary.taught.append((who, where, at, None))
    elif what == "stop teaching" and present is not None and present.role == "professor":
        world.leave(where, who, at)
        diary.taught[:] = [(w, c, since, at if (w, c, until) == (who, where, None) else until) for w, c, since, until in diary.taught]


def history(steps: list) -> tuple[World, Diary, list[tuple[datetime, tuple, bool]]]:
    with unit_of_work():
        world = town()
        for name in (*PEOPLE, *STAFF):
            world.person(name)
    diary = Diary(published=[Happened("Maker", BEGAN, place) for place in ("KE1", "KE1-LAW", "KE1-LAW", "KE1-ABROAD", "KE2", "FR1")])
    at = BEGAN
    timed = []
    for hours, act, together in steps:
        at += timedelta(hours=hours)
        timed.append((at, act, together))
    return world, diary, timed


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_after_every_step_the_counters_agree_with_a_recount_and_with_a_naive_count(counting, steps) -> None:
    wipe()
    world, diary, timed = history(steps)
    pending: list[tuple[datetime, tuple]] = []
    for at, act, together in timed:
        pending.append((at, act))
        if together:
            continue
        with unit_of_work():
            for moment, one in pending:
                do(world, diary, one, moment)
        pending = []
        agrees(world, diary)
    with unit_of_work():
        for moment, one in pending:
            do(world, diary, one, moment)
    agrees(world, diary)


DAYS = st.integers(0, 1400)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS, edges=st.tuples(DAYS, DAYS), whole_months=st.booleans())
def test_a_period_that_no_counter_keeps_is_counted_alike_from_rows(counting, steps, edges, whole_months) -> None:
    wipe()
    world, diary, timed = history(steps)
    with unit_of_work():
        for at, act, _ in timed:
            do(world, diary, act, at)
    first, last = (BEGAN.date() + timedelta(days=day) for day in sorted(edges))
    period = Period(first, last)
    if whole_months:
        months = months_in(period)
        period = Period(months[0].first_day, months[-1].last_day)
    window = [act for act in diary.learned if period.holds(act.at)]
    inside = Diary(window, [s for s in diary.seats if period.holds(s.at)], [p for p in diary.published if period.holds(p.at)], [])
    inside.confirmed = diary.confirmed
    inside.taught = [(who, where, since, until) for who, where, since, until in diary.taught if since < period.ends_at]
    professors = {act.who for act in inside.professors()}
    for cut, unit in (
        (Cut(), "area:001"),
        (Cut("area", "002"), "area:002"),
        (Cut("area", "014"), "area:014"),
        (Cut("country", "KE"), "country:KE"),
        (Cut("institution", str(world.institutions["KE1"])), "institution:KE1"),
        (Cut("institution", str(world.institutions["KE1-LAW"])), "institution:KE1-LAW"),
    ):
        found = queries._from_rows(period, cut)
        assert found.own["learners"] == len({a.who for a in window if naive.is_in_unit(a, unit)})
        assert found.own["seats"] == len([s for s in inside.seats if naive.is_in_unit(s, unit)])
        taught = {a.who for a in inside.professors() if naive.is_in_unit(a, unit)}
        assert found.own["professors"] == len(taught)
        assert len(taught) <= len(professors)
        for number, module_id in enumerate(world.modules):
            assert found.facets.get(f"module:{module_id}", 0) == len(
                {a.who for a in window if naive.is_in_unit(a, unit) and a.module == number}
            )
    rows, cells = queries._from_rows(EVER, Cut()), queries._from_cells("ever", Cut())
    assert (rows.own, rows.facets, rows.places) == (cells.own, cells.facets, cells.places)
    assert cells.units.items() <= rows.units.items()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_no_cut_exceeds_one_that_holds_it_and_people_in_the_whole_are_in_a_part(counting, steps) -> None:
    wipe()
    world, diary, timed = history(steps)
    with unit_of_work():
        for at, act, _ in timed:
            do(world, diary, act, at)
    cells = kept_cells(world)
    holders = {"class:law": "institution:KE1-LAW", "institution:KE1-LAW": "institution:KE1", "institution:KE1": "country:KE"}
    holders |= {"country:KE": "area:014", "country:UG": "area:014", "area:014": "area:002", "area:002": "area:001"}
    for (period, figure, facet, unit), count in cells.items():
        if unit in holders:
            assert count <= cells[period, figure, facet, holders[unit]]
        if facet:
            assert count <= cells[period, figure, "", unit]
        if period != "ever":
            assert count <= cells["ever", figure, facet, unit]


def study(world: World, who: str, where: str, module: int, at: datetime) -> list[str]:
    """Return the statements that one act took."""
    with counted_statements() as statements, unit_of_work():
        world.mark(where, who, module, at)
    # What the world itself asks to find the seat is not counting.
    words = ("reach_cell", "ladder", "professor_activity", "FROM activity JOIN person", "advisory")
    return [s for s in statements if any(word in " ".join(s.split()) for word in words)]


def test_an_act_that_is_new_to_nothing_costs_nothing_and_a_first_act_few_statements(counting) -> None:
    with unit_of_work():
        world = town()
        world.enrol("ke", "dora", "professor", BEGAN)
        world.enrol("ke", "ana", "student", BEGAN)
        world.enrol("ke", "ben", "student", BEGAN)
    at = datetime(2026, 11, 3, tzinfo=UTC)
    locks = 1 if db.engine.dialect.name == "postgresql" else 0
    # Earlier rows, the ladder, who teaches here, what is kept of them, their month, the cells; and a second lock for professors.
    assert len(study(world, "ana", "ke", 0, at)) == 6 + 2 * locks
    assert study(world, "ana", "ke", 0, at) == []
    # The professor of the month is known: earlier rows, the ladder, who teaches here and is not kept yet, the cells.
    assert len(study(world, "ben", "ke", 0, at)) == 4 + locks
    # A second module in the same month: earlier rows, the ladder, the cells.
    assert len(study(world, "ben", "ke", 1, at)) == 3 + locks


def test_many_acts_in_one_unit_of_work_take_few_statements(counting) -> None:
    with unit_of_work():
        world = town()
        world.enrol("ke", "dora", "professor", BEGAN)
        for number in range(60):
            world.enrol("ke", f"student {number}", "student", BEGAN)
    with counted_statements() as statements, unit_of_work():
        for number in range(60):
            for day in (3, 40, 80):
                world.mark("ke", f"student {number}", day % 2, BEGAN + timedelta(days=day))
        before = len(statements)
    assert len(statements) - before < 20
    assert not recount().difference_count


def test_invented_people_do_not_exist_unless_the_database_is_marked(counting) -> None:
    with unit_of_work():
        world = town()
        world.person("ivy", invented=True)
        world.person("iris", invented=True)
        world.enrol("ke", "ivy", "student", BEGAN)
        world.enrol("ke", "iris", "professor", BEGAN)
        world.mark("ke", "ivy", 0, BEGAN)
    whole = {(figure, unit) for _, figure, _, unit in kept_cells(world) if unit == "area:001" and figure != "seats"}
    assert whole == {("professors", "area:001")}
    assert not recount().difference_count
    with unit_of_work():
        db.session.add(InstallationMark(key="demonstration", value="x"))
    assert recount().difference_count
    assert recount(repair=True).is_repairable
    assert not recount().difference_count
    assert kept_cells(world)["ever", "learners", "", "area:001"] == 1


def test_a_counter_that_was_tampered_with_is_reported_and_repaired(counting) -> None:
    with unit_of_work():
        world = town()
        world.enrol("ke", "ana", "student", BEGAN)
        world.mark("ke", "ana", 0, BEGAN)
    with unit_of_work():
        cell = db.session.get_one(Cell, ("2024", "learners", "", "country:KE"))
        cell.count += 1
        db.session.delete(db.session.get_one(Cell, ("ever", "learners", "", "area:001")))
    again = recount()
    assert again.difference_count == 2
    assert {tuple(d["key"]) for d in again.differences} == {("2024", "learners", "", "country:KE"), ("ever", "learners", "", "area:001")}
    recount(repair=True)
    assert not recount().difference_count
