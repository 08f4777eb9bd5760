"""Words for licences, and for why two do not go together."""

from flask_babel import gettext as _


def licence_names() -> dict[str, str]:
    """Return what the licences are called."""
    return {
        "CC0-1.0": _("CC0 1.0: no rights reserved"),
        "CC-BY-4.0": _("CC BY 4.0: name the authors"),
        "CC-BY-SA-4.0": _("CC BY-SA 4.0: name the authors, share alike"),
        "CC-BY-NC-4.0": _("CC BY-NC 4.0: name the authors, not for profit"),
        "CC-BY-NC-SA-4.0": _("CC BY-NC-SA 4.0: name the authors, not for profit, share alike"),
        "CC-BY-ND-4.0": _("CC BY-ND 4.0: name the authors, change nothing"),
        "CC-BY-NC-ND-4.0": _("CC BY-NC-ND 4.0: name the authors, not for profit, change nothing"),
    }


def licence_called(licence: str) -> str:
    """Return what a licence is called in short: CC BY-SA 4.0."""
    name = licence_names().get(licence)
    return name.partition(":")[0] if name else licence


def reason(hindrance: str, source: str, wanted: str) -> str:
    """Return why a text under ``source`` may not become part of a course under ``wanted``."""
    names = {"source": licence_called(source), "wanted": licence_called(wanted)}
    words = {
        "no-derivatives": _("%(source)s does not allow changed versions, so it cannot be part of a course.", **names),
        "share-alike": _(
            "%(source)s asks that what is made of it is shared under %(source)s as well; the course is under %(wanted)s.", **names
        ),
        "non-commercial": _("%(source)s rules out use for profit, which %(wanted)s would allow.", **names),
        "attribution": _("%(source)s asks that its authors are named, which %(wanted)s would not.", **names),
        "unknown": _("it is not known whether %(source)s allows a course under %(wanted)s.", **names),
    }
    return words[hindrance]


def mix_words(title: str, hindrance: str, source: str, wanted: str) -> str:
    """Return the same of a module or a course of this title."""
    return _("“%(title)s” does not fit: %(reason)s", title=title, reason=reason(hindrance, source, wanted))
