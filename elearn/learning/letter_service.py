"""Letters about a class to single people, such as those who are added to its staff."""

from collections.abc import Iterable

from flask import current_app

from elearn import mail
from elearn.learning.models import CourseClass
from elearn.learning.staff_queries import addresses_for_mail


def tell(person_ids: Iterable[int], course_class: CourseClass, subject: str, words: str, *, path: str = "") -> int:
    """Write to these people, at an address that they have verified; return how many have one."""
    url = current_app.config["BASE_URL"].rstrip("/") + (path or f"/classes/{course_class.id}/")
    body = f"{words}\n\n{url}\n"
    letters = [mail.Letter(address, subject, body, person_id) for person_id, address in addresses_for_mail(person_ids)]
    return mail.post(letters, about="class", about_id=course_class.id)
