"""Forms of the registry of institutions."""

import re
from typing import ClassVar
from zoneinfo import available_timezones

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.core import Field
from wtforms.validators import DataRequired, Length, Optional, Regexp, ValidationError

from elearn.accounts.people_service import LONGEST_WORD

#: How much the registry keeps of a column.
LONGEST = {"code": 40, "name": 200, "local_name": 200, "ror_id": 60, "domains": 400, "timezone": 60}
_ROR = re.compile(r"(?:https://ror\.org/)?(0[a-hj-km-np-tv-z0-9]{6}[0-9]{2})")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}")


def tidy(text: str | None) -> str:
    """Return a line of text without spaces that nobody sees."""
    return " ".join((text or "").split())


def _tidy_domains(text: str | None) -> str:
    return " ".join(part.removeprefix("@").lower() for part in re.split(r"[\s,;]+", text or "") if part)


class CorrectionForm(FlaskForm):
    """What the people of an institution know best of it."""

    local_name = StringField(
        _l("Name in the local language"),
        filters=[tidy],
        validators=[Optional(), Length(max=LONGEST["local_name"])],
    )
    timezone = StringField(
        _l("Time zone"),
        filters=[tidy],
        validators=[DataRequired(_l("Enter a time zone such as Africa/Nairobi.")), Length(max=LONGEST["timezone"])],
        description=_l("Such as Africa/Nairobi. New classes begin with it."),
    )
    domains = StringField(
        _l("Mail domains"),
        filters=[_tidy_domains],
        validators=[Optional(), Length(max=LONGEST["domains"])],
        description=_l("Of its people's addresses, such as unilag.edu.ng; several with spaces between."),
    )

    #: What is entered, by column of the registry (and ``parent_code``).
    FIELDS: ClassVar[tuple[str, ...]] = ("local_name", "timezone", "domains")

    @property
    def attributes(self) -> dict[str, object]:
        """What was entered; days that were not are None, texts are empty."""
        return {name: self[name].data if name.endswith("_on") else self[name].data or "" for name in self.FIELDS}

    def validate_timezone(self, field: Field) -> None:
        """Refuse a zone that there is not."""
        if field.data not in available_timezones():
            raise ValidationError(_("There is no time zone of that name. Use one such as Africa/Nairobi."))

    def validate_domains(self, field: Field) -> None:
        """Refuse what is no domain, naming it."""
        for domain in (field.data or "").split():
            if not _DOMAIN.fullmatch(domain):
                raise ValidationError(_("“%(domain)s” is no mail domain.", domain=domain))


class InstitutionForm(CorrectionForm):
    """Everything that the registry keeps of an institution."""

    FIELDS = (*CorrectionForm.FIELDS, "code", "name", "kind", "country", "parent_code", "ror_id", "opened_on", "closed_on")

    name = StringField(
        _l("Name"), filters=[tidy], validators=[DataRequired(_l("Enter the name of the institution.")), Length(max=LONGEST["name"])]
    )
    code = StringField(
        _l("Code"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Enter a code.")),
            Regexp(r"[A-Za-z0-9-]{1,40}\Z", message=_l("A code is made of at most 40 letters from A to Z, digits and hyphens.")),
        ],
        description=_l("It stands in file names, reports and the codes of classes, so it should not change later."),
    )
    kind = SelectField(_l("Kind"), validators=[DataRequired(_l("Choose one."))])
    country = SelectField(_l("Country or area"), validators=[DataRequired(_l("Choose one."))])
    parent_code = StringField(
        _l("Code of the institution above it"),
        filters=[tidy],
        validators=[Optional(), Length(max=LONGEST["code"])],
        description=_l("For a faculty or a campus that is listed by itself. Its people count in the one above too."),
    )
    ror_id = StringField(
        _l("ROR id"),
        filters=[tidy],
        validators=[Optional(), Length(max=LONGEST["ror_id"])],
        description=_l("From ror.org, such as https://ror.org/05rk03822."),
    )
    opened_on = DateField(_l("Opened on"), validators=[Optional()])
    closed_on = DateField(
        _l("Closed on"), validators=[Optional()], description=_l("Nobody signs up at an institution that has closed; its figures stay.")
    )

    def validate_ror_id(self, field: Field) -> None:
        """Leave the id in its full form; refuse what is none."""
        if not field.data:
            return
        match = _ROR.fullmatch(field.data.lower().rstrip("/"))
        if match is None:
            raise ValidationError(_("A ROR id looks like https://ror.org/05rk03822."))
        field.data = f"https://ror.org/{match[1]}"

    def validate_closed_on(self, field: Field) -> None:
        """Refuse an end before the beginning."""
        if field.data and self.opened_on.data and field.data < self.opened_on.data:
            raise ValidationError(_("This day lies before the day it opened."))


class _Word(FlaskForm):
    word = TextAreaField(
        _l("A word to the person"),
        validators=[Optional(), Length(max=LONGEST_WORD, message=_l("Use at most %(max)d characters."))],
        description=_l("They read it on their home page and, where their address is verified, by mail."),
    )


class ListForm(InstitutionForm, _Word):
    """An institution that somebody asked for, as it is to be listed."""

    confirm = BooleanField(default=True)


class MergeForm(_Word):
    """Which institution of the list it is."""

    into = RadioField(_l("It is the same as"), validators=[Optional()])
    other = StringField(
        _l("Or the code of another one"),
        filters=[tidy],
        validators=[Optional(), Length(max=LONGEST["code"])],
    )
    confirm = BooleanField(default=True)


class DeclineForm(_Word):
    """No, and why."""

    word = TextAreaField(
        _l("Why"),
        validators=[DataRequired(_l("Say why: the person who asked reads it.")), Length(max=LONGEST_WORD)],
        description=_l("They read it on their home page and, where their address is verified, by mail."),
    )
