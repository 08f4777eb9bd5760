"""Forms of a course's own pages."""

import re
from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from elearn.adaptation.arrangement import HEAVIEST, LAST_WEEK, Arranged
from elearn.web.numbers import number_in

LONGEST_TITLE = 200
_NUMBER = re.compile(r"\d{1,4}")


def _trimmed(text: str | None) -> str:
    return " ".join((text or "").split())


class TitleForm(FlaskForm):
    """What a course is called."""

    title = StringField(
        _l("Title of the course"),
        filters=[_trimmed],
        validators=[DataRequired(_l("Give the course a title.")), Length(max=LONGEST_TITLE)],
        description=_l("As your students and colleagues will see it: “Cybercrime and our law”."),
    )


class NewCourseForm(TitleForm):
    """A new course."""

    institution = SelectField(_l("Institution"), description=_l("The course belongs to it, and its professors can work on it together."))
    language = SelectField(_l("Language"), description=_l("Where a module is not translated, it is in the language it was written in."))
    modules = SelectMultipleField(
        _l("Modules"),
        validators=[DataRequired(_l("Choose at least one module."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("You can add others and change their order at any time."),
    )


class ColleagueForm(FlaskForm):
    """Who else may change a course."""

    email = StringField(
        _l("Your colleague's e-mail address"),
        validators=[DataRequired(_l("Enter an address.")), Length(max=254)],
    )


class VersionForm(FlaskForm):
    """From which state of the course a form was made."""

    version = HiddenField(validators=[Length(max=10)])

    @property
    def seen(self) -> int:
        """The number of that state; 0: none that there is."""
        return number_in(self.version.data)


def typed_rows(sent: Mapping[str, str], modules: Iterable[int]) -> dict[int, tuple[str, str, str]]:
    """Return by module what was typed for its place, week and weight."""
    return {
        module_id: (
            sent.get(f"place-{module_id}", "")[:20].strip(),
            sent.get(f"week-{module_id}", "")[:20].strip(),
            sent.get(f"weight-{module_id}", "")[:20].strip(),
        )
        for module_id in modules
    }  # fmt: skip


def faults_of(typed: Mapping[int, tuple[str, str, str]]) -> dict[str, str]:
    """Return what is wrong with typed places, weeks and weights, by the field's name."""
    faults = {}
    for module_id, (place, week, weight) in typed.items():
        if not _within(place, 0, 9999):
            faults[f"place-{module_id}"] = _("The place is a whole number.")
        if week and not _within(week, 1, LAST_WEEK):
            faults[f"week-{module_id}"] = _("The week is a whole number from 1 to %(last)s, or nothing.", last=LAST_WEEK)
        if not _within(weight, 0, HEAVIEST):
            faults[f"weight-{module_id}"] = _("The weight is a whole number from 0 to %(most)s.", most=HEAVIEST)
    return faults


def _within(text: str, first: int, last: int) -> bool:
    return _NUMBER.fullmatch(text) is not None and text.isascii() and first <= int(text) <= last


def as_numbers(typed: Mapping[int, tuple[str, str, str]]) -> dict[int, tuple[int, int | None, int]]:
    """Return what was typed without faults."""
    return {key: (int(place), int(week) if week else None, int(weight)) for key, (place, week, weight) in typed.items()}


def plan_of(modules: Sequence[Arranged]) -> str:
    """Return an order of modules as a form carries it."""
    return " ".join(f"{each.module_id}:{each.week or 0}:{each.weight}" for each in modules)


def plan_in(sent: str) -> tuple[Arranged, ...]:
    """Return the order of modules that a form carried; what is none is left out."""
    found = (re.fullmatch(r"(\d{1,9}):(\d{1,3}):(\d{1,3})", part, re.ASCII) for part in sent[:6000].split())
    each = (tuple(map(int, match.groups())) for match in found if match)
    return tuple(Arranged(module_id, week or None, weight) for module_id, week, weight in each if week <= LAST_WEEK and weight <= HEAVIEST)
