"""Which clinical rules a chain uses."""

import sqlalchemy as sa
from alembic import op

from cloud.migrations import policies

revision = "20261123_calculators"
down_revision = "20261122_orders"


def upgrade() -> None:
    op.create_table(
        "calculators_choice",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("chosen_by", sa.BigInteger(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("kind IN ('rule', 'table')", name=op.f("ck_calculators_choice_kind")),
        sa.ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"], name=op.f("fk_calculators_choice_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "chosen_by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_calculators_choice_tenant_id_chosen_by"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_calculators_choice")),
    )
    op.create_index(
        "ix_calculators_choice_name", "calculators_choice", ["tenant_id", "kind", "name", "id"], unique=False
    )
    for statement in policies.lock("calculators_choice", "SELECT, INSERT"):
        op.get_bind().exec_driver_sql(statement)
