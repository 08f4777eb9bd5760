"""updates from upstream that were put off

Revision: 0017
"""

import sqlalchemy as sa
from alembic import op


revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('put_off_update',
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=True),
    sa.Column('edition_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_put_off_update_course_id_course')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_put_off_update_edition_id_edition')),
    sa.ForeignKeyConstraint(['module_id'], ['module.id'], name=op.f('fk_put_off_update_module_id_module')),
    sa.ForeignKeyConstraint(['revision_id'], ['module_revision.id'], name=op.f('fk_put_off_update_revision_id_module_revision')),
    sa.PrimaryKeyConstraint('course_id', 'module_id', name=op.f('pk_put_off_update'))
    )


def downgrade() -> None:
    raise RuntimeError("Restore the backup that was made before the upgrade.")
