"""Visits in other systems: whom they are told to, what has been told, who is let in."""

import sqlalchemy as sa
from alembic import op

from cloud.migrations import policies

revision = "20261204_exchange"
down_revision = "20261203_planning"


def upgrade() -> None:
    op.create_table(
        "exchange_key",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("begins", sa.String(length=12), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "made_by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_exchange_key_tenant_id_made_by"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_exchange_key")),
        sa.UniqueConstraint("digest", name=op.f("uq_exchange_key_digest")),
    )
    op.create_table(
        "exchange_target",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("account", sa.String(length=120), nullable=False),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "made_by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_exchange_target_tenant_id_made_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_exchange_target_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_exchange_target")),
    )
    op.create_table(
        "exchange_delivery",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("target_id", sa.BigInteger(), nullable=False),
        sa.Column("change_id", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("deed", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=True),
        sa.Column("said", sa.String(length=10), nullable=True),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "change_id"],
            ["booking_change.tenant_id", "booking_change.id"],
            name=op.f("fk_exchange_delivery_tenant_id_change_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "target_id"],
            ["exchange_target.tenant_id", "exchange_target.id"],
            name=op.f("fk_exchange_delivery_tenant_id_target_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "visit_id"],
            ["booking_visit.tenant_id", "booking_visit.id"],
            name=op.f("fk_exchange_delivery_tenant_id_visit_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_exchange_delivery")),
        sa.UniqueConstraint(
            "tenant_id",
            "target_id",
            "change_id",
            "visit_id",
            name=op.f("uq_exchange_delivery_tenant_id_target_id_change_id_visit_id"),
        ),
    )
    op.create_index(
        "ix_exchange_delivery_due",
        "exchange_delivery",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index("ix_exchange_delivery_target", "exchange_delivery", ["tenant_id", "target_id", "id"], unique=False)
    op.create_index("ix_exchange_delivery_visit", "exchange_delivery", ["tenant_id", "visit_id"], unique=False)
    op.create_table(
        "exchange_feed",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("resource_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "made_by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_exchange_feed_tenant_id_made_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "resource_id"],
            ["schedule_resource.tenant_id", "schedule_resource.id"],
            name=op.f("fk_exchange_feed_tenant_id_resource_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_exchange_feed")),
        sa.UniqueConstraint("digest", name=op.f("uq_exchange_feed_digest")),
    )
    op.create_index("ix_exchange_feed_resource", "exchange_feed", ["tenant_id", "resource_id"], unique=False)

    for statement in locks():
        op.get_bind().exec_driver_sql(statement)


def locks() -> list[str]:
    """The worker finds what is due, and a door its chain, before a chain is chosen."""
    return [
        *policies.lock("exchange_target", 'SELECT, INSERT, UPDATE ("on")'),
        *policies.lock("exchange_delivery", "SELECT, INSERT, UPDATE (state, why, said, tries, due_at, ended_at)"),
        *policies.lock("exchange_key", "SELECT, INSERT, UPDATE (ended_at)"),
        *policies.lock("exchange_feed", "SELECT, INSERT, UPDATE (ended_at)"),
        *policies.let_directory_read("exchange_target", 'tenant_id, "on"'),
        *policies.let_directory_read("exchange_delivery", "tenant_id, id, state, due_at"),
        *policies.let_directory_read("exchange_key", "tenant_id, digest"),
        *policies.let_directory_read("exchange_feed", "tenant_id, digest"),
        *policies.directory_function(
            "exchange_chains()", "SETOF integer", 'SELECT DISTINCT tenant_id FROM exchange_target WHERE "on"'
        ),
        *policies.directory_function(
            "exchange_due(most integer)",
            "TABLE (of_tenant integer, delivery_id bigint)",
            "SELECT tenant_id, id FROM exchange_delivery WHERE state = 'pending' AND due_at <= now() "
            "ORDER BY due_at LIMIT most",
        ),
        *policies.directory_function(
            "exchange_place(asked text)",
            "integer",
            "SELECT tenant_id FROM exchange_key WHERE digest = asked "
            "UNION ALL SELECT tenant_id FROM exchange_feed WHERE digest = asked",
        ),
    ]
