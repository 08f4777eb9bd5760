"""sharing courses, licences of courses, passages proposed back

Revision: 0022
"""

import sqlalchemy as sa
from alembic import op


revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # ADD COLUMN only: other tables point at these.
    op.add_column('course', sa.Column('licence', sa.String(length=40), server_default='', nullable=False))
    op.add_column('course', sa.Column('authors', sa.String(length=300), server_default='', nullable=False))
    op.add_column('edition', sa.Column('licence', sa.String(length=40), server_default='', nullable=False))
    op.add_column('edition', sa.Column('authors', sa.String(length=300), server_default='', nullable=False))
    op.create_table('course_sharing',
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('audience', sa.String(length=10), nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("audience in ('nobody','named','all')", name=op.f('ck_course_sharing_audience')),
    sa.ForeignKeyConstraint(['changed_by_id'], ['person.id'], name=op.f('fk_course_sharing_changed_by_id_person')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_course_sharing_course_id_course')),
    sa.PrimaryKeyConstraint('course_id', name=op.f('pk_course_sharing'))
    )
    op.create_table('course_shared_with',
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['added_by_id'], ['person.id'], name=op.f('fk_course_shared_with_added_by_id_person')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_course_shared_with_course_id_course')),
    sa.ForeignKeyConstraint(['institution_id'], ['institution.id'], name=op.f('fk_course_shared_with_institution_id_institution')),
    sa.PrimaryKeyConstraint('course_id', 'institution_id', name=op.f('pk_course_shared_with'))
    )
    with op.batch_alter_table('course_shared_with', schema=None) as batch_op:
        batch_op.create_index('ix_course_shared_with_institution_id', ['institution_id'], unique=False)
    op.create_table('passage_proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('section_key', sa.String(length=80), nullable=False),
    sa.Column('section_title', sa.String(length=200), nullable=False),
    sa.Column('audience', sa.String(length=10), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('to_course_id', sa.Integer(), nullable=True),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=True),
    sa.Column('before', sa.Text(), nullable=False),
    sa.Column('after', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('licence', sa.String(length=40), nullable=False),
    sa.Column('authors', sa.String(length=300), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.JSON(), nullable=True),
    sa.CheckConstraint("state in ('open','accepted','declined','withdrawn')", name=op.f('ck_passage_proposal_state')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_passage_proposal_answered_by_id_person')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_passage_proposal_course_id_course')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_passage_proposal_edition_id_edition')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_passage_proposal_made_by_id_person')),
    sa.ForeignKeyConstraint(['module_id'], ['module.id'], name=op.f('fk_passage_proposal_module_id_module')),
    sa.ForeignKeyConstraint(['revision_id'], ['module_revision.id'], name=op.f('fk_passage_proposal_revision_id_module_revision')),
    sa.ForeignKeyConstraint(['to_course_id'], ['course.id'], name=op.f('fk_passage_proposal_to_course_id_course')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passage_proposal'))
    )
    with op.batch_alter_table('passage_proposal', schema=None) as batch_op:
        batch_op.create_index('ix_passage_proposal_course_id', ['course_id'], unique=False)
        batch_op.create_index('ix_passage_proposal_made_by_id', ['made_by_id'], unique=False)
        batch_op.create_index('ix_passage_proposal_to', ['to_course_id', 'state'], unique=False)
        batch_op.create_index('uq_passage_proposal_open', ['course_id', 'module_id', 'section_key'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))


def downgrade() -> None:
    raise RuntimeError("Restore the backup that was made before the upgrade.")
