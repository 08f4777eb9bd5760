"""Planning a class structure anew: what holds for every structure, every length and every number of sessions."""

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.countries import countries
from elearn.learning import plan_draws, plan_edits
from elearn.learning.plan_sheets import clock_after, days_of, sheets
from elearn.learning.plan_states import Draw, PlanState, Settings, entries_as_json, entries_of, first_plan
from elearn.learning.planning import BREAK, BY_PERSON, FIVE, FOR_TIME, STRETCH, Entry, Frame, Shortfall, merged, replanned

#: The class structure of module 01: key, minutes, required.
MODULE_01 = [
    ("opening", 10, True),
    ("basics", 25, True),
    ("connectivity", 15, False),
    ("classification", 30, True),
    ("break", 10, True),
    ("theories", 35, True),
    ("measuring", 25, True),
    ("challenges", 15, True),
    ("treaties", 10, False),
    ("exit", 5, True),
]


def structure(rows: list[tuple[str, int, bool]]) -> list[Entry]:
    return [Entry(key, key, minutes, "break" if key == "break" else "lecture", required) for key, minutes, required in rows]


def planned(rows: list[tuple[str, int, bool]], minutes: int, sessions: int) -> list[list[tuple[str, int]]]:
    plan = replanned(structure(rows), Frame(minutes, sessions))
    assert not isinstance(plan, Shortfall)
    return [[(e.key, e.minutes) for e in plan if e.session == n and not e.out] for n in range(1, sessions + 1)]


minutes_of_steps = st.one_of(st.sampled_from([5, 10, 15, 20, 25, 30, 45, 60, 90]), st.integers(1, 240))
fives = st.integers(1, 24).map(lambda n: n * FIVE)


@st.composite
def structures(draw: st.DrawFn) -> list[Entry]:
    lengths = draw(st.lists(draw(st.sampled_from([minutes_of_steps, fives])), max_size=14))
    rows = [(f"step-{n}", minutes, draw(st.booleans())) for n, minutes in enumerate(lengths)]
    for n in range(draw(st.integers(0, 2))):
        rows.insert(draw(st.integers(0, len(rows))), ("break" if n == 0 else f"pause-{n}", 10, True))
    entries = [Entry(key, key, m, "break" if key[0] in "bp" else "lecture", required) for key, m, required in rows]
    out = draw(st.sets(st.sampled_from(range(len(entries))))) if entries and draw(st.booleans()) else set()
    return [replace(entry, out=BY_PERSON if place in out else "") for place, entry in enumerate(entries)]


frames = st.builds(Frame, st.one_of(st.sampled_from([50, 90, 120, 180]), st.integers(20, 300)), st.integers(1, 8))


