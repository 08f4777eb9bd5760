"""Forms of the class planner."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from elearn.learning.plan_draws import LONGEST_SEED, MOST_GROUPS, MOST_PEOPLE, SMALLEST
from elearn.learning.planning import LONGEST, MOST_SESSIONS, SHORTEST

LONGEST_TITLE, LONGEST_WORDS, LONGEST_TEXT = 200, 1000, 4000
#: Lengths that classes have most often, offered beside the field.
USUAL_MINUTES = (50, 90, 120, 180)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


class PlanForm(FlaskForm):
    """What every form of a plan carries."""

    #: The number of the plan that the page showed.
    seen = HiddenField(validators=[Length(max=20)])


class MinutesForm(FlaskForm):
    """How long a session is."""

    minutes = IntegerField(
        _l("Minutes of a session"),
        validators=[InputRequired(_l("Enter a number.")), NumberRange(SHORTEST, LONGEST, _l("Choose from 20 to 300 minutes."))],
        description=_l("Usual are 50, 90, 120 and 180."),
    )

class TimeForm(PlanForm, MinutesForm):
    """How long the sessions are, and how many."""

    sessions = IntegerField(
        _l("Sessions"),
        validators=[InputRequired(_l("Enter a number.")), NumberRange(1, MOST_SESSIONS, _l("Choose from 1 to 30 sessions."))],
        description=_l("As many as weeks, where you meet once a week."),
    )


class WeeksForm(MinutesForm):
    """How much time there is, where no class is: one session a week."""

    weeks = IntegerField(
        _l("Weeks"),
        validators=[InputRequired(_l("Enter a number.")), NumberRange(1, MOST_SESSIONS, _l("Choose from 1 to 30 weeks."))],
        description=_l("One session in each."),
    )


class StepForm(PlanForm):
    """A step of a plan: what the professor may change of one of the author's."""

    minutes = IntegerField(
        _l("Minutes"), validators=[InputRequired(_l("Enter a number.")), NumberRange(1, LONGEST, _l("Choose from 1 to 300 minutes."))]
    )
    session = SelectField(_l("Session"), coerce=int, validators=[InputRequired(_l("Choose a session."))])
    notes = TextAreaField(
        _l("Notes for yourself"),
        validators=[Optional(), Length(max=LONGEST_WORDS)],
        description=_l("On your one-page plan; never on the handout."),
    )


class OwnStepForm(StepForm):
    """A step that the professor adds."""

    title = StringField(_l("What happens"), validators=[DataRequired(_l("Say in a few words what happens.")), Length(max=LONGEST_TITLE)])
    form = SelectField(_l("Form"), validators=[InputRequired(_l("Choose a form."))])
    text = TextAreaField(_l("How"), validators=[Optional(), Length(max=LONGEST_WORDS)], description=_l("On your one-page plan."))
    optional = BooleanField(_l("May be left out when time is short"))


class DetailsForm(PlanForm):
    """The days of a plan, and what its handout says to students."""

    first_on = DateField(_l("Day of the first session"), validators=[Optional()])
    weekdays = SelectMultipleField(
        _l("Days of the week"),
        coerce=int,
        validators=[Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Leave them open for one session a week, on the weekday of the first."),
    )
    starts_at = TimeField(
        _l("Begins at"), validators=[Optional()], description=_l("Then the plan shows the clock beside each step, instead of minutes.")
    )
    reads = SelectMultipleField(
        _l("To read before the first session"),
        validators=[Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    prepare = TextAreaField(
        _l("To prepare"),
        validators=[Optional(), Length(max=LONGEST_TEXT)],
        description=_l("On the handout, as you type it: what students bring, look up or install."),
    )
    questions = TextAreaField(
        _l("Questions to think about"),
        validators=[Optional(), Length(max=LONGEST_TEXT)],
        description=_l("On the handout, one on each line."),
    )

    def validate_first_on(self, field: DateField) -> None:
        """Refuse days that no calendar of a class holds."""
        if field.data and not FIRST_DAY <= field.data <= LAST_DAY:
            raise ValidationError(_("Enter a day of this century."))


def wanted_for_numbers(form: FlaskForm, field: IntegerField) -> None:
    """Want to know how many numbers there are, where numbers are drawn; nothing is wanted, or checked, where others are."""
    if form.way.data != "numbers":
        field.errors = []
        raise StopValidation
    if field.data is None:
        raise StopValidation(_("Say how many people there are."))


class DrawForm(PlanForm):
    """Whom to draw into how many groups, and from where their countries are."""

    way = RadioField(_l("Draw"), default="students", validators=[InputRequired(_l("Choose whom to draw."))])
    people = IntegerField(
        _l("How many people"),
        validators=[wanted_for_numbers, NumberRange(1, MOST_PEOPLE, _l("Choose from 1 to 5,000."))],
        description=_l("For numbers alone: people count off, and look for their number."),
    )
    by = RadioField(_l("Groups by"), default="size", validators=[InputRequired(_l("Choose how groups are made."))])
    number = IntegerField(
        _l("Number"),
        validators=[InputRequired(_l("Enter a number.")), NumberRange(1, MOST_GROUPS, _l("Choose from 1 to 200."))],
    )
    area = SelectField(
        _l("Countries"), validators=[Optional()], description=_l("Each group is given a country, another one while there are enough.")
    )
    seed = StringField(
        _l("Seed"),
        validators=[Optional(), Length(max=LONGEST_SEED)],
        description=_l("Leave it open for a new draw. The seed of a former draw, with the same students, gives the same groups again."),
    )

    def validate_number(self, field: IntegerField) -> None:
        """Refuse groups of one."""
        if self.by.data == "size" and field.data is not None and field.data < SMALLEST:
            raise ValidationError(_("A group has at least 2 people."))
