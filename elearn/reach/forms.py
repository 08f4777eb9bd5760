"""Forms of reach."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import Length, Optional

from elearn.errors import Invalid
from elearn.reach.periods import Period
from elearn.reach.service import period_between


class CutForm(FlaskForm):
    """Which figures? It stands in the address, so it changes nothing and carries no token."""

    class Meta:
        """Nothing is changed, so nothing needs protecting."""

        csrf = False

    first_day = StringField(_l("First day"), name="from", render_kw={"type": "date"}, description=_l("The first day of a month."))
    last_day = StringField(_l("Last day"), name="to", render_kw={"type": "date"}, description=_l("The last day of a month; it counts too."))
    region = SelectField(_l("Region"), name="region", validators=[Optional()], validate_choice=False)
    country = SelectField(_l("Country"), name="country", validators=[Optional()], validate_choice=False)
    institution = StringField(
        _l("Institution"),
        name="institution",
        validators=[Optional(), Length(max=40)],
        description=_l("Its code, as the tables name it."),
    )
    module = SelectField(_l("Module"), name="module", validators=[Optional()], validate_choice=False)

    def period(self, otherwise: Period) -> Period:
        """Return the period asked for; raise Invalid, naming the field, where there is none and show the days chosen."""
        first_day = _day(self.first_day, otherwise.first_day)
        last_day = _day(self.last_day, otherwise.last_day)
        period = period_between(first_day, last_day)
        if not period.is_whole_months:
            name = "from" if first_day.day != 1 else "to"
            message = _("Choose whole months. Single days are counted on the command line only.")
            raise Invalid(message, {name: message})
        self.first_day.data, self.last_day.data = first_day.isoformat(), last_day.isoformat()
        return period

    def place(self) -> dict[str, str]:
        """Return the codes asked for; raise Invalid where two places are asked for at once."""
        codes = {name: (self[name].data or "").strip() for name in ("region", "country", "institution")}
        named = [name for name, code in codes.items() if code]
        if len(named) > 1:
            message = _("Choose one place: a region, a country or an institution.")
            raise Invalid(message, {named[-1]: message})
        return {**codes, "module": (self.module.data or "").strip()}

    def take(self, refusal: Invalid) -> None:
        """Put what is wrong beside the fields."""
        for field in self:
            if field.name in refusal.fields:
                field.errors = [refusal.fields[field.name]]


def _day(field: StringField, otherwise: date) -> date:
    typed = (field.data or "").strip()
    if not typed:
        return otherwise
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        message = _("Write the day as year-month-day, like 2026-09-01.")
        raise Invalid(message, {field.name: message}) from error
