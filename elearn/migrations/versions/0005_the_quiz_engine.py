"""the quiz engine

Revision: 0005
"""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('quiz_setting',
    sa.Column('class_id', sa.Integer(), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=True),
    sa.Column('grading', sa.String(length=10), nullable=True),
    sa.Column('feedback', sa.String(length=10), nullable=True),
    sa.Column('penalty', sa.Integer(), nullable=True),
    sa.Column('review', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('is_blind', sa.Boolean(), nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['changed_by_id'], ['person.id'], name=op.f('fk_quiz_setting_changed_by_id_person')),
    sa.ForeignKeyConstraint(['class_id'], ['course_class.id'], name=op.f('fk_quiz_setting_class_id_course_class')),
    sa.ForeignKeyConstraint(['module_id'], ['module.id'], name=op.f('fk_quiz_setting_module_id_module')),
    sa.PrimaryKeyConstraint('class_id', 'module_id', name=op.f('pk_quiz_setting'))
    )
    op.create_table('quiz_extension',
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('more_minutes', sa.Integer(), nullable=False),
    sa.Column('more_attempts', sa.Integer(), nullable=False),
    sa.Column('given_by_id', sa.Integer(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_quiz_extension_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['given_by_id'], ['person.id'], name=op.f('fk_quiz_extension_given_by_id_person')),
    sa.ForeignKeyConstraint(['module_id'], ['module.id'], name=op.f('fk_quiz_extension_module_id_module')),
    sa.PrimaryKeyConstraint('enrolment_id', 'module_id', name=op.f('pk_quiz_extension'))
    )
    op.create_table('item_try',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('item_revision_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('answer_id', sa.Integer(), nullable=False),
    sa.Column('is_right', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['answer_id'], ['answer.id'], name=op.f('fk_item_try_answer_id_answer')),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_item_try_attempt_id_attempt')),
    sa.ForeignKeyConstraint(['item_revision_id'], ['item_revision.id'], name=op.f('fk_item_try_item_revision_id_item_revision')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_try')),
    sa.UniqueConstraint('attempt_id', 'item_revision_id', 'number', name=op.f('uq_item_try_attempt_id_item_revision_id_number'))
    )
    op.create_table('late_acceptance',
    sa.Column('answer_id', sa.Integer(), nullable=False),
    sa.Column('accepted_by_id', sa.Integer(), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['accepted_by_id'], ['person.id'], name=op.f('fk_late_acceptance_accepted_by_id_person')),
    sa.ForeignKeyConstraint(['answer_id'], ['answer.id'], name=op.f('fk_late_acceptance_answer_id_answer')),
    sa.PrimaryKeyConstraint('answer_id', name=op.f('pk_late_acceptance'))
    )
    with op.batch_alter_table('attempt', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rules', sa.JSON(), server_default=sa.text("'{}'"), nullable=False))
        batch_op.add_column(sa.Column('pending_count', sa.Integer(), server_default=sa.text('0'), nullable=False))
        batch_op.add_column(sa.Column('sequence', sa.Integer(), server_default=sa.text('0'), nullable=False))

    op.execute(
        'update attempt set sequence = coalesce((select max(answer.sequence) from answer where answer.attempt_id = attempt.id), 0)'
    )

    with op.batch_alter_table('mark', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_pending', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('cause', sa.String(length=10), server_default='submit', nullable=False))
        batch_op.add_column(sa.Column('graded_revision_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('regrade_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('marked_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('comment', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('rubric', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('tries', sa.Integer(), server_default=sa.text('1'), nullable=False))
        batch_op.create_check_constraint(batch_op.f('ck_mark_cause'), "cause in ('submit','person','late','regrade','undo')")
        batch_op.drop_index('ix_mark_attempt_id')
        batch_op.create_index('ix_mark_attempt_id_item_revision_id_id', ['attempt_id', 'item_revision_id', 'id'], unique=False)
        batch_op.create_index('ix_mark_regrade_id', ['regrade_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_mark_graded_revision_id_item_revision'), 'item_revision', ['graded_revision_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_mark_marked_by_id_person'), 'person', ['marked_by_id'], ['id'])

    op.create_index(
        'ix_answer_late', 'answer', ['attempt_id'], sqlite_where=sa.text('is_late = 1'), postgresql_where=sa.text('is_late')
    )
    with op.batch_alter_table('module_progress', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_provisional', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('quiz', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rules', sa.JSON(), server_default=sa.text("'{}'"), nullable=False))

    with op.batch_alter_table('result', schema=None) as batch_op:
        batch_op.add_column(sa.Column('replaces_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('is_provisional', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index('ix_result_attempt_id', ['attempt_id'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_result_replaces_id'), ['replaces_id'])
        batch_op.create_foreign_key(batch_op.f('fk_result_replaces_id_result'), 'result', ['replaces_id'], ['id'])


def downgrade() -> None:
    raise RuntimeError("Restore the backup that was made before the upgrade.")
