"""Applications for tests: made once in a process, lent to one test at a time, each time as they were made and on another database.

To make an application takes as long as many a test, and a new one knows nothing: neither its templates nor its SQL are compiled. What a
test did to the one it was lent (settings, memory, listeners, jobs of its own) is put back before the next one gets it.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, event, make_url

from elearn.app import JOBS, create_app
from elearn.config import Settings, normalised_database_url
from elearn.db import db
from elearn.jobs import runner as jobs

SECRET = "a secret for tests only, long enough"


class Compiled(BytecodeCache):
    """Templates compiled once in a process, for all its applications: tests make thousands of those."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if known := self.known.get(bucket.key):
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


def _copied(value: Any) -> Any:
    """Return ``value`` with containers of its own, at any depth; what they contain is the same."""
    if isinstance(value, defaultdict):
        return defaultdict(value.default_factory, {key: _copied(inner) for key, inner in value.items()})
    if isinstance(value, dict):
        return {key: _copied(inner) for key, inner in value.items()}
    return type(value)(map(_copied, value)) if type(value) in {list, set} else value


@dataclass
class Lendable:
    """An application, and how it was when it was made."""

    app: Flask
    engine: Engine
    made: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.made = _copied(vars(self.app))
        event.listen(self.engine, "do_connect", self._connect)

    def put_back(self) -> None:
        """Leave the application as it was made."""
        now = vars(self.app)
        for name in now.keys() - self.made.keys():
            del now[name]
        for name, was in self.made.items():
            if isinstance(now.get(name), dict):
                # The same dictionary: templates know the settings by it.
                now[name].clear()
                now[name].update(_copied(was))
            else:
                now[name] = _copied(was)
        jobs.init_app(self.app, JOBS, "none")

    def point_at(self, url: str) -> None:
        """Have the next connections lead to the database at ``url``."""
        self.app.config["SQLALCHEMY_DATABASE_URI"] = normalised_database_url(url)
        self.engine.url = make_url(normalised_database_url(url))

    def _connect(self, dialect: Any, _record: Any, _arguments: Any, options: dict[str, Any]) -> Any:
        arguments, own = dialect.create_connect_args(self.engine.url)
        return dialect.connect(*arguments, **(options | own))


_idle: list[Lendable] = []
_lent: dict[int, Lendable] = {}


def make_app(url: str) -> Flask:
    """Return an application on the database at ``url``, as new; who is done with it calls ``close``."""
    lendable = _idle.pop() if _idle else _new(url)
    lendable.put_back()
    lendable.point_at(url)
    _lent[id(lendable.app)] = lendable
    return lendable.app


def close(app: Flask) -> None:
    """Take an application back, for the next test."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if (lendable := _lent.pop(id(app), None)) is not None:
        _idle.append(lendable)


def retire(app: Flask) -> None:
    """Lend an application to nobody else: a thread may still be answering for it when its test is over."""
    del _lent[id(app)]


def _new(url: str) -> Lendable:
    app = create_app(Settings.from_environment({}, database_url=url, secret_key=SECRET, base_url="http://localhost", jobs="none"))
    app.testing = True
    app.jinja_env.bytecode_cache = COMPILED
    with app.app_context():
        return Lendable(app, db.engine)
