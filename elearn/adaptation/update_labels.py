"""Words for what updates from upstream do and ask."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from elearn.adaptation.merge_blocks import Question

#: Kinds of questions that can be answered in one's own words.
IN_OWN_WORDS = frozenset({"passage", "gone", "returns"})


def may_be_worded(question: Question) -> bool:
    """Return whether the question can be answered in one's own words: texts can, fields and questions of a quiz cannot."""
    return question.kind in IN_OWN_WORDS and question.name != "item"


def question_words(question: Question) -> str:
    """Return what a question asks."""
    if question.kind == "gone":
        return {
            "section": _("Upstream has taken out this section, and you have changed it."),
            "item": _("Upstream has taken out this question, and you have changed it."),
        }.get(question.name, _("Upstream has taken out this passage, and you have changed it."))
    return {
        "returns": _("You have taken out a passage, and upstream has it again."),
        "head": _("You and upstream have both changed: %(field)s.", field=field_names().get(question.name, question.name)),
        "quiz": _("You and upstream have both changed a rule of the quiz: %(rule)s.", rule=rule_names().get(question.name, question.name)),
        "item": _("You and upstream have both changed this question."),
    }.get(question.kind, _("You and upstream have both changed this passage."))


def choice_words(question: Question) -> dict[str, str]:
    """Return what can be chosen, in order."""
    if question.kind == "returns":
        keep, take = (_("Keep it as it is"), _("Take upstream's")) if question.mine else (_("Leave it out"), _("Have it again"))
    elif question.kind == "gone":
        keep, take = _("Keep mine"), _("Take it out, as upstream did")
    else:
        keep, take = _("Keep mine"), _("Take upstream's")
    words = {"mine": keep, "upstream": take}
    return words | {"text": _("My own wording:")} if may_be_worded(question) else words


def state_names() -> dict[str, str]:
    """Return what the states of a section in an update are called."""
    return {
        "follow": _("follows"),
        "adapted": _("adapted, follows"),
        "hold": _("held"),
        "mine": _("yours"),
        "new": _("new"),
        "gone": _("gone upstream"),
        "hidden": _("hidden"),
    }


def field_names() -> dict[str, str]:
    """Return what the fields of a section's or module's head are called."""
    return {
        "title": _("title"),
        "summary": _("summary"),
        "kind": _("kind of section"),
        "audience": _("who reads it"),
        "minutes": _("minutes"),
        "outcomes": _("learning outcomes"),
        "steps": _("class structure"),
        "descriptions": _("descriptions of pictures"),
    }


def rule_names() -> dict[str, str]:
    """Return what the rules of a quiz are called."""
    return {
        "title": _("title"),
        "instructions": _("instructions"),
        "pass_mark": _("pass mark"),
        "attempts": _("attempts"),
        "draw": _("questions drawn"),
        "grading": _("which attempt counts"),
        "feedback": _("feedback"),
        "penalty": _("what a further try costs"),
        "minutes": _("time limit"),
    }


def note_heading(note: Any) -> str:
    """Return what a newer text upstream is called."""
    if note.course:
        return _("Edition %(number)s of “%(course)s”", number=note.version, course=note.course)
    return _("Version %(version)s of the series", version=note.version)


def page_words() -> dict[str, Callable[..., Any]]:
    """Return what the pages of updates put into words."""
    return {
        "question": question_words,
        "choices": choice_words,
        "states": state_names,
        "fields": field_names,
        "note": note_heading,
    }
