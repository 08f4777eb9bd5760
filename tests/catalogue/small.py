"""A small series without a fault, as files, for tests that change one thing in it."""

from elearn.catalogue.reader import read_content

SERIES = """key: small
version: 1.0.0
title: {en: A small series}
description: {en: For tests.}
publisher: elearn contributors
licence: CC-BY-4.0
languages: [en, fr]
modules: [first]
"""
GLOSSARY = """- key: bit
  module: first
  term: {en: bit, fr: bit}
  definition: {en: "The *smallest* unit of data."}
"""
REFERENCES = """- {key: coe-2001, type: treaty, authors: [Council of Europe], year: 2001, title: Convention on Cybercrime, open: true}
- {key: wall-2007, type: book, authors: ["Wall, David S."], year: 2007, title: Cybercrime, publisher: Polity, place: Cambridge}
"""
MODULE = """slug: first
number: 1
version: 1.0.0
changes:
  1.0.0: First edition.
kind: module
level: university
hours: 2.5
outcomes:
  - {id: know, bloom: understand}
authors: [elearn contributors]
licence: CC-BY-4.0
"""
ABOUT = """---
title: The first module
summary: What it is about.
outcomes: {know: Know it.}
---
An *overview* that cites [@coe-2001].
"""
SECTION = """---
title: One
kind: introduction
audience: everyone
minutes: 5
outcomes: [know]
descriptions:
  box.svg: |
    A box.

    Nothing else.
---
## Data

A [bit]{glossary} [@coe-2001, art. 6; @wall-2007, p. 3]. See [the plan](section:plan) and [this](module:first/one).

![A box](media/box.svg "The box")

::: case EE Attacks in *2007*
Servers were slow.

### Then

They recovered.
:::

::: slot national-law
The default.
:::
"""
PLAN = """---
title: The plan
kind: class-structure
audience: teacher
minutes: 5
formerly: [old-plan]
steps:
  - {key: opening, title: Opening, minutes: 10, form: lecture, required: true, text: Words.}
---
"""
LIST = """---
title: References
kind: references
audience: everyone
minutes: 1
---
"""
QUIZ = """title: Check
instructions: "Read *well*."
pass_mark: 60
attempts: 3
items:
  - id: which
    type: single-choice
    prompt: Which [bit]{glossary} is it?
    outcome: know
    bloom: apply
    points: 2
    tags: [basics]
    hints: [Think.]
    feedback: All in all.
    choices:
      - {id: a, text: The `first`, correct: true, feedback: Yes.}
      - {id: b, text: The second, feedback: "No, see [@coe-2001]."}
  - id: says
    type: true-false
    prompt: It is so.
    outcome: know
    bloom: remember
    points: 1
    choices:
      - {id: "true", feedback: No.}
      - {id: "false", correct: true, feedback: Yes.}
  - id: word
    type: short-text
    prompt: Its name?
    outcome: know
    bloom: remember
    points: 1
    accept: [Botnet]
    anticipated: [{text: Virus, feedback: "Not *that*."}]
    feedback: It is a botnet.
"""
ABOUT_FR = """---
title: Le premier module
summary: De quoi il s'agit.
outcomes: {know: Le savoir.}
translates: 1.0.0
---
"""
SECTION_FR = """---
title: Un
---
Un [bit]{glossary} [@wall-2007].
"""
QUIZ_FR = """title: Questions
items:
  - id: which
    prompt: Lequel ?
    choices:
      - {id: a, text: Le premier, feedback: Oui.}
      - {id: b, text: Le second, feedback: Non.}
  - id: says
    prompt: C'est ainsi.
    choices:
      - {id: "true", feedback: Non.}
      - {id: "false", feedback: Oui.}
  - id: word
    prompt: Son nom ?
    accept: [réseau de zombies]
"""
BOX = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect width="20" height="10"/></svg>\n'

FILES = {
    "series.yml": SERIES,
    "glossary.yml": GLOSSARY,
    "references.yml": REFERENCES,
    "slots/EE/en/national-law.md": "The *act* of Estonia.\n",
    "01-first/module.yml": MODULE,
    "01-first/media/box.svg": BOX,
    "01-first/en/module.md": ABOUT,
    "01-first/en/10-one.md": SECTION,
    "01-first/en/20-plan.md": PLAN,
    "01-first/en/90-references.md": LIST,
    "01-first/en/quiz.yml": QUIZ,
    "01-first/fr/module.md": ABOUT_FR,
    "01-first/fr/10-one.md": SECTION_FR,
    "01-first/fr/quiz.yml": QUIZ_FR,
}


def files(*changes):
    """The files, with changes (path, old, new): a text that is replaced, a file that is added, or removed where new is None."""
    changed = dict(FILES)
    for path, old, new in changes:
        if new is None:
            del changed[path]
        elif old is None:
            changed[path] = new
        else:
            assert old in changed[path], (path, old)
            changed[path] = changed[path].replace(old, new)
    return {path: text if isinstance(text, bytes) else text.encode() for path, text in changed.items()}


def read(*changes):
    return read_content(files(*changes))


def write(folder, *changes):
    for path, content in files(*changes).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder
