"""what countries put into slots

Revision: 0018
"""

import sqlalchemy as sa
from alembic import op


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('filling',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=True),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('markdown', sa.Text(), nullable=False),
    sa.Column('credit', sa.String(length=200), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=True),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('word', sa.Text(), nullable=False),
    sa.Column('release_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("state <> 'approved' or release_id is not null", name=op.f('ck_filling_released')),
    sa.CheckConstraint("state in ('proposed','approved','declined','withdrawn')", name=op.f('ck_filling_state')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_filling_decided_by_id_person')),
    sa.ForeignKeyConstraint(['institution_id'], ['institution.id'], name=op.f('fk_filling_institution_id_institution')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_filling_made_by_id_person')),
    sa.ForeignKeyConstraint(['module_id'], ['module.id'], name=op.f('fk_filling_module_id_module')),
    sa.ForeignKeyConstraint(['release_id'], ['release.id'], name=op.f('fk_filling_release_id_release')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_filling'))
    )
    with op.batch_alter_table('filling', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_filling_made_by_id'), ['made_by_id'], unique=False)
        batch_op.create_index('ix_filling_module_id_language_state', ['module_id', 'language', 'state'], unique=False)


def downgrade() -> None:
    raise RuntimeError("Restore the backup that was made before the upgrade.")