def low(entry: Entry) -> int:
    return min(entry.wish, max(5, -(-entry.wish // 2)))


@given(structures(), frames)
def test_no_session_is_longer_than_it_is_and_no_step_that_is_wanted_is_lost(entries: list[Entry], frame: Frame) -> None:
    plan = replanned(entries, frame)
    wanted = [e for e in entries if not e.is_break and not e.out]
    if isinstance(plan, Shortfall):
        assert plan.available == frame.usable * frame.sessions < plan.needed
        assert sum(e.wish for e in wanted if e.required) > plan.available
        return
    for number in range(1, frame.sessions + 1):
        assert sum(e.minutes for e in plan if e.session == number and not e.out) <= frame.minutes
    assert {e.key for e in wanted if e.required} <= {e.key for e in plan if not e.out}
    assert {e.key for e in plan if not e.is_break} == {e.key for e in entries if not e.is_break}
    assert {e.key for e in plan if e.out == BY_PERSON} == {e.key for e in entries if e.out and not e.is_break}
    assert not any(e.required for e in plan if e.out == FOR_TIME)
    assert all(1 <= e.session <= frame.sessions and e.minutes > 0 for e in plan)
    assert [e.session for e in plan] == sorted(e.session for e in plan)
    assert len({e.place for e in plan}) == len(plan)


@given(structures(), frames)
def test_the_order_is_kept_and_a_step_lasts_between_half_and_half_as_long_again(entries: list[Entry], frame: Frame) -> None:
    plan = replanned(entries, frame)
    if isinstance(plan, Shortfall):
        return
    order = list(dict.fromkeys(e.key for e in plan if not e.is_break))
    assert order == [e.key for e in entries if not e.is_break]
    whole = FIVE if all(n % FIVE == 0 for n in (frame.minutes, *(e.wish for e in entries if not e.is_break and not e.out))) else 1
    for step in entries:
        parts = [e for e in plan if e.key == step.key and not e.out]
        if step.is_break or not parts:
            continue
        assert low(step) <= sum(e.minutes for e in parts) <= max(step.wish, step.wish * 3 // 2)
        assert all(e.minutes % whole == 0 for e in parts)
        assert [e.part for e in parts] == ([0] if len(parts) == 1 else list(range(1, len(parts) + 1)))


@given(structures(), frames)
def test_time_is_left_only_where_no_whole_step_could_be_stretched(entries: list[Entry], frame: Frame) -> None:
    plan = replanned(entries, frame)
    if isinstance(plan, Shortfall):
        return
    whole = FIVE if all(n % FIVE == 0 for n in (frame.minutes, *(e.wish for e in plan if not e.is_break and e.out != BY_PERSON))) else 1
    for number in range(1, frame.sessions + 1):
        held = [e for e in plan if e.session == number and not e.out]
        free = frame.usable - sum(e.minutes for e in held if not e.is_break)
        if free >= whole:
            assert not [e for e in held if not e.is_break and not e.part and e.minutes + whole <= e.wish * 3 // 2]


@given(structures(), frames)
def test_a_session_over_a_hundred_minutes_has_a_break_and_no_other_has(entries: list[Entry], frame: Frame) -> None:
    plan = replanned(entries, frame)
    if isinstance(plan, Shortfall):
        return
    for number in range(1, frame.sessions + 1):
        held = [e for e in plan if e.session == number and not e.out]
        breaks = [e for e in held if e.is_break]
        assert bool(breaks) == (sum(e.minutes for e in held) > STRETCH)
        assert all(e.minutes == BREAK for e in breaks)
        assert not held or not (held[0].is_break or held[-1].is_break)


@given(structures(), frames, frames)
def test_planning_again_changes_nothing_and_the_way_there_does_not_matter(entries: list[Entry], frame: Frame, other: Frame) -> None:
    plan, elsewhere = replanned(entries, frame), replanned(entries, other)
    if isinstance(plan, Shortfall):
        return
    assert replanned(plan, frame) == plan
    assert replanned(entries, frame) == plan
    if not isinstance(elsewhere, Shortfall):
        back = replanned(elsewhere, frame)
        assert not isinstance(back, Shortfall)
        # Only the structure's own word for a break is gone where a plan had none.
        assert [replace(e, title="") for e in back if e.is_break] == [replace(e, title="") for e in plan if e.is_break]
        assert [e for e in back if not e.is_break] == [e for e in plan if not e.is_break]


@given(structures(), frames)
def test_what_a_shortfall_asks_for_is_enough(entries: list[Entry], frame: Frame) -> None:
    short = replanned(entries, frame)
    if not isinstance(short, Shortfall):
        return
    fives_only = all(e.wish % FIVE == 0 for e in entries)
    if short.sessions:
        assert not isinstance(replanned(entries, Frame(frame.minutes, short.sessions)), Shortfall)
        assert isinstance(replanned(entries, Frame(frame.minutes, short.sessions - 1)), Shortfall)
    if short.minutes and (fives_only or frame.minutes % FIVE):
        assert isinstance(replanned(entries, Frame(frame.minutes, frame.sessions)), Shortfall)
        longer = replanned(entries, Frame(short.minutes, frame.sessions))
        assert not isinstance(longer, Shortfall)


def test_the_structure_of_module_01_in_its_own_time_is_as_its_author_wrote_it() -> None:
    assert planned(MODULE_01, 180, 1) == [
        [
            ("opening", 10),
            ("basics", 25),
            ("connectivity", 15),
            ("classification", 30),
            ("break.1.1", 10),
            ("theories", 35),
            ("measuring", 25),
            ("challenges", 15),
            ("treaties", 10),
            ("exit", 5),
        ]
    ]


def test_in_half_the_time_what_may_be_left_out_goes_and_the_rest_is_shorter() -> None:
    (session,) = planned(MODULE_01, 90, 1)
    assert [key for key, _minutes in session] == ["opening", "basics", "classification", "theories", "measuring", "challenges", "exit"]
    assert sum(minutes for _key, minutes in session) == 90


def test_over_two_sessions_no_step_is_cut_where_a_boundary_can_move() -> None:
    first, second = planned(MODULE_01, 90, 2)
    assert [key for key, _minutes in first] == ["opening", "basics", "connectivity", "classification"]
    assert sum(m for _key, m in first) == sum(m for _key, m in second) == 90


def test_a_step_longer_than_a_session_goes_on_in_the_next() -> None:
    plan = replanned(structure([("simulation", 120, True), ("exit", 5, True)]), Frame(50, 3))
    assert not isinstance(plan, Shortfall)
    assert [(e.key, e.session, e.part) for e in plan] == [
        ("simulation", 1, 1),
        ("simulation", 2, 2),
        ("simulation", 3, 3),
        ("exit", 3, 0),
    ]


def test_what_cannot_fit_says_how_much_is_needed() -> None:
    assert replanned(structure(MODULE_01), Frame(50, 1)) == Shortfall(85, 50, 2, 85)


def test_the_largest_plan_is_made_the_same_twice() -> None:
    # Sixty steps in thirty sessions, minute by minute.
    steps = [Entry(f"s-{n}", "x", 7 + n % 40, "lecture", n % 3 != 0) for n in range(60)]
    plan = replanned(steps, Frame(53, 30))
    assert not isinstance(plan, Shortfall)
    assert replanned(plan, Frame(53, 30)) == plan


@given(structures(), frames, st.randoms(use_true_random=False))
def test_by_hand_nothing_is_lost_and_a_step_out_comes_back_where_it_was(entries: list[Entry], frame: Frame, chance) -> None:
    plan = replanned(entries, frame)
    if isinstance(plan, Shortfall) or not plan:
        return
    places = {e.place for e in plan}
    for _turn in range(8):
        place = chance.choice(sorted(places))
        plan = plan_edits.moved(plan, place, chance.choice([-1, 1]), frame.sessions)
        assert {e.place for e in plan} == places
        assert [e.session for e in plan] == sorted(e.session for e in plan)
        assert all(1 <= e.session <= frame.sessions for e in plan)
    inside = [e for e in plan if not e.out]
    if inside:
        place = chance.choice(inside).place
        assert plan_edits.put_back(plan_edits.left_out(plan, place), place) == plan


def test_moving_past_the_end_of_a_session_goes_into_the_next_and_back() -> None:
    plan = (Entry("a", "a", 5, "lecture", required=True, minutes=5), Entry("b", "b", 5, "lecture", required=True, minutes=5, session=2))
    down = plan_edits.moved(plan, "a.0", 1, 2)
    assert [(e.key, e.session) for e in down] == [("a", 2), ("b", 2)]
    assert plan_edits.moved(down, "a.0", -1, 2) == plan
    assert plan_edits.moved(plan, "a.0", -1, 2) == plan
    assert plan_edits.moved(plan, "b.0", 1, 2) == plan


def test_minutes_changed_by_hand_are_what_planning_again_begins_with() -> None:
    plan = replanned(structure([("a", 30, True), ("b", 30, True)]), Frame(60, 1))
    assert not isinstance(plan, Shortfall)
    words = {"title": "Longer", "text": "", "notes": "Bring paper.", "form": "exercise", "required": True}
    plan = plan_edits.changed(plan, "a.0", minutes=50, **words)
    assert [(e.minutes, e.wish) for e in plan] == [(50, 50), (30, 30)]
    again = replanned(plan, Frame(80, 1))
    assert not isinstance(again, Shortfall)
    assert [(e.title, e.minutes, e.notes) for e in again] == [("Longer", 50, "Bring paper."), ("b", 30, "")]


def test_steps_of_ones_own_have_keys_that_no_structure_has() -> None:
    words = {"title": "Local case", "text": "", "notes": "", "form": "lecture", "required": False}
    plan = plan_edits.with_own((), session=2, minutes=10, **words)
    plan = plan_edits.with_own(plan, session=1, minutes=5, **words)
    assert [(e.key, e.session) for e in plan] == [("own.2", 1), ("own.1", 2)]
    assert all("." in e.key and e.own for e in merged(plan))


@given(st.sets(st.integers(1, 5000), max_size=120), st.integers(2, 12), st.text(min_size=1, max_size=8))
def test_drawn_groups_hold_everybody_once_and_differ_by_one_at_most(people: set[int], size: int, seed: str) -> None:
    groups = plan_draws.drawn_groups(people, size, seed)
    assert sorted(one for group in groups for one in group) == sorted(people)
    assert len(groups) == -(-len(people) // size)
    assert all(len(group) <= size for group in groups)
    if groups:
        assert max(map(len, groups)) - min(map(len, groups)) <= 1
    assert plan_draws.drawn_groups(sorted(people, reverse=True), size, seed) == groups


@given(st.integers(0, 250), st.text(min_size=1, max_size=8), st.sampled_from(["", "002", "009", "019", "142", "150"]))
def test_drawn_countries_differ_while_there_are_enough_and_spread_over_regions(count: int, seed: str, area: str) -> None:
    places = plan_draws.countries_to_draw(area)
    drawn = plan_draws.drawn_countries(places, count, seed)
    assert len(drawn) == count
    assert len(set(drawn)) == min(count, len(places))
    assert all(not area or countries()[code].region_m49 == area for code in drawn)
    first = drawn[: len({regions[0] for regions in places.values()})]
    assert len({places[code][0] for code in first}) == len(first)
    assert plan_draws.drawn_countries(dict(reversed(places.items())), count, seed) == drawn


def test_another_seed_draws_something_else() -> None:
    people = range(30)
    assert len({plan_draws.drawn_groups(people, 4, str(seed)) for seed in range(20)}) == 20
    places = plan_draws.countries_to_draw("")
    assert len({plan_draws.drawn_countries(places, 6, str(seed)) for seed in range(20)}) == 20


def test_a_draw_of_today_is_the_same_for_ever() -> None:
    assert plan_draws.drawn_groups(range(1, 8), 3, "a seed") == ((7, 5, 4), (3, 2), (6, 1))
    assert plan_draws.drawn_countries(plan_draws.countries_to_draw(""), 6, "a seed") == ("MH", "KN", "TM", "MD", "NA", "TV")


def test_drawn_are_the_states_of_the_united_nations() -> None:
    drawn = plan_draws.countries_to_draw("")
    assert len(drawn) == 195
    assert {"KE", "PS", "VA"} <= drawn.keys()
    assert not {"AQ", "BV"} & drawn.keys()
    assert set(plan_draws.NOT_DRAWN.split()) | drawn.keys() >= countries().keys()


@pytest.mark.parametrize(
    ("weekdays", "days"),
    [
        ((), [date(2027, 2, 3), date(2027, 2, 10), date(2027, 2, 17)]),
        ((2, 4), [date(2027, 2, 3), date(2027, 2, 5), date(2027, 2, 10)]),
        ((0,), [date(2027, 2, 8), date(2027, 2, 15), date(2027, 2, 22)]),
    ],
)
def test_sessions_stand_on_the_days_of_the_week_that_were_asked_for(weekdays: tuple[int, ...], days: list[date]) -> None:
    assert list(days_of(date(2027, 2, 3), weekdays, 3)) == days


def test_a_sheet_carries_the_clock_beside_each_step() -> None:
    plan = replanned(structure([("a", 30, True), ("b", 20, True)]), Frame(50, 1))
    assert not isinstance(plan, Shortfall)
    (sheet,) = sheets(plan, Frame(50, 1), [date(2027, 2, 3)], time(10, 15))
    assert [(line.entry.key, line.clock, line.start, line.end) for line in sheet.lines] == [("a", "10:15", 0, 30), ("b", "10:45", 30, 50)]
    assert (sheet.used, sheet.free, sheet.over, sheet.on) == (50, 0, 0, date(2027, 2, 3))
    assert (clock_after(None, 75), clock_after(time(23, 30), 75)) == ("1:15", "00:45")


@given(structures(), frames)
def test_what_is_kept_of_a_plan_comes_back_as_it_was(entries: list[Entry], frame: Frame) -> None:
    plan = replanned(entries, frame)
    if not isinstance(plan, Shortfall):
        assert entries_of(entries_as_json(plan)) == plan
    settings = Settings(90, 2, date(2027, 2, 3), (1, 3), time(9, 5), "Read.", "Why?", ("summary",))
    assert Settings.of(settings.as_json()) == settings
    draw = Draw("students", "seed", 4, members=((1, 2), (3,)), countries=("KE", "PE"))
    assert Draw.of(draw.as_json()) == draw


def test_a_structure_longer_than_any_session_begins_in_several() -> None:
    steps = [{"key": f"s{n}", "title": "x", "minutes": 200, "form": "lecture", "required": True, "text": None} for n in range(4)]
    state = first_plan("class-structure", steps)
    assert isinstance(state, PlanState)
    assert state.settings.frame == Frame(300, 2)
