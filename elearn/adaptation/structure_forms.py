"""Forms about the sections of a module of a course."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from elearn.web.numbers import number_in

LONGEST_TITLE, LONGEST_SUMMARY = 200, 2000
LONGEST = _l("Use at most %(max)d characters.")


def _trimmed(text: str | None) -> str:
    return " ".join((text or "").split())


class SeenForm(FlaskForm):
    """From which state of a module a form was made."""

    seen = HiddenField(validators=[Length(max=10)])

    @property
    def number(self) -> int:
        """The number of that state; 0: none that there is."""
        return number_in(self.seen.data)


class ActForm(SeenForm):
    """What is to be done to which section."""

    key = HiddenField(validators=[Length(max=80)])
    act = HiddenField(validators=[Length(max=10)])


class HeadForm(SeenForm):
    """What a section says of itself."""

    title = StringField(
        _l("Title"),
        filters=[_trimmed],
        validators=[DataRequired(_l("Give the section a title.")), Length(max=LONGEST_TITLE, message=LONGEST)],
    )
    minutes = IntegerField(
        _l("Minutes"),
        validators=[InputRequired(_l("Say how many minutes it takes.")), NumberRange(1, 600, _l("Use a whole number from 1 to 600."))],
        description=_l("How long a student needs for it."),
    )
    audience = SelectField(_l("Who reads it"))


class NewSectionForm(HeadForm):
    """A section of the course's own."""

    kind = SelectField(_l("What it is"))
    after = SelectField(_l("Where it stands"))


class AboutForm(SeenForm):
    """What a module of a course is called, and what it is about."""

    title = StringField(
        _l("Title"),
        filters=[_trimmed],
        validators=[DataRequired(_l("Give the module a title.")), Length(max=LONGEST_TITLE, message=LONGEST)],
    )
    summary = TextAreaField(
        _l("What it is about"),
        filters=[_trimmed],
        validators=[DataRequired(_l("Say in a sentence what it is about.")), Length(max=LONGEST_SUMMARY, message=LONGEST)],
    )
