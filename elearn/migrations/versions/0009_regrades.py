"""marking answers again after a correction

Revision: 0009
"""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('regrade',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(length=10), nullable=False),
    sa.Column('class_id', sa.Integer(), nullable=True),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('policy', sa.String(length=20), nullable=False),
    sa.Column('new_revision_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('counts', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('applied_by_id', sa.Integer(), nullable=True),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by_id', sa.Integer(), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undo_reason', sa.Text(), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(scope = 'class') = (class_id is not null)", name=op.f('ck_regrade_class')),
    sa.CheckConstraint("(scope = 'course') = (course_id is not null)", name=op.f('ck_regrade_course')),
    sa.CheckConstraint("policy in ('new-key','accept-both','only-raise','full-marks','void')", name=op.f('ck_regrade_policy')),
    sa.CheckConstraint("scope in ('class','course','programme')", name=op.f('ck_regrade_scope')),
    sa.CheckConstraint("state in ('draft','running','done','undoing','undone')", name=op.f('ck_regrade_state')),
    sa.ForeignKeyConstraint(['applied_by_id'], ['person.id'], name=op.f('fk_regrade_applied_by_id_person')),
    sa.ForeignKeyConstraint(['class_id'], ['course_class.id'], name=op.f('fk_regrade_class_id_course_class')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_regrade_course_id_course')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_regrade_item_id_item')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_regrade_made_by_id_person')),
    sa.ForeignKeyConstraint(['module_id'], ['module.id'], name=op.f('fk_regrade_module_id_module')),
    sa.ForeignKeyConstraint(['new_revision_id'], ['item_revision.id'], name=op.f('fk_regrade_new_revision_id_item_revision')),
    sa.ForeignKeyConstraint(['undone_by_id'], ['person.id'], name=op.f('fk_regrade_undone_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_regrade'))
    )
    with op.batch_alter_table('regrade', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_regrade_class_id'), ['class_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_regrade_course_id'), ['course_id'], unique=False)
        batch_op.create_index('ix_regrade_module_id', ['module_id'], unique=False)
        batch_op.create_index('ix_regrade_standing', ['item_id'], unique=False, sqlite_where=sa.text("state in ('running','done')"), postgresql_where=sa.text("state in ('running','done')"))

    op.create_table('regrade_line',
    sa.Column('regrade_id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('item_revision_id', sa.Integer(), nullable=False),
    sa.Column('mark_before_id', sa.Integer(), nullable=False),
    sa.Column('mark_after_id', sa.Integer(), nullable=True),
    sa.Column('points_before', sa.Integer(), nullable=False),
    sa.Column('max_before', sa.Integer(), nullable=False),
    sa.Column('points_after', sa.Integer(), nullable=False),
    sa.Column('max_after', sa.Integer(), nullable=False),
    sa.Column('is_changed', sa.Boolean(), nullable=False),
    sa.Column('total_before', sa.Integer(), nullable=False),
    sa.Column('out_of_before', sa.Integer(), nullable=False),
    sa.Column('total_after', sa.Integer(), nullable=False),
    sa.Column('out_of_after', sa.Integer(), nullable=False),
    sa.Column('passed_before', sa.Boolean(), nullable=False),
    sa.Column('passed_after', sa.Boolean(), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('is_later', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_regrade_line_attempt_id_attempt')),
    sa.ForeignKeyConstraint(['item_revision_id'], ['item_revision.id'], name=op.f('fk_regrade_line_item_revision_id_item_revision')),
    sa.ForeignKeyConstraint(['mark_after_id'], ['mark.id'], name=op.f('fk_regrade_line_mark_after_id_mark')),
    sa.ForeignKeyConstraint(['mark_before_id'], ['mark.id'], name=op.f('fk_regrade_line_mark_before_id_mark')),
    sa.ForeignKeyConstraint(['regrade_id'], ['regrade.id'], name=op.f('fk_regrade_line_regrade_id_regrade')),
    sa.PrimaryKeyConstraint('regrade_id', 'attempt_id', 'item_revision_id', name=op.f('pk_regrade_line')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('regrade_line', schema=None) as batch_op:
        batch_op.create_index('ix_regrade_line_attempt_id', ['attempt_id'], unique=False)


def downgrade() -> None:
    raise RuntimeError("Restore the backup that was made before the upgrade.")
