"""What the pages of marking show of a question and an answer: the rubric, the text in paragraphs, and the marks it was given."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from elearn.assessment.marking_access import WrittenAnswer
from elearn.assessment.marking_queries import MarkGiven
from elearn.assessment.questions import inline
from elearn.catalogue.items.essay import rubric_of
from elearn.catalogue.items.item import Definition, spoken
from elearn.catalogue.items.registry import type_of
from elearn.catalogue.items.writing import model_of, paragraphs_of, words_in
from elearn.catalogue.queries import pinned_items, trusted
from elearn.web.names import called

LONGEST_BEGINNING = 70


@dataclass(frozen=True)
class ShownLevel:
    """A level of a criterion: what it says and brings, and whether it was reached."""

    id: str
    words: Markup
    points: int
    is_reached: bool


@dataclass(frozen=True)
class ShownCriterion:
    """A criterion with its levels, in the author's order."""

    id: str
    words: Markup
    best: int
    levels: tuple[ShownLevel, ...]

    @property
    def reached(self) -> ShownLevel | None:
        """The level that was reached; None as long as nobody has said."""
        return next((level for level in self.levels if level.is_reached), None)


def shown_rubric(definition: Definition, language: str, levels: Mapping[str, str]) -> tuple[ShownCriterion, ...]:
    """Return the rubric as a page shows it, with the ``levels`` that were reached by criterion."""
    return tuple(
        ShownCriterion(
            each.id,
            inline(each.html),
            each.best,
            tuple(ShownLevel(level.id, inline(level.html), level.points, levels.get(each.id) == level.id) for level in each.levels),
        )
        for each in rubric_of(definition, language)
    )


def text_of_question(item_revision_id: int, language: str) -> str:
    """Return the beginning of what a question asks, as plain text to choose it by."""
    definition = pinned_items((item_revision_id,))[item_revision_id].definition
    words = trusted(definition["html"][spoken(definition, language)]["prompt"]).striptags()
    if len(words) <= LONGEST_BEGINNING:
        return words
    return words[:LONGEST_BEGINNING].rsplit(" ", 1)[0].rstrip(" ,;:.") + " …"


def words_told(definition: Mapping[str, Any], count: int | None = None) -> str:
    """Return how many words are asked for, and how many there are; empty where there is nothing to tell."""
    least, most = definition.get("min_words"), definition.get("max_words")
    told = []
    if least and most:
        told.append(_("Asked for: %(least)d to %(most)d words.", least=least, most=most))
    elif least:
        told.append(_("Asked for: at least %(least)d words.", least=least))
    elif most:
        told.append(_("Asked for: at most %(most)d words.", most=most))
    if count is not None:
        told.append(ngettext("%(num)s word written.", "%(num)s words written.", count))
    return " ".join(told)


def history_of(marks: tuple[MarkGiven, ...]) -> list[tuple[MarkGiven, str]]:
    """Return the marks of an answer, newest first, each with who gave it or what brought it about."""
    words = {
        "submit": _("Submitted"),
        "late": _("A late answer was accepted"),
        "regrade": _("A regrade"),
        "undo": _("A regrade was undone"),
    }
    return [(mark, called(mark.marked_by) if mark.marked_by_id else words.get(mark.cause, mark.cause)) for mark in reversed(marks)]


def page_words(found: WrittenAnswer) -> dict[str, Any]:
    """Return what the page of one answer shows, beside its form."""
    definition = found.item.definition
    response = found.newest.response if isinstance(found.newest.response, str) else ""
    shown = type_of(definition).show(definition, found.language)
    return {
        "prompt": trusted(shown.prompt_html),
        "item_language": shown.language,
        "paragraphs": paragraphs_of(response),
        "words_told": words_told(definition, words_in(response)),
        "model": trusted(model_of(definition, found.language)),
        "history": history_of(found.marks),
        "most": definition["points"],
    }
