"""background jobs

Revision: 0006
"""

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('job',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('arguments', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('key', sa.String(length=100), nullable=True),
    sa.Column('seconds', sa.Integer(), nullable=True),
    sa.Column('again', sa.Boolean(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('held_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('worker', sa.String(length=80), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('progress_done', sa.Integer(), nullable=False),
    sa.Column('progress_total', sa.Integer(), nullable=False),
    sa.Column('result', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('queued','running','done','failed')", name=op.f('ck_job_state')),
    sa.CheckConstraint("(state = 'running') = (held_until is not null)", name=op.f('ck_job_held')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_job_made_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job'))
    )
    unfinished = sa.text("state in ('queued','running')")
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index('ix_job_due', ['due_at', 'id'], unique=False, sqlite_where=unfinished, postgresql_where=unfinished)
        batch_op.create_index('ix_job_wrong', ['finished_at'], unique=False, sqlite_where=sa.text("error <> ''"), postgresql_where=sa.text("error <> ''"))
        batch_op.create_index('ix_job_key', ['key', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_job_made_by_id'), ['made_by_id'], unique=False)
        batch_op.create_index('uq_job_unfinished_key', ['key'], unique=True, sqlite_where=unfinished, postgresql_where=unfinished)


def downgrade() -> None:
    raise RuntimeError("Restore the backup that was made before the upgrade.")
