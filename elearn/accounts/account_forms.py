"""Forms of one's own account."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from elearn.accounts.account_service import LONGEST_SIGN_IN_NAME
from elearn.accounts.forms import Form, address_field, name_field, new_password_field
from elearn.accounts.service import LONGEST_PASSWORD

LONGEST_ZONE = 60


def present_password_field(help_text: str = "") -> PasswordField:
    """Return a field for the password that is asked again."""
    return PasswordField(
        _l("Present password"),
        validators=[DataRequired(_l("Enter your present password.")), Length(max=LONGEST_PASSWORD)],
        description=help_text,
    )


class ProfileForm(Form):
    """What a person says of themselves."""

    name = name_field()
    sign_in_name = StringField(
        _l("Sign-in name"),
        validators=[Optional(), Length(max=LONGEST_SIGN_IN_NAME)],
        description=_l("To sign in with instead of an address: 3 to 80 letters, digits, dots, hyphens and underscores."),
    )
    language = SelectField(_l("Language of the pages"), validators=[Optional()])
    timezone = StringField(
        _l("Time zone"),
        validators=[Optional(), Length(max=LONGEST_ZONE)],
        description=_l("Begin with your continent or city, such as Africa/Lagos. Empty: each class shows its own."),
    )


class AddAddressForm(Form):
    """One more address."""

    email = address_field(_l("E-mail address"))
    password = present_password_field(_l("Whoever reads your addresses can open your account: so we ask again."))


class ChangePasswordForm(Form):
    """A new password for the one who knows the present one."""

    present = present_password_field()
    password = new_password_field(_l("New password"))
