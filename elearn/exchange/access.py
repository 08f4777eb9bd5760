"""The doors of the exchange: quizzes with their answer keys, for those who may read them."""

from elearn.catalogue.access import sees_teacher_sections
from elearn.catalogue.queries import PublishedModule, PublishedSeries, current_series
from elearn.errors import NotAllowed, NotFound

#: A quiz by where it stands: the series, and the module whose it is.
Place = tuple[PublishedSeries, PublishedModule]


def quiz_for_exchange(visitor: object, slug: str) -> Place:
    """Return the series and the module whose quiz is to be taken out or in."""
    if not sees_teacher_sections(visitor):
        raise NotAllowed
    series = current_series()
    module = series.module(slug)
    if module is None or module.quiz is None:
        raise NotFound
    return series, module
