"""The schema: migrations and models say the same, on every database."""

from flask import Flask
from flask_migrate import check
from sqlalchemy import inspect

from elearn.config import MIGRATIONS
from elearn.db import Base, db


def test_migrations_make_what_the_models_say(empty_app: Flask) -> None:
    with empty_app.app_context():
        check(directory=str(MIGRATIONS))


def test_every_table_and_constraint_has_a_name_by_convention() -> None:
    for table in Base.metadata.tables.values():
        for constraint in table.constraints:
            assert constraint.name, f"{table.name}: {constraint}"


def test_foreign_keys_are_enforced(empty_app: Flask) -> None:
    with empty_app.app_context():
        tables = inspect(db.engine).get_table_names()
        assert set(Base.metadata.tables) <= set(tables)
        if db.engine.dialect.name == "sqlite":
            assert db.session.connection().exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert db.session.connection().exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert db.session.connection().exec_driver_sql("PRAGMA synchronous").scalar() == 2
