"""Forms of the learning room."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from elearn import clock

LONGEST_TITLE = 200
LONGEST_WELCOME = 200_000
USUAL_LENGTH = timedelta(days=120)


class JoinForm(FlaskForm):
    """The way into a class."""

    code = StringField(
        _l("Code"),
        validators=[DataRequired(_l("Enter the code that your professor gave you.")), Length(max=60)],
        description=_l("The class’s code (ABC-DEF-GHJ), or the one on your slip (ABCD-EFGH-JKLM). Capitals and dashes do not matter."),
    )


class CourseClassForm(FlaskForm):
    """A new class on a course that is there."""

    title = StringField(
        _l("Title of the class"),
        validators=[DataRequired(_l("Give the class a title.")), Length(max=LONGEST_TITLE)],
        description=_l("As your students will see it, with the term: “Cybercrime, spring 2027”."),
    )
    starts_on = DateField(_l("First day"), validators=[InputRequired(_l("Enter a date."))], default=clock.today)
    ends_on = DateField(
        _l("Last day"),
        validators=[InputRequired(_l("Enter a date."))],
        default=lambda: clock.today() + USUAL_LENGTH,
    )
    timezone = StringField(
        _l("Time zone"),
        validators=[Optional(), Length(max=60)],
        description=_l("Such as Africa/Nairobi. Left empty: that of the institution."),
    )
    welcome = TextAreaField(
        _l("A word of welcome"),
        validators=[Optional(), Length(max=LONGEST_WELCOME)],
        description=_l("Shown on the class's page. Markdown: *emphasis*, lists, [links](https://example.org)."),
    )


class ClassForm(CourseClassForm):
    """A new class, with a course of its own."""

    institution = SelectField(_l("Institution"), validators=[DataRequired(_l("Choose an institution."))])
    modules = SelectMultipleField(
        _l("Modules"),
        validators=[DataRequired(_l("Choose at least one module."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
