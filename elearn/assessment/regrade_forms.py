"""Forms of regrades."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, Length

from elearn.assessment.regrade_service import LONGEST_REASON
from elearn.web.typed import as_written


class RegradeForm(FlaskForm):
    """How are answers to a question to be marked again, and why?"""

    revision = RadioField(
        _l("Mark by the key of"),
        coerce=int,
        validate_choice=False,
        description=_l("It plays no part where full marks are given, or the question is left out."),
    )
    policy = RadioField(_l("How"), validators=[DataRequired(_l("Choose one."))])
    scope = RadioField(_l("Where"), validators=[DataRequired(_l("Choose one."))])
    reason = TextAreaField(
        _l("Why"),
        filters=[as_written],
        validators=[
            DataRequired(_l("Say why. The students concerned read it.")),
            Length(max=LONGEST_REASON, message=_l("Use at most %(max)d characters.")),
        ],
        description=_l("One or two sentences for the students concerned, and for the log."),
    )


class UndoForm(FlaskForm):
    """Why is it taken back?"""

    reason = TextAreaField(
        _l("Why it is undone"),
        filters=[as_written],
        validators=[
            DataRequired(_l("Say why. The students concerned read it.")),
            Length(max=LONGEST_REASON, message=_l("Use at most %(max)d characters.")),
        ],
    )
