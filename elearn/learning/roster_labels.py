"""Words for what is odd about rosters, and for what becomes of their lines."""

from flask_babel import gettext as _
from flask_babel import ngettext

from elearn.learning.roster import LARGEST_FILE, LONGEST, MOST_LINES, Kind, Oddity
from elearn.learning.roster_plan import Move, Step


def column_name(column: str) -> str:
    """Return what a column of a roster is called."""
    return {
        "name": _("name"),
        "email": _("e-mail address"),
        "student_id": _("student id"),
        "language": _("language"),
        "group": _("group"),
        "given": _("first name"),
        "family": _("last name"),
    }.get(column, column)


def refusal_words(oddity: Oddity) -> str:
    """Return why a file cannot be read as a roster, and what to do about it."""
    return {
        Kind.EMPTY: _("There is no student in it. The first line names the columns; each line below it is one student."),
        Kind.NOT_TEXT: _("This is not a table as text. In your spreadsheet choose “Save as” or “Export”, then CSV, and send that file."),
        Kind.TOO_LARGE: _("A roster is at most %(most)d MB. Send it in parts.", most=LARGEST_FILE // 1024**2),
        Kind.TOO_MANY_LINES: _("A roster has at most %(most)s lines. Send it in parts.", most=f"{MOST_LINES:,}"),
        Kind.NO_NAME_COLUMN: _(
            "The first line must name the columns, and one of them must be “name”: name,email,student_id,language. Yours begins: %(found)s",
            found=oddity.value,
        ),
        Kind.COLUMN_TWICE: _("Two columns are called “%(column)s”. Rename or remove one.", column=column_name(oddity.column)),
    }[oddity.kind]


def fault_words(oddity: Oddity) -> str:
    """Return what is wrong with a line."""
    return {
        Kind.NO_NAME: _("There is no name."),
        Kind.TOO_LONG: _(
            "The %(column)s is longer than %(most)d characters: %(value)s",
            column=column_name(oddity.column),
            most=LONGEST.get(oddity.column, 0),
            value=oddity.value,
        ),
        Kind.BAD_ADDRESS: _("“%(value)s” does not look like an e-mail address.", value=oddity.value),
        Kind.ADDRESS_TWICE: _("The address %(value)s stands on line %(other)d too.", value=oddity.value, other=oddity.other),
        Kind.STUDENT_ID_TWICE: _("The student id %(value)s stands on line %(other)d too.", value=oddity.value, other=oddity.other),
        Kind.TOO_MANY_CELLS: _("There are more cells than the %(columns)s columns named on the first line.", columns=oddity.value),
        Kind.QUOTES: _("A quotation mark is opened and not closed, or something stands behind a closed one."),
        Kind.CONTROL: _("The %(column)s holds a character that no text can hold.", column=column_name(oddity.column)),
        Kind.TEACHES: _("%(value)s teaches this class.", value=oddity.value),
        Kind.TWO_PLACES: _("The address is one student's in this class, the student id %(value)s another's.", value=oddity.value),
        Kind.SAME_PLACE: _("Line %(other)d means the same student.", other=oddity.other),
    }[oddity.kind]


def remark_words(oddity: Oddity) -> str:
    """Return what was done with something odd that keeps no line out."""
    return {
        Kind.FORMULA: _("“%(value)s” looks like a formula; it is kept as plain text.", value=oddity.value),
        Kind.EMPTY_LINE: _("The line is empty and was passed over."),
        Kind.LANGUAGE: _("“%(value)s” is not a language code such as “en”; no language was taken.", value=oddity.value),
    }[oddity.kind]


def step_words(move: Move) -> str:
    """Return what will happen to a line."""
    if move.step is Step.CHANGED:
        return _("is there already; changes: %(columns)s", columns=", ".join(column_name(column) for column in move.changes))
    return {
        Step.NEW: _("new; waits to be claimed"),
        Step.SEAT: _("new; has an account and is in the class at once"),
        Step.SAME: _("is there already; nothing changes"),
        Step.GONE: _("was in this class and left it; stays out"),
    }[move.step]


def invitation(*, professor: str, title: str, institution: str, name: str, url: str) -> tuple[str, str]:
    """Return subject and body of the mail that invites somebody who has no account with this address yet."""
    subject = _("Your place in “%(title)s”", title=title)
    body = _(
        "Hello %(name)s,\n\n"
        "%(professor)s has put you on the list of the class “%(title)s” at %(institution)s.\n\n"
        "To take your place, open this link, sign up with this e-mail address and join:\n\n%(url)s\n\n"
        "You are written to because your professor entered this address. If you do not know of such a class, do nothing: "
        "without you nothing happens.\n",
        name=name,
        professor=professor,
        title=title,
        institution=institution,
        url=url,
    )
    return subject, body


def enrolled_notice(*, professor: str, title: str, institution: str, name: str, url: str) -> tuple[str, str]:
    """Return subject and body of the mail that tells somebody with an account that they are in a class now."""
    subject = _("You are in the class “%(title)s”", title=title)
    body = _(
        "Hello %(name)s,\n\n"
        "%(professor)s has put you into the class “%(title)s” at %(institution)s. It stands among your classes now:\n\n%(url)s\n\n"
        "You are written to because this address is yours here. If this is a mistake, you can leave the class on its page.\n",
        name=name,
        professor=professor,
        title=title,
        institution=institution,
        url=url,
    )
    return subject, body


def outcome_words(new: int, seats: int, changed: int) -> str:
    """Return what an import has done, in a sentence."""
    if not new + seats + changed:
        return _("Everything was there already: nothing has changed.")
    parts = []
    if new:
        parts.append(ngettext("%(num)d line waits to be claimed", "%(num)d lines wait to be claimed", new))
    if seats:
        parts.append(ngettext("%(num)d student is in the class at once", "%(num)d students are in the class at once", seats))
    if changed:
        parts.append(ngettext("%(num)d was changed", "%(num)d were changed", changed))
    return _("Imported: %(what)s.", what=", ".join(parts))


def password_slip_notice(*, name: str, professor: str, title: str, url: str) -> tuple[str, str]:
    """Return subject and body of the mail that tells a student of a slip for a new password."""
    subject = _("A slip for a new password was made for you")
    body = _(
        "Hello %(name)s,\n\n"
        "%(professor)s, your professor in “%(title)s”, has made a slip of paper with which a new password can be chosen for your account, "
        "once and within two days.\n\n"
        "If you asked for it, use it and forget this mail. If you did not, speak to your professor or to a coordinator of your "
        "institution: your account shows who made which slip, and whether it was used:\n\n%(url)s\n",
        name=name,
        professor=professor,
        title=title,
        url=url,
    )
    return subject, body


def password_changed_notice(*, name: str) -> tuple[str, str]:
    """Return subject and body of the mail that tells a student that a slip was used."""
    subject = _("Your password was changed")
    body = _(
        "Hello %(name)s,\n\n"
        "A new password was chosen for your account with a slip from your professor, and every browser was signed out.\n\n"
        "If that was not you, speak to your professor or to a coordinator of your institution at once.\n",
        name=name,
    )
    return subject, body
