"""What is known of a gateway's clock after the fact."""

import sqlalchemy as sa
from alembic import op

from cloud.migrations import policies

revision = "20261124_clocks"
down_revision = "20261123_undo"


def upgrade() -> None:
    op.create_table(
        "readings_clock_fix",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=False),
        sa.Column("boot", sa.String(length=40), nullable=False),
        sa.Column("mono_ns", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offset_ms", sa.BigInteger(), nullable=False),
        sa.Column("err_ms", sa.Integer(), nullable=True),
        sa.Column(
            "arrived_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "gateway_id"],
            ["fleet_gateway.tenant_id", "fleet_gateway.id"],
            name=op.f("fk_readings_clock_fix_tenant_id_gateway_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_readings_clock_fix")),
    )
    op.create_index(
        "uq_readings_clock_fix_boot", "readings_clock_fix", ["tenant_id", "gateway_id", "boot", "mono_ns"], unique=True
    )
    for statement in policies.lock("readings_clock_fix", "SELECT, INSERT"):
        op.get_bind().exec_driver_sql(statement)
