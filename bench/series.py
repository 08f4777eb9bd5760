"""An invented series of fourteen modules, put straight into the tables: what is measured is serving it, not compiling it."""

import re
from random import Random
from typing import Any

from sqlalchemy import insert

from elearn import clock, media
from elearn.catalogue import search_service
from elearn.catalogue.models import (
    Item,
    ItemRevision,
    Module,
    ModuleRevision,
    ModuleText,
    Quiz,
    QuizItem,
    Release,
    Section,
    SeriesFile,
    SeriesRevision,
)
from elearn.catalogue.render import plain_text
from elearn.config import CONTENT
from elearn.db import db

MODULES = 14
SECTIONS = 12
ITEMS = 24
CHOICES = "abcd"
PAGE_BYTES = 30_000
POINT = 100_000
SYLLABLES = ("an", "be", "cy", "der", "fi", "go", "ha", "in", "jo", "ke", "lo", "mi", "ne", "or", "pi", "qua", "re", "si", "ta", "ur")
FEWEST_WORDS = 2000


def words(random: Random) -> list[str]:
    """Return the words of the shipped modules (invented ones where none are), so that pages compress about as well as real ones."""
    text = " ".join(path.read_text(encoding="utf-8") for path in sorted(CONTENT.glob("*/en/*.md")))
    found = re.findall(r"[A-Za-z][a-z]+", text)
    if len(found) < FEWEST_WORDS:
        return ["".join(random.choices(SYLLABLES, k=random.randint(1, 4))) for _ in range(FEWEST_WORDS)]
    return found


def prose(random: Random, vocabulary: list[str], size: int) -> str:
    """Return ``size`` bytes of HTML as a section has it: headings, paragraphs, lists, a table, references."""

    def said(length: int) -> str:
        return _sentence(random, vocabulary, length)

    parts: list[str] = []
    while sum(map(len, parts)) < size:
        number = len(parts)
        parts.append(f'<h2 id="part-{number}">{said(5)}</h2>\n')
        parts.extend(f'<p>{said(90)}<sup><a href="#ref-{number}">{number}</a></sup></p>\n' for _ in range(3))
        parts.append("<ul>\n" + "".join(f"<li>{said(14)}</li>\n" for _ in range(4)) + "</ul>\n")
        rows = "".join(f'<tr><th scope="row">{said(2)}</th><td>{said(9)}</td></tr>\n' for _ in range(3))
        parts.append(f'<div class="table-scroll"><table>\n<tbody>\n{rows}</tbody>\n</table></div>\n')
    return "".join(parts)[:size].rpartition("<")[0]


