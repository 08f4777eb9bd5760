"""A handbook as PDF, where WeasyPrint is installed (the extra ``pdf``): in a process of its own, within bounds."""

import importlib.util
from threading import Lock

from flask_babel import gettext as _

from elearn import bounded
from elearn.errors import Conflict, Invalid

#: A process that works for thirty seconds is ended.
SECONDS = 28.0
#: One at a time, so that the other place for bounded work stays free for those who write.
_desk = Lock()


def is_available() -> bool:
    """Return whether PDF can be made here."""
    return importlib.util.find_spec("weasyprint") is not None


def pdf_of(html: str) -> bytes:
    """Return a document that holds everything it shows as PDF; nothing is fetched. Done in a process of its own."""
    from weasyprint import HTML  # noqa: PLC0415 (an optional extra)
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 (the same)

    # No text makes this server ask another one for anything, or read its disk.
    held = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
    return bytes(HTML(string=html, url_fetcher=held).write_pdf())


def made_pdf(html: str) -> bytes:
    """Return the document as PDF; raise Conflict where another one is being made, Invalid where it takes too long."""
    if not _desk.acquire(blocking=False):
        raise Conflict(_("Another PDF is being made at this moment. Please try again in half a minute."))
    try:
        return bounded.run(pdf_of, html, seconds=SECONDS)
    except bounded.Exceeded:
        message = _("The PDF could not be made in time. Choose fewer modules, or open the handbook and print it to a file in your browser.")
        raise Invalid(message) from None
    finally:
        _desk.release()
