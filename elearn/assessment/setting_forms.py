"""Forms of what a class sets for a quiz."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateTimeLocalField, HiddenField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional

MOST_MINUTES = 1440
MOST_ATTEMPTS = 100
_AS_WRITTEN = SelectChoice("", _l("As the quiz's author set it"))
_WHOLE = _l("Enter a whole number from %(min)s to %(max)s.")


def _moment_field(label: str, description: str) -> DateTimeLocalField:
    return DateTimeLocalField(label, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], validators=[Optional()], description=description)


def _shown_from(label: str, description: str = "") -> SelectField:
    return SelectField(
        label,
        description=description,
        choices=[
            SelectChoice("submitted", _l("once it is submitted")),
            SelectChoice("closed", _l("after the quiz has closed")),
            SelectChoice("never", _l("never")),
        ],
    )


class QuizSettingForm(FlaskForm):
    """What a class sets for the quiz of a module; what is left empty is as its author set it."""

    opens_at = _moment_field(_l("Opens"), _l("Nothing can be begun before. In the class's time zone."))
    closes_at = _moment_field(_l("Closes"), _l("Attempts that are open then are submitted by themselves, with what was saved."))
    minutes = IntegerField(
        _l("Minutes for an attempt"),
        validators=[Optional(), NumberRange(0, MOST_MINUTES, _WHOLE)],
        description=_l("0: as long as one likes."),
    )
    attempts = IntegerField(
        _l("Attempts"), validators=[Optional(), NumberRange(0, MOST_ATTEMPTS, _WHOLE)], description=_l("0: as many as one likes.")
    )
    grading = SelectField(
        _l("Of several attempts counts"),
        choices=[
            _AS_WRITTEN,
            SelectChoice("best", _l("the best")),
            SelectChoice("first", _l("the first")),
            SelectChoice("last", _l("the last")),
            SelectChoice("average", _l("the average of all")),
        ],
    )
    feedback = SelectField(
        _l("Feedback"),
        choices=[
            _AS_WRITTEN,
            SelectChoice("deferred", _l("after the attempt is submitted")),
            SelectChoice("immediate", _l("question by question, when the student asks for it")),
        ],
        description=_l("An attempt that is begun keeps the way it began with."),
    )
    penalty = IntegerField(
        _l("Per cent that each further try costs"),
        validators=[Optional(), NumberRange(0, 100, _WHOLE)],
        description=_l("Where a question allows several tries and feedback comes at once."),
    )
    show_marks = _shown_from(_l("Students see their marks"))
    show_answers = _shown_from(_l("Students see which answers were right"))
    show_key = _shown_from(
        _l("Students see the right answers and the feedback"),
        _l("Whoever practises the same questions in the series, outside the class, sees their right answers there at once."),
    )
    is_blind = BooleanField(_l("Mark without names"))
    #: Which settings the form was filled in on.
    seen = HiddenField(validators=[Length(max=40)])


class QuizExtensionForm(FlaskForm):
    """What one student is given beyond the rules of a quiz."""

    student = SelectField(_l("Student"), validators=[DataRequired(_l("Choose a student."))])
    closes_at = _moment_field(_l("Closes for this student"), _l("Later than for the others. In the class's time zone."))
    more_minutes = IntegerField(_l("More minutes"), validators=[Optional(), NumberRange(0, MOST_MINUTES, _WHOLE)], default=0)
    more_attempts = IntegerField(_l("More attempts"), validators=[Optional(), NumberRange(0, MOST_ATTEMPTS, _WHOLE)], default=0)
