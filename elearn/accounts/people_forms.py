"""Forms about roles and accounts."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from elearn.accounts.forms import ADDRESS, LONGEST_NAME
from elearn.accounts.people_service import LONGEST_WORD
from elearn.accounts.service import LONGEST_ADDRESS, kept_address


class WordForm(FlaskForm):
    """A decision with a word to the person."""

    word = TextAreaField(
        _l("A word to the person"),
        validators=[Optional(), Length(max=LONGEST_WORD, message=_l("Use at most %(max)d characters."))],
        description=_l("They read it on their home page and, where their address is verified, by mail."),
    )


class GiveRoleForm(FlaskForm):
    """A role for somebody."""

    email = StringField(
        _l("Their e-mail address"),
        filters=[kept_address],
        validators=[
            DataRequired(_l("Enter their e-mail address.")),
            Length(max=LONGEST_ADDRESS),
            Regexp(ADDRESS, message=_l("This does not look like an e-mail address.")),
        ],
        description=_l("Who has an account with this address gets the role at once. Otherwise an account is made for them."),
    )
    name = StringField(
        _l("Their name"),
        validators=[DataRequired(_l("Enter their name.")), Length(max=LONGEST_NAME)],
        description=_l("For a new account; one that is there keeps its own name."),
    )
    role = SelectField(_l("Role"), validators=[DataRequired(_l("Choose a role."))])
    institution = StringField(
        _l("Code of the institution"),
        validators=[Optional(), Length(max=40)],
        description=_l("For professors and coordinators."),
    )
    region = SelectField(_l("Region"), validators=[Optional()], description=_l("For regional coordinators (UN M49)."))
