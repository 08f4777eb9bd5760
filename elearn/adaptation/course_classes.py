"""The classes that are taught on courses: the room that knows stands above, and ``app.py`` hands its answer down."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from flask import Flask, current_app


@dataclass(frozen=True)
class ClassOnCourse:
    """A class that one runs on a course."""

    id: int
    title: str
    edition_id: int
    edition_number: int
    is_over: bool


#: Of a person, by course: the classes that they run on these courses.
Ask = Callable[[int, Collection[int]], Mapping[int, Sequence[ClassOnCourse]]]


def init_app(app: Flask, ask: Ask) -> None:
    """Have ``ask`` say which classes are taught on courses."""
    app.extensions["course_classes"] = ask


def classes_on(person_id: int, course_ids: Collection[int]) -> Mapping[int, Sequence[ClassOnCourse]]:
    """Return by course the classes on it that the person runs; one statement."""
    ask: Ask = current_app.extensions["course_classes"]
    return ask(person_id, course_ids) if course_ids else {}
