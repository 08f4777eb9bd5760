"""The outline of slides of a course, as one page and as a Markdown file."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from elearn import bounded
from elearn.adaptation.handbook_labels import credit_slide, slide_label
from elearn.adaptation.handbook_page import site
from elearn.adaptation.handbook_queries import picture_addresses
from elearn.adaptation.handbook_texts import Book, Wanted
from elearn.adaptation.slide_markdown import written
from elearn.adaptation.slides import Slide, decks_of
from elearn.errors import Invalid
from elearn.web.pages import language_of

#: A course of fourteen modules takes a second.
SECONDS = 10.0


@dataclass(frozen=True)
class ShownSlide:
    """A slide with what stands above its title, and where its picture is found."""

    slide: Slide
    label: str
    language: str
    picture: str = ""


def _shown(book: Book, wanted: Wanted) -> list[ShownSlide]:
    """Return the slides; raise Invalid where finding out what stands on them takes too long."""
    pictures = picture_addresses(book)
    written_only = [replace(m, sections=tuple(replace(s, html="") for s in m.sections), unlisted={}) for m in book.modules]
    try:
        decks = bounded.run(decks_of, written_only, wanted.teacher, seconds=SECONDS)
    except bounded.Exceeded:
        raise Invalid(_("The slides could not be made in time. Please choose fewer modules.")) from None
    return [
        ShownSlide(slide, slide_label(slide, language), language, _picture(pictures, module.slug, slide))
        for module, deck in zip(book.modules, decks, strict=True)
        for slide in deck
        for language in [slide.language or module.language]
    ]


def _picture(pictures: Mapping[tuple[str, str], str], slug: str, slide: Slide) -> str:
    return pictures.get((slug, slide.figure.name), "") if slide.figure else ""


def _last(book: Book) -> ShownSlide:
    """Return the slide that says whose texts these are, and where they are of invented people, that they are."""
    slide = credit_slide(book)
    if current_app.extensions["is_demonstration"]():
        words = _("Demonstration data: the people and classes here are invented.")
        slide = replace(slide, points=(words, *slide.points))
    return ShownSlide(slide, "", book.language)


def document(book: Book, wanted: Wanted) -> str:
    """Return the slides as one page, in the language of the course."""
    with force_locale(book.language.replace("-", "_")):
        slides = [*_shown(book, wanted), _last(book)]
        return render_template("adaptation/slides-document.html", book=book, wanted=wanted, slides=slides, language_of=language_of)


def markdown(book: Book, wanted: Wanted, *, notes: str) -> str:
    """Return the slides as a Markdown file; Marp, which has no title page of its own, gets one."""
    with force_locale(book.language.replace("-", "_")):
        shown = [*_shown(book, wanted), _last(book)]
    slides = [each.slide for each in shown]
    head: dict[str, object] = {"title": book.title, "author": book.institution, "lang": book.language}
    if notes == "marp":
        head = {"marp": True, "paginate": True, **head}
        slides.insert(0, Slide("module", book.title, (book.institution,)))
    labels = {id(each.slide): each.label for each in shown}
    pictures = {each.slide.figure.name: each.picture for each in shown if each.slide.figure and each.picture}
    return written(
        head,
        slides,
        label=lambda slide: labels.get(id(slide), ""),
        picture=lambda name: f"{site()}{pictures[name]}" if name in pictures else "",
        notes=notes,
    )
