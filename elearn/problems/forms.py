"""Forms of the problems room."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from elearn.web.typed import as_written

FEWEST, MOST = 10, 2000


class ReportForm(FlaskForm):
    """What is wrong?"""

    passage = SelectField(
        _l("Which passage is it?"),
        description=_l("The list holds the beginnings of the page's paragraphs, in order."),
    )
    kind = RadioField(_l("What is the matter?"), validators=[DataRequired(_l("Choose one."))])
    words = TextAreaField(
        _l("In your words"),
        filters=[as_written],
        validators=[
            DataRequired(_l("Say what is wrong.")),
            Length(min=FEWEST, max=MOST, message=_l("Use %(min)d to %(max)d characters.")),
        ],
        description=_l("What is wrong, and if you know it, what would be right and where that can be checked."),
    )
    wants_mail = BooleanField(_l("Write to me when there is an answer"))
    once = HiddenField()


class AnswerForm(FlaskForm):
    """What is to be said about a report, and what becomes of it."""

    act = RadioField(_l("What becomes of the report"), default="answered", validators=[DataRequired(_l("Choose one."))])
    revision = SelectField(
        _l("Mended in version"),
        coerce=int,
        default=0,
        description=_l("Only if it is mended: the published version in which the passage is right."),
    )
    words = TextAreaField(
        _l("Your words to the reader"),
        filters=[as_written],
        validators=[Length(max=MOST, message=_l("Use at most %(max)d characters."))],
        description=_l("The reader sees them on this page. They may stay empty where a version mends it."),
    )
    seen = HiddenField()

    def validate_words(self, field: TextAreaField) -> None:
        """Refuse silence where a reader could not know why."""
        if not field.data and self.act.data != "mended":
            raise ValidationError(_("Say something to the reader."))

    def validate_revision(self, field: SelectField) -> None:
        """Refuse "mended" without the version that mends it."""
        if self.act.data == "mended" and not field.data:
            raise ValidationError(_("Choose the version that mends it."))
