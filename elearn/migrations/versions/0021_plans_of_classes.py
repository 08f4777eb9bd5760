"""plans of classes

Revision: 0021
"""

import sqlalchemy as sa
from alembic import op


revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('class_plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('class_id', sa.Integer(), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('former', sa.Integer(), nullable=False),
    sa.Column('section_key', sa.String(length=80), nullable=False),
    sa.Column('settings', sa.JSON(), nullable=False),
    sa.Column('steps', sa.JSON(), nullable=False),
    sa.Column('draw', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('act', sa.String(length=20), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['class_id'], ['course_class.id'], name=op.f('fk_class_plan_class_id_course_class')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_class_plan_made_by_id_person')),
    sa.ForeignKeyConstraint(['module_id'], ['module.id'], name=op.f('fk_class_plan_module_id_module')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_class_plan')),
    sa.UniqueConstraint('class_id', 'module_id', 'number', name=op.f('uq_class_plan_class_id_module_id_number'))
    )


def downgrade() -> None:
    raise RuntimeError("Restore the backup that was made before the upgrade.")
