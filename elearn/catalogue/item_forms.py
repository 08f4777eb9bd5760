"""The form on which a question is put right."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

LONGEST_TEXT = 20_000
LONGEST_NOTE = 200


def _lines(text: str | None) -> str:
    # Not stripped: the blanks at the beginning of a line mean something here.
    return (text or "").replace("\r\n", "\n")


class ItemTextForm(FlaskForm):
    """What should the question be, and which of its parts are gone?"""

    text = TextAreaField(
        _l("The question"),
        filters=[_lines],
        validators=[
            DataRequired(_l("There is no text.")),
            Length(max=LONGEST_TEXT, message=_l("Use at most %(max)d characters.")),
        ],
        description=_l("As it stands in quiz.yml. Keep the ids of choices: answers are found by them."),
    )
    removed = SelectMultipleField(
        _l("These are gone. Is that meant?"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
        description=_l("Whoever chose one of them has chosen something that is no longer there: it counts as wrong."),
    )


class ItemForm(ItemTextForm):
    """What should the question be, and what does that put right?"""

    note = StringField(
        _l("What is put right"),
        filters=[lambda text: " ".join((text or "").split())],
        validators=[Length(max=LONGEST_NOTE, message=_l("Use at most %(max)d characters."))],
        description=_l("A sentence for the list of changes, which everyone can read."),
    )
    seen = HiddenField()


class CourseItemForm(ItemForm):
    """The same for a question of a course, and which classes ask it from now on."""

    classes = SelectMultipleField(
        _l("Classes that ask it from now on"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Attempts that were begun keep the question as it was."),
    )
