"""What an editor says of a country's text."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from elearn.web.typed import as_written

LONGEST_WORD = 1000


class DecisionForm(FlaskForm):
    """What becomes of a country's text."""

    act = HiddenField(validators=[Length(max=10)])
    word = TextAreaField(
        _l("Your words to the author"),
        filters=[as_written],
        validators=[Length(max=LONGEST_WORD, message=_l("Use at most %(max)d characters."))],
        description=_l("They may stay empty where you approve it."),
    )
