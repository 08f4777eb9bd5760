"""search

Revision: 0003
"""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

def sqlite_index(name: str, condition: str) -> tuple[str, ...]:
    """Return what makes an index and has it follow its table by triggers, so that no code can forget it."""
    return (
        # What is folded holds nothing but letters, digits and spaces: this tokenizer takes it as it is.
        f"""CREATE VIRTUAL TABLE {name} USING fts5(
            folded_title, folded_text, content='search_entry', content_rowid='id', tokenize='ascii', prefix='2 3')""",
        f"""CREATE TRIGGER {name}_added AFTER INSERT ON search_entry {condition.format(row="new")} BEGIN
            INSERT INTO {name}(rowid, folded_title, folded_text) VALUES (new.id, new.folded_title, new.folded_text);
        END""",
        f"""CREATE TRIGGER {name}_removed AFTER DELETE ON search_entry {condition.format(row="old")} BEGIN
            INSERT INTO {name}({name}, rowid, folded_title, folded_text) VALUES ('delete', old.id, old.folded_title, old.folded_text);
        END""",
    )


SQLITE = (
    *sqlite_index("search_index", ""),
    # FTS5 weighs a word by how often it occurs anywhere: what is for teachers must not weigh in what others find.
    *sqlite_index("search_index_open", "WHEN {row}.audience = 'everyone'"),
    """CREATE TRIGGER search_entry_no_update BEFORE UPDATE ON search_entry BEGIN
        SELECT RAISE(ABORT, 'entries of search are replaced, not changed');
    END""",
)
POSTGRESQL = (
    """CREATE TABLE search_index (
        entry_id INTEGER CONSTRAINT pk_search_index PRIMARY KEY
            CONSTRAINT fk_search_index_entry_id_search_entry REFERENCES search_entry (id) ON DELETE CASCADE,
        vector tsvector NOT NULL)""",
    "CREATE INDEX ix_search_index_vector ON search_index USING gin (vector)",
    # No parser of the database's own has a say: words are what stands between spaces. The text begins beyond the longest title, so that
    # no phrase runs from one into the other.
    """CREATE FUNCTION search_vector(title text, body text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
        SELECT coalesce(string_agg('''' || word || ''':' || least(place, 16383) || weight, ' '), '')::tsvector
        FROM (
            SELECT word, row_number() OVER (ORDER BY n) AS place, 'A' AS weight
            FROM unnest(string_to_array(title, ' ')) WITH ORDINALITY AS t(word, n) WHERE word <> ''
            UNION ALL
            SELECT word, 300 + row_number() OVER (ORDER BY n), 'D'
            FROM unnest(string_to_array(translate(body, E'\\n', ' '), ' ')) WITH ORDINALITY AS b(word, n) WHERE word <> ''
        ) AS words
    $$""",
    """CREATE FUNCTION search_entry_indexed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO search_index (entry_id, vector) VALUES (NEW.id, search_vector(NEW.folded_title, NEW.folded_text))
        ON CONFLICT (entry_id) DO UPDATE SET vector = excluded.vector;
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER search_entry_indexed AFTER INSERT OR UPDATE OF folded_title, folded_text ON search_entry
        FOR EACH ROW EXECUTE FUNCTION search_entry_indexed()""",
)


def upgrade() -> None:
    op.create_table('search_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=True),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('audience', sa.String(length=10), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('terms', sa.JSON(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('folded_title', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('folded_text', sa.Text(), nullable=False),
    sa.CheckConstraint("kind in ('module','section','term')", name=op.f('ck_search_entry_kind')),
    sa.CheckConstraint("audience in ('everyone','teacher')", name=op.f('ck_search_entry_audience')),
    sa.ForeignKeyConstraint(['module_id'], ['module.id'], name=op.f('fk_search_entry_module_id_module')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_entry')),
    sa.UniqueConstraint('kind', 'module_id', 'key', 'language', name=op.f('uq_search_entry_kind_module_id_key_language'))
    )
    for statement in POSTGRESQL if op.get_bind().dialect.name == 'postgresql' else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("Restore the backup that was made before the upgrade.")
