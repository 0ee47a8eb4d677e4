"""Examinations that are wanted because a visit was booked, by nobody of the staff where a patient booked."""

import sqlalchemy as sa
from alembic import op

from cloud.migrations import policies

revision = "20261207_wanted"
down_revision = "20261206_doors"


def upgrade() -> None:
    op.alter_column("worklist_order", "ordered_by", nullable=True)
    op.create_table(
        "booking_wanted",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{table}.tenant_id", f"{table}.id"],
                name=op.f(f"fk_booking_wanted_tenant_id_{column}"),
            )
            for column, table in (("visit_id", "booking_visit"), ("order_id", "worklist_order"))
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_booking_wanted")),
    )
    op.create_index("ix_booking_wanted_visit", "booking_wanted", ["tenant_id", "visit_id"], unique=False)
    for statement in policies.lock("booking_wanted", "SELECT, INSERT"):
        op.get_bind().exec_driver_sql(statement)
