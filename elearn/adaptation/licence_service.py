"""The licence of a course: one that the licences of all its modules permit."""

from collections.abc import Collection

from flask_babel import gettext as _

from elearn import audit
from elearn.accounts.permissions import Visitor
from elearn.adaptation.base_queries import BaseRef
from elearn.adaptation.course_queries import adapted_modules
from elearn.adaptation.licence_labels import mix_words
from elearn.adaptation.licence_queries import licence_of, licences_of, mixes_of, series_licence
from elearn.adaptation.licences import OFFERED, fitting, hindrance
from elearn.adaptation.models import Course
from elearn.db import db
from elearn.errors import Invalid


def choose_licence(visitor: Visitor, course: Course, licence: str, authors: str) -> bool:
    """Leave the locked course with this licence (empty: the series') and these names; return whether that changes anything.

    Raise Invalid, with the reason of each, where modules do not fit.
    """
    if licence and licence not in OFFERED:
        message = _("Choose one of the licences.")
        raise Invalid(message, {"licence": message})
    if (licence, authors) == (course.licence, course.authors):
        return False
    wanted = licence or series_licence()
    if mixes := mixes_of(adapted_modules(course), wanted):
        message = " ".join(mix_words(mix.title, mix.hindrance, mix.licence, wanted) for mix in mixes)
        raise Invalid(message, {"licence": message})
    course.licence, course.authors = licence, authors
    db.session.flush()
    details = {"licence": wanted}
    audit.record("choose-licence", "course", course.id, actor_id=visitor.id, institution_id=course.institution_id, details=details)
    return True


def check_licences(course: Course, texts: Collection[tuple[BaseRef, str]]) -> None:
    """Raise Invalid, with the reason, where a text (with its title) may not become part of the course."""
    licences, wanted = licences_of({ref for ref, _title in texts}), licence_of(course)
    for ref, title in texts:
        if why := hindrance(licences[ref], wanted):
            raise Invalid(mix_words(title, why, licences[ref], wanted))


def licence_made_of(texts: Collection[BaseRef], title: str) -> str:
    """Return the licence of a course made of these texts: theirs; raise Invalid, with the reason, where there can be none."""
    # Modules of an edition of before courses had licences may have several.
    there = list(dict.fromkeys(licences_of(texts).values()))
    for licence in (*there, *fitting(there)):
        if not any(hindrance(each, licence) for each in there):
            return licence
    one, other = there[0], there[-1]
    raise Invalid(mix_words(title, hindrance(one, other) or hindrance(one, one), one, other))
