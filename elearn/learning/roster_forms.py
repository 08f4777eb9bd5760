"""Forms of rosters and slips."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FileField, TextAreaField


class RosterForm(FlaskForm):
    """A roster to be looked at: a file, or its lines pasted."""

    roster = FileField(
        _l("CSV file"),
        description=_l("From your spreadsheet: “Save as” or “Export”, then CSV. At most 8 MB and 50,000 lines."),
    )
    pasted = TextAreaField(
        _l("Or paste the lines here"),
        description=_l("The first line names the columns: name,email,student_id,language,group. Only the name is needed."),
    )


class ImportForm(FlaskForm):
    """The decision about a roster that was looked at."""

    leave_out_faulty = BooleanField(_l("Leave the faulty lines out"))
    invite = BooleanField(
        _l("Write to the new students whose address has no account here yet"),
        description=_l("They get the link to the class. Who has an account is in the class at once, and is told so in any case."),
    )
