"""Alembic's way in, for `elearn db upgrade` and for making revisions."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app

from elearn.db import Base, Instant


def render_item(kind: str, thing: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """Write a moment as what it is in the database: a migration imports nothing of ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, Instant) else False


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Say what is compared with the models: not the index of search, which each database keeps in its own way."""
    return not (kind == "table" and (name or "").startswith("search_index"))


engine = current_app.extensions["migrate"].db.engine

with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render_item,
        include_name=include_name,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
