"""Forms of the front."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import DataRequired, Length, Optional

from elearn.accounts.service import LONGEST_PASSWORD

LONGEST_CODE = 40


class DeleteForm(FlaskForm):
    """Is it you, and do you mean it?"""

    password = PasswordField(_l("Your password"), validators=[DataRequired(_l("Enter your password.")), Length(max=LONGEST_PASSWORD)])
    code = StringField(
        _l("Code of your authenticator, or a recovery code"),
        validators=[Optional(), Length(max=LONGEST_CODE)],
    )
    understood = BooleanField(
        _l("I understand that this cannot be undone."), validators=[DataRequired(_l("Tick this box if you are sure."))]
    )
