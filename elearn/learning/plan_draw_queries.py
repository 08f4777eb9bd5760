"""What was drawn for a plan, with the names of those who were drawn."""

from dataclasses import dataclass

from elearn.countries import country_name
from elearn.learning.enrolment_queries import groups_of
from elearn.learning.plan_access import PlanDesk
from elearn.learning.plan_queries import students_by_group, students_of
from elearn.learning.plan_states import Draw


@dataclass(frozen=True)
class DrawnGroup:
    """A group as one reads it."""

    #: From 1.
    number: int
    #: Of a group of the class: what it is called; else empty.
    name: str
    members: tuple[str, ...]
    #: Its country's name; empty: none was drawn.
    country: str


@dataclass(frozen=True)
class Drawn:
    """Groups and countries as they stand."""

    draw: Draw
    groups: tuple[DrawnGroup, ...]
    #: Students who were not in the class when it was drawn.
    newcomers: tuple[str, ...] = ()


def drawn_for(desk: PlanDesk, language: str) -> Drawn | None:
    """Return what was drawn for the plan, without those who are not in the class any more; None: nothing was."""
    draw = desk.state.draw
    if draw is None:
        return None
    places = [country_name(code, language) for code in draw.countries]
    if draw.way == "groups":
        return Drawn(draw, _groups_of_class(desk, draw, places))
    people = students_of(desk.class_id) if draw.way == "students" else _numbers(draw)
    where = {one: number for number, group in enumerate(draw.members) for one in group}
    held: list[list[str]] = [[] for _group in draw.members]
    for one, name in people.items():
        if one in where:
            held[where[one]].append(name)
    groups = tuple(DrawnGroup(number, "", tuple(names), _at(places, number)) for number, names in enumerate(held, 1))
    return Drawn(draw, groups, tuple(name for one, name in people.items() if one not in where))


def _numbers(draw: Draw) -> dict[int, str]:
    return {number: str(number) for number in sorted(number for group in draw.members for number in group)}


def _at(places: list[str], number: int) -> str:
    return places[number - 1] if number <= len(places) else ""


def _groups_of_class(desk: PlanDesk, draw: Draw, places: list[str]) -> tuple[DrawnGroup, ...]:
    names = {row[0]: row[1] for row in groups_of(desk.class_id)}
    members = students_by_group(desk.class_id)
    return tuple(
        DrawnGroup(number, names[id_], tuple(members.get(id_, ())), _at(places, number))
        for number, id_ in enumerate(draw.group_ids, 1)
        if id_ in names
    )
