"""Forms about the quiz of a module of a course."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from elearn.adaptation.structure_forms import SeenForm
from elearn.catalogue.item_forms import ItemTextForm

MOST_RULES, MOST_DRAWN, LONGEST_TAG = 20, 200, 200
_WHOLE = _l("Enter a whole number from %(min)s to %(max)s.")
_RULE = re.compile(r"(.+):\s*(\d{1,3})")


class QuestionForm(SeenForm, ItemTextForm):
    """What a question should be."""


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
