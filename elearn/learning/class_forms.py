"""Forms of a class's own pages."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from elearn.learning.forms import LONGEST_TITLE, LONGEST_WELCOME


class SettingsForm(FlaskForm):
    """What those who run a class may change of it."""

    title = StringField(_l("Title of the class"), validators=[DataRequired(_l("Give the class a title.")), Length(max=LONGEST_TITLE)])
    starts_on = DateField(
        _l("First day"),
        validators=[InputRequired(_l("Enter a date."))],
        description=_l("Students who have joined may read before it."),
    )
    ends_on = DateField(
        _l("Last day"),
        validators=[InputRequired(_l("Enter a date."))],
        description=_l("From the day after it, students can read everything and change nothing."),
    )
    timezone = StringField(
        _l("Time zone"),
        validators=[DataRequired(_l("Choose a time zone.")), Length(max=60)],
        description=_l("Where the days of this class begin and end, such as Africa/Nairobi. Type a city to find it."),
    )
    welcome = TextAreaField(
        _l("A word of welcome"),
        validators=[Optional(), Length(max=LONGEST_WELCOME)],
        description=_l("Shown on the class's page. Markdown: *emphasis*, lists, [links](https://example.org)."),
    )
    #: Which settings the form was filled in on.
    seen = HiddenField(validators=[Length(max=40)])


class TeachAgainForm(FlaskForm):
    """Next term's class, filled in from this one's."""

    title = StringField(
        _l("Title of the class"),
        validators=[DataRequired(_l("Give the class a title.")), Length(max=LONGEST_TITLE)],
        description=_l("As your students will see it, with the term: “Cybercrime, spring 2027”."),
    )
    starts_on = DateField(_l("First day"), validators=[InputRequired(_l("Enter a date."))])
    ends_on = DateField(_l("Last day"), validators=[InputRequired(_l("Enter a date."))])
    timezone = StringField(_l("Time zone"), validators=[DataRequired(_l("Choose a time zone.")), Length(max=60)])
    colleagues = SelectMultipleField(
        _l("Colleagues who come along"),
        validators=[Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    groups = SelectMultipleField(
        _l("Groups to make again, empty"),
        validators=[Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    welcome = TextAreaField(
        _l("A word of welcome"),
        validators=[Optional(), Length(max=LONGEST_WELCOME)],
        description=_l("Shown on the class's page. Markdown: *emphasis*, lists, [links](https://example.org)."),
    )


class StaffForm(FlaskForm):
    """A colleague to add to a class."""

    email = StringField(
        _l("E-mail address"),
        validators=[DataRequired(_l("Enter the address of your colleague.")), Length(max=254)],
        description=_l("The one with which they signed up here, and which they have confirmed."),
    )
    role = SelectField(
        _l("As"),
        choices=[
            SelectChoice("professor", _l("Professor: may do what you may")),
            SelectChoice("assistant", _l("Assistant: sees progress and writes announcements")),
        ],
        validators=[DataRequired(_l("Choose what your colleague is to be."))],
    )


class GroupForm(FlaskForm):
    """The name of a group."""

    name = StringField(
        _l("Name of the group"),
        validators=[DataRequired(_l("Give the group a name.")), Length(max=80)],
        description=_l("Such as “Tuesday seminar”."),
    )


class StudentForm(FlaskForm):
    """How a student stands in the list of a class."""

    name = StringField(_l("Name in this class"), validators=[DataRequired(_l("Enter a name.")), Length(max=200)])
    student_id = StringField(_l("Student id"), validators=[Optional(), Length(max=60)])


class ExtensionForm(FlaskForm):
    """A later last day for one student."""

    until = DateField(
        _l("May work until the end of"),
        validators=[Optional()],
        description=_l("A day after the class's last one. Left empty: the student has as long as everybody."),
    )


class AnnouncementForm(FlaskForm):
    """Something to say to a class."""

    title = StringField(_l("Title"), validators=[DataRequired(_l("Give the announcement a title.")), Length(max=LONGEST_TITLE)])
    body = TextAreaField(
        _l("Text"),
        validators=[DataRequired(_l("Write what you want to say.")), Length(max=20_000)],
        description=_l("Markdown: *emphasis*, lists, [links](https://example.org)."),
    )
    group = SelectField(_l("To"), validators=[Optional()])
    by_mail = BooleanField(_l("Also by mail"))
