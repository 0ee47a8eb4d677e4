"""Who and what can be booked, and when."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies

revision = "20261128_schedule"
down_revision = "20261127_worklist"

MAY_CHANGE = "name, staff_id, skills, between, weight, place, active_from, active_until"


def upgrade() -> None:
    op.create_table(
        "schedule_type",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("preparation", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("policy", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("colour", sa.String(length=20), nullable=False),
        sa.Column("shown", sa.SmallInteger(), nullable=False),
        sa.Column("before", sa.SmallInteger(), nullable=False),
        sa.Column("grid", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("lead", sa.Integer(), nullable=False),
        sa.Column("horizon", sa.Integer(), nullable=False),
        sa.Column("cut_off", sa.Integer(), nullable=False),
        sa.Column("age_from", sa.SmallInteger(), nullable=True),
        sa.Column("age_to", sa.SmallInteger(), nullable=True),
        sa.Column("deposit", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("examinations", postgresql.ARRAY(sa.String(length=40)), nullable=False),
        sa.Column("red_flags", sa.Boolean(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("mod(before, 5) = 0", name=op.f("ck_schedule_type_before_in_quanta")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_schedule_type")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_schedule_type_tenant_id_code")),
    )
    op.create_table(
        "schedule_segment",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("type_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("gap_least", sa.SmallInteger(), nullable=False),
        sa.Column("gap_most", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("0 <= gap_least AND gap_least <= gap_most", name=op.f("ck_schedule_segment_gap_in_order")),
        sa.CheckConstraint("minutes > 0 AND mod(minutes, 5) = 0", name=op.f("ck_schedule_segment_minutes_in_quanta")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "type_id"],
            ["schedule_type.tenant_id", "schedule_type.id"],
            name=op.f("fk_schedule_segment_tenant_id_type_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_schedule_segment")),
        sa.UniqueConstraint(
            "tenant_id", "type_id", "number", name=op.f("uq_schedule_segment_tenant_id_type_id_number")
        ),
    )
    op.create_table(
        "schedule_need",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("segment_id", sa.BigInteger(), nullable=False),
        sa.Column("skill", sa.String(length=40), nullable=False),
        sa.Column("count", sa.SmallInteger(), nullable=False),
        sa.Column("same", sa.String(length=20), nullable=True),
        sa.CheckConstraint("count > 0", name=op.f("ck_schedule_need_somebody")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "segment_id"],
            ["schedule_segment.tenant_id", "schedule_segment.id"],
            name=op.f("fk_schedule_need_tenant_id_segment_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_schedule_need")),
    )
    op.create_index("ix_schedule_need_segment", "schedule_need", ["tenant_id", "segment_id"], unique=False)
    op.create_table(
        "schedule_offered",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("type_id", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("new", sa.String(length=10), nullable=False),
        sa.Column("existing", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_schedule_offered_tenant_id_store_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "type_id"],
            ["schedule_type.tenant_id", "schedule_type.id"],
            name=op.f("fk_schedule_offered_tenant_id_type_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_schedule_offered")),
        sa.UniqueConstraint(
            "tenant_id",
            "type_id",
            "store_id",
            "channel",
            name=op.f("uq_schedule_offered_tenant_id_type_id_store_id_channel"),
        ),
    )
    op.create_index("ix_schedule_offered_store", "schedule_offered", ["tenant_id", "store_id"], unique=False)
    op.create_table(
        "schedule_policy",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=True),
        sa.Column("turn", sa.String(length=4), nullable=False),
        sa.Column("hold_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("overlap", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_schedule_policy_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_schedule_policy")),
        sa.UniqueConstraint(
            "tenant_id",
            "store_id",
            name=op.f("uq_schedule_policy_tenant_id_store_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "schedule_resource",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("skills", postgresql.ARRAY(sa.String(length=40)), nullable=False),
        sa.Column("between", sa.SmallInteger(), nullable=False),
        sa.Column("weight", sa.SmallInteger(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("active_from", sa.Date(), nullable=True),
        sa.Column("active_until", sa.Date(), nullable=True),
        sa.CheckConstraint("between >= 0 AND mod(between, 5) = 0", name=op.f("ck_schedule_resource_between_in_quanta")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "staff_id"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_schedule_resource_tenant_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_schedule_resource_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_schedule_resource")),
        sa.UniqueConstraint("tenant_id", "store_id", "name", name=op.f("uq_schedule_resource_tenant_id_store_id_name")),
    )
    op.create_index("ix_schedule_resource_store", "schedule_resource", ["tenant_id", "store_id"], unique=False)
    op.create_table(
        "schedule_block",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("resource_id", sa.BigInteger(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("types", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_schedule_block_lasts")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_schedule_block_tenant_id_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "resource_id"],
            ["schedule_resource.tenant_id", "schedule_resource.id"],
            name=op.f("fk_schedule_block_tenant_id_resource_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_schedule_block_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_schedule_block")),
    )
    op.create_index("ix_schedule_block_store", "schedule_block", ["tenant_id", "store_id", "ends_at"], unique=False)
    op.create_table(
        "schedule_dated",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=True),
        sa.Column("resource_id", sa.BigInteger(), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("windows", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "store_id IS NOT NULL OR resource_id IS NULL", name=op.f("ck_schedule_dated_a_resource_is_of_a_store")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "resource_id"],
            ["schedule_resource.tenant_id", "schedule_resource.id"],
            name=op.f("fk_schedule_dated_tenant_id_resource_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_schedule_dated_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_schedule_dated")),
    )
    op.create_index("ix_schedule_dated_on", "schedule_dated", ["tenant_id", "on_date", "store_id"], unique=False)
    op.create_table(
        "schedule_length",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("segment_id", sa.BigInteger(), nullable=False),
        sa.Column("resource_id", sa.BigInteger(), nullable=True),
        sa.Column("who", sa.String(length=10), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("minutes > 0 AND mod(minutes, 5) = 0", name=op.f("ck_schedule_length_minutes_in_quanta")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "resource_id"],
            ["schedule_resource.tenant_id", "schedule_resource.id"],
            name=op.f("fk_schedule_length_tenant_id_resource_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "segment_id"],
            ["schedule_segment.tenant_id", "schedule_segment.id"],
            name=op.f("fk_schedule_length_tenant_id_segment_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_schedule_length")),
    )
    op.create_index("ix_schedule_length_segment", "schedule_length", ["tenant_id", "segment_id"], unique=False)
    op.create_table(
        "schedule_quota",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("type_id", sa.BigInteger(), nullable=True),
        sa.Column("resource_id", sa.BigInteger(), nullable=True),
        sa.Column("who", sa.String(length=10), nullable=False),
        sa.Column("per", sa.String(length=4), nullable=False),
        sa.Column("most", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("most >= 0", name=op.f("ck_schedule_quota_not_less_than_none")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "resource_id"],
            ["schedule_resource.tenant_id", "schedule_resource.id"],
            name=op.f("fk_schedule_quota_tenant_id_resource_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_schedule_quota_tenant_id_store_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "type_id"],
            ["schedule_type.tenant_id", "schedule_type.id"],
            name=op.f("fk_schedule_quota_tenant_id_type_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_schedule_quota")),
    )
    op.create_index("ix_schedule_quota_store", "schedule_quota", ["tenant_id", "store_id"], unique=False)
    op.create_table(
        "schedule_rule",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("resource_id", sa.BigInteger(), nullable=True),
        sa.Column("effect", sa.String(length=10), nullable=False),
        sa.Column("days", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("starts", sa.SmallInteger(), nullable=False),
        sa.Column("ends", sa.SmallInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("parity", sa.SmallInteger(), nullable=True),
        sa.Column("types", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "0 <= starts AND starts < ends AND ends <= 1440", name=op.f("ck_schedule_rule_window_of_a_day")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "resource_id"],
            ["schedule_resource.tenant_id", "schedule_resource.id"],
            name=op.f("fk_schedule_rule_tenant_id_resource_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_schedule_rule_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_schedule_rule")),
    )
    op.create_index("ix_schedule_rule_store", "schedule_rule", ["tenant_id", "store_id", "resource_id"], unique=False)
    for statement in locks():
        op.get_bind().exec_driver_sql(statement)


def locks() -> list[str]:
    """What was shall stay: rules end, they are not rewritten."""
    return [
        *policies.lock("schedule_resource", f"SELECT, INSERT, UPDATE ({MAY_CHANGE})"),
        *policies.lock("schedule_policy", "SELECT, INSERT, UPDATE (turn, hold_minutes, country, overlap)"),
        *policies.lock("schedule_rule", "SELECT, INSERT, UPDATE (until)"),
        *policies.lock("schedule_dated", "SELECT, INSERT, DELETE"),
        *policies.lock("schedule_block", "SELECT, INSERT, UPDATE (ends_at, ended_at)"),
        *policies.lock("schedule_type", "SELECT, INSERT, UPDATE"),
        *policies.lock("schedule_segment", "SELECT, INSERT, DELETE"),
        *policies.lock("schedule_need", "SELECT, INSERT, DELETE"),
        *policies.lock("schedule_length", "SELECT, INSERT, DELETE"),
        *policies.lock("schedule_offered", "SELECT, INSERT, UPDATE (new, existing), DELETE"),
        *policies.lock("schedule_quota", "SELECT, INSERT, UPDATE (most), DELETE"),
    ]
