"""Forms about the slots of a module of a course."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from elearn.adaptation.structure_forms import LONGEST, SeenForm
from elearn.catalogue.filling_service import LONGEST_TEXT
from elearn.web.numbers import number_in
from elearn.web.typed import as_written


class SlotActForm(SeenForm):
    """What is to stand in which slot."""

    key = HiddenField(validators=[Length(max=40)])
    act = HiddenField(validators=[Length(max=10)])
    filling = HiddenField(validators=[Length(max=10)])

    @property
    def filling_id(self) -> int:
        """The country's text that is meant; 0: none that there is."""
        return number_in(self.filling.data)


class SlotForm(SeenForm):
    """The course's own text for a slot."""

    text = TextAreaField(
        _l("Your text"),
        filters=[as_written],
        validators=[DataRequired(_l("Write the text.")), Length(max=LONGEST_TEXT, message=LONGEST)],
        description=_l("Markdown: paragraphs, lists, tables, links. No headings, boxes, pictures or citations: link to sources."),
    )


class OfferForm(FlaskForm):
    """The course's own text, offered to every course of the country."""

    credit = StringField(
        _l("Who is to be named"),
        filters=[lambda text: " ".join((text or "").split())],
        validators=[DataRequired(_l("Say who is to be named, perhaps your institution.")), Length(max=200, message=LONGEST)],
        description=_l("It stands below the text wherever it is read."),
    )
    agreed = BooleanField(
        _l("I may give this text, and give it under the licence of the series."),
        validators=[DataRequired(_l("Without that it cannot be offered."))],
    )
