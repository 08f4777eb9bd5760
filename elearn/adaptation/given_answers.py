"""How many answers of students a change of questions touches: the room that knows stands above, and ``app.py`` hands its answer down."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from flask import Flask, current_app


@dataclass(frozen=True)
class GivenAnswers:
    """What students of a course have to do with questions of one module."""

    #: Answers given to just these questions.
    answers: int
    #: Attempts at the module's quiz that are under way.
    under_way: int


NONE_GIVEN = GivenAnswers(0, 0)
#: Of a course, questions by module: what was given, by module.
Count = Callable[[int, Mapping[int, Collection[str]]], Mapping[int, GivenAnswers]]


def init_app(app: Flask, count: Count) -> None:
    """Have ``count`` say what students in classes on a course have answered."""
    app.extensions["given_answers"] = count


def given_answers(course_id: int, items: Mapping[int, Collection[str]]) -> dict[int, GivenAnswers]:
    """Return by module what students in classes on the course have answered of these questions."""
    asked = {module_id: keys for module_id, keys in items.items() if keys}
    count: Count = current_app.extensions["given_answers"]
    found = count(course_id, asked) if asked else {}
    return {module_id: found.get(module_id, NONE_GIVEN) for module_id in items}
