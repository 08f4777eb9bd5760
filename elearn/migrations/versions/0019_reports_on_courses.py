"""reports on words that a course wrote

Revision: 0019
"""

from alembic import op


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, column, other in (
        ('problem_answer', 'edition_id', 'edition'),
        ('problem_report', 'course_id', 'course'),
        ('problem_report', 'mended_edition_id', 'edition'),
    ):
        # Other tables point at these: SQLite may only add columns to them.
        key = f'CONSTRAINT fk_{table}_{column}_{other} REFERENCES {other} (id)'
        op.execute(f'ALTER TABLE {table} ADD COLUMN {column} INTEGER {key}')
    op.create_index('ix_problem_report_course_id', 'problem_report', ['course_id'])


def downgrade() -> None:
    raise RuntimeError("Restore the backup that was made before the upgrade.")