def _sentence(random: Random, vocabulary: list[str], length: int) -> str:
    # Runs of three words as they were written: what a compressor finds in prose is more than its letters.
    starts = (random.randrange(len(vocabulary) - 3) for _ in range(-(-length // 3)))
    return " ".join(word for start in starts for word in vocabulary[start : start + 3]).capitalize() + "."


def publish(seed: int = 1) -> None:
    """Put the series into the tables."""
    random = Random(seed)
    vocabulary = words(random)
    at = clock.now()
    slugs = [slug(module) for module in range(1, MODULES + 1)]
    _put(Release, [{"id": 1, "released_at": at}])
    _put(SeriesRevision, [_series(slugs)])
    _put(SeriesFile, [{"revision_id": 1, "path": path, "digest": digest} for path, digest in media.keep(_files()).items()])
    _put(Module, [{"id": module, "slug": slugs[module - 1], "kind": "module"} for module in range(1, MODULES + 1)])
    _put(ModuleRevision, [_revision(module, slugs[module - 1]) for module in range(1, MODULES + 1)])
    _put(ModuleText, [_module_text(random, vocabulary, module) for module in range(1, MODULES + 1)])
    _put(Section, [_section(random, vocabulary, m, s) for m in range(1, MODULES + 1) for s in range(1, SECTIONS + 1)])
    _put(Quiz, [_quiz(module) for module in range(1, MODULES + 1)])
    numbers = [(module, number, (module - 1) * ITEMS + number) for module in range(1, MODULES + 1) for number in range(1, ITEMS + 1)]
    _put(Item, [{"id": item, "module_id": module, "key": item_key(number)} for module, number, item in numbers])
    _put(ItemRevision, [_item(random, vocabulary, item) for _module, _number, item in numbers])
    _put(QuizItem, [{"quiz_id": module, "position": number, "item_revision_id": item} for module, number, item in numbers])
    search_service.renew()


def _files() -> dict[str, bytes]:
    """Return what texts may cite, as shipped; nothing to cite where nothing is."""
    shipped = {name: CONTENT / name for name in ("series.yml", "glossary.yml", "references.yml")}
    return {name: path.read_bytes() for name, path in shipped.items() if path.exists()}


def written(size: int, seed: int = 1) -> str:
    """Return a section of so many words as an author writes it: headings, lists, a table, a directive, sources."""
    random = Random(seed)
    vocabulary = words(random)
    cited = re.findall(r"^- key: (\S+)$", _files().get("references.yml", b"").decode(), re.MULTILINE)

    def said(length: int) -> str:
        return _sentence(random, vocabulary, length)

    parts: list[str] = []
    while sum(len(part.split()) for part in parts) < size:
        source = f" [@{random.choice(cited)}]" if cited else ""
        parts += [
            f"## {said(5)}",
            f"{said(50)} **{said(4)}** {said(40)}{source}",
            said(90),
            "\n".join(f"- *{said(3)}* {said(12)}" for _ in range(4)),
        ]
        parts.append("| a | b |\n|---|---|\n" + "\n".join(f"| {said(3)} | {said(9)} |" for _ in range(3)))
        parts.append(f"::: note {said(3)}\n{said(40)}\n:::")
    return "\n\n".join(parts) + "\n"


def _put(model: Any, rows: list[dict[str, Any]]) -> None:
    db.session.execute(insert(model.__table__), rows)


def slug(module: int) -> str:
    return f"invented-module-{module:02d}"


def section_key(section: int) -> str:
    return f"invented-section-{section:02d}"


def item_key(number: int) -> str:
    return f"question-{number:02d}"


def _series(slugs: list[str]) -> dict[str, Any]:
    return {
        "id": 1, "release_id": 1, "number": 1, "key": "bench", "version": "1.0.0", "digest": "0" * 64, "publisher": "Bench",
        "licence": "CC-BY-SA-4.0", "languages": ["en"], "title": {"en": "An invented series"}, "description": {"en": "For measuring."},
        "modules": slugs, "glossary": [], "references": [], "slots": [],
    }  # fmt: skip


def _revision(module: int, slug_: str) -> dict[str, Any]:
    return {
        "id": module, "module_id": module, "release_id": 1, "number": 1, "version": "1.0.0", "position": module,
        "folder": f"{module:02d}-{slug_}", "digest": f"{module:064d}", "changes": {"1.0.0": "First."}, "level": "bachelor",
        "hours_tenths": 30,
        "disciplines": ["law"], "keywords": [], "outcomes": [{"id": "name-things", "bloom": "understand"}], "content_notes": [],
        "requires": [], "authors": ["Nobody"], "licence": "CC-BY-SA-4.0",
    }  # fmt: skip


def _module_text(random: Random, vocabulary: list[str], module: int) -> dict[str, Any]:
    return {
        "revision_id": module, "language": "en", "title": f"Invented module {module}", "summary": _sentence(random, vocabulary, 20),
        "overview_html": prose(random, vocabulary, 2000), "outcomes": {"name-things": "Name things."}, "content_notes": {},
        "translates": "",
    }  # fmt: skip


def _section(random: Random, vocabulary: list[str], module: int, section: int) -> dict[str, Any]:
    number = (module - 1) * SECTIONS + section
    html = prose(random, vocabulary, PAGE_BYTES)
    return {
        "id": number, "revision_id": module, "language": "en", "key": section_key(section), "position": section,
        "title": _sentence(random, vocabulary, 5), "kind": "topic", "audience": "everyone", "minutes": 20, "outcomes": ["name-things"],
        "steps": [], "formerly": [], "markdown": "", "html": html, "words": 4500, "text": plain_text(html),
        "digest": f"{number:064d}",
    }  # fmt: skip


def _quiz(module: int) -> dict[str, Any]:
    return {
        "id": module, "revision_id": module, "title": {"en": "Quiz"}, "instructions_html": {"en": ""}, "pass_mark": 60, "attempts": 0,
        "draw": [],
    }  # fmt: skip


def _item(random: Random, vocabulary: list[str], item: int) -> dict[str, Any]:
    texts = {choice: {"text": _sentence(random, vocabulary, 12), "feedback": _sentence(random, vocabulary, 20)} for choice in CHOICES}
    wording = {"prompt": _sentence(random, vocabulary, 30), "hints": [], "feedback": "", "choices": texts}
    return {
        "id": item, "item_id": item, "number": 1, "digest": f"{item:064d}", "type": "single-choice", "points": POINT,
        "outcome": "name-things", "bloom": "understand", "tags": [],
        "definition": {
            "type": "single-choice", "language": "en", "points": POINT, "wording": {"en": wording}, "html": {"en": wording},
            "choices": [{"id": choice, "correct": choice == CHOICES[0]} for choice in CHOICES],
        },
    }  # fmt: skip
