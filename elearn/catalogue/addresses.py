"""Where the pages of the series are, in each of its languages."""

from elearn.catalogue.queries import PublishedModule, PublishedSeries


def module_url(series: PublishedSeries, module: PublishedModule, language: str) -> str:
    """Return where a module is read in ``language``; its sections stand below."""
    return f"{_root(series, language)}/modules/{module.slug}/"


def glossary_url(series: PublishedSeries, language: str) -> str:
    """Return where the glossary is read in ``language``."""
    return f"{_root(series, language)}/glossary"


def term_url(series: PublishedSeries, key: str, language: str) -> str:
    """Return where a term is explained in ``language``."""
    return f"{glossary_url(series, language)}/{key}"


def _root(series: PublishedSeries, language: str) -> str:
    return "" if language == series.source else f"/{language}"
