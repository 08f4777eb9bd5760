"""people and classes

Revision: 0002
"""

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('mail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('about', sa.String(length=40), nullable=False),
    sa.Column('about_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('given_up_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_mail_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail'))
    )
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.create_index('ix_mail_about', ['about', 'about_id'], unique=False)
        batch_op.create_index('ix_mail_due', ['due_at'], unique=False, sqlite_where=sa.text('sent_at is null and given_up_at is null'), postgresql_where=sa.text('sent_at is null and given_up_at is null'))
        batch_op.create_index(batch_op.f('ix_mail_person_id'), ['person_id'], unique=False)

    op.create_table('recovery_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('code_digest', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_recovery_code_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_code')),
    sa.UniqueConstraint('code_digest', name=op.f('uq_recovery_code_code_digest'))
    )
    with op.batch_alter_table('recovery_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recovery_code_person_id'), ['person_id'], unique=False)

    op.create_table('second_factor',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('nonce', sa.String(length=64), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_step', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_second_factor_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_second_factor'))
    )
    op.create_table('class_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('class_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['class_id'], ['course_class.id'], name=op.f('fk_class_group_class_id_course_class')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_class_group'))
    )
    there = sa.text('removed_at is null')
    op.create_index('uq_class_group_current', 'class_group', ['class_id', 'name'], unique=True, sqlite_where=there, postgresql_where=there)
    op.create_table('roster_upload',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('class_id', sa.Integer(), nullable=False),
    sa.Column('sent_by_id', sa.Integer(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['class_id'], ['course_class.id'], name=op.f('fk_roster_upload_class_id_course_class')),
    sa.ForeignKeyConstraint(['sent_by_id'], ['person.id'], name=op.f('fk_roster_upload_sent_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_upload'))
    )
    with op.batch_alter_table('roster_upload', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_roster_upload_class_id'), ['class_id'], unique=False)

    op.create_table('announcement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('class_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('body_html', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_mail', sa.Boolean(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_announcement_author_id_person')),
    sa.ForeignKeyConstraint(['class_id'], ['course_class.id'], name=op.f('fk_announcement_class_id_course_class')),
    sa.ForeignKeyConstraint(['group_id'], ['class_group.id'], name=op.f('fk_announcement_group_id_class_group')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcement'))
    )
    with op.batch_alter_table('announcement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_announcement_class_id'), ['class_id'], unique=False)

    op.create_table('enrolment_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.CheckConstraint("kind in ('listed','joined','claimed','left','withdrawn','removed','returned','extended','regrouped','corrected')", name=op.f('ck_enrolment_change_kind')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_enrolment_change_by_id_person')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_enrolment_change_enrolment_id_enrolment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enrolment_change'))
    )
    with op.batch_alter_table('enrolment_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enrolment_change_enrolment_id'), ['enrolment_id'], unique=False)

    op.create_table('slip',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('code_digest', sa.String(length=64), nullable=True),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('used_by_id', sa.Integer(), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind in ('place','password')", name=op.f('ck_slip_kind')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_slip_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_slip_made_by_id_person')),
    sa.ForeignKeyConstraint(['used_by_id'], ['person.id'], name=op.f('fk_slip_used_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_slip')),
    sa.UniqueConstraint('code_digest', name=op.f('uq_slip_code_digest'))
    )
    with op.batch_alter_table('slip', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_slip_enrolment_id'), ['enrolment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_slip_used_by_id'), ['used_by_id'], unique=False)

    # Whatever other tables point at is not made anew: SQLite would have to drop it with its rows. A plain ADD COLUMN does, on both.
    op.execute("ALTER TABLE course_class ADD COLUMN previous_class_id INTEGER "
               "CONSTRAINT fk_course_class_previous_class_id_course_class REFERENCES course_class (id)")
    op.execute("ALTER TABLE enrolment ADD COLUMN email VARCHAR(254) NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE enrolment ADD COLUMN language VARCHAR(20) NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE enrolment ADD COLUMN group_id INTEGER CONSTRAINT fk_enrolment_group_id_class_group REFERENCES class_group (id)")
    op.execute("ALTER TABLE enrolment ADD COLUMN extended_until DATE")
    op.create_index('ix_enrolment_group_id', 'enrolment', ['group_id'])
    op.drop_index('ix_enrolment_person_id', table_name='enrolment')
    op.create_index('ix_enrolment_person_id_class_id', 'enrolment', ['person_id', 'class_id'])
    unclaimed = sa.text('person_id is null')
    op.create_index('ix_enrolment_waiting_email', 'enrolment', ['email'], sqlite_where=unclaimed, postgresql_where=unclaimed)
    op.execute("ALTER TABLE institution ADD COLUMN requested_by_id INTEGER "
               "CONSTRAINT fk_institution_requested_by_id_person REFERENCES person (id)")
    op.execute("ALTER TABLE institution ADD COLUMN decided_by_id INTEGER "
               "CONSTRAINT fk_institution_decided_by_id_person REFERENCES person (id)")
    op.add_column('institution', sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True))
    op.execute("ALTER TABLE institution ADD COLUMN decision_note TEXT NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE membership ADD COLUMN ended_by_id INTEGER CONSTRAINT fk_membership_ended_by_id_person REFERENCES person (id)")
    op.execute("ALTER TABLE membership ADD COLUMN note TEXT NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE one_time_link ADD COLUMN purpose VARCHAR(20) NOT NULL DEFAULT 'set-password' "
               "CONSTRAINT ck_one_time_link_purpose CHECK (purpose in ('set-password','verify-address'))")
    op.execute("ALTER TABLE one_time_link ADD COLUMN address VARCHAR(254)")
    op.add_column('sign_in', sa.Column('second_factor_at', sa.DateTime(timezone=True), nullable=True))

    # What was there before is ordered well enough until it is next renamed: a migration imports nothing of ours.
    for table in ('institution', 'person', 'enrolment'):
        op.execute(f"ALTER TABLE {table} ADD COLUMN name_key VARCHAR(200) NOT NULL DEFAULT ''")
        op.execute(f"UPDATE {table} SET name_key = lower(name)")
    op.drop_index('ix_enrolment_class_id_role_name', table_name='enrolment')
    op.create_index('ix_enrolment_class_id_role_name_key', 'enrolment', ['class_id', 'role', 'name_key', 'id'])

    verified = sa.text('verified_at is not null')
    with op.batch_alter_table('email_address', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_email_address_address'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_email_address_person_id_address'), ['person_id', 'address'])
    op.create_index('ix_email_address_address', 'email_address', ['address'])
    op.create_index('uq_email_address_verified', 'email_address', ['address'], unique=True, sqlite_where=verified, postgresql_where=verified)

    # Whoever was in a class before there was a history of places joined it by its code: there was no other way in.
    nothing = "CAST('{}' AS JSON)" if op.get_bind().dialect.name == 'postgresql' else "'{}'"
    op.execute("INSERT INTO enrolment_change (enrolment_id, kind, at, by_id, details) "
               f"SELECT id, 'joined', enrolled_at, person_id, {nothing} FROM enrolment WHERE person_id IS NOT NULL")

    for table in ('audit_entry', 'enrolment_change'):
        _only_added(table)


def _only_added(table: str) -> None:
    """Have the database itself refuse to change or delete rows of ``table``."""
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(f"CREATE FUNCTION {table}_only_added() RETURNS trigger LANGUAGE plpgsql AS "
                   f"$$ BEGIN RAISE EXCEPTION 'rows of {table} are only added'; END $$")
        op.execute(f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table} "
                   f"FOR EACH ROW EXECUTE FUNCTION {table}_only_added()")
        return
    for event in ('UPDATE', 'DELETE'):
        op.execute(f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                   f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only added'); END")


def downgrade() -> None:
    raise RuntimeError("Restore the backup that was made before the upgrade.")
