"""A country's text as its pages show it: looked at and laid out in processes of their own, since a stranger wrote it."""

from flask_babel import gettext as _
from flask_babel import ngettext

from elearn import bounded
from elearn.catalogue.fillings import filling_html
from elearn.catalogue.passages import Desk, look_at_filling
from elearn.catalogue.text_check import Used
from elearn.errors import Invalid
from elearn.text import SECONDS_PERSONAL, rendered_apart


def laid_out_filling(desk: Desk, markdown: str, *, credited: str = "") -> str:
    """Return a text for a slot, or the same with its credit, as clean HTML; raise Invalid, naming each fault, if it has some."""
    used = _check_text(desk, markdown)
    return str(rendered_apart(credited or markdown, filling_html, desk.for_fillings(used)))


def _check_text(desk: Desk, markdown: str) -> Used:
    """Return what a text for a slot points at; raise Invalid, naming each fault at its line, where it cannot stand there."""
    try:
        looked = bounded.run(look_at_filling, desk.without_content(), markdown, seconds=SECONDS_PERSONAL)
    except bounded.Exceeded:
        raise Invalid(_("This text could not be looked at in time. Please use fewer brackets, quotations and levels of lists.")) from None
    if looked.errors:
        words = ngettext("The text has a fault.", "The text has %(num)s faults.", len(looked.errors))
        lines = [_("line %(line)s: %(fault)s", line=fault.line, fault=fault.message) for fault in looked.errors]
        raise Invalid(words, {"text": " · ".join(lines)})
    return looked.used
