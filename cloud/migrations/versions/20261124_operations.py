"""The fleet as one screen: places, alerts with their steps, thresholds, services of instruments, work on many gateways.

Gateways learn since when their oldest row waits; instruments, what their newest reading said of them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies

revision = "20261124_operations"
down_revision = "20261124_enrolment"

GROWING = "SELECT, INSERT"
STANDS = "details, calm_since, told_at, acknowledged_at, acknowledged_by, resolved_at"
RIGHTS = {
    "operations_place": "SELECT, INSERT, UPDATE (latitude, longitude, address)",
    "operations_alert": f"{GROWING}, UPDATE ({STANDS})",
    "operations_alert_change": GROWING,
    "operations_threshold": GROWING,
    "operations_service": GROWING,
    "operations_plate": f"{GROWING}, UPDATE (serial, calibrated_on, serviced_on, next_due)",
    "operations_bulk": f"{GROWING}, UPDATE (state, ended_at)",
    "operations_bulk_step": f"{GROWING}, UPDATE (state, why, outcome, ended_at)",
}


def upgrade() -> None:
    _fleet()
    _tables()
    for statement in locks():
        op.get_bind().exec_driver_sql(statement)


def locks() -> list[str]:
    """The worker finds the chains before it knows one."""
    return [
        *(one for table, rights in RIGHTS.items() for one in policies.lock(table, rights)),
        *policies.directory_function(
            "accounts_chains()", "TABLE (tenant_id integer)", "SELECT id FROM accounts_chain ORDER BY id"
        ),
    ]


def _fleet() -> None:
    op.add_column("fleet_gateway", sa.Column("oldest_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("fleet_instrument", sa.Column("serial", sa.String(length=80), nullable=True))
    op.add_column("fleet_instrument", sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_fleet_gateway_state", "fleet_gateway", ["tenant_id", "state", "since"], unique=False)
    op.create_index("ix_fleet_happening_at", "fleet_happening", ["tenant_id", "gateway_id", "at"], unique=False)
    op.create_index("ix_fleet_happening_code", "fleet_happening", ["tenant_id", "code", "at"], unique=False)
    op.create_index(
        "ix_fleet_instrument_trouble",
        "fleet_instrument",
        ["tenant_id", "gateway_id"],
        unique=False,
        postgresql_where=sa.text("state IN ('lost', 'misconfigured')"),
    )


def _tables() -> None:
    op.create_table(
        "operations_bulk",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("args", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_operations_bulk")),
    )
    op.create_index(
        "ix_operations_bulk_open",
        "operations_bulk",
        ["tenant_id", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_table(
        "operations_threshold",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.Column("zone", sa.String(length=60), nullable=True),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_operations_threshold")),
    )
    op.create_index("ix_operations_threshold_rule", "operations_threshold", ["tenant_id", "rule", "id"], unique=False)
    op.create_table(
        "operations_place",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("latitude", sa.Numeric(precision=8, scale=5), nullable=True),
        sa.Column("longitude", sa.Numeric(precision=8, scale=5), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_operations_place_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_operations_place")),
        sa.UniqueConstraint("tenant_id", "store_id", name=op.f("uq_operations_place_tenant_id_store_id")),
    )
    op.create_table(
        "operations_alert",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("calm_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.BigInteger(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "gateway_id"],
            ["fleet_gateway.tenant_id", "fleet_gateway.id"],
            name=op.f("fk_operations_alert_tenant_id_gateway_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_operations_alert_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_operations_alert")),
    )
    op.create_index("ix_operations_alert_fired", "operations_alert", ["tenant_id", "fired_at", "id"], unique=False)
    op.create_index(
        "uq_operations_alert_open",
        "operations_alert",
        ["tenant_id", "gateway_id", "rule", "subject"],
        unique=True,
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_table(
        "operations_bulk_step",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("bulk_id", sa.BigInteger(), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=60), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "bulk_id"],
            ["operations_bulk.tenant_id", "operations_bulk.id"],
            name=op.f("fk_operations_bulk_step_tenant_id_bulk_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "gateway_id"],
            ["fleet_gateway.tenant_id", "fleet_gateway.id"],
            name=op.f("fk_operations_bulk_step_tenant_id_gateway_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_operations_bulk_step")),
        sa.UniqueConstraint(
            "tenant_id", "bulk_id", "gateway_id", name=op.f("uq_operations_bulk_step_tenant_id_bulk_id_gateway_id")
        ),
    )
    op.create_index(
        "ix_operations_bulk_step_waiting",
        "operations_bulk_step",
        ["tenant_id", "bulk_id", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "operations_alert_change",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("alert_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("change", sa.String(length=20), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "alert_id"],
            ["operations_alert.tenant_id", "operations_alert.id"],
            name=op.f("fk_operations_alert_change_tenant_id_alert_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_operations_alert_change")),
    )
    op.create_index(
        "ix_operations_alert_change_alert", "operations_alert_change", ["tenant_id", "alert_id", "id"], unique=False
    )
    op.create_table(
        "operations_plate",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("instrument_id", sa.BigInteger(), nullable=False),
        sa.Column("serial", sa.String(length=80), nullable=True),
        sa.Column("calibrated_on", sa.Date(), nullable=True),
        sa.Column("serviced_on", sa.Date(), nullable=True),
        sa.Column("next_due", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "instrument_id"],
            ["fleet_instrument.tenant_id", "fleet_instrument.id"],
            name=op.f("fk_operations_plate_tenant_id_instrument_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_operations_plate")),
        sa.UniqueConstraint("tenant_id", "instrument_id", name=op.f("uq_operations_plate_tenant_id_instrument_id")),
    )
    op.create_index("ix_operations_plate_due", "operations_plate", ["tenant_id", "next_due"], unique=False)
    op.create_table(
        "operations_service",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("instrument_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("done_by", sa.String(length=120), nullable=False),
        sa.Column("next_due", sa.Date(), nullable=True),
        sa.Column("certificate", sa.String(length=80), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("strikes", sa.BigInteger(), nullable=True),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "instrument_id"],
            ["fleet_instrument.tenant_id", "fleet_instrument.id"],
            name=op.f("fk_operations_service_tenant_id_instrument_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "strikes"],
            ["operations_service.tenant_id", "operations_service.id"],
            name=op.f("fk_operations_service_tenant_id_strikes"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_operations_service")),
    )
    op.create_index(
        "ix_operations_service_instrument", "operations_service", ["tenant_id", "instrument_id", "id"], unique=False
    )
