"""What people are told of pictures."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from elearn.adaptation.picture_decoding import LARGEST_SENT, MOST_PIXELS

_REFUSALS = {
    "empty": _l("This file is empty. Choose it again."),
    "not-a-picture": _l("This is not a picture that can be shown here. Send a PNG, JPEG, WebP or GIF file."),
    "broken": _l("This picture cannot be read: it is cut off or damaged. Open it in a picture program, save it again, and send that."),
    "svg": _l("SVG pictures are not taken from courses: they can carry programs. Save the drawing as PNG, twice as large as you need it."),
    "phone-format": _l("This is a HEIC or AVIF picture, as phones make them. Save or share it as JPEG, and send that."),
    "old-format": _l("This is a BMP or TIFF picture. Save it as PNG or JPEG, and send that."),
    "zip": _l("This is a zip file, or a document, and not a picture. Take the picture out, and send that."),
    "pdf": _l("This is a PDF. Save the picture in it as PNG or JPEG, and send that."),
    "too-slow": _l("This picture took too long to read. Open it in a picture program, save it again, and send that."),
    "busy": _l("The server is busy with other pictures. Please try again in a minute."),
}


def refusal_words(code: str) -> str:
    """Return what somebody is told whose picture is refused."""
    if code == "too-large":
        return _("This picture is too large: at most %(size)d MB.", size=LARGEST_SENT // (1024 * 1024))
    if code == "too-many-pixels":
        return _("This picture has too many pixels: at most %(most)d million. Make it smaller, and send that.", most=MOST_PIXELS // 10**6)
    return str(_REFUSALS[code])


def citation(name: str, alt: str) -> str:
    """Return the line by which a text shows the picture."""
    plain = re.sub(r"([\\\[\]*_`{}<])", r"\\\1", alt)
    return f"![{plain}](media/{name})"
