"""What changes the pictures of a course."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from elearn import audit, clock, media
from elearn.adaptation.models import Course
from elearn.adaptation.picture_decoding import Drawn
from elearn.adaptation.picture_models import CoursePicture
from elearn.adaptation.picture_queries import count_of_pictures, pictures_of
from elearn.adaptation.picture_upload import name_for
from elearn.db import db
from elearn.errors import Conflict, Invalid

MOST_PICTURES = 200
#: With those that were removed: their bytes stay, since editions may show them.
MOST_EVER = 1000
LONGEST_ALT = 300
LONGEST_DESCRIPTION = 5000


@dataclass(frozen=True)
class Added:
    """A picture that the course has now."""

    picture: CoursePicture
    #: It was there before, under the same name.
    is_known: bool = False


def _full() -> Conflict:
    return Conflict(_("This course has %(most)d pictures, and may not have more. Remove some that no text shows.", most=MOST_PICTURES))


def _audit(action: str, course: Course, picture: CoursePicture, actor_id: int) -> None:
    audit.record(
        action,
        "course-picture",
        picture.id,
        actor_id=actor_id,
        institution_id=course.institution_id,
        details={"course": course.id},
    )


def words_of_picture(alt: str, description: str) -> tuple[str, str]:
    """Return a picture's words as they are kept; raise Invalid where it has no alternative text, or more than is kept."""
    alt = " ".join(alt.split())
    description = description.replace("\r\n", "\n").strip()
    faults = {}
    if not alt:
        faults["alt"] = _("Say in a sentence what the picture shows. Students who do not see it read this instead.")
    elif len(alt) > LONGEST_ALT:
        faults["alt"] = _("Say it in at most %(most)d characters; more fits into the long description.", most=LONGEST_ALT)
    if len(description) > LONGEST_DESCRIPTION:
        faults["description"] = _("At most %(most)s characters can be kept.", most=f"{LONGEST_DESCRIPTION:,}")
    if faults:
        raise Invalid(next(iter(faults.values())), faults)
    return alt, description


def add_picture(course: Course, drawn: Drawn, *, sent_as: str, alt: str, description: str, by_id: int) -> Added:
    """Return the picture, which a locked course has now; one that it had already, it has once."""
    alt, description = words_of_picture(alt, description)
    digest = media.digest_of(drawn.content)
    known = db.session.scalars(
        select(CoursePicture).where(
            CoursePicture.course_id == course.id, CoursePicture.digest == digest, CoursePicture.removed_at.is_(None)
        ),
    ).first()
    if known is not None:
        return Added(known, is_known=True)
    names = set(db.session.scalars(select(CoursePicture.name).where(CoursePicture.course_id == course.id)))
    if count_of_pictures(course.id) >= MOST_PICTURES or len(names) >= MOST_EVER:
        raise _full()
    name = name_for(sent_as, names | pictures_of(course.id).keys())
    picture = CoursePicture(
        course_id=course.id,
        name=name,
        digest=media.keep({name: drawn.content})[name],
        width=drawn.width,
        height=drawn.height,
        size=len(drawn.content),
        alt=alt,
        description=description,
        added_by_id=by_id,
        added_at=clock.now(),
    )
    db.session.add(picture)
    db.session.flush()
    _audit("add-picture", course, picture, by_id)
    return Added(picture)


def change_words(course: Course, picture: CoursePicture, *, alt: str, description: str, by_id: int) -> None:
    """Leave a locked picture with these words."""
    alt, description = words_of_picture(alt, description)
    if (picture.alt, picture.description) == (alt, description):
        return
    picture.alt, picture.description = alt, description
    _audit("change-picture", course, picture, by_id)


def remove_picture(course: Course, picture: CoursePicture, *, by_id: int) -> None:
    """Offer a locked picture no longer; texts and editions that show it go on showing it."""
    if picture.removed_at is None:
        picture.removed_at = clock.now()
        _audit("remove-picture", course, picture, by_id)


def bring_picture_back(course: Course, picture: CoursePicture, *, by_id: int) -> None:
    """Undo the removal of a locked picture."""
    if picture.removed_at is None:
        return
    if count_of_pictures(course.id) >= MOST_PICTURES:
        raise _full()
    picture.removed_at = None
    _audit("bring-back-picture", course, picture, by_id)
