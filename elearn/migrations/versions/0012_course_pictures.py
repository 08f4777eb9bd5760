"""course pictures, course uploads

Revision: 0012
"""

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('course_picture',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('alt', sa.String(length=300), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['added_by_id'], ['person.id'], name=op.f('fk_course_picture_added_by_id_person')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_course_picture_course_id_course')),
    sa.ForeignKeyConstraint(['digest'], ['blob.digest'], name=op.f('fk_course_picture_digest_blob')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_picture')),
    sa.UniqueConstraint('course_id', 'name', name=op.f('uq_course_picture_course_id_name'))
    )
    with op.batch_alter_table('course_picture', schema=None) as batch_op:
        batch_op.create_index('ix_course_picture_digest', ['digest'], unique=False)
    op.create_table('course_upload',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('sent_by_id', sa.Integer(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_course_upload_course_id_course')),
    sa.ForeignKeyConstraint(['sent_by_id'], ['person.id'], name=op.f('fk_course_upload_sent_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_upload'))
    )
    with op.batch_alter_table('course_upload', schema=None) as batch_op:
        batch_op.create_index('ix_course_upload_course_id', ['course_id'], unique=False)


def downgrade() -> None:
    raise RuntimeError("Restore the backup that was made before the upgrade.")
