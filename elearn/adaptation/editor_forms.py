"""The form on which a section of a course is written."""

import re
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from elearn.adaptation.draft_text import Written
from elearn.text import LARGEST_PERSONAL
from elearn.web.numbers import number_in

LONGEST_TITLE = 200
#: A little more than three bytes sent for each one of the longest text, so that one which is too long is told so beside the field.
LONGEST_BODY = 2 * 1024 * 1024
_NO_CHARACTERS = "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
#: What no page can show, and nobody types: controls, halves of characters, and what is no character.
_UNSHOWN = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_NO_CHARACTERS}]")
_ENDS_OF_LINES = re.compile("\r\n|[\r\u2028\u2029]")


def shown(text: str | None) -> str:
    """Return a text with its lines ended in one way, and without what no page can show."""
    return _UNSHOWN.sub("", _ENDS_OF_LINES.sub("\n", text or ""))


class WantedInTheEnd:
    """Marks a field that a draft may leave empty, and the course may not."""

    field_flags: Final = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Let everything pass."""


class SectionTextForm(FlaskForm):
    """What is the section called, and what does it say?"""

    title = StringField(
        _l("Title"),
        filters=[lambda text: " ".join(shown(text).split())],
        validators=[WantedInTheEnd(), Length(max=LONGEST_TITLE, message=_l("Use at most %(max)d characters."))],
    )
    text = TextAreaField(_l("Text"), filters=[shown])
    #: Of the draft that the page shows.
    version = HiddenField()
    #: The state of the course's changes that the text was made of.
    seen = HiddenField()

    def validate_text(self, field: Any) -> None:
        """Raise ValidationError where the text is larger than one can be."""
        size = len(field.data.encode())
        if size > LARGEST_PERSONAL:
            sizes = {"size": size // 1024 + 1, "most": LARGEST_PERSONAL // 1024}
            raise ValidationError(_("This text is too long to be kept: %(size)s KB of at most %(most)s. Make two of it.", **sizes))

    @property
    def written(self) -> Written:
        """What was typed."""
        return Written(self.title.data or "", self.text.data or "")

    @property
    def version_seen(self) -> int:
        """The draft's version that the page showed; 0: there was none."""
        return number_in(self.version.data)

    @property
    def overlay_seen(self) -> int:
        """The state of the course's changes that the page showed; 0: it does not say."""
        return number_in(self.seen.data)
