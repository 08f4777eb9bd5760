"""Forms of proposed passages."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from elearn.web.numbers import number_in
from elearn.web.typed import as_written

LONGEST_NOTE = 2000
LONGEST = _l("Use at most %(max)d characters.")


class ProposeForm(FlaskForm):
    """A passage is proposed."""

    note = TextAreaField(
        _l("Why is it better?"),
        filters=[as_written],
        validators=[DataRequired(_l("Say in a sentence what is better in your text.")), Length(max=LONGEST_NOTE, message=LONGEST)],
        description=_l("What was wrong or missing, and where it can be looked up."),
    )
    agreed = BooleanField(_l("I may give this text away"), validators=[DataRequired(_l("Without your agreement the text cannot be used."))])
    seen = HiddenField(validators=[Length(max=10)])

    @property
    def number(self) -> int:
        """The number of the state of the course's changes from which the form was made; 0: none that there is."""
        return number_in(self.seen.data)


class AnswerForm(FlaskForm):
    """A passage is accepted or declined."""

    words = TextAreaField(
        _l("Your answer"),
        filters=[as_written],
        validators=[Length(max=LONGEST_NOTE, message=LONGEST)],
        description=_l("Whoever wrote the text reads it. If you decline, say why."),
    )
