"""The form for a course's folder."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField
from wtforms.validators import InputRequired

from elearn.adaptation.folder_reading import LIMITS

#: A little more than a folder, so that one which is too large is told so beside the field.
LONGEST_BODY = LIMITS.packed + 5 * 1024 * 1024


class FolderForm(FlaskForm):
    """A folder that is sent back."""

    folder = FileField(
        _l("Zip file"),
        description=_l(
            "The folder as you downloaded it, with your changes, packed as a zip file: at most 20 MB. Pictures may be left out."
        ),
        validators=[InputRequired()],
    )
