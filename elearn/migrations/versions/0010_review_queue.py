"""review queue

Revision: 0010
"""

import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('review_habit',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('is_on', sa.Boolean(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_review_habit_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_review_habit'))
    )
    op.create_table('review_card',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('answers', sa.Integer(), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(due_on is null) = (finished_at is not null)', name=op.f('ck_review_card_finished')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_review_card_item_id_item')),
    sa.ForeignKeyConstraint(['module_id'], ['module.id'], name=op.f('fk_review_card_module_id_module')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_review_card_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_card')),
    sa.UniqueConstraint('person_id', 'item_id', name=op.f('uq_review_card_person_id_item_id'))
    )
    op.create_table('review_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('item_revision_id', sa.Integer(), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('class_id', sa.Integer(), nullable=True),
    sa.Column('edition_id', sa.Integer(), nullable=True),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('response', sa.JSON(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('max_points', sa.Integer(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['class_id'], ['course_class.id'], name=op.f('fk_review_answer_class_id_course_class')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_review_answer_edition_id_edition')),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_review_answer_item_id_item')),
    sa.ForeignKeyConstraint(['item_revision_id'], ['item_revision.id'], name=op.f('fk_review_answer_item_revision_id_item_revision')),
    sa.ForeignKeyConstraint(['module_id'], ['module.id'], name=op.f('fk_review_answer_module_id_module')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_review_answer_person_id_person')),
    sa.ForeignKeyConstraint(['revision_id'], ['module_revision.id'], name=op.f('fk_review_answer_revision_id_module_revision')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_answer')),
    sa.UniqueConstraint('person_id', 'item_id', 'number', name=op.f('uq_review_answer_person_id_item_id_number'))
    )
    with op.batch_alter_table('review_answer', schema=None) as batch_op:
        batch_op.create_index('ix_review_answer_item_revision_id', ['item_revision_id'], unique=False)


def downgrade() -> None:
    raise RuntimeError("Restore the backup that was made before the upgrade.")
