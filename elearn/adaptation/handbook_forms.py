"""What is to stand in a handbook or a slides outline. Sent in the address, so that it can be kept as a bookmark."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from elearn.adaptation.handbook_texts import Wanted


class _ChoiceForm(FlaskForm):
    class Meta:
        """Nothing is written."""

        csrf = False

    modules = SelectMultipleField(
        _l("Modules"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("With no tick at all, every module is taken."),
    )

    def offer(self, modules: Sequence[tuple[str, str]]) -> None:
        """Offer modules, by slug and title."""
        self.modules.choices = [SelectChoice(slug, title) for slug, title in modules]
        for field in self:
            # One of them is chosen in any case.
            field.flags.required = isinstance(field, RadioField)


class HandbookForm(_ChoiceForm):
    """What is to stand in a handbook."""

    teacher = BooleanField(_l("With the sections for teachers"), false_values=(False, "false", "", "0"))
    questions = RadioField(
        _l("Questions at the end of each module"),
        choices=[
            SelectChoice("none", _l("None")),
            SelectChoice("plain", _l("Without keys, to be handed out")),
            SelectChoice("keys", _l("With keys and explanations")),
        ],
        default="none",
    )
    paper = RadioField(_l("Paper"), choices=[SelectChoice("a4", _l("A4")), SelectChoice("letter", _l("Letter"))], default="a4")

    @property
    def wanted(self) -> Wanted:
        """What was chosen; where nothing was said, what is chosen for everybody."""
        return Wanted(
            tuple(self.modules.data or ()), bool(self.teacher.data), self.questions.data or "none", self.paper.data or "a4"
        )  # fmt: skip


class SlidesForm(_ChoiceForm):
    """What is to stand in a slides outline."""

    teacher = BooleanField(_l("With the sections for teachers as notes for the speaker"), false_values=(False, "false", "", "0"))
    notes = RadioField(
        _l("Notes in the Markdown file"),
        choices=[SelectChoice("marp", _l("As Marp reads them")), SelectChoice("pandoc", _l("As pandoc reads them"))],
        default="marp",
    )

    @property
    def wanted(self) -> Wanted:
        """What was chosen."""
        return Wanted(tuple(self.modules.data or ()), bool(self.teacher.data))
