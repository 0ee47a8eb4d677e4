"""Orders to gateways: a table with its row policy, and the directory's look at those that are open."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies

revision = "20261122_orders"
down_revision = "20261121_first_light"


def upgrade() -> None:
    op.create_table(
        "fleet_order",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("dev", sa.String(length=60), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("command_id", sa.String(length=40), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("args", sa.Text(), nullable=False),
        sa.Column("readings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *(belongs_to(column, table) for column, table in OWNERS.items()),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_fleet_order")),
        sa.UniqueConstraint("tenant_id", "command_id", name=op.f("uq_fleet_order_tenant_id_command_id")),
    )
    op.create_index("ix_fleet_order_patient", "fleet_order", ["tenant_id", "patient_id", "asked_at"], unique=False)
    op.create_index(
        "uq_fleet_order_live",
        "fleet_order",
        ["tenant_id", "gateway_id", "dev"],
        unique=True,
        postgresql_where=sa.text("state IN ('queued', 'sent')"),
    )
    for statement in locks():
        op.get_bind().exec_driver_sql(statement)


OWNERS = {"gateway_id": "fleet_gateway", "store_id": "accounts_store", "patient_id": "people_patient"}


def belongs_to(column: str, table: str) -> sa.ForeignKeyConstraint:
    """A foreign key that carries the tenant."""
    name = op.f(f"fk_fleet_order_tenant_id_{column}")
    return sa.ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"], name=name)


def locks() -> list[str]:
    """What was ordered stays as it was; how far it is may change. Ingest finds open orders before it knows a chain."""
    return [
        *policies.lock("fleet_order", "SELECT, INSERT, UPDATE (state, why, sent_at, ended_at)"),
        *policies.let_directory_read("fleet_order", "tenant_id, id, state"),
        *policies.directory_function(
            "fleet_open_orders()",
            "TABLE (tenant_id integer, order_id bigint)",
            "SELECT tenant_id, id FROM fleet_order WHERE state IN ('queued', 'sent') ORDER BY id",
        ),
    ]
