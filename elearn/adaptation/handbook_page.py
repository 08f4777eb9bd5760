"""The one document that a handbook is: for a browser, which fetches styles and pictures, or with everything in it."""

from collections.abc import Iterator

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from elearn import media
from elearn.adaptation.handbook_html import pictures_in, with_pictures
from elearn.adaptation.handbook_labels import changes_words, licence_address, source_words
from elearn.adaptation.handbook_layout import LaidBook, Outside, laid_book
from elearn.adaptation.handbook_texts import Book, Wanted
from elearn.catalogue.labels import labelled_steps
from elearn.catalogue.queries import current_series, pinned_items, trusted
from elearn.errors import Invalid
from elearn.web.assets import asset
from elearn.web.pages import language_of

#: So many bytes of pictures are put into one file.
LARGEST_PICTURES = 40_000_000
#: A document on somebody's disk runs nothing and asks nobody for anything.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def laid(book: Book, *, with_keys: bool) -> LaidBook:
    """Return a book with its questions, as one document."""
    asked = tuple(dict.fromkeys(key for module in book.modules for key in module.item_revision_ids))
    items = {key: item.definition for key, item in pinned_items(asked).items()} if asked else {}
    return laid_book(book, Outside(site(), current_series().source), items, with_keys=with_keys)


def site() -> str:
    """Return the address under which people reach the site."""
    return str(current_app.config["BASE_URL"]).rstrip("/")


def document(found: LaidBook, wanted: Wanted, style: Markup | None = None) -> str:
    """Return the document, in the language of the course; with ``style`` in it, it needs nothing else but its pictures."""
    with force_locale(found.book.language.replace("-", "_")):
        return render_template(
            "adaptation/handbook-document.html",
            laid=found,
            wanted=wanted,
            style=style,
            trusted=trusted,
            source_words=source_words,
            changes_words=changes_words,
            licence_address=licence_address,
            labelled_steps=labelled_steps,
            language_of=language_of,
        )


def whole(found: LaidBook, wanted: Wanted) -> Iterator[str]:
    """Return the document with its styles and pictures in it, piece by piece; raise Invalid where the pictures are too large."""
    text = document(found, wanted, inlined("css/handbook.css"))
    shown = pictures_in(text)
    pictures = media.bytes_of(list(shown))
    if sum(len(content) * shown[digest] for digest, content in pictures.items()) > LARGEST_PICTURES:
        raise Invalid(_("The pictures are too large for one file. Please choose fewer modules."))
    return with_pictures(text, pictures, media.CONTENT_TYPES)


def inlined(path: str) -> Markup:
    """Return a stylesheet as it stands within a document, with the policy that keeps the document to itself."""
    found = asset(path)
    assert found is not None
    return Markup('<meta http-equiv="Content-Security-Policy" content="{}">\n<style>\n{}</style>').format(
        _POLICY, trusted(found.content.decode())
    )
