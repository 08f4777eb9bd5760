"""Forms of the accounts room."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, Regexp

from elearn.accounts.account_service import kept_name
from elearn.accounts.permissions import Role
from elearn.accounts.second_factor import LONGEST_CODE
from elearn.accounts.service import LONGEST_ADDRESS, LONGEST_PASSWORD, SHORTEST_PASSWORD, kept_address

LONGEST_NAME = 200
#: Whether an address works shows when mail is sent to it; here slips are caught, and what a mail's head would take for two addresses.
ADDRESS = r"^[^@\s<>()\[\],;:\"\\]+@[^@\s<>()\[\],;:\"\\]+\.[^@\s.<>()\[\],;:\"\\]+$"
#: What one chooses whose institution is not in the list.
UNLISTED = "unlisted"


class Form(FlaskForm):
    """What every form of this room is: one with a token against forgery."""


class SignInForm(Form):
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


def address_field(words: str) -> StringField:
    """Return a field for an e-mail address, as it will be kept."""
    return StringField(
        words,
        # Before the length is looked at: some letters are two in lower case.
        filters=[kept_address],
        validators=[
            DataRequired(_l("Enter your e-mail address.")),
            Length(max=LONGEST_ADDRESS),
            Regexp(ADDRESS, message=_l("This does not look like an e-mail address.")),
        ],
    )


def name_field() -> StringField:
    """Return a field for a person's name."""
    return StringField(
        _l("Your name"),
        filters=[kept_name],
        validators=[DataRequired(_l("Enter your name.")), Length(max=LONGEST_NAME)],
        description=_l("As it should stand in the class list."),
    )


def new_password_field(words: str) -> PasswordField:
    """Return a field for a new password."""
    return PasswordField(
        words,
        validators=[
            DataRequired(_l("Choose a password.")),
            Length(min=SHORTEST_PASSWORD, max=LONGEST_PASSWORD, message=_l("Use %(min)d to %(max)d characters.")),
        ],
        description=_l("At least 10 characters. A short sentence is easy to remember and hard to guess."),
    )


class SignUpForm(Form):
    """A new account."""

    name = name_field()
    email = address_field(_l("E-mail address"))
    password = new_password_field(_l("Password"))
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
        description=_l("For professors: your coordinator will confirm you there. Students leave it empty and join by their class's code."),
    )
    institution_name = StringField(_l("Name of your institution"), validators=[Optional(), Length(max=LONGEST_NAME)])
    institution_country = SelectField(_l("Its country"), validators=[Optional()])
    institution_kind = SelectField(
        _l("What it is"),
        choices=[
            SelectChoice("university", _l("University")),
            SelectChoice("school", _l("School")),
            SelectChoice("police-academy", _l("Police academy")),
            SelectChoice("judicial-academy", _l("Judicial academy")),
            SelectChoice("ministry", _l("Ministry")),
            SelectChoice("ngo", _l("Non-governmental organisation")),
            SelectChoice("other", _l("Something else")),
        ],
        validators=[Optional()],
    )

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Return whether the form can be taken; a professor names an institution, in one way."""
        is_sound = super().validate(extra_validators)
        return self._has_a_place() and is_sound

    def _has_a_place(self) -> bool:
        chosen, named = self.institution.data or "", (self.institution_name.data or "").strip()
        if self.role.data != Role.PROFESSOR.value:
            return True
        if not chosen and not named:
            self.institution.errors = [_("Choose your institution, or name it below if it is not in the list.")]
        elif chosen not in {"", UNLISTED} and named:
            self.institution_name.errors = [_("You also chose one from the list. Keep one of the two.")]
        elif chosen == UNLISTED and not named:
            self.institution_name.errors = [_("Enter the name of your institution.")]
        elif named and not self.institution_country.data:
            self.institution_country.errors = [_("Choose the country of your institution.")]
        else:
            return True
        return False


class NewPasswordForm(Form):
    """A password chosen through a one-time link."""

    password = new_password_field(_l("New password"))


class ForgottenForm(Form):
    """Who has forgotten their password?"""

    email = StringField(
        _l("E-mail address or sign-in name"),
        filters=[kept_address],
        validators=[DataRequired(_l("Enter your e-mail address or sign-in name.")), Length(max=LONGEST_ADDRESS)],
    )


class CodeForm(Form):
    """A code of an authenticator app, or a recovery code."""

    code = StringField(
        _l("Code"),
        validators=[DataRequired(_l("Enter the code.")), Length(max=LONGEST_CODE)],
        description=_l("Six digits from your authenticator app, or one of your recovery codes."),
    )


class ActionForm(Form):
    """A button: nothing but the token."""
