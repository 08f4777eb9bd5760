"""Words for the sections of a module of a course, and for what was done to it."""

from collections.abc import Mapping

from flask_babel import gettext as _

from elearn.adaptation.section_changes import SectionState
from elearn.catalogue.labels import section_kind_names

#: Kinds of sections that a course may add: a list of references is made, a class plan has a page of its own.
ADDABLE_KINDS = (
    "key-issue",
    "introduction",
    "case-study",
    "exercise",
    "conclusion",
    "core-reading",
    "advanced-reading",
    "assessment",
    "tools",
)


def kind_names() -> dict[str, str]:
    """Return what all kinds of sections are called."""
    plain = {"introduction": _("introduction"), "key-issue": _("key issue"), "conclusion": _("conclusion"), "references": _("references")}
    return plain | section_kind_names()


def audience_names() -> dict[str, str]:
    """Return for whom a section may be."""
    return {"everyone": _("everyone"), "teacher": _("teachers only")}


def state_badges(state: SectionState) -> list[tuple[str, str]]:
    """Return the words that say how a section stands, each with its tone."""
    words = []
    if state.is_hidden:
        words.append((_("hidden"), "waiting"))
    if state.is_added:
        words.append((_("added by you"), "accent"))
    elif state.intent == "hold":
        words.append((_("held"), "accent"))
    elif state.intent == "mine":
        words.append((_("yours"), "accent"))
    else:
        words.append((_("changed, follows"), "accent") if state.has_own_text else (_("follows"), "plain"))
    if state.intent == "hold" and state.has_own_text:
        words.append((_("changed"), "accent"))
    if state.has_own_head:
        words.append((_("own title or minutes"), "plain"))
    if state.section.head["audience"] == "teacher":
        words.append((_("for teachers"), "plain"))
    return words


def intent_words() -> dict[str, str]:
    """Return what a section can be meant to be, as a choice."""
    return {
        "follow": _("Follow: take the series' corrections"),
        "hold": _("Hold: stay as it is until you say otherwise"),
        "mine": _("Mine: the text is yours alone"),
    }


def done_words(act: str, title: str) -> str:
    """Return what an act did to a section."""
    words: Mapping[str, str] = {
        "hide": _("“%(section)s” is hidden.", section=title),
        "show": _("“%(section)s” is shown again.", section=title),
        "up": _("“%(section)s” stands further up.", section=title),
        "down": _("“%(section)s” stands further down.", section=title),
        "follow": _("“%(section)s” follows the series.", section=title),
        "hold": _("“%(section)s” stays as it is.", section=title),
        "mine": _("“%(section)s” is yours.", section=title),
        "restore": _("“%(section)s” is the series' text again.", section=title),
        "remove": _("“%(section)s” is removed.", section=title),
    }
    return words[act]


def act_names() -> dict[str, str]:
    """Return what made a state of a module, as its history says it."""
    return {
        "edit": _("changed"),
        "update": _("updated from upstream"),
        "undo": _("undone"),
        "restore": _("an earlier state restored"),
        "renew": _("moved to the series' newest text"),
        "folder": _("changed in a folder"),
        "adapt": _("taken from a shared course"),
    }
