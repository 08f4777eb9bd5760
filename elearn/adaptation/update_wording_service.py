"""Wordings of the professor's own that an update is taken with: looked at by the compiler before they are kept."""

from flask_babel import gettext as _

from elearn.adaptation.blocks import words_of
from elearn.adaptation.merge_blocks import Choices, Question
from elearn.adaptation.models import Course
from elearn.adaptation.picture_queries import course_pictures
from elearn.adaptation.update_labels import may_be_worded
from elearn.adaptation.update_merge_queries import Update
from elearn.catalogue.passage_queries import desk_of
from elearn.catalogue.passages import Desk, look

#: A passage in somebody's own wording, in characters.
LONGEST_PASSAGE = 20_000


def faults_of(course: Course, update: Update, choices: Choices) -> dict[str, list[str]]:
    """Return what is wrong with wordings of the professor's own, by key of the question; each fault of a text names its line."""
    texts = {key for key, (taken, _text) in choices.items() if taken == "text"}
    keys = [section.key for section in update.after.sections]
    desk = course_pictures(course.id).beside(desk_of(update.upstream.revision_id, course.language), keys) if texts else None
    found = {}
    for question in update.questions:
        taken, text = choices.get(question.key, ("mine", ""))
        faults = _faults(question, text, desk) if taken == "text" else _unheard(question, text)
        if faults:
            found[question.key] = faults
    return found


def _unheard(question: Question, text: str) -> list[str]:
    """Return that a wording would be lost, where one was written and something else chosen."""
    if not text.strip() or words_of(text) in {words_of(question.mine), words_of(question.upstream)}:
        return []
    return [_("You wrote a wording of your own and chose another one. Choose “My own wording”, or empty the field.")]


def _faults(question: Question, text: str, desk: Desk | None) -> list[str]:
    if not may_be_worded(question) or desk is None:
        return [_("Choose one of the two: this cannot be worded here.")]
    if not text.strip():
        return [_("Write your wording, or choose one of the others.")]
    if len(text) > LONGEST_PASSAGE:
        return [_("This is longer than %(most)s characters.", most=LONGEST_PASSAGE)]
    return [_("Line %(line)s: %(fault)s", line=fault.line, fault=fault.message) for fault in look(desk, text).errors]
