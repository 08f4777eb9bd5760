"""Words of a handbook and of slides: whose text it is, what was changed, what a slide is."""

from flask_babel import gettext as _
from flask_babel import ngettext

from elearn.adaptation.change_counts import ChangeCounts
from elearn.adaptation.handbook_texts import Book, Credit
from elearn.adaptation.slides import Slide
from elearn.catalogue.markup import label
from elearn.catalogue.text_check import SLOTS
from elearn.countries import country_name


def licence_address(licence: str) -> str:
    """Return where a licence can be read."""
    return f"https://spdx.org/licenses/{licence}.html"


def source_words(credit: Credit) -> str:
    """Return whose text a module is: title, version, authors."""
    if credit.authors:
        named = ", ".join(credit.authors)
        words = _("“%(title)s”, version %(version)s, by %(authors)s.", title=credit.title, version=credit.version, authors=named)
    else:
        words = _("“%(title)s”, version %(version)s.", title=credit.title, version=credit.version)
    if credit.course:
        title, number, place = credit.course
        through = _("Taken from “%(course)s”, edition %(number)s, of %(institution)s.", course=title, number=number, institution=place)
        return f"{words} {through}"
    return words


def changes_words(changes: ChangeCounts) -> str:
    """Return what the course changed in a module, as a licence wants it said."""
    if changes.is_nothing:
        return _("Unchanged.")
    told = [
        (changes.passages, ngettext("%(num)s passage rewritten or added", "%(num)s passages rewritten or added", changes.passages)),
        (changes.texts if not changes.passages else 0, _("passages left out")),
        (changes.hidden, ngettext("%(num)s section left out", "%(num)s sections left out", changes.hidden)),
        (changes.added, ngettext("%(num)s section added", "%(num)s sections added", changes.added)),
        (changes.replaced, ngettext("%(num)s question changed", "%(num)s questions changed", changes.replaced)),
        (changes.own_items, ngettext("%(num)s question added", "%(num)s questions added", changes.own_items)),
        (changes.excluded, ngettext("%(num)s question left out", "%(num)s questions left out", changes.excluded)),
        (changes.other, _("order, titles, rules or places for a country filled in")),
    ]
    words = "; ".join(said for counted, said in told if counted)
    return _("Changed for this course: %(what)s.", what=words) if words else _("Changed for this course.")


def slide_label(slide: Slide, language: str) -> str:
    """Return what a slide is, where that is not plain, in the language of the text."""
    if slide.kind not in {"case", "discuss", "note", "slot"}:
        return ""
    words = [label(language, slide.kind)]
    if slide.kind == "case" and slide.about not in {"", "XX"}:
        words.append(country_name(slide.about, language))
    elif slide.kind == "slot":
        words.append(label(language, slide.about) if slide.about in SLOTS else slide.about)
    return " · ".join(words)


def credit_slide(book: Book) -> Slide:
    """Return the slide that says whose texts these are."""
    lines = [f"{source_words(module.credit)} {module.credit.licence}. {changes_words(module.credit.changes)}" for module in book.modules]
    whose = _("%(series)s, %(publisher)s. Adapted at %(institution)s.", series=book.series.title, publisher=book.series.publisher,
              institution=book.institution)  # fmt: skip
    return Slide("credit", _("Sources and licence"), (whose, *lines))
