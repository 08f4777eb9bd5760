"""A text as its page would be, and what the compiler says of it: made in a process of its own, which is ended when it takes too long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from elearn import bounded
from elearn.adaptation.draft_queries import EditedSection, desk_for
from elearn.adaptation.draft_text import Together, Weighed, Written, as_shown, together, weigh
from elearn.adaptation.picture_queries import pictures_listed
from elearn.catalogue import bibliography
from elearn.catalogue.passages import laid_out
from elearn.db import abandon
from elearn.errors import Invalid
from elearn.text import SECONDS_PERSONAL

MOST_PICTURES = 200


@dataclass(frozen=True)
class Preview:
    """What would come of a text."""

    weighed: Weighed
    #: Clean HTML.
    html: str
    #: The beginnings of the lines on which faults stand.
    lines: Mapping[int, str]


def preview_of(edited: EditedSection, text: str) -> Preview:
    """Return what would come of a text for a section; raise Invalid where that takes too long.

    The unit of work is over before the text is looked at: seconds may pass, and nobody else's writing waits for them.
    """
    desk = desk_for(edited)
    # The page stands at another address than those on which the section will be read.
    desk = replace(desk, context=replace(desk.context, absolute=True))
    base = edited.made_on.markdown if edited.made_on else None
    shown = as_shown(text, edited.slots)
    descriptions = {**desk.context.descriptions, **(edited.section.head.get("descriptions") or {})}
    abandon()
    try:
        weighed = bounded.run(weigh, desk.without_content(), text, base, seconds=SECONDS_PERSONAL)
        used = weighed.used
        if shown != text:
            used = bounded.run(weigh, desk.without_content(), shown, None, seconds=SECONDS_PERSONAL).used
    except bounded.Exceeded:
        raise Invalid(_("This text could not be looked at in time. Please use fewer brackets, quotations and levels of lists.")) from None
    html = laid_out(desk, shown, used, descriptions=descriptions)
    rows = text.split("\n")
    lines = {fault.line: rows[fault.line - 1][:80] for fault in weighed.faults if 0 < fault.line <= len(rows)}
    return Preview(weighed, html, lines)


def brought_together(base: Written, mine: Written, theirs: Written) -> Together | None:
    """Return two texts in one; None where finding out how takes too long. The unit of work is over before."""
    abandon()
    try:
        return bounded.run(together, base, mine, theirs, seconds=SECONDS_PERSONAL)
    except bounded.Exceeded:
        return None


def insertable(edited: EditedSection) -> dict[str, Sequence[Mapping[str, str]]]:
    """Return what a text of the section may point at: by sort, each with the key and the words by which a person knows it."""
    desk, language = desk_for(edited), edited.course.language
    own = {picture.name: picture.alt for picture in pictures_listed(edited.course.id, "", offset=0, size=MOST_PICTURES)}
    offered = [name for name in sorted(desk.context.pictures) if name not in desk.context.descriptions or name in own]
    names = [*own, *(name for name in offered if name not in own)]
    return {
        "references": [
            {"key": each.key, "words": f"{bibliography.citation(each, language)}: {each.entry.title}"}
            for each in bibliography.in_order(desk.context.references.values())
        ],
        "terms": sorted(
            ({"key": key, "words": term.entry.term.get(language) or term.entry.term[desk.context.source]}
             for key, term in desk.context.terms.items()),
            key=lambda each: each["words"].casefold(),
        ),
        "pictures": [{"key": name, "words": f"{name}: {own[name]}" if own.get(name) else name, "alt": own.get(name, "")} for name in names],
        "sections": [{"key": each.key, "words": each.title} for each in edited.module.source.sections if each.key != edited.key],
    }  # fmt: skip
