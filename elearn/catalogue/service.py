"""Publishes what the reader has read, and gives it back as files. Flushes; whoever calls commits."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from elearn import audit, clock, media
from elearn.catalogue import bibliography, renewal, search_service
from elearn.catalogue.content_files import belongs
from elearn.catalogue.filling_series_service import fillings_follow
from elearn.catalogue.models import (
    Item,
    ItemRevision,
    Module,
    ModuleFile,
    ModuleRevision,
    ModuleText,
    Quiz,
    QuizItem,
    Release,
    Section,
    SeriesFile,
    SeriesRevision,
)
from elearn.catalogue.module_check import version_key
from elearn.catalogue.queries import release_follows
from elearn.catalogue.reading import Item as ReadItem
from elearn.catalogue.reading import Module as ReadModule
from elearn.catalogue.reading import Reading, Series
from elearn.catalogue.reading import Section as ReadSection
from elearn.db import db
from elearn.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True)
class Publication:
    """What a publication changed; without a release, nothing."""

    release_id: int | None
    series: bool
    modules: tuple[str, ...]


def publish(reading: Reading, at: datetime | None = None, by_id: int | None = None) -> Publication:
    """Leave what was read as the newest release; the same text again changes nothing.

    Refused are faults, text that differs under the version it was published with, and files that do not know the newest published version.
    """
    if reading.series is None or reading.errors:
        raise Invalid("\n".join(["The content has faults and cannot be published.", *map(str, reading.errors)]))
    series = reading.series
    current = _current_series()
    revisions = {module.slug: _current_revision(module.slug) for module in series.modules}
    series_changed = current is None or current.digest != series.digest
    changed = [module for module in series.modules if (rev := revisions[module.slug]) is None or rev.digest != module.digest]
    _refuse_what_does_not_follow(series, current if series_changed else None, [(module, revisions[module.slug]) for module in changed])
    if not series_changed and not changed:
        search_service.fill_if_empty()
        return Publication(None, series=False, modules=())
    release = Release(released_at=at or clock.now(), released_by_id=by_id)
    db.session.add(release)
    db.session.flush()
    if series_changed:
        _add_series(release, series, current)
    for module in changed:
        _add_module(release, module, revisions[module.slug])
    if series_changed:
        for module in series.modules:
            if (revision := revisions[module.slug]) and revision.digest == module.digest:
                renewal.renew(revision, module)
    slugs = [module.slug for module in changed]
    audit.record("publish", "release", release.id, actor_id=by_id, details={"series": series_changed, "modules": slugs})
    search_service.renew()
    release_follows()
    return Publication(release.id, series=series_changed, modules=tuple(slugs))


def _current_series() -> SeriesRevision | None:
    return db.session.scalar(select(SeriesRevision).order_by(SeriesRevision.number.desc()).limit(1))


def _current_revision(slug: str) -> ModuleRevision | None:
    return db.session.scalar(
        select(ModuleRevision)
        .join(Module, Module.id == ModuleRevision.module_id)
        .where(Module.slug == slug)
        .order_by(ModuleRevision.number.desc())
        .limit(1),
    )


def _refuse_what_does_not_follow(
    series: Series, current: SeriesRevision | None, modules: list[tuple[ReadModule, ModuleRevision | None]]
) -> None:
    """Raise Conflict, naming every file concerned, where the text does not follow on what is published."""
    reasons: list[str] = []
    if current:
        if current.key != series.yml.key:
            reasons.append(f"series.yml: the database holds the series “{current.key}”, the files “{series.yml.key}”")
        there = _digests(SeriesFile, current.id)
        reasons += _reasons("series.yml", current.version, series.yml.version, there, series.files)
    for module, revision in modules:
        if revision is None:
            continue
        path = f"{module.folder}/module.yml"
        if revision.version not in module.yml.changes:
            reasons.append(f"{path}: the database holds {revision.version}, which “changes” does not know; export it first")
        reasons += _reasons(path, revision.version, module.yml.version, _digests(ModuleFile, revision.id), module.files)
        kind = db.session.scalar(select(Module.kind).where(Module.id == revision.module_id))
        if kind != module.yml.kind:
            reasons.append(f"{path}: “{module.slug}” is a {kind} for good, not a {module.yml.kind}")
    if reasons:
        raise Conflict("\n".join(["The text does not follow on what is published.", *reasons]))


def _digests(model: type[SeriesFile | ModuleFile], revision_id: int) -> dict[str, str]:
    rows = db.session.execute(select(model.path, model.digest).where(model.revision_id == revision_id))
    return {row.path: row.digest for row in rows}


def _reasons(path: str, published: str, version: str, there: Mapping[str, str], files: Mapping[str, bytes]) -> Iterator[str]:
    if version_key(version) < version_key(published):
        yield f"{path}: the database holds {published}, which is newer than {version}"
    elif version == published:
        yield f"{path}: the text differs from the published {published}; raise the version and say what is new"
        folder = path.rpartition("/")[0]
        for name in sorted(there.keys() | files.keys()):
            word = "added" if name not in there else "removed" if name not in files else "changed"
            if word != "changed" or there[name] != media.digest_of(files[name]):
                yield f"{folder}/{name}: {word}".removeprefix("/")


def _add_series(release: Release, series: Series, current: SeriesRevision | None) -> None:
    yml = series.yml
    revision = SeriesRevision(
        release_id=release.id,
        number=current.number + 1 if current else 1,
        digest=series.digest,
        glossary=[
            {"key": t.key, "module": t.entry.module, "term": t.entry.term, "definition": {x: str(h) for x, h in t.definition_html.items()}}
            for t in series.terms
        ],
        references=[
            {"key": r.key, "html": str(bibliography.full(r, series.source)), "open": r.entry.open, "type": r.entry.type}
            for r in bibliography.in_order(series.references)
        ],
        slots=[{"country": s.country, "language": s.language, "key": s.key, "html": str(s.html)} for s in series.slots],
        **yml.model_dump(include={"key", "version", "publisher", "licence", "languages", "title", "description", "modules"}),
    )
    db.session.add(revision)
    db.session.flush()
    _add_files(SeriesFile, revision.id, series.files)
    fillings_follow(release, series, current)


def _add_files(model: type[SeriesFile | ModuleFile], revision_id: int, files: Mapping[str, bytes]) -> None:
    for path, digest in media.keep(files).items():
        db.session.add(model(revision_id=revision_id, path=path, digest=digest))
    db.session.flush()


def _add_module(release: Release, module: ReadModule, current: ModuleRevision | None) -> None:
    yml = module.yml
    owner = db.session.scalar(select(Module).where(Module.slug == module.slug))
    if owner is None:
        owner = Module(slug=module.slug, kind=yml.kind)
        db.session.add(owner)
        db.session.flush()
    revision = ModuleRevision(
        module_id=owner.id,
        release_id=release.id,
        number=current.number + 1 if current else 1,
        position=yml.number,
        folder=module.folder,
        digest=module.digest,
        hours_tenths=int(yml.hours * 10),
        **yml.model_dump(
            include={
                *("version", "changes", "level", "disciplines", "keywords"),
                *("outcomes", "content_notes", "requires", "authors", "licence"),
            },
        ),
    )
    db.session.add(revision)
    db.session.flush()
    _add_files(ModuleFile, revision.id, module.files)
    for text in module.texts.values():
        facts = {"title": text.title, "summary": text.summary, "overview_html": str(text.overview_html), "translates": text.translates}
        worded = {"outcomes": dict(text.outcomes), "content_notes": dict(text.content_notes)}
        db.session.add(ModuleText(revision_id=revision.id, language=text.language, **facts, **worded))
        db.session.add_all(_section(revision.id, text.language, section) for section in text.sections)
    if module.quiz:
        _add_quiz(revision, owner, module)


def _section(revision_id: int, language: str, read: ReadSection) -> Section:
    return Section(
        revision_id=revision_id,
        language=language,
        key=read.key,
        position=read.position,
        title=read.title,
        kind=read.kind,
        audience=read.audience,
        minutes=read.minutes,
        outcomes=list(read.outcomes),
        steps=[asdict(step) for step in read.steps],
        descriptions=dict(read.descriptions),
        formerly=list(read.formerly),
        markdown=read.markdown,
        digest=read.digest,
        html=str(read.rendered.html),
        text=read.rendered.text,
        words=read.rendered.words,
    )


def _add_quiz(revision: ModuleRevision, owner: Module, module: ReadModule) -> None:
    read = module.quiz
    assert read
    quiz = Quiz(
        revision_id=revision.id,
        title=dict(read.title),
        instructions_html={language: str(html) for language, html in read.instructions_html.items()},
        pass_mark=read.pass_mark,
        attempts=read.attempts,
        draw=[{"tag": tag, "count": count} for tag, count in read.draw],
        rules=dict(read.rules),
    )
    db.session.add(quiz)
    db.session.flush()
    for position, item in enumerate(read.items, start=1):
        db.session.add(QuizItem(quiz_id=quiz.id, position=position, item_revision_id=item_revision(owner, item).id))


def item_revision(owner: Module, read: ReadItem) -> ItemRevision:
    """Return the state of the item as read: the one that is there, or a new one where the item changed."""
    item = db.session.scalar(select(Item).where(Item.module_id == owner.id, Item.key == read.key))
    if item is None:
        item = Item(module_id=owner.id, key=read.key)
        db.session.add(item)
        db.session.flush()
    there = db.session.scalars(select(ItemRevision).where(ItemRevision.item_id == item.id).order_by(ItemRevision.number)).all()
    for revision in there:
        if revision.digest == read.digest:
            return revision
    revision = ItemRevision(
        item_id=item.id,
        number=len(there) + 1,
        digest=read.digest,
        type=read.type,
        points=read.points,
        outcome=read.outcome,
        bloom=read.bloom,
        tags=list(read.tags),
        definition=read.definition,
    )
    db.session.add(revision)
    db.session.flush()
    return revision


def export(folder: Path) -> int:
    """Leave in ``folder`` the files of what is published, byte for byte, and no other content; return how many there are.

    What is hidden stays (a git repository), and so does a folder that holds something else: that is refused.
    """
    files = published_files()
    present = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()} if folder.is_dir() else {}
    visible = {name: path for name, path in present.items() if not any(part.startswith(".") for part in name.split("/"))}
    if strangers := [name for name in sorted(visible) if not belongs(name)]:
        raise Conflict(f"{folder} holds what is no content: {', '.join(strangers[:5])}")
    for name in visible.keys() - files.keys():
        visible[name].unlink()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name not in visible or path.read_bytes() != content:
            path.write_bytes(content)
    return len(files)


def published_files() -> dict[str, bytes]:
    """Return every file of what is published, by its path within a content folder."""
    series = _current_series()
    if series is None:
        raise NotFound("Nothing is published yet.")
    digests = _digests(SeriesFile, series.id)
    for slug in series.modules:
        if revision := _current_revision(slug):
            digests |= {f"{revision.folder}/{path}": digest for path, digest in _digests(ModuleFile, revision.id).items()}
    content = media.bytes_of(sorted(set(digests.values())))
    return {path: content[digest] for path, digest in sorted(digests.items())}
