"""Forms of sharing courses and of their licences."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from elearn.adaptation.sharing_labels import audience_choices

LONGEST_AUTHORS = 300


def _trimmed(text: str | None) -> str:
    return " ".join((text or "").split())


class AudienceForm(FlaskForm):
    """With whom a course is shared."""

    audience = RadioField(
        _l("Who may read and adapt its editions"),
        choices=lambda: list(audience_choices().items()),
        validators=[DataRequired(_l("Choose one."))],
    )


class AdaptForm(FlaskForm):
    """A course of one's own, made of a shared one."""

    title = StringField(
        _l("Title of your course"),
        filters=[_trimmed],
        validators=[DataRequired(_l("Give the course a title.")), Length(max=200)],
        description=_l("As your students and colleagues will see it."),
    )
    institution = SelectField(_l("Institution"), description=_l("The course belongs to it, and its professors can work on it together."))


class TakeForm(FlaskForm):
    """One of one's own courses."""

    course = SelectField(_l("Your course"), validators=[DataRequired(_l("Choose a course."))])


class LicenceForm(FlaskForm):
    """Under which licence a course is published, and whom it names."""

    licence = SelectField(
        _l("Licence of the course"),
        description=_l("What others may do with its editions. It holds from your next edition on; those that are published keep theirs."),
    )
    authors = StringField(
        _l("Who made it"),
        filters=[_trimmed],
        validators=[Length(max=LONGEST_AUTHORS, message=_l("Use at most %(max)d characters."))],
        description=_l(
            "Names as they are to be given wherever the course is used. If you leave it empty, your institution is named.",
        ),
    )
