"""Forms about the quiz of a module of a course."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from elearn.adaptation.structure_forms import SeenForm

LONGEST_TEXT = 20_000
MOST_RULES, MOST_DRAWN, LONGEST_TAG = 20, 200, 200
_WHOLE = _l("Enter a whole number from %(min)s to %(max)s.")
_RULE = re.compile(r"(.+):\s*(\d{1,3})")


def _lines(text: str | None) -> str:
    # Not stripped: the blanks at the beginning of a line mean something here.
    return (text or "").replace("\r\n", "\n")


class QuestionForm(SeenForm):
    """What a question should be."""

    text = TextAreaField(
        _l("The question"),
        filters=[_lines],
        validators=[
            DataRequired(_l("There is no text.")),
            Length(max=LONGEST_TEXT, message=_l("Use at most %(max)d characters.")),
        ],
        description=_l("As it stands in quiz.yml. Keep the ids of choices: answers are found by them."),
    )
    removed = SelectMultipleField(
        _l("These are gone. Is that meant?"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
        description=_l("Whoever chose one of them has chosen something that is no longer there: it counts as wrong."),
    )


class QuestionActForm(SeenForm):
    """What is to be done with which question."""

    key = HiddenField(validators=[Length(max=80)])
    act = HiddenField(validators=[Length(max=10)])


class RulesForm(SeenForm):
    """How a quiz is taken."""

    pass_mark = IntegerField(
        _l("Pass mark, per cent"),
        validators=[InputRequired(_l("Say what it takes to pass.")), NumberRange(0, 100, _WHOLE)],
    )
    attempts = IntegerField(
        _l("Attempts"),
        validators=[InputRequired(_l("Say how often it may be taken.")), NumberRange(0, 100, _WHOLE)],
        description=_l("0: as many as one likes."),
    )
    draw = TextAreaField(
        _l("Questions drawn"),
        validators=[Length(max=5000)],
        description=_l("A line for each tag, with how many questions of it an attempt asks: “basics: 3”. Empty: every question is asked."),
    )

    def validate_draw(self, field: TextAreaField) -> None:
        """Say which line is no rule."""
        lines = [line.strip() for line in (field.data or "").splitlines() if line.strip()]
        if len(lines) > MOST_RULES:
            raise ValidationError(_("Use at most %(most)s lines.", most=MOST_RULES))
        for line in lines:
            found = _RULE.fullmatch(line)
            if not found or not 1 <= int(found[2]) <= MOST_DRAWN or len(found[1].strip()) > LONGEST_TAG:
                raise ValidationError(_("“%(line)s” is no tag with a number: write “basics: 3”.", line=line[:100]))

    @property
    def rules(self) -> dict[str, object]:
        """What was typed."""
        found = (_RULE.fullmatch(line.strip()) for line in (self.draw.data or "").splitlines() if line.strip())
        draw = [{"tag": rule[1].strip(), "count": int(rule[2])} for rule in found if rule]
        return {"pass_mark": self.pass_mark.data, "attempts": self.attempts.data, "draw": draw}


def as_lines(draw: list[dict[str, object]]) -> str:
    """Return rules of drawing as the form shows them."""
    return "\n".join(f"{rule['tag']}: {rule['count']}" for rule in draw)
