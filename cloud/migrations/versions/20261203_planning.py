"""Who changed the schedule, when, and how it was before; instruments and licences of resources."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies

revision = "20261203_planning"
down_revision = "20261202_direct"


def upgrade() -> None:
    op.create_table(
        "planning_change",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=True),
        sa.Column("subject", sa.String(length=10), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("deed", sa.String(length=10), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_planning_change_tenant_id_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_planning_change_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_planning_change")),
    )
    op.create_index(
        "ix_planning_change_subject", "planning_change", ["tenant_id", "subject", "subject_id", "id"], unique=False
    )
    op.create_index("ix_planning_change_store", "planning_change", ["tenant_id", "store_id", "id"], unique=False)
    op.add_column("schedule_resource", sa.Column("instrument_id", sa.BigInteger(), nullable=True))
    op.add_column("schedule_resource", sa.Column("licensed_until", sa.Date(), nullable=True))
    op.create_foreign_key(
        op.f("fk_schedule_resource_tenant_id_instrument_id"),
        "schedule_resource",
        "fleet_instrument",
        ["tenant_id", "instrument_id"],
        ["tenant_id", "id"],
    )
    for statement in locks():
        op.get_bind().exec_driver_sql(statement)


def locks() -> list[str]:
    """What was said of the past is not changed."""
    return [
        *policies.lock("planning_change", "SELECT, INSERT"),
        f"GRANT UPDATE (instrument_id, licensed_until) ON schedule_resource TO {policies.APP}",
    ]
