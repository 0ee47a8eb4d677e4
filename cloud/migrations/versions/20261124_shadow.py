"""What each gateway shall be and what it says it is: desired and reported documents with their versions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies

revision = "20261124_shadow"
down_revision = "20261124_releases"

JSON = postgresql.JSONB(astext_type=sa.Text())
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _table(
        "shadow_desired",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", JSON, nullable=False),
        sa.Column("wanted_by", sa.BigInteger(), nullable=True),
        sa.Column("wanted_at", MOMENT, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("restored", sa.Integer(), nullable=True),
        sa.UniqueConstraint(
            "tenant_id", "gateway_id", "version", name=op.f("uq_shadow_desired_tenant_id_gateway_id_version")
        ),
    )
    _table(
        "shadow_reported",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("doc", JSON, nullable=False),
        sa.Column("keys", JSON, nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("story", JSON, nullable=True),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("arrived_at", MOMENT, server_default=sa.text("clock_timestamp()"), nullable=False),
    )
    op.create_index("ix_shadow_reported_gateway", "shadow_reported", ["tenant_id", "gateway_id", "id"])
    _table(
        "shadow_standing",
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.Column("heard_at", MOMENT, nullable=True),
        sa.UniqueConstraint("tenant_id", "gateway_id", name=op.f("uq_shadow_standing_tenant_id_gateway_id")),
    )
    for statement in locks():
        op.get_bind().exec_driver_sql(statement)


def _table(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["tenant_id", "gateway_id"],
            ["fleet_gateway.tenant_id", "fleet_gateway.id"],
            name=op.f(f"fk_{name}_tenant_id_gateway_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{name}")),
    )


def locks() -> list[str]:
    """Documents only grow in number. Ingest finds what is not published before it knows a chain."""
    return [
        *policies.lock("shadow_desired", "SELECT, INSERT"),
        *policies.lock("shadow_reported", "SELECT, INSERT"),
        *policies.lock("shadow_standing", "SELECT, INSERT, UPDATE (wanted, published, heard_at)"),
        *policies.let_directory_read("shadow_standing", "tenant_id, gateway_id, wanted, published"),
        *policies.directory_function(
            "shadow_unpublished()",
            "TABLE (tenant_id integer, gateway_id bigint)",
            "SELECT tenant_id, gateway_id FROM shadow_standing WHERE published < wanted ORDER BY tenant_id, gateway_id",
        ),
    ]
