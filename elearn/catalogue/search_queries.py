"""Asks the databases what answers a question: one statement counts, one fetches a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Row, String, bindparam, column, func, literal_column, select, table
from sqlalchemy import cast as cast_to
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql import ColumnElement, FromClause, Select

from elearn.catalogue.models import SearchEntry
from elearn.catalogue.search_question import Question
from elearn.db import db, dialect
from elearn.db import table as table_of

KINDS = ("module", "section", "term")
RESULTS_A_PAGE = 10
_ENTRY = table_of(SearchEntry)


@dataclass(frozen=True)
class Search:
    """A question and what narrows it."""

    question: Question
    #: What comes first where it is found.
    reader_language: str
    #: Whether sections for teachers may be found by whoever asks.
    with_teacher_sections: bool
    kind: str = ""
    language: str = ""

    def values(self, *, any_word: bool = False) -> dict[str, Any]:
        """Return what the statements want to know."""
        if dialect() == "postgresql":
            asked = self.question.for_postgresql(joined="|" if any_word else "&")
        else:
            asked = self.question.for_sqlite(joined="OR" if any_word else "AND")
        return {
            "asked": asked,
            "reader_language": self.reader_language,
            "kind": self.kind,
            "language": self.language,
        }


@cache
def _index(name: str, *, everything: bool) -> tuple[FromClause, ColumnElement[bool], ColumnElement[float]]:
    """Return for a kind of database: entries with their index, what is found, and how well (the less, the better)."""
    if name == "postgresql":
        index = table("search_index", column("entry_id"), column("vector"))
        asked = cast_to(bindparam("asked", type_=String), TSQUERY)
        # 1: a long text is not better for being long.
        rank = -func.ts_rank(literal_column("'{0.1,0.1,0.1,1.0}'::float4[]"), index.c.vector, asked, 1)
        return _ENTRY.join(index, index.c.entry_id == _ENTRY.c.id), index.c.vector.op("@@")(asked), rank
    of = "search_index" if everything else "search_index_open"
    index = table(of, column("rowid"), column(of))
    found = index.c[of].op("MATCH")(bindparam("asked", type_=String))
    return _ENTRY.join(index, index.c.rowid == _ENTRY.c.id), found, func.bm25(literal_column(of), 10.0, 1.0)


def _narrowed(name: str, *, everything: bool) -> list[ColumnElement[bool]]:
    """Return what holds for all that is found; who may not read a section does not learn that it is there."""
    kind, language = bindparam("kind", type_=String), bindparam("language", type_=String)
    return [
        _index(name, everything=everything)[1],
        (kind == "") | (_ENTRY.c.kind == kind),
        (language == "") | (_ENTRY.c.language == language),
        *([] if everything else [_ENTRY.c.audience == "everyone"]),
    ]


@cache
def _count(name: str, *, everything: bool) -> Select[Any]:
    return select(func.count()).select_from(_index(name, everything=everything)[0]).where(*_narrowed(name, everything=everything))


@cache
def _page(name: str, *, everything: bool) -> Select[Any]:
    source, _, rank = _index(name, everything=everything)
    own_first = (_ENTRY.c.language != bindparam("reader_language", type_=String)).label("other")
    best = (
        select(_ENTRY.c.id, own_first, rank.label("rank"), _ENTRY.c.place)
        .select_from(source)
        .where(*_narrowed(name, everything=everything))
        .order_by(own_first, literal_column("rank"), _ENTRY.c.place, _ENTRY.c.id)
        .limit(bindparam("most"))
        .offset(bindparam("offset"))
        # The long texts are fetched for one page alone.
        .subquery("best")
    )
    shown = (
        _ENTRY.c.kind,
        _ENTRY.c.module_id,
        _ENTRY.c.key,
        _ENTRY.c.language,
        _ENTRY.c.audience,
        _ENTRY.c.title,
        _ENTRY.c.text,
        _ENTRY.c.folded_text,
    )
    return select(*shown).join(best, best.c.id == _ENTRY.c.id).order_by(best.c.other, best.c.rank, best.c.place, best.c.id)


def count_of_results(search: Search) -> int:
    """Return how many entries have all that is wanted."""
    return db.session.scalar(_count(dialect(), everything=search.with_teacher_sections), search.values()) or 0


def results(search: Search, offset: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return one page of them, the best first."""
    return _fetched(search, search.values() | {"offset": offset})


def results_with_some(search: Search) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the best entries that have any of what is wanted."""
    return _fetched(search, search.values(any_word=True) | {"offset": 0})


def _fetched(search: Search, values: dict[str, Any]) -> Sequence[Row[*tuple[Any, ...]]]:
    question = _page(dialect(), everything=search.with_teacher_sections)
    return db.session.execute(question, values | {"most": RESULTS_A_PAGE}).all()
