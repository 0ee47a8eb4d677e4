"""Patients book by themselves: doors of stores, flows of browsers, what may not be done too often."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies

revision = "20261202_direct"
down_revision = "20261201_messages"

TOLD = "told, visits, request_id, until"
MAY_CHANGE = f"store_id, cookie, bound, language, code, code_until, tries, verified_at, household, {TOLD}"


def upgrade() -> None:
    op.create_table(
        "direct_try",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("deed", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_direct_try")),
    )
    op.create_index("ix_direct_try_at", "direct_try", ["at"], unique=False)
    op.create_index("ix_direct_try_who", "direct_try", ["tenant_id", "who", "deed", "at"], unique=False)
    op.create_table(
        "direct_door",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=True),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("emergency", sa.String(length=40), nullable=True),
        sa.Column("accent", sa.String(length=7), nullable=True),
        sa.Column("frames", postgresql.ARRAY(sa.String(length=200)), nullable=False),
        sa.Column("most", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_direct_door_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_direct_door")),
        sa.UniqueConstraint(
            "tenant_id", "store_id", name=op.f("uq_direct_door_tenant_id_store_id"), postgresql_nulls_not_distinct=True
        ),
    )
    op.create_table(
        "direct_flow",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("cookie", sa.String(length=64), nullable=True),
        sa.Column("bound", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=True),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("contact", sa.String(length=254), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("household", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("told", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("visits", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_direct_flow_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_direct_flow")),
        sa.UniqueConstraint("tenant_id", "digest", name=op.f("uq_direct_flow_tenant_id_digest")),
    )
    op.create_index("ix_direct_flow_until", "direct_flow", ["until"], unique=False)
    for statement in locks():
        op.get_bind().exec_driver_sql(statement)


def locks() -> list[str]:
    """A store is found by its name before its chain is chosen; a flow leaves nothing behind."""
    return [
        *policies.lock("direct_door", "SELECT, INSERT, UPDATE (open, phone, emergency, accent, frames, most)"),
        *policies.lock("direct_flow", f"SELECT, INSERT, UPDATE ({MAY_CHANGE}), DELETE"),
        *policies.lock("direct_try", "SELECT, INSERT, DELETE"),
        *policies.let_directory_read("direct_flow", "tenant_id, until"),
        *policies.let_directory_read("direct_try", "tenant_id, at"),
        *policies.directory_function(
            "direct_over()",
            "TABLE (tenant_id integer)",
            "SELECT tenant_id FROM direct_flow WHERE until < now() "
            "UNION SELECT tenant_id FROM direct_try WHERE at < now() - interval '1 day'",
        ),
        *policies.directory_function(
            "direct_find_store(chain text, store text)",
            "TABLE (tenant_id integer, store_id bigint)",
            "SELECT s.tenant_id, s.id FROM accounts_store s "
            "WHERE s.tenant_id = (SELECT id FROM accounts_chain WHERE slug = chain) AND s.slug = store",
        ),
    ]
