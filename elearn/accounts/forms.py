"""Forms of the accounts room."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, Regexp

from elearn.accounts.permissions import Role
from elearn.accounts.service import LONGEST_ADDRESS, LONGEST_PASSWORD, SHORTEST_PASSWORD, kept_address

LONGEST_NAME = 200
#: Whether an address works shows when mail is sent to it; here only slips are caught.
ADDRESS = r"^\s*[^@\s]+@[^@\s]+\.[^@\s.]+\s*$"


class SignInForm(FlaskForm):
    """Who are you?"""

    email = StringField(
        _l("E-mail address or sign-in name"),
        # Before the length is looked at: some letters are two in lower case.
        filters=[kept_address],
        validators=[DataRequired(_l("Enter your e-mail address or sign-in name.")), Length(max=LONGEST_ADDRESS)],
    )
    password = PasswordField(
        _l("Password"),
        validators=[DataRequired(_l("Enter your password.")), Length(max=LONGEST_PASSWORD)],
    )
    remember = BooleanField(_l("Keep me signed in on this device for 30 days"), description=_l("Not on a computer that others use."))


class SignUpForm(FlaskForm):
    """A new account."""

    name = StringField(
        _l("Your name"),
        validators=[DataRequired(_l("Enter your name.")), Length(max=LONGEST_NAME)],
        description=_l("As it should stand in the class list."),
    )
    email = StringField(
        _l("E-mail address"),
        filters=[kept_address],
        validators=[
            DataRequired(_l("Enter your e-mail address.")),
            Length(max=LONGEST_ADDRESS),
            Regexp(ADDRESS, message=_l("This does not look like an e-mail address.")),
        ],
    )
    password = PasswordField(
        _l("Password"),
        validators=[
            DataRequired(_l("Choose a password.")),
            Length(
                min=SHORTEST_PASSWORD,
                max=LONGEST_PASSWORD,
                message=_l("Use %(min)d to %(max)d characters."),
            ),
        ],
        description=_l("At least 10 characters. A short sentence is easy to remember and hard to guess."),
    )
    role = RadioField(
        _l("I am here as a"),
        choices=[
            SelectChoice(Role.STUDENT.value, _l("student or reader")),
            SelectChoice(Role.PROFESSOR.value, _l("professor or teacher")),
        ],
        default=Role.STUDENT.value,
        validators=[DataRequired(_l("Choose one."))],
    )
    institution = SelectField(
        _l("Institution"),
        validators=[Optional()],
        description=_l("For professors: your coordinator will confirm you there. Students join by their class's code."),
    )


class NewPasswordForm(FlaskForm):
    """A password chosen through a one-time link."""

    password = PasswordField(
        _l("New password"),
        validators=[
            DataRequired(_l("Choose a password.")),
            Length(min=SHORTEST_PASSWORD, max=LONGEST_PASSWORD, message=_l("Use %(min)d to %(max)d characters.")),
        ],
        description=_l("At least 10 characters. A short sentence is easy to remember and hard to guess."),
    )


class ActionForm(FlaskForm):
    """A button: nothing but the token."""
