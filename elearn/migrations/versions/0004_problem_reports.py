"""problem reports

Revision: 0004
"""

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('problem_report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('section_key', sa.String(length=80), nullable=False),
    sa.Column('section_title', sa.String(length=200), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('audience', sa.String(length=10), nullable=False),
    sa.Column('class_id', sa.Integer(), nullable=True),
    sa.Column('passage_place', sa.Integer(), nullable=True),
    sa.Column('passage_digest', sa.String(length=64), nullable=False),
    sa.Column('passage', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('reporter_id', sa.Integer(), nullable=True),
    sa.Column('wants_mail', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('mended_by_id', sa.Integer(), nullable=True),
    sa.Column('passed_on_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('once', sa.String(length=32), nullable=False),
    sa.CheckConstraint("kind in ('fact','link','hard','language','accessibility','other')", name=op.f('ck_problem_report_kind')),
    sa.CheckConstraint("state in ('open','answered','mended','no-fault')", name=op.f('ck_problem_report_state')),
    sa.CheckConstraint("audience in ('everyone','teacher')", name=op.f('ck_problem_report_audience')),
    sa.CheckConstraint("(state = 'mended') = (mended_by_id is not null)", name=op.f('ck_problem_report_mended')),
    sa.ForeignKeyConstraint(['class_id'], ['course_class.id'], name=op.f('fk_problem_report_class_id_course_class')),
    sa.ForeignKeyConstraint(['mended_by_id'], ['module_revision.id'], name=op.f('fk_problem_report_mended_by_id_module_revision')),
    sa.ForeignKeyConstraint(['module_id'], ['module.id'], name=op.f('fk_problem_report_module_id_module')),
    sa.ForeignKeyConstraint(['reporter_id'], ['person.id'], name=op.f('fk_problem_report_reporter_id_person')),
    sa.ForeignKeyConstraint(['revision_id'], ['module_revision.id'], name=op.f('fk_problem_report_revision_id_module_revision')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_problem_report')),
    sa.UniqueConstraint('once', name=op.f('uq_problem_report_once'))
    )
    with op.batch_alter_table('problem_report', schema=None) as batch_op:
        batch_op.create_index('ix_problem_report_class_id_state', ['class_id', 'state'], unique=False)
        batch_op.create_index('ix_problem_report_module_id_section_key', ['module_id', 'section_key', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_problem_report_reporter_id'), ['reporter_id'], unique=False)

    op.create_table('problem_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.String(length=20), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("act in ('answered','mended','no-fault','reopened','passed-on')", name=op.f('ck_problem_answer_act')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_problem_answer_author_id_person')),
    sa.ForeignKeyConstraint(['report_id'], ['problem_report.id'], name=op.f('fk_problem_answer_report_id_problem_report')),
    sa.ForeignKeyConstraint(['revision_id'], ['module_revision.id'], name=op.f('fk_problem_answer_revision_id_module_revision')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_problem_answer'))
    )
    with op.batch_alter_table('problem_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_problem_answer_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_problem_answer_report_id'), ['report_id'], unique=False)


def downgrade() -> None:
    raise RuntimeError("Restore the backup that was made before the upgrade.")
