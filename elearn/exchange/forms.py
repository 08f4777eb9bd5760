"""The form for a file from another system."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

#: By name: what the format is called, and where it comes from.
CHOICES = (
    ("gift", _l("GIFT (a text file)")),
    ("moodle", _l("Moodle XML")),
    ("qti", _l("QTI 1.2 or 2.1 (a zip package or an XML file), as Canvas, Inspera, TAO and others write it")),
)


class ImportForm(FlaskForm):
    """A file to be read, and its format."""

    format = RadioField(
        _l("Format"),
        choices=[SelectChoice(value=name, label=label) for name, label in CHOICES],
        default="moodle",
        validators=[InputRequired()],
    )
    file = FileField(_l("File"), description=_l("At most 10 MB and 5,000 questions."), validators=[InputRequired(_l("Choose a file."))])
