"""How gateways and the cloud fare, in numbers over time; never a measurement of a patient."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies

revision = "20261124_telemetry"
down_revision = "20261124_shadow"


def upgrade() -> None:
    _table(
        "telemetry_sample",
        sa.Column(
            "arrived_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
    )
    op.create_index("ix_telemetry_sample_arrived", "telemetry_sample", ["tenant_id", "arrived_at"], unique=False)
    _table("telemetry_hour")
    for statement in locks():
        op.get_bind().exec_driver_sql(statement)


def _table(name: str, *more: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *more,
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "gateway_id"],
            ["fleet_gateway.tenant_id", "fleet_gateway.id"],
            name=op.f(f"fk_{name}_tenant_id_gateway_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("tenant_id", "gateway_id", "at", name=op.f(f"uq_{name}_tenant_id_gateway_id_at")),
    )


def locks() -> list[str]:
    """What was told is never changed, only let go when it is old; an hour is added up again when a look comes late."""
    return [
        *policies.lock("telemetry_sample", "SELECT, INSERT, DELETE"),
        *policies.lock("telemetry_hour", "SELECT, INSERT, DELETE, UPDATE (figures)"),
    ]
