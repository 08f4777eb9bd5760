"""drafts of sections

Revision: 0016
"""

import sqlalchemy as sa
from alembic import op


revision = '0016'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('section_draft',
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('is_open', sa.Boolean(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('overlay_number', sa.Integer(), nullable=False),
    sa.Column('former', sa.JSON(), nullable=True),
    sa.Column('saved_by_id', sa.Integer(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_section_draft_course_id_course')),
    sa.ForeignKeyConstraint(['module_id'], ['module.id'], name=op.f('fk_section_draft_module_id_module')),
    sa.ForeignKeyConstraint(['saved_by_id'], ['person.id'], name=op.f('fk_section_draft_saved_by_id_person')),
    sa.PrimaryKeyConstraint('course_id', 'module_id', 'key', name=op.f('pk_section_draft'))
    )


def downgrade() -> None:
    raise RuntimeError("Restore the backup that was made before the upgrade.")
