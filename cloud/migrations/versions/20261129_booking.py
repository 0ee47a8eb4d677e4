"""Visits, holds, and whose time they take."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies

revision = "20261129_booking"
down_revision = "20261128_schedule"


def upgrade() -> None:
    op.create_table(
        "booking_key",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_booking_key")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_booking_key_tenant_id_name")),
    )
    op.create_index("ix_booking_key_at", "booking_key", ["at"], unique=False)
    op.create_table(
        "booking_hold",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("type_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=10), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("renewed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_booking_hold_tenant_id_store_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "type_id"],
            ["schedule_type.tenant_id", "schedule_type.id"],
            name=op.f("fk_booking_hold_tenant_id_type_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_booking_hold")),
        sa.UniqueConstraint("tenant_id", "digest", name=op.f("uq_booking_hold_tenant_id_digest")),
    )
    op.create_index("ix_booking_hold_holder", "booking_hold", ["tenant_id", "holder"], unique=False)
    op.create_index("ix_booking_hold_until", "booking_hold", ["until"], unique=False)
    op.create_table(
        "booking_visit",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("type_id", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("who", sa.String(length=10), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("moved_to", sa.BigInteger(), nullable=True),
        sa.Column("booked_by", sa.BigInteger(), nullable=True),
        sa.Column("booked_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "booked_by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_booking_visit_tenant_id_booked_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "moved_to"],
            ["booking_visit.tenant_id", "booking_visit.id"],
            name=op.f("fk_booking_visit_tenant_id_moved_to"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_booking_visit_tenant_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_booking_visit_tenant_id_store_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "type_id"],
            ["schedule_type.tenant_id", "schedule_type.id"],
            name=op.f("fk_booking_visit_tenant_id_type_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_booking_visit")),
        sa.UniqueConstraint("tenant_id", "uid", name=op.f("uq_booking_visit_tenant_id_uid")),
    )
    op.create_index("ix_booking_visit_day", "booking_visit", ["tenant_id", "store_id", "shown_at"], unique=False)
    op.create_index("ix_booking_visit_patient", "booking_visit", ["tenant_id", "patient_id", "shown_at"], unique=False)
    op.create_table(
        "booking_change",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("deed", sa.String(length=12), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("through", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_booking_change_tenant_id_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "visit_id"],
            ["booking_visit.tenant_id", "booking_visit.id"],
            name=op.f("fk_booking_change_tenant_id_visit_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_booking_change")),
    )
    op.create_index("ix_booking_change_visit", "booking_change", ["tenant_id", "visit_id", "id"], unique=False)
    op.create_table(
        "booking_part",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=True),
        sa.Column("hold_id", sa.BigInteger(), nullable=True),
        sa.Column("resource_id", sa.BigInteger(), nullable=False),
        sa.Column("segment", sa.SmallInteger(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken", sa.String(length=12), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(resource_id, resource_id, '[]')"), "&&"),
            (sa.text("tstzrange(starts_at, ends_at, '[)')"), "&&"),
            where=sa.text("taken IN ('hold', 'booked')"),
            using="gist",
            name="ex_booking_part_once",
        ),
        sa.CheckConstraint("num_nonnulls(visit_id, hold_id) > 0", name=op.f("ck_booking_part_of_a_visit_or_of_a_hold")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_booking_part_lasts")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "hold_id"],
            ["booking_hold.tenant_id", "booking_hold.id"],
            name=op.f("fk_booking_part_tenant_id_hold_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "resource_id"],
            ["schedule_resource.tenant_id", "schedule_resource.id"],
            name=op.f("fk_booking_part_tenant_id_resource_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "visit_id"],
            ["booking_visit.tenant_id", "booking_visit.id"],
            name=op.f("fk_booking_part_tenant_id_visit_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_booking_part")),
    )
    op.create_index("ix_booking_part_hold", "booking_part", ["tenant_id", "hold_id"], unique=False)
    op.create_index("ix_booking_part_resource", "booking_part", ["tenant_id", "resource_id", "ends_at"], unique=False)
    op.create_index("ix_booking_part_visit", "booking_part", ["tenant_id", "visit_id"], unique=False)
    for statement in locks():
        op.get_bind().exec_driver_sql(statement)


def locks() -> list[str]:
    """A part of a visit is never deleted, only a hold of a time is."""
    return [
        *policies.lock("booking_visit", "SELECT, INSERT, UPDATE (state, uid, moved_to, reason, note)"),
        *policies.lock("booking_hold", "SELECT, INSERT, UPDATE (until, renewed), DELETE"),
        *policies.lock("booking_part", "SELECT, INSERT, UPDATE (visit_id, hold_id, taken), DELETE"),
        *policies.lock("booking_key", "SELECT, INSERT, DELETE"),
        *policies.lock("booking_change", "SELECT, INSERT"),
        "CREATE POLICY visits_stay ON booking_part AS RESTRICTIVE FOR DELETE "
        f"TO {policies.APP} USING (visit_id IS NULL)",
    ]
