"""Forms of slips: a new account, a place as oneself, a new password."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from elearn.accounts.forms import ADDRESS
from elearn.accounts.service import LONGEST_ADDRESS, LONGEST_PASSWORD, SHORTEST_PASSWORD, kept_address

_PASSWORD = (
    DataRequired(_l("Choose a password.")),
    Length(min=SHORTEST_PASSWORD, max=LONGEST_PASSWORD, message=_l("Use %(min)d to %(max)d characters.")),
)
_PASSWORD_HELP = _l("At least 10 characters. A short sentence is easy to remember and hard to guess.")


class NewAccountForm(FlaskForm):
    """An account for whoever has a slip and none yet."""

    sign_in_name = StringField(
        _l("Sign-in name"),
        validators=[DataRequired(_l("Choose a name to sign in with.")), Length(max=200)],
        description=_l("You type it to sign in. Keep it, or choose another one; write it down."),
    )
    password = PasswordField(_l("Password"), validators=_PASSWORD, description=_PASSWORD_HELP)
    email = StringField(
        _l("E-mail address"),
        filters=[kept_address],
        validators=[Optional(), Length(max=LONGEST_ADDRESS), Regexp(ADDRESS, message=_l("This does not look like an e-mail address."))],
        description=_l("If you have one: with it you can get a new password by mail."),
    )


class TakePlaceForm(FlaskForm):
    """The place on a slip, for somebody who is signed in."""

    is_me = BooleanField(_l("This is me"))


class PasswordSlipForm(FlaskForm):
    """A new password, with the slip that one's professor made."""

    code = StringField(
        _l("Code on the slip"),
        validators=[DataRequired(_l("Enter the code that stands on your slip.")), Length(max=60)],
        description=_l("Twelve letters and digits, such as ABCD-EFGH-JKLM. Capitals and dashes do not matter."),
    )
    password = PasswordField(_l("New password"), validators=_PASSWORD, description=_PASSWORD_HELP)
