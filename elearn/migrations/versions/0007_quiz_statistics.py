"""quiz statistics

Revision: 0007
"""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('quiz_statistics',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('class_id', sa.Integer(), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('form', sa.String(length=16), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('sums', sa.JSON(), nullable=False),
    sa.Column('as_of', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['class_id'], ['course_class.id'], name=op.f('fk_quiz_statistics_class_id_course_class')),
    sa.ForeignKeyConstraint(['module_id'], ['module.id'], name=op.f('fk_quiz_statistics_module_id_module')),
    sa.ForeignKeyConstraint(['revision_id'], ['module_revision.id'], name=op.f('fk_quiz_statistics_revision_id_module_revision')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quiz_statistics')),
    sa.UniqueConstraint('class_id', 'module_id', 'revision_id', 'form', name=op.f('uq_quiz_statistics_class_id_module_id_revision_id_form'))
    )
    with op.batch_alter_table('quiz_statistics', schema=None) as batch_op:
        batch_op.create_index('ix_quiz_statistics_module_id', ['module_id'], unique=False)

    op.create_table('statistics_sweep',
    sa.Column('key', sa.String(length=20), nullable=False),
    sa.Column('mark_id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_statistics_sweep'))
    )
    # Longer by a column, the index also says at once how many attempts of a class were finished since.
    op.create_index('ix_attempt_class_id_module_id_finished_at', 'attempt', ['class_id', 'module_id', 'finished_at'], unique=False)
    op.drop_index('ix_attempt_class_id_module_id', table_name='attempt')


def downgrade() -> None:
    raise RuntimeError("Restore the backup that was made before the upgrade.")
