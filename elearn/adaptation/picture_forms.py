"""Forms of the pictures of a course."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField, StringField, TextAreaField
from wtforms.validators import InputRequired


class WordsForm(FlaskForm):
    """What is said of a picture to those who do not see it."""

    alt = StringField(
        _l("Alternative text"),
        description=_l(
            "What the picture shows and why it stands there, in a sentence: “Map of Lagos: most reports come from three districts.”"
        ),
        validators=[InputRequired()],
    )
    description = TextAreaField(
        _l("Long description"),
        description=_l("For a chart or a diagram: what one reads from it. It stands below the picture, folded away."),
    )


class PictureForm(WordsForm):
    """A picture to be added."""

    picture = FileField(
        _l("Picture"),
        description=_l("PNG, JPEG, WebP or GIF, at most 5 MB. It is made small for phones; where and when it was taken is removed."),
        validators=[InputRequired()],
    )
