"""Professors of two institutions who share courses: Bruno in Lagos and Dora in Lima, each with a browser and a look behind the pages."""

from flask import Flask
from sqlalchemy import select

from elearn.adaptation import overlays, service
from elearn.adaptation.models import Course
from elearn.db import db, unit_of_work
from tests.adaptation.test_updates import Professor
from tests.cast import Cast, visitor_of
from tests.reader import Browser, Page

SHARED = "/teach/courses/shared/"


class Sharer(Professor):
    """One of the two, at the newest of their courses."""

    def __init__(self, app: Flask, cast: Cast, name: str = "Bruno") -> None:
        self.app, self.id = app, cast.people[name]
        self.browser = Browser.of(app, self.id)
        with self.inside():
            self.visitor = visitor_of(self.id)
            self.course_id = self.newest()

    def newest(self) -> int:
        return db.session.scalars(select(Course.id).where(Course.created_by_id == self.id).order_by(Course.id.desc()).limit(1)).one()

    @property
    def page(self) -> str:
        return f"/teach/courses/{self.course_id}/"

    @property
    def shared(self) -> str:
        """Where others read the course."""
        return f"{SHARED}{self.course_id}/"

    def share(self, audience: str = "all") -> Page:
        return self.browser.submit(f"{self.page}sharing", {"audience": audience})

    def share_with(self, institution_id: int) -> Page:
        return self.browser.submit(f"{self.page}sharing/institutions", {"institution": institution_id})

    def adapt(self, other: "Sharer", title: str = "Ours") -> int:
        """Make a course of the other's, and go on with that one."""
        form = self.browser.get(f"{other.shared}adapt").form("")
        made = self.browser.submit(f"{other.shared}adapt", {**form, "title": title})
        assert made.heading == title, made.text
        with self.inside():
            self.course_id = self.newest()
        return self.course_id

    def take_module(self, other: "Sharer", slug: str, status: int = 303) -> Page:
        return self.browser.post(f"{other.shared}{slug}/take", {"course": self.course_id}, status=status)

    def take_module_from(self, course_id: int, slug: str, status: int = 303) -> Page:
        return self.browser.post(f"{SHARED}{course_id}/{slug}/take", {"course": self.course_id}, status=status)

    def take_out(self, slug: str) -> Page:
        fields = self.browser.get(self.page).form(f"{self.page}{slug}/take-out")
        return self.browser.submit(f"{self.page}{slug}/take-out", fields)

    def make_course(self, title: str, slugs: list[str], language: str = "en") -> int:
        with self.inside(), unit_of_work():
            place = self.course().institution_id
            made = service.make_course(institution_id=place, title=title, slugs=slugs, language=language, person_id=self.id)
            self.course_id = made.id
        return self.course_id


def with_text(before: str, after: str, key: str):
    """Return the change that puts ``after`` into the place of ``before`` in a section."""
    def change(module):
        section = module.made_on(key)
        now = module.source.section(key)
        assert before in now.markdown
        return overlays.with_text(module.overlay.changes, section, now.markdown.replace(before, after, 1))

    return change
