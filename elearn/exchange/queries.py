"""Questions about the published quizzes, as their authors wrote them."""

from dataclasses import dataclass

from sqlalchemy import select

from elearn import cache
from elearn.catalogue.models import ModuleFile
from elearn.catalogue.queries import PublishedModule, PublishedSeries
from elearn.db import db
from elearn.exchange.formats import FORMATS
from elearn.exchange.quiz_yaml import items_of
from elearn.exchange.report import Item, Note, Written
from elearn.media import Blob


@dataclass(frozen=True)
class SourceQuiz:
    """A quiz of the series in its source language, and the languages into which it is translated."""

    slug: str
    title: str
    items: tuple[Item, ...]
    translations: tuple[str, ...]


def source_quiz(series: PublishedSeries, module: PublishedModule) -> SourceQuiz:
    """Return the quiz of a module as its file says it."""
    rows = db.session.execute(
        select(ModuleFile.path, Blob.content)
        .join(Blob, Blob.digest == ModuleFile.digest)
        .where(ModuleFile.revision_id == module.revision.id, ModuleFile.path.like("%/quiz.yml"))
        .order_by(ModuleFile.path),
    )
    files = {path.partition("/")[0]: content for path, content in rows}
    text = files.pop(series.source, b"").decode("utf-8")
    title = module.quiz.title[series.source] if module.quiz else module.slug
    return SourceQuiz(module.slug, title, tuple(items_of(text)), tuple(files))


def exported(series: PublishedSeries, module: PublishedModule, name: str) -> Written:
    """Return the module's quiz in a format of others, with all that it cannot say; made once for each release."""
    return cache.kept("exchange", (series.release_id, module.slug, name), lambda: _exported(series, module, name), most=60)


def _exported(series: PublishedSeries, module: PublishedModule, name: str) -> Written:
    quiz = source_quiz(series, module)
    written = FORMATS[name].write(quiz.items)
    translations = (Note("", "translations", ", ".join(quiz.translations)),) if quiz.translations else ()
    return Written(written.content, (Note("", "quiz-rules"), *translations, *written.notes))
