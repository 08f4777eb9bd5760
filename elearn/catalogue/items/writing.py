"""What the types share that are answered with a text of one's own. Pure.

**Words are counted as word processors count them, in every script alike**: a word is what stands between spaces or dashes (–, —) and
has a letter or a digit in it; so “don't” and “e-mail” are one word each, in Arabic as in English. Chinese and Japanese write no spaces:
there each character (Han, kana) counts as one. Other scripts without spaces (Thai, Khmer, Lao, Burmese) cannot be counted without a
dictionary; where people answer in these, an item should set no bounds.
"""

import re

from elearn.catalogue.items.item import N_, ONE_ONLY, Definition, Response, Shown, Unreadable, Values, spoken, values_of

#: Characters of one answer: some fifteen printed pages.
LONGEST = 40_000
MOST_WORDS = 5_000
#: Han and kana, without marks and punctuation.
_IDEOGRAPH = re.compile(
    "[\u3005\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d"
    "\U00020000-\U0003ffff]",
)
#: Spaces of all kinds (the one without width, too, which parts words in Khmer and Thai) and dashes.
_BETWEEN = re.compile("[\\s\u200b\u2013\u2014\u2015]+")


def words_in(text: str) -> int:
    """Return how many words a text has."""
    apart, ideographs = _IDEOGRAPH.subn(" ", text)
    return ideographs + sum(any(c.isalnum() for c in word) for word in _BETWEEN.split(apart))


def paragraphs_of(text: str) -> list[list[str]]:
    """Return the paragraphs of a text, which blank lines part, each as its lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            paragraphs[-1].append(line.rstrip())
        elif paragraphs[-1]:
            paragraphs.append([])
    return [paragraph for paragraph in paragraphs if paragraph]


def written(sent: Values) -> Response | None:
    """Return a text as it was written, with the line ends of every system made one; None where nothing but space was sent."""
    values = values_of(sent)
    if len(values) > 1:
        raise Unreadable(ONE_ONLY)
    text = values[0].replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "") if values else ""
    if len(text) > LONGEST:
        told = N_("Your answer to question %(number)s has %(length)s characters; %(longest)s are the most. Please shorten it.")
        raise Unreadable(told, length=len(text), longest=LONGEST)
    return text if text.strip() else None


def shown(definition: Definition, language: str) -> Shown:
    """Return what a page needs to ask for a text."""
    language = spoken(definition, language)
    html = definition["html"][language]
    return Shown(html["prompt"], "textarea", (), tuple(html["hints"]), language)


def model_of(definition: Definition, language: str) -> str:
    """Return the model answer's HTML, in the source language where it is not translated; empty where there is none."""
    html = definition["html"]
    return str(html[spoken(definition, language)].get("model_answer") or html[definition["language"]].get("model_answer") or "")
