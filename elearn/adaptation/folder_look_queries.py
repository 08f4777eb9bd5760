"""What a folder that was sent back would change in its course; nothing is changed here."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from elearn import bounded
from elearn.adaptation.course_folder import COURSE_FILE, fits, folder_of
from elearn.adaptation.folder_changes import LEFT_ALONE, Recognised, Standing, recognised
from elearn.adaptation.folder_items import MadeItem, made_items
from elearn.adaptation.folder_queries import FolderParts, parts_of
from elearn.adaptation.folder_reading import ReadFolder, read_both
from elearn.adaptation.models import Course
from elearn.archives import BadArchive, packed
from elearn.catalogue.faults import Fault
from elearn.catalogue.item_service import files_of
from elearn.errors import Conflict, Invalid

#: How long reading a folder may take; an honest one takes a second or two.
SECONDS = 30.0


@dataclass(frozen=True)
class LookedAt:
    """What a folder that was sent would change, and what keeps it from that."""

    modules: Mapping[str, Recognised]
    titles: Mapping[str, str]
    #: By slug: the number of the changes that the folder was made from.
    seen: Mapping[str, int]
    faults: tuple[Fault, ...]
    #: Modules of the course that the folder does not hold, and files in it that mean nothing here.
    missing: tuple[str, ...]
    others: tuple[str, ...]
    #: By slug: the revision of the series that the module goes back to, and its folder there.
    places: Mapping[str, tuple[int, str]]

    @property
    def changed(self) -> dict[str, Recognised]:
        """Those modules that the folder changes."""
        return {slug: each for slug, each in self.modules.items() if each.notes}

    @property
    def does_something(self) -> bool:
        """Whether using it would change the course."""
        return any(note.kind not in LEFT_ALONE for each in self.modules.values() for note in each.notes)


def folder_file(course: Course) -> bytes:
    """Return the course's folder as a zip file; raise Conflict where a module has more sections than a folder has numbers for."""
    parts = parts_of(course)
    if not all(fits(len(module.source.sections)) for module in parts.modules):
        raise Conflict(_("A module of this course has more sections than a folder can hold."))
    return packed(folder_of(parts.head, parts.modules))


def read_sent(course: Course, content: bytes) -> tuple[FolderParts, ReadFolder, ReadFolder]:
    """Return the course as it stands, its folder as it would be made now, and the one that was sent, read.

    Raise BadArchive where that is none. It takes seconds, and asks the database nothing after the first of them.
    """
    parts = parts_of(course, with_pictures=False)
    made = folder_of(parts.head, parts.modules)
    try:
        read = bounded.run(read_both, content, made, dict(parts.known), seconds=SECONDS)
    except bounded.Exceeded:
        raise BadArchive("too-slow") from None
    if isinstance(read, BadArchive):
        raise read
    sent, before = read
    return parts, before, sent


def look(course: Course, content: bytes) -> LookedAt:
    """Return what a folder that was sent would change.

    Raise BadArchive where it is none, Invalid where it is of another course, Conflict where it was made from what is not the newest.
    """
    parts, before, sent = read_sent(course, content)
    _check_course(parts, sent)
    _check_newest(parts, sent)
    found = {}
    for slug, module in parts.adapted.items():
        if slug in sent.modules and slug in before.modules:
            standing = Standing(parts.head.course_id, module.base.source, module.overlay.changes, module.held)
            found[slug] = recognised(standing, before.modules[slug], sent.modules[slug])
    mine = {*before.faults}
    faults = [fault for fault in sent.faults if fault not in mine and fault.severity == "error"]
    faults += [fault for each in found.values() for fault in each.faults]
    return LookedAt(
        found,
        {slug: module.source.title for slug, module in parts.adapted.items()},
        {slug: module.overlay.number for slug, module in parts.adapted.items()},
        tuple(sorted(faults)),
        tuple(
            module.source.title
            for slug, module in parts.adapted.items()
            if slug not in {*sent.modules, *sent.same} and not _named(slug, faults)
        ),
        sent.others,
        {each.source.slug: (parts.adapted[each.source.slug].base.revision_id, each.folder) for each in parts.modules},
    )


def _named(slug: str, faults: list[Fault]) -> bool:
    return any(fault.path.split("/")[0][3:] == slug for fault in faults)


def _check_course(parts: FolderParts, sent: ReadFolder) -> None:
    if (sent.course.course, sent.course.made) != (parts.head.course_id, parts.head.made_at):
        message = _(
            "This is the folder of another course: “%(other)s”. Send it on that course's page, or download the folder of this one.",
            other=sent.course.title[:200],
        )
        raise Invalid(message, {"folder": message})
    if sent.course.language != parts.head.language:
        message = _("The file %(name)s was changed. Please put back the one that came with the folder.", name=COURSE_FILE)
        raise Invalid(message, {"folder": message})


def _check_newest(parts: FolderParts, sent: ReadFolder) -> None:
    old = [
        module.source.title
        for slug, module in parts.adapted.items()
        if (state := sent.course.modules.get(slug)) and (state.changes, state.base) != (module.overlay.number, module.base.ref.pin)
        and slug in sent.modules
    ]  # fmt: skip
    if old:
        raise Conflict(
            _(
                "The course was changed after this folder was downloaded: %(modules)s. Nothing was changed, your file is as it was. "
                "Download the folder again, put your changes into it, and send that. What others changed elsewhere stays.",
                modules=", ".join(old),
            )
        )


def made_of(looked: LookedAt) -> dict[str, tuple[MadeItem, ...]]:
    """Return by module the questions that a folder words otherwise or adds, made into what attempts ask."""
    made = {}
    for slug, each in looked.changed.items():
        if each.items:
            revision_id, folder = looked.places[slug]
            values = [dict(item.value) for item in each.items]
            try:
                made[slug] = bounded.run(made_items, files_of(revision_id), folder, values, seconds=SECONDS)
            except bounded.Exceeded:
                raise Invalid(_("The questions could not be laid out in time. Please use fewer brackets, quotations and lists.")) from None
    return made
