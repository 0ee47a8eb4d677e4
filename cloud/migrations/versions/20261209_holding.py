"""The queue without the internet: which gateway goes on with it, and everything it did meanwhile."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies

revision = "20261209_holding"
down_revision = "20261208_queue"

# What is due, but no store more often than every so many seconds; who died over it is overdue at once.
DUE = """
SELECT tenant_id, store_id FROM queue_holding
WHERE (due OR until <= now()) AND coalesce(busy_until <= now(), true)
AND (again OR coalesce(told_at <= now() - make_interval(secs => apart_s), true))
UNION SELECT tenant_id, store_id FROM queue_holding WHERE busy_until <= now()
"""


def upgrade() -> None:
    op.alter_column("queue_clearing", "by", nullable=True)
    told = postgresql.JSONB(astext_type=sa.Text())
    op.add_column("queue_call", sa.Column("told", told, server_default=sa.text("'{}'"), nullable=False))
    _tables()
    for statement in (
        *policies.lock("queue_holding", "SELECT, INSERT, UPDATE"),
        *policies.lock("queue_kept", "SELECT, INSERT, UPDATE (outcome, why, seen, stay_id, step_id)"),
        f"GRANT UPDATE (told) ON queue_call TO {policies.APP}",
        *policies.let_directory_read("queue_holding", "tenant_id, store_id, due, again, until, busy_until, told_at"),
        *policies.directory_function(
            "queue_books_due(apart_s double precision)", "TABLE (tenant_id integer, store_id bigint)", DUE
        ),
    ):
        op.get_bind().exec_driver_sql(statement)


def _tables() -> None:
    op.create_table(
        "queue_holding",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=True),
        sa.Column("address", sa.String(length=130), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept", sa.BigInteger(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due", sa.Boolean(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("busy_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hold", sa.String(length=32), nullable=True),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("regained_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("regained_by", sa.BigInteger(), nullable=True),
        *_belongs("queue_holding", store_id="accounts_store", gateway_id="fleet_gateway", regained_by="accounts_staff"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_queue_holding")),
        sa.UniqueConstraint("tenant_id", "store_id", name=op.f("uq_queue_holding_tenant_id_store_id")),
    )
    due = sa.text("due")
    op.create_index("ix_queue_holding_due", "queue_holding", ["tenant_id", "store_id"], postgresql_where=due)
    op.create_index("ix_queue_holding_until", "queue_holding", ["until"])
    op.create_index("ix_queue_holding_busy", "queue_holding", ["busy_until"])
    op.create_table(
        "queue_kept",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=False),
        sa.Column("hold", sa.String(length=32), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("outcome", sa.String(length=5), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.Column("seen", sa.Boolean(), nullable=False),
        sa.Column("stay_id", sa.BigInteger(), nullable=True),
        sa.Column("step_id", sa.BigInteger(), nullable=True),
        *_belongs(
            "queue_kept",
            **{"store_id": "accounts_store", "gateway_id": "fleet_gateway"},
            **{"stay_id": "queue_stay", "step_id": "queue_step"},
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_queue_kept")),
        sa.UniqueConstraint(
            "tenant_id", "gateway_id", "hold", "n", name=op.f("uq_queue_kept_tenant_id_gateway_id_hold_n")
        ),
    )
    op.create_index("ix_queue_kept_store", "queue_kept", ["tenant_id", "store_id", "id"])


def _belongs(table: str, **to: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            ["tenant_id", column],
            [f"{other}.tenant_id", f"{other}.id"],
            name=op.f(f"fk_{table}_tenant_id_{column}"),
        )
        for column, other in to.items()
    ]
