"""A country's text in the slots of a page. Pure."""

import re
from collections.abc import Mapping

from elearn.catalogue.markup import Context
from elearn.catalogue.render import ContentRenderer
from elearn.countries import country_name

_SLOT = re.compile(
    r'(?P<head><section class="directive directive-slot" data-slot="(?P<key>[a-z-]+)">\s*'
    r'(?:<p class="directive-(?:label|title)">[^\n]*</p>\s*)*)(?P<text>.*?)(?P<foot></section>)',
    re.DOTALL,
)
#: Without it, a page has no slot.
SLOT_MARK = 'data-slot="'
#: A name as people write it holds nothing that Markdown would take for its own.
UNFIT_FOR_A_NAME = re.compile(r"[`*_\[\]<>{}#|\\!~^$\x00-\x1f]")


def slots_in(html: str) -> tuple[str, ...]:
    """Return the slots of a rendered page, each once, in its order."""
    return tuple(dict.fromkeys(found["key"] for found in _SLOT.finditer(html)))


def with_fillings(html: str, fillings: Mapping[str, str]) -> str:
    """Return a rendered page with these texts, rendered too, in its slots; other slots stay as they are."""

    def filled(found: re.Match[str]) -> str:
        text = fillings.get(found["key"])
        return found[0] if text is None else f"{found['head']}{text}\n{found['foot']}"

    return _SLOT.sub(filled, html)


def with_credit(markdown: str, country: str, language: str, credit: str) -> str:
    """Return a country's text with who is to be named at its end; without a name, as it is."""
    text = markdown.strip()
    return f"{text}\n\n*{country_name(country, language)} · {credit}*" if credit else text


def filling_html(markdown: str, context: Context) -> str:
    """Return a country's text as clean HTML."""
    return str(ContentRenderer(context)(markdown))
