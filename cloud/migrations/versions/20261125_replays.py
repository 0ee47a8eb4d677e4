"""What became of dead letters."""

import sqlalchemy as sa
from alembic import op

from cloud.migrations import policies

revision = "20261125_replays"
down_revision = "20261124_telemetry"


def upgrade() -> None:
    op.create_table(
        "readings_replay",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("letter_id", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("outcome IN ('taken', 'refused', 'aside')", name=op.f("ck_readings_replay_outcome")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "letter_id"],
            ["readings_dead_letter.tenant_id", "readings_dead_letter.id"],
            name=op.f("fk_readings_replay_tenant_id_letter_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_readings_replay_tenant_id_by"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_readings_replay")),
    )
    op.create_index("ix_readings_replay_letter", "readings_replay", ["tenant_id", "letter_id", "id"], unique=False)
    for statement in policies.lock("readings_replay", "SELECT, INSERT"):
        op.get_bind().exec_driver_sql(statement)
