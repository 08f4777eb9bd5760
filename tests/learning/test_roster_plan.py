"""What importing a roster would do: by properties, over any class and any roster."""

from dataclasses import replace
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from elearn.learning.roster import Line, name_key
from elearn.learning.roster_plan import Place, Plan, Step, plan_import

NAMES, ADDRESSES, IDS = ("Ana", "Ben", "ana", "Cem"), ("", "a@x.org", "b@x.org", "c@x.org", "d@x.org"), ("", "1", "2", "3", "A", "a")
people = st.sampled_from([None, 1, 2, 3, 4])
owned = st.dictionaries(st.sampled_from(ADDRESSES[1:]), st.sampled_from([1, 2, 3, 4, 9]), max_size=4)


@st.composite
def rosters(draw) -> list[Line]:
    """Draw the lines of a roster as its reader gives them: no address and no student id twice."""
    rows = draw(
        st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(ADDRESSES), st.sampled_from(IDS), st.sampled_from(["", "G", "g"])))
    )
    lines, addresses, ids = [], set[str](), set[str]()
    for number, (name, email, student_id, group) in enumerate(rows, start=2):
        if email in addresses or name_key(student_id) in ids:
            continue
        addresses |= {email} - {""}
        ids |= {name_key(student_id)} - {""}
        lines.append(Line(number, name, email, student_id, "", group))
    return lines


@st.composite
def classes(draw) -> list[Place]:
    """Draw the places of a class: one for each person."""
    columns = st.tuples(
        people, st.sampled_from(NAMES), st.sampled_from(ADDRESSES), st.sampled_from(IDS), st.sampled_from(["", "G"]), st.booleans()
    )
    places, seen = [], set[int]()
    for number, (person, name, email, student_id, group, current) in enumerate(draw(st.lists(columns, max_size=6)), start=1):
        if person in seen:
            continue
        seen |= {person} - {None}
        places.append(Place(number, person, name, email, student_id, "", group, current or person is None))
    return places


def after(plan: Plan, places: list[Place]) -> list[Place]:
    """Return the class as it is once the plan is carried out."""
    found, numbers = {place.id: place for place in places}, count(1000)
    for move in plan.moves:
        line = move.line
        if move.place is None:
            number = next(numbers)
            found[number] = Place(number, move.person_id, line.name, line.email, line.student_id, line.language, line.group)
        elif move.step in {Step.CHANGED, Step.SEAT}:
            said = {column: getattr(line, column) for column in move.changes}
            found[move.place.id] = replace(move.place, **said, person_id=move.person_id or move.place.person_id)
    return list(found.values())


@given(rosters(), classes(), owned, st.sets(st.just(9)))
def test_the_same_roster_again_changes_nothing(lines, places, owners, staff) -> None:
    first = plan_import(lines, places, owners, staff)
    # A line that was left out may fit into what the others have made of the class: it is judged anew, so it is not sent again here.
    faulty = {fault.line for fault in first.faults}
    second = plan_import([line for line in lines if line.number not in faulty], after(first, places), owners, staff)
    assert {move.step for move in second.moves} <= {Step.SAME, Step.GONE}


@given(rosters(), classes(), owned, st.sets(st.just(9)))
def test_every_line_has_one_fate_and_no_two_have_the_same_place_or_person(lines, places, owners, staff) -> None:
    plan = plan_import(lines, places, owners, staff)
    fates = [move.line.number for move in plan.moves] + [fault.line for fault in plan.faults]
    assert sorted(fates) == [line.number for line in lines]
    taken = [move.place.id for move in plan.moves if move.place is not None]
    assert len(taken) == len(set(taken))
    seated = [place.person_id for place in after(plan, places) if place.person_id is not None and place.is_current]
    assert len(seated) == len(set(seated)), "one place for each person"
    assert not staff & {move.person_id for move in plan.moves}


@given(rosters(), classes(), owned)
def test_nobody_is_removed_and_no_place_goes_to_somebody_else(lines, places, owners) -> None:
    now = {place.id: place for place in after(plan_import(lines, places, owners, set()), places)}
    for place in places:
        assert place.id in now
        assert place.person_id is None or now[place.id].person_id == place.person_id
        if not place.is_current:
            assert now[place.id] == place
