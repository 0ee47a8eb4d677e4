"""Examinations that are wanted, and what stores were told of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies

revision = "20261127_worklist"
down_revision = "20261127_imaging"

MAY_CHANGE = "kind, catalogue, modality, description, laterality, wanted_on, wanted_time, station, remark, state"


def upgrade() -> None:
    op.create_table(
        "worklist_order",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("catalogue", sa.String(length=20), nullable=False),
        sa.Column("modality", sa.String(length=16), nullable=False),
        sa.Column("description", sa.String(length=64), nullable=False),
        sa.Column("laterality", sa.String(length=10), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=False),
        sa.Column("wanted_time", sa.Time(), nullable=True),
        sa.Column("station", sa.String(length=60), nullable=True),
        sa.Column("remark", sa.String(length=200), nullable=True),
        sa.Column("accession", sa.String(length=16), nullable=False),
        sa.Column("step_id", sa.String(length=16), nullable=False),
        sa.Column("procedure_id", sa.String(length=16), nullable=False),
        sa.Column("study_uid", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("ordered_by", sa.BigInteger(), nullable=False),
        sa.Column(
            "ordered_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ordered_by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_worklist_order_tenant_id_ordered_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_worklist_order_tenant_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_worklist_order_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_worklist_order")),
        sa.UniqueConstraint("tenant_id", "accession", name=op.f("uq_worklist_order_tenant_id_accession")),
        sa.UniqueConstraint("tenant_id", "study_uid", name=op.f("uq_worklist_order_tenant_id_study_uid")),
    )
    op.create_index("ix_worklist_order_day", "worklist_order", ["tenant_id", "store_id", "wanted_on"], unique=False)
    op.create_index("ix_worklist_order_patient", "worklist_order", ["tenant_id", "patient_id", "id"], unique=False)
    op.create_table(
        "worklist_change",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("deed", sa.String(length=12), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("reading_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_worklist_change_tenant_id_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["worklist_order.tenant_id", "worklist_order.id"],
            name=op.f("fk_worklist_change_tenant_id_order_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_worklist_change")),
    )
    op.create_index("ix_worklist_change_order", "worklist_change", ["tenant_id", "order_id", "id"], unique=False)
    op.create_table(
        "worklist_step",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["worklist_order.tenant_id", "worklist_order.id"],
            name=op.f("fk_worklist_step_tenant_id_order_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "gateway_id"],
            ["fleet_gateway.tenant_id", "fleet_gateway.id"],
            name=op.f("fk_worklist_step_tenant_id_gateway_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_worklist_step")),
        sa.UniqueConstraint(
            "tenant_id", "order_id", "uid", "state", name=op.f("uq_worklist_step_tenant_id_order_id_uid_state")
        ),
    )
    op.create_table(
        "worklist_told",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.String(length=130), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept", sa.BigInteger(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("again", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("busy_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "gateway_id"],
            ["fleet_gateway.tenant_id", "fleet_gateway.id"],
            name=op.f("fk_worklist_told_tenant_id_gateway_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_worklist_told")),
        sa.UniqueConstraint("tenant_id", "gateway_id", name=op.f("uq_worklist_told_tenant_id_gateway_id")),
    )
    op.create_index(
        "ix_worklist_told_due",
        "worklist_told",
        ["tenant_id", "gateway_id"],
        unique=False,
        postgresql_where=sa.text("due"),
    )
    op.create_index("ix_worklist_told_until", "worklist_told", ["until"], unique=False)
    op.create_index("ix_worklist_told_busy", "worklist_told", ["busy_until"], unique=False)
    for statement in locks():
        op.get_bind().exec_driver_sql(statement)


def locks() -> list[str]:
    """Whose an order is and its numbers never change, its history only grows. Ingest finds who is due in any chain."""
    return [
        *policies.lock("worklist_order", f"SELECT, INSERT, UPDATE ({MAY_CHANGE})"),
        *policies.lock("worklist_change", "SELECT, INSERT"),
        *policies.lock("worklist_step", "SELECT, INSERT"),
        *policies.lock("worklist_told", "SELECT, INSERT, UPDATE"),
        *policies.let_directory_read("worklist_told", "tenant_id, gateway_id, due, until, busy_until"),
        *policies.directory_function(
            "worklist_due()",
            "TABLE (tenant_id integer, gateway_id bigint)",
            "SELECT tenant_id, gateway_id FROM worklist_told WHERE due AND coalesce(busy_until <= now(), true) "
            "UNION SELECT tenant_id, gateway_id FROM worklist_told WHERE until <= now() "
            "AND coalesce(busy_until <= now(), true) "
            "UNION SELECT tenant_id, gateway_id FROM worklist_told WHERE busy_until <= now()",
        ),
    ]
