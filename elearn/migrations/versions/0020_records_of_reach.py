"""records of teaching and events

Revision: 0020
"""

import sqlalchemy as sa
from alembic import op


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('reach_record',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('audience', sa.String(length=40), nullable=False),
    sa.Column('people', sa.Integer(), nullable=True),
    sa.Column('word', sa.String(length=15), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=True),
    sa.Column('class_id', sa.Integer(), nullable=True),
    sa.Column('countries', sa.JSON(), nullable=False),
    sa.Column('areas', sa.JSON(), nullable=False),
    sa.Column('countries_count', sa.Integer(), nullable=True),
    sa.Column('universities_count', sa.Integer(), nullable=True),
    sa.Column('regions_count', sa.Integer(), nullable=True),
    sa.Column('modules', sa.JSON(), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('counts_on', sa.Date(), nullable=False),
    sa.Column('overlap', sa.String(length=15), nullable=False),
    sa.Column('overlap_with', sa.String(length=40), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("overlap in ('unknown','disjoint','within','same-as-class')", name=op.f('ck_reach_record_overlap')),
    sa.CheckConstraint("state in ('draft','claimed','verified','validated','sent-back','withdrawn')", name=op.f('ck_reach_record_state')),
    sa.CheckConstraint('counts_on between first_day and last_day', name=op.f('ck_reach_record_counts_on')),
    sa.CheckConstraint('first_day <= last_day', name=op.f('ck_reach_record_days')),
    sa.CheckConstraint('people is null or people >= 0', name=op.f('ck_reach_record_people')),
    sa.ForeignKeyConstraint(['class_id'], ['course_class.id'], name=op.f('fk_reach_record_class_id_course_class')),
    sa.ForeignKeyConstraint(['institution_id'], ['institution.id'], name=op.f('fk_reach_record_institution_id_institution')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_reach_record_made_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reach_record')),
    sa.UniqueConstraint('code', 'version', name=op.f('uq_reach_record_code_version'))
    )
    with op.batch_alter_table('reach_record', schema=None) as batch_op:
        batch_op.create_index('ix_reach_record_counts_on_state', ['counts_on', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_reach_record_institution_id'), ['institution_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reach_record_made_by_id'), ['made_by_id'], unique=False)


def downgrade() -> None:
    raise RuntimeError("Restore the backup that was made before the upgrade.")
