"""What a professor answers to the questions of an update."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import Length

from elearn.adaptation.merge_blocks import Choices, Question

_KEY = re.compile(r"take-([0-9a-f]{16})")
_CHOICES = ("mine", "upstream", "text")


class UpdateForm(FlaskForm):
    """What the questions were asked about."""

    #: The number of the course's changes.
    seen = HiddenField(validators=[Length(max=12)])
    #: The text upstream, as ``pin_of`` writes it.
    upstream = HiddenField(validators=[Length(max=24)])


class UpdatesForm(FlaskForm):
    """Which updates were looked at, or taken: ``slug:number`` each, with upstream's text behind a further colon."""

    modules = HiddenField(validators=[Length(max=6000)])


class PutOffForm(FlaskForm):
    """Which text upstream is not to be offered now, or again."""

    upstream = HiddenField(validators=[Length(max=24)])
    #: now: offer it again; else: not now.
    wanted = HiddenField(validators=[Length(max=10)])


@dataclass(frozen=True)
class Answer:
    """What was chosen for one question."""

    taken: str
    #: The professor's own wording; kept also where another choice stands.
    text: str


def answers_in(form: Mapping[str, str]) -> dict[str, Answer]:
    """Return what was chosen, by key of the question."""
    found = {}
    for name in form:
        if match := _KEY.fullmatch(name):
            taken = form[name] if form[name] in _CHOICES else "mine"
            # A browser ends lines in its own way.
            found[match[1]] = Answer(taken, form.get(f"text-{match[1]}", "").replace("\r\n", "\n").replace("\r", "\n"))
    return found


def choices_of(answers: Mapping[str, Answer]) -> Choices:
    """Return the answers as merging wants them."""
    return {key: (answer.taken, answer.text.strip("\n")) for key, answer in answers.items()}


def strays(answers: Mapping[str, Answer], questions: Collection[Question]) -> list[str]:
    """Return the wordings that were chosen for questions that are not asked any more."""
    asked = {question.key for question in questions}
    return [answer.text for key, answer in answers.items() if key not in asked and answer.taken == "text" and answer.text.strip()]
