"""adapting a course: its modules, the texts of its editions

Revision: 0011
"""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('course_module',
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('week', sa.Integer(), nullable=True),
    sa.Column('weight', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_course_module_course_id_course')),
    sa.ForeignKeyConstraint(['module_id'], ['module.id'], name=op.f('fk_course_module_module_id_module')),
    sa.PrimaryKeyConstraint('course_id', 'module_id', name=op.f('pk_course_module'))
    )
    # ADD COLUMN only: other tables point at these.
    op.add_column('course', sa.Column('version', sa.Integer(), server_default='1', nullable=False))
    op.add_column('overlay', sa.Column('act', sa.String(length=10), server_default='edit', nullable=False))
    op.add_column('edition_module', sa.Column('summary', sa.Text(), nullable=True))
    op.add_column('edition_module', sa.Column('week', sa.Integer(), nullable=True))
    op.add_column('edition_module', sa.Column('weight', sa.Integer(), server_default='1', nullable=False))
    op.add_column('edition_section', sa.Column('markdown', sa.Text(), nullable=True))
    op.add_column('edition_section', sa.Column('head', sa.JSON(), nullable=True))
    op.add_column('edition_item', sa.Column('source', sa.Text(), nullable=True))
    op.add_column('section', sa.Column('descriptions', sa.JSON(), nullable=True))
    # A course so far had its modules in the order of the series.
    op.execute(
        "insert into course_module (course_id, module_id, position, weight) "
        "select overlay.course_id, overlay.module_id, max(module_revision.position), 1 from overlay "
        "join module_revision on module_revision.id = overlay.base_revision_id group by overlay.course_id, overlay.module_id"
    )


def downgrade() -> None:
    raise RuntimeError("Restore the backup that was made before the upgrade.")
