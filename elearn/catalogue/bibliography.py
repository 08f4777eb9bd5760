"""References in one citation style: author and date. Pure; gives HTML that still passes through ``text.clean``."""

from collections import defaultdict
from collections.abc import Iterable

from markupsafe import Markup, escape

from elearn.catalogue.reading import Reference
from elearn.catalogue.schema import ReferenceEntry

#: By language: no date, and, and others, open access.
_WORDS = {"en": {"undated": "n.d.", "and": "and", "others": "et al.", "open": "Open access"}}
_MOST_NAMES = 2
#: Types whose own title stands in italics; of an article or a chapter it is the container's.
_INSIDE_ANOTHER = {"article", "chapter"}


def word(key: str, language: str) -> str:
    """Return a word of the style in ``language``, in English where there is none."""
    return _WORDS.get(language, _WORDS["en"]).get(key) or _WORDS["en"][key]


def short_authors(entry: ReferenceEntry, language: str) -> str:
    """Return the authors as a citation names them: family names, at most two; the title where nobody is named."""
    names = [author.split(",")[0].strip() for author in entry.authors]
    if not names:
        return entry.title
    if len(names) > _MOST_NAMES:
        return f"{names[0]} {word('others', language)}"
    return f" {word('and', language)} ".join(names)


def lettered(entries: Iterable[ReferenceEntry]) -> tuple[Reference, ...]:
    """Return the references, each told by a letter from others of the same authors and year (2001a, 2001b)."""
    entries = list(entries)
    alike: dict[tuple[str, int | None], list[str]] = defaultdict(list)
    for entry in sorted(entries, key=lambda e: (e.title.casefold(), e.key)):
        alike[short_authors(entry, "en").casefold(), entry.year].append(entry.key)
    letters = {key: chr(ord("a") + number) for keys in alike.values() if len(keys) > 1 for number, key in enumerate(keys)}
    return tuple(Reference(entry.key, entry, letters.get(entry.key, "")) for entry in entries)


def year(reference: Reference, language: str) -> str:
    """Return the year with its letter."""
    return f"{reference.entry.year or word('undated', language)}{reference.letter}"


def citation(reference: Reference, language: str, locator: str = "") -> str:
    """Return the citation as it stands in brackets: who, when and where in it."""
    return ", ".join(part for part in (short_authors(reference.entry, language), year(reference, language), locator) if part)


def full(reference: Reference, language: str) -> Markup:
    """Return the whole reference as HTML, in the order author, year, title, container, publisher, address."""
    entry = reference.entry
    inside = entry.type in _INSIDE_ANOTHER
    title = escape(entry.title) if inside else Markup("<em>{}</em>").format(entry.title)
    container = Markup("<em>{}</em>").format(entry.container) if inside and entry.container else escape(entry.container or "")
    authors = "; ".join(entry.authors)
    named = f"{authors} ({year(reference, language)})"
    head = (
        Markup("{} ({})").format(title, year(reference, language))
        if authors in {"", entry.title}
        else Markup("{}. {}").format(named, title)
    )
    note = entry.note or ""
    issue = " ".join(part for part in (entry.volume, f"({entry.issue})" if entry.issue else "") if part)
    where = [part for part in (container, issue, entry.pages, entry.court, entry.number) if part]
    by = ", ".join(part for part in (entry.publisher, entry.place) if part)
    sentences = [
        head,
        Markup(", ").join(where),
        by,
        f"ISBN {entry.isbn}" if entry.isbn else "",
        note[:1].upper() + note[1:],
        _address(entry),
    ]
    if entry.open:
        sentences.append(word("open", language))
    return Markup(" ").join(_sentence(part) for part in sentences if part)


def _sentence(part: str) -> Markup:
    html = escape(part)
    return html if html.removesuffix("</em>")[-1:] in ".?!" or html.endswith("</a>") else html + "."


def _address(entry: ReferenceEntry) -> Markup:
    href = f"https://doi.org/{entry.doi}" if entry.doi else entry.url
    return Markup('<a href="{}">{}</a>').format(href, href) if href else Markup("")


def in_order(references: Iterable[Reference]) -> list[Reference]:
    """Return references in the order of a list: by authors, year, title."""
    return sorted(
        references,
        key=lambda r: ("; ".join(r.entry.authors or [r.entry.title]).casefold(), r.entry.year or 0, r.letter, r.entry.title.casefold()),
    )
