"""What people are told of a course's folder."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import ngettext

from elearn.adaptation.folder_changes import LEFT_ALONE, Note
from elearn.archives import BadArchive


def refusal_words(bad: BadArchive) -> str:
    """Return what somebody is told whose file is refused whole."""
    return {
        "too-large": _("This file, or one in it, is too large: at most %(most)s MB. Pictures need not be in it.", most=bad.detail),
        "too-many-files": _("The zip file holds more than %(most)s files. Send the folder of the course only.", most=bad.detail),
        "package-too-large": _("What is packed in this file is too large (at most %(most)s MB), or packed too densely.", most=bad.detail),
        "not-a-package": _("This is not a zip file that can be read. Pack the folder of the course as a zip file, and send that."),
        "path-outside": _("The zip file holds a name that leads outside its folder: %(name)s. Nothing of it was used.", name=bad.detail),
        "symbolic-link": _("The zip file holds a link to another file: %(name)s. Put the file itself there.", name=bad.detail),
        "encrypted": _("The zip file is locked with a password. Pack it without one."),
        "no-course-file": _("The file course.yml is missing. Send the whole folder as it was downloaded, with your changes in it."),
        "bad-course-file": _("The file course.yml cannot be read. Please put back the one that came with the folder."),
        "too-slow": _("The folder took too long to read. Look for texts with very many brackets, quotations and levels of lists."),
    }[bad.code]


def note_words(note: Note) -> str:
    """Return one thing that was recognised, in words."""
    if note.kind == "text":
        new = ngettext("%(num)s passage new or changed", "%(num)s passages new or changed", note.added) if note.added else ""
        gone = ngettext("%(num)s passage gone or changed", "%(num)s passages gone or changed", note.gone) if note.gone else ""
        return _("“%(name)s”: %(what)s", name=note.name, what=", ".join(filter(None, (new, gone))) or _("passages in another order"))
    words = {
        "title": _("The module is called “%(name)s”", name=note.name),
        "summary": _("Another summary of the module"),
        "added": _("A section of your own: “%(name)s”", name=note.name),
        "hidden": _("“%(name)s” is hidden: its file is not there", name=note.name),
        "removed": _("Your section “%(name)s” is removed: its file is not there", name=note.name),
        "shown": _("“%(name)s” is shown again", name=note.name),
        "head": _("“%(name)s”: its title, kind, minutes, outcomes, steps or descriptions", name=note.name),
        "order": _("The sections stand in another order"),
        "slot": _("What stands in the place “%(name)s” for your country", name=note.name),
        "quiz": _("The rules of the quiz"),
        "item": _("The question “%(name)s” is worded otherwise", name=note.name),
        "item-added": _("A question of your own: “%(name)s”", name=note.name),
        "item-excluded": _("The question “%(name)s” is left out", name=note.name),
        "item-removed": _("Your question “%(name)s” is removed", name=note.name),
        "renamed": _("“%(name)s” has another file name; it stays the same section, so that no progress is lost", name=note.name),
        "fixed": _("%(name)s was changed there: a course takes only title and summary from these files", name=note.name),
        "picture": _("%(name)s is a new picture: add it on the page Pictures, which gives you its name", name=note.name),
        "instructions": _("The instructions of the quiz were changed: they stay as they are"),
        "no-quiz": _("quiz.yml is not there: the quiz stays as it is. Leave questions out one by one"),
    }
    return words[note.kind]


def note_lines(notes: Iterable[Note]) -> tuple[list[str], list[str]]:
    """Return in words what changes, and what was changed in the folder and stays as it is."""
    found = list(notes)
    taken = [note_words(note) for note in found if note.kind not in LEFT_ALONE]
    return taken, [note_words(note) for note in found if note.kind in LEFT_ALONE]
