"""The doors of the catalogue: what is for teachers reaches teachers only."""

from elearn.accounts.permissions import Permission, may
from elearn.catalogue.queries import PublishedModule, PublishedSeries, SectionLine, current_series
from elearn.errors import NotFound


def module_for_reading(slug: str, language: str | None) -> tuple[PublishedSeries, PublishedModule, str]:
    """Return the series, the module and the language in which it is read; anyone may read."""
    series = current_series()
    module = series.module(slug)
    if module is None or (language is not None and language not in series.languages):
        raise NotFound
    return series, module, language or series.source


def sees_teacher_sections(visitor: object) -> bool:
    """Return whether ``visitor`` may read answer keys, model answers and rubrics."""
    return may(visitor, Permission.READ_TEACHER_SECTIONS)


def lines_for_reading(visitor: object, lines: tuple[SectionLine, ...]) -> tuple[SectionLine, ...]:
    """Return those of ``lines`` that ``visitor`` may read."""
    if sees_teacher_sections(visitor):
        return lines
    return tuple(line for line in lines if line.audience == "everyone")


def line_for_reading(visitor: object, lines: tuple[SectionLine, ...], key: str) -> SectionLine:
    """Return the section with this key if ``visitor`` may read it; not there and not theirs are the same."""
    for line in lines_for_reading(visitor, lines):
        if line.key == key:
            return line
    raise NotFound
