"""A course of 14 modules, 60 sections and 14 questions of it changed: resolved, updated, published, made a handbook."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import delete, insert, select, update

from bench.series import CHOICES, ITEMS, MODULES, SECTIONS, item_key, section_key, slug, words
from bench.students import PROFESSOR
from elearn import clock, media
from elearn.accounts.models import Institution
from elearn.adaptation import handbook_page, overlays
from elearn.adaptation.course_queries import AdaptedModule, adapted_modules
from elearn.adaptation.edition_service import publish_edition
from elearn.adaptation.handbook_service import draft_book
from elearn.adaptation.handbook_texts import Wanted
from elearn.adaptation.models import Course, Overlay
from elearn.adaptation.service import make_course
from elearn.adaptation.update_preview_queries import previews_of
from elearn.adaptation.update_queries import offers_of
from elearn.app import create_app
from elearn.catalogue.models import ItemRevision, ModuleFile, ModuleRevision, ModuleText, Quiz, QuizItem, Release, Section, SeriesFile
from elearn.catalogue.queries import current_series, release_follows
from elearn.config import Settings
from elearn.db import counted_statements, db, unit_of_work

NAME = "a course of 14 modules with 60 overlays"
OVERLAYS = 60
WORDS = 1000
#: A second revision of everything has numbers from here on.
BEYOND = 1_000_000
MOST_STATEMENTS = 30
SERIES_YML = """key: bench
version: 1.0.0
title: {en: An invented series}
description: {en: For measuring.}
publisher: Bench
licence: CC-BY-SA-4.0
languages: [en]
modules: [invented-module-01]
"""


@dataclass(frozen=True)
class Step:
    """One thing that was done, and what it may take."""

    name: str
    seconds: float
    statements: int
    most_seconds: float

    def words(self) -> str:
        reached = self.seconds < self.most_seconds and self.statements <= MOST_STATEMENTS
        judged = "ok" if reached else "MISSED"
        return f"{self.name} in {self.seconds:.2f} s (under {self.most_seconds:g} s) with {self.statements} statements: {judged}"


@dataclass(frozen=True)
class Adapting:
    """What it came to."""

    steps: tuple[Step, ...]
    #: How many passages the update changed, left as the course has them, and asked about.
    counts: tuple[int, int, int]

    def lines(self) -> Iterator[str]:
        """Yield what is printed."""
        updated, kept, asked = self.counts
        yield f"{NAME}: " + "; ".join(step.words() for step in self.steps)
        yield f"  at most {MOST_STATEMENTS} statements each; the update changes {updated:,} passages, keeps {kept}, asks about {asked}"


def run_adapting(environment: dict[str, str]) -> Adapting:
    """Adapt a course, have upstream publish everything anew, look at the update, take it and publish."""
    app = create_app(Settings.from_environment(environment))
    with app.app_context(), app.test_request_context():
        with unit_of_work():
            _write_series()
            course_id = _adapt()
        with unit_of_work():
            publish_edition(db.session.get_one(Course, course_id), person_id=PROFESSOR)
        resolved = _timed(app, "resolved", 0.5, lambda: _resolve(course_id))
        with unit_of_work():
            _publish_anew()
            release_follows()
        counts: list[int] = []
        looked = _timed(app, "update looked at", 1, lambda: counts.extend(_look(course_id)))
        with unit_of_work():
            _take(course_id)
        published = _timed(app, "published", 2, lambda: _publish(course_id))
        bound = _timed(app, "a handbook of it", 2, lambda: _bind(course_id))
    return Adapting((resolved, looked, published, bound), (counts[0], counts[1], counts[2]))


def _timed(app: Flask, name: str, most: float, call: Callable[[], object]) -> Step:
    """Have it done by a process that knows the series, and nothing of the course."""
    db.session.remove()
    app.extensions["shelves"].clear()
    current_series()
    db.session.remove()
    began = time.perf_counter()
    with counted_statements() as ran:
        call()
    return Step(name, time.perf_counter() - began, len(ran), most)


def _resolve(course_id: int) -> list[object]:
    return [module.source for module in adapted_modules(db.session.get_one(Course, course_id))]


def _look(course_id: int) -> tuple[int, int, int]:
    course = db.session.get_one(Course, course_id)
    found = previews_of(course, offers_of(course))
    merged = [preview.update.merged for preview in found]
    assert len(merged) == MODULES
    return sum(m.updated for m in merged), sum(m.kept for m in merged), sum(len(preview.update.questions) for preview in found)


def _take(course_id: int) -> None:
    course = db.session.get_one(Course, course_id)
    for preview in previews_of(course, offers_of(course)):
        module = preview.update.module
        _save(course, module, preview.update.merged.changes, preview.update.upstream.ref.revision_id)


def _publish(course_id: int) -> None:
    with unit_of_work():
        publish_edition(db.session.get_one(Course, course_id), person_id=PROFESSOR)


def _bind(course_id: int) -> str:
    wanted = Wanted(teacher=True, questions="keys")
    book = draft_book(db.session.get_one(Course, course_id), wanted)
    return handbook_page.document(handbook_page.laid(book, with_keys=True), wanted)


def prose(random: Random, vocabulary: list[str], length: int) -> str:
    """Return a section of so many words as it is written: headings, paragraphs, lists, tables, notes."""

    def said(count: int) -> str:
        return " ".join(random.choices(vocabulary, k=count)).capitalize() + "."

    parts: list[str] = []
    while sum(len(part.split()) for part in parts) < length:
        parts.append(f"## {said(5)}")
        parts.extend(said(70) for _ in range(3))
        parts.append("\n".join(f"- {said(14)}" for _ in range(4)))
        rows = "\n".join(f"| {said(2)} | {said(9)} |" for _ in range(3))
        parts.append(f"| Who | What |\n| --- | --- |\n{rows}")
        parts.append(f"::: note {said(3)}\n{said(30)}\n:::")
    return "\n\n".join(parts) + "\n"


def _write_series() -> None:
    """Give every section of the series its text, and the series its files."""
    random, vocabulary = Random(7), words(Random(7))
    texts = [
        {"id": key, "markdown": prose(random, vocabulary, WORDS)} for key in db.session.scalars(select(Section.id).order_by(Section.id))
    ]
    db.session.execute(update(Section), texts)
    files = {"series.yml": SERIES_YML, "glossary.yml": "[]\n", "references.yml": "[]\n"}
    digests = media.keep({path: text.encode() for path, text in files.items()})
    # The series was put in with files of its own, which name what this one does not have.
    db.session.execute(delete(SeriesFile).where(SeriesFile.revision_id == 1))
    db.session.execute(insert(SeriesFile), [{"revision_id": 1, "path": path, "digest": digest} for path, digest in digests.items()])
    _keep_quizzes(0, 4)


def quiz_yml(day: int) -> str:
    """Return the quiz of a module as it is written; its first question names a day."""
    choices = "".join(f"      - {{id: {choice}, text: A text, feedback: Some words about it.}}\n" for choice in CHOICES)
    items = (
        f"  - id: {item_key(number)}\n    type: single-choice\n    prompt: What was on day {day}?\n    points: 1\n    choices:\n{choices}"
        for number in range(1, ITEMS + 1)
    )
    return "title: Quiz\npass_mark: 60\nitems:\n" + "".join(items)


def _keep_quizzes(first_revision: int, day: int) -> None:
    digest = media.keep({"quiz": quiz_yml(day).encode()})["quiz"]
    files = [{"revision_id": first_revision + module, "path": "en/quiz.yml", "digest": digest} for module in range(1, MODULES + 1)]
    db.session.execute(insert(ModuleFile), files)


def _adapt() -> int:
    """Return a course in which a passage was put otherwise in 60 sections, another taken out, and one added."""
    institution_id = db.session.scalars(select(Institution.id).order_by(Institution.id).limit(1)).one()
    slugs = [slug(module) for module in range(1, MODULES + 1)]
    course = make_course(institution_id=institution_id, title="An adapted course", slugs=slugs, language="en", person_id=PROFESSOR)
    left = OVERLAYS
    for place, module in enumerate(adapted_modules(course)):
        count = -(-left // (MODULES - place))
        left -= count
        changes: overlays.Changes = overlays.hidden({}, section_key(SECTIONS))
        for number in range(1, count + 1):
            section = module.made_on(section_key(number))
            assert section
            passages = section.markdown.split("\n\n")
            passages[1] = f"In our country {passages[1].lower()}"
            del passages[3]
            changes = overlays.with_text(changes, section, "\n\n".join([*passages[:4], "A passage of our own.", *passages[4:]]))
        # The first question is another one of the same quiz, in the course's words.
        other = module.base.source.items[2].revision_id
        changes = overlays.with_item(changes, item_key(1), f"- id: {item_key(1)}\n  prompt: Ours.\n", other)
        _save(course, module, changes, module.base.revision_id)
    return course.id


def _save(course: Course, module: AdaptedModule, changes: overlays.Changes, base: int) -> None:
    of = {"course_id": course.id, "module_id": module.module_id, "number": module.overlay.number + 1, "base_revision_id": base}
    db.session.add(Overlay(**of, changes=changes, made_by_id=PROFESSOR, made_at=clock.now()))
    db.session.flush()


def _publish_anew() -> None:
    """Have upstream publish a second revision of every module, in which words of every other section are others."""
    db.session.add(Release(id=BEYOND, released_at=clock.now()))
    db.session.flush()
    version = {"number": 2, "version": "1.1.0", "release_id": BEYOND, "changes": {"1.1.0": "Better words.", "1.0.0": "First."}}
    _copy(ModuleRevision, lambda row: version | {"id": BEYOND + row["id"], "digest": f"new-{row['id']}"})
    _copy(ModuleText, lambda row: {"revision_id": BEYOND + row["revision_id"]})
    _copy(Section, _written_anew)
    _copy(Quiz, lambda row: {"id": BEYOND + row["id"], "revision_id": BEYOND + row["revision_id"]})
    _copy(
        QuizItem,
        lambda row: {"quiz_id": BEYOND + row["quiz_id"]} | ({"item_revision_id": _next_state(row)} if row["position"] <= 2 else {}),
    )
    _keep_quizzes(BEYOND, 5)


def _next_state(row: dict[str, Any]) -> int:
    """Return another state of a question."""
    table = ItemRevision.__table__
    old = dict(db.session.execute(select(table).where(table.c.id == row["item_revision_id"])).one()._mapping)
    db.session.execute(insert(table), old | {"id": BEYOND + old["id"], "number": 9, "digest": f"new-{old['id']}"})
    return BEYOND + int(old["id"])


def _written_anew(row: dict[str, Any]) -> dict[str, Any]:
    passages = row["markdown"].split("\n\n")
    if row["id"] % 2:
        passages[1] = passages[1].replace(" ", " indeed ", 1)
        passages[6] = "A new passage that upstream has added to what stood here before.\n\n" + passages[6]
    new = {"id": BEYOND + row["id"], "revision_id": BEYOND + row["revision_id"], "digest": f"new-{row['id']}"}
    return new | {"markdown": "\n\n".join(passages)}


def _copy(model: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    table = model.__table__
    rows = [dict(row._mapping) for row in db.session.execute(select(table))]
    db.session.execute(insert(table), [row | change(row) for row in rows])
