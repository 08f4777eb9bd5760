"""The words of a report: what each code of a note means to a professor."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from elearn.exchange.limits import Refused
from elearn.exchange.report import Note

#: What a format has no place for. It stands in the file for elearn alone.
APART = {
    "apart-id": _l("The keys of the choices, pairs and gaps have no place there."),
    "apart-wording": _l("Some formatting of the text is shown more plainly there."),
    "apart-order": _l("The choices stand in another order there."),
    "apart-points": _l("The points have no place there: the other system gives its own."),
    "apart-tries": _l("Further tries have no place there."),
    "apart-hints": _l("The hints have no place there."),
    "apart-scoring": _l("The scoring rule is another one there."),
    "apart-normalise": _l("Which differences of spelling do not matter cannot be said there."),
    "apart-accept": _l("Some accepted answers are written a little differently there."),
    "apart-range": _l("The range is written as a value and a tolerance there."),
    "apart-unit": _l("The unit has no place there: name it in the question."),
    "apart-feedback": _l("Some feedback has no place there."),
    "apart-anticipated": _l("Wrong answers that are foreseen have no place there."),
    "apart-rubric": _l("The rubric has no place there."),
    "apart-model-answer": _l("The model answer has no place there."),
    "apart-min-words": _l("The least number of words cannot be set there."),
    "apart-max-words": _l("The largest number of words cannot be set there."),
    "apart-type": _l("The type of the question is not known there: it becomes another one."),
    "apart-weight": _l("What a gap or choice weighs is rounded there."),
    "apart-tags": _l("The tags are written differently there."),
}
#: What is not in the file, or not as it was; ``%(detail)s`` stands where there is more to say.
OTHERS = {
    "quiz-rules": _l("Title, instructions, pass mark, attempts and drawing of questions are not part of the file: set them there."),
    "translations": _l("The translations are left out: %(detail)s."),
    "item-left-out": _l("Questions of this type do not exist there; they are left out."),
    "own-marks": _l("Links to the glossary and to references are shown as they are typed: [term]{glossary}, [@source]."),
    "moodle-grades": _l("Moodle knows only certain percentages: choose “nearest grade” when you import. (%(detail)s)"),
    "id-made": _l("The key of the question was made from its name or text."),
    "category": _l("Categories are left out: %(detail)s."),
    "unsupported-type": _l("There is no such type of question here; it is left out: %(detail)s."),
    "no-question": _l("No question was found here; it is left out: %(detail)s."),
    "not-closed": _l("A brace is not closed; the question is left out: %(detail)s."),
    "no-prompt": _l("The question has no text; it is left out: %(detail)s."),
    "several-questions": _l("Several questions in one are not known here; it is left out: %(detail)s."),
    "no-right-answer": _l("No answer is marked as right."),
    "two-right-answers": _l("Two answers are right where only one can be chosen: decide which."),
    "weights-changed": _l("The answers were not worth 100 per cent together; they are now: %(detail)s."),
    "weights-rounded": _l("Percentages are whole numbers here; they were rounded: %(detail)s."),
    "negative-weight": _l("A wrong choice takes no points away here, where only one can be chosen: %(detail)s."),
    "partial-credit": _l("An answer that brings a part of the points only brings none here: %(detail)s."),
    "second-answer": _l("A second right number is left out: %(detail)s."),
    "answer-left-out": _l("An answer is left out: %(detail)s."),
    "answer-feedback": _l("Feedback on a single answer of a gap or pair is left out: %(detail)s."),
    "right-feedback": _l("Feedback on the right answer became feedback on the question: %(detail)s."),
    "no-accepted-answer": _l("No answer brings all the points; the question is left out: %(detail)s."),
    "too-few-choices": _l("There are too few choices; the question is left out: %(detail)s."),
    "too-few-pairs": _l("There are too few pairs; the question is left out: %(detail)s."),
    "wildcard": _l("An asterisk that stands for any text is not known here; the answer is left out: %(detail)s."),
    "scoring-changed": _l("The scoring rule is not known here; the share of right pairs counts instead: %(detail)s."),
    "overall-feedback": _l("Feedback on a right or wrong result as a whole is left out: %(detail)s."),
    "file-left-out": _l("A file is left out: %(detail)s."),
    "file-missing": _l("The package names a file that it does not hold: %(detail)s."),
    "test-left-out": _l("The order and rules of the test are left out; its questions are read: %(detail)s."),
    "unit-left-out": _l("A second unit is left out: %(detail)s."),
    "left-out": _l("Left out: %(detail)s."),
    "gap-left-out": _l("A gap of this kind is not known here and stands as it was typed: %(detail)s."),
    "too-many-gaps": _l("There are more gaps than a question can have (%(detail)s): divide it."),
    "no-gaps": _l("No gap was found in the text; the question is left out: %(detail)s."),
    "text-too-long": _l("A text was cut: it had %(detail)s characters."),
    "picture": _l("A picture or recording is left out; only its description is kept: %(detail)s."),
    "html-left-out": _l("Formatting that is not known here became plain text: %(detail)s."),
    "link-left-out": _l("A link that does not lead to a web page or an e-mail address became plain text: %(detail)s."),
    "changed-elsewhere": _l("The question was changed in the other system; what elearn had noted beside the changed part is left out."),
    "no-outcome": _l("Name the learning outcome and the Bloom level (outcome, bloom) before you publish."),
    "check": _l("To be put right before it can be published: %(detail)s"),
}
REFUSALS = {
    "empty": _l("The file is empty."),
    "too-large": _l("The file, or a file in it, is larger than %(detail)s MB."),
    "too-many-items": _l("The file holds more than %(detail)s questions. Divide it."),
    "too-many-files": _l("The package holds more than %(detail)s files."),
    "too-many-elements": _l("The file holds more than %(detail)s elements. Divide it."),
    "too-deep": _l("The file is nested more than %(detail)s levels deep: no question needs that."),
    "package-too-large": _l("Unpacked, the package would be larger than %(detail)s MB, or it is packed too tightly to be harmless."),
    "path-outside": _l("The package names a file outside itself: %(detail)s."),
    "symbolic-link": _l("The package holds a link to another file: %(detail)s."),
    "encrypted": _l("The package is locked with a password: %(detail)s."),
    "not-a-package": _l("The zip file cannot be opened: %(detail)s."),
    "xml-unsafe": _l("The file declares a document type or entities. They can do harm: export it again without them."),
    "not-xml": _l("The file is not well-formed XML: %(detail)s."),
    "not-utf8": _l("The file is not UTF-8 (at byte %(detail)s). Save it as UTF-8."),
    "other-format": _l("This is a file of another format (%(detail)s). Choose the format that fits."),
    "no-questions": _l("No question was found in the file."),
}
#: So many questions are named one by one.
MOST_NAMED = 200


@dataclass(frozen=True)
class Line:
    """A line of a report: what happened, and to which questions."""

    code: str
    words: str
    items: tuple[str, ...]
    comes_back: bool


def words_of(note: Note) -> str:
    """Return what a note means."""
    words = APART.get(note.code) or OTHERS.get(note.code)
    if words is None:
        return _("Something has no place there: %(what)s.", what=note.code.removeprefix("apart-"))
    return str(words).replace("%(detail)s", note.detail.rstrip(".") or "–")


def refusal_of(refused: Refused) -> str:
    """Return why a file is refused."""
    words = REFUSALS.get(refused.code)
    return str(words).replace("%(detail)s", refused.detail) if words else _("The file cannot be read.")


def lines_of(notes: Iterable[Note]) -> list[Line]:
    """Return the report: what is the same of several questions in one line."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for note in notes:
        grouped.setdefault((note.code, words_of(note)), []).append(note.item)
    return [
        Line(code, words, tuple(dict.fromkeys(item for item in items if item)), code.startswith("apart-"))
        for (code, words), items in grouped.items()
    ]
