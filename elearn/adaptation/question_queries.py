"""The questions of a module of a course: how each stands to the series, and what each is written as."""

from dataclasses import dataclass

from sqlalchemy import select

from elearn.adaptation.course_queries import AdaptedModule
from elearn.catalogue.item_fix import Place
from elearn.catalogue.item_service import files_of
from elearn.catalogue.item_source import item_text, with_item, with_new_item
from elearn.catalogue.models import Item
from elearn.catalogue.queries import PinnedItem, current_series, pinned_items, published_module
from elearn.db import db


@dataclass(frozen=True)
class Question:
    """A question of a module of a course, one that is left out too."""

    key: str
    pinned: PinnedItem
    #: series, replaced, own.
    state: str
    is_excluded: bool


def questions_of(module: AdaptedModule) -> tuple[Question, ...]:
    """Return the questions in the quiz's order; two statements at most."""
    changes = module.overlay.changes
    excluded, replaced = set(changes.get("excluded", ())), changes.get("items", {})
    asked = [
        (item.key, replaced[item.key]["revision"], "replaced") if item.key in replaced else (item.key, item.revision_id, "series")
        for item in module.base.source.items
    ]
    asked += [(each["key"], each["revision"], "own") for each in changes.get("added_items", ())]
    pinned = pinned_items(tuple(revision_id for _key, revision_id, _state in asked))
    return tuple(Question(key, pinned[revision_id], state, key in excluded) for key, revision_id, state in asked)


def known_keys(module_id: int) -> set[str]:
    """Return the keys of all questions that the module ever had, in the series and in any course."""
    return set(db.session.scalars(select(Item.key).where(Item.module_id == module_id)))


def place_of(module: AdaptedModule, key: str) -> Place:
    """Return where a question stands among the files of the series."""
    return Place(published_module(module.base.revision_id).revision.folder, current_series().source, key)


def question_files(module: AdaptedModule) -> dict[str, bytes]:
    """Return the files of the series with the module's questions as the course has them, its own behind the others."""
    place, files = place_of(module, ""), files_of(module.base.revision_id)
    changes = module.overlay.changes
    own = {item.key: item.source for item in module.base.source.items if item.source}
    own |= {key: each["source"] for key, each in changes.get("items", {}).items()}
    own |= {each["key"]: each["source"] for each in changes.get("added_items", ())}
    quiz = files[place.path].decode()
    for key, text in own.items():
        there = item_text(quiz, key)
        quiz = with_item(quiz, there, text) if there else with_new_item(quiz, text)[0]
    return {**files, place.path: quiz.encode()}
