"""What people wish for and do not have yet; links, deposits, the queue of the desk."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies

revision = "20261130_wishes"
down_revision = "20261129_booking"


def upgrade() -> None:
    op.create_table(
        "booking_deposit",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=True),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_booking_deposit_something")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_booking_deposit_tenant_id_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "visit_id"],
            ["booking_visit.tenant_id", "booking_visit.id"],
            name=op.f("fk_booking_deposit_tenant_id_visit_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_booking_deposit")),
    )
    op.create_index("ix_booking_deposit_visit", "booking_deposit", ["tenant_id", "visit_id"], unique=False)
    op.create_table(
        "booking_request",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("type_id", sa.BigInteger(), nullable=True),
        sa.Column("patient_id", sa.BigInteger(), nullable=True),
        sa.Column("person", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("windows", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=True),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("num_nonnulls(patient_id, person) > 0", name=op.f("ck_booking_request_of_somebody")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_booking_request_tenant_id_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_booking_request_tenant_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_booking_request_tenant_id_store_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "type_id"],
            ["schedule_type.tenant_id", "schedule_type.id"],
            name=op.f("fk_booking_request_tenant_id_type_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "visit_id"],
            ["booking_visit.tenant_id", "booking_visit.id"],
            name=op.f("fk_booking_request_tenant_id_visit_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_booking_request")),
    )
    op.create_index("ix_booking_request_patient", "booking_request", ["tenant_id", "patient_id"], unique=False)
    op.create_index("ix_booking_request_store", "booking_request", ["tenant_id", "store_id", "state"], unique=False)
    op.create_table(
        "booking_waiting",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("type_id", sa.BigInteger(), nullable=False),
        sa.Column("stores", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("resources", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("days", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("starts", sa.SmallInteger(), nullable=False),
        sa.Column("ends", sa.SmallInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("who", sa.String(length=10), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "0 <= starts AND starts < ends AND ends <= 1440", name=op.f("ck_booking_waiting_window_of_a_day")
        ),
        sa.CheckConstraint("since <= until", name=op.f("ck_booking_waiting_since_until")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_booking_waiting_tenant_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "type_id"],
            ["schedule_type.tenant_id", "schedule_type.id"],
            name=op.f("fk_booking_waiting_tenant_id_type_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "visit_id"],
            ["booking_visit.tenant_id", "booking_visit.id"],
            name=op.f("fk_booking_waiting_tenant_id_visit_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_booking_waiting")),
    )
    op.create_index("ix_booking_waiting_patient", "booking_waiting", ["tenant_id", "patient_id"], unique=False)
    op.create_index("ix_booking_waiting_type", "booking_waiting", ["tenant_id", "type_id", "state"], unique=False)
    op.create_table(
        "booking_entry",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=True),
        sa.Column("visit_id", sa.BigInteger(), nullable=True),
        sa.Column("request_id", sa.BigInteger(), nullable=True),
        sa.Column("new", sa.Boolean(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_booking_entry_tenant_id_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_booking_entry_tenant_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "request_id"],
            ["booking_request.tenant_id", "booking_request.id"],
            name=op.f("fk_booking_entry_tenant_id_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_booking_entry_tenant_id_store_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "visit_id"],
            ["booking_visit.tenant_id", "booking_visit.id"],
            name=op.f("fk_booking_entry_tenant_id_visit_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_booking_entry")),
    )
    op.create_index("ix_booking_entry_store", "booking_entry", ["tenant_id", "store_id", "state", "at"], unique=False)
    op.create_index("ix_booking_entry_visit", "booking_entry", ["tenant_id", "visit_id"], unique=False)
    op.create_table(
        "booking_offer",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("type_id", sa.BigInteger(), nullable=False),
        sa.Column("waiting_id", sa.BigInteger(), nullable=True),
        sa.Column("request_id", sa.BigInteger(), nullable=True),
        sa.Column("hold_id", sa.BigInteger(), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("num_nonnulls(waiting_id, request_id) > 0", name=op.f("ck_booking_offer_to_a_wish")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "request_id"],
            ["booking_request.tenant_id", "booking_request.id"],
            name=op.f("fk_booking_offer_tenant_id_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_booking_offer_tenant_id_store_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "type_id"],
            ["schedule_type.tenant_id", "schedule_type.id"],
            name=op.f("fk_booking_offer_tenant_id_type_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "visit_id"],
            ["booking_visit.tenant_id", "booking_visit.id"],
            name=op.f("fk_booking_offer_tenant_id_visit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "waiting_id"],
            ["booking_waiting.tenant_id", "booking_waiting.id"],
            name=op.f("fk_booking_offer_tenant_id_waiting_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_booking_offer")),
    )
    op.create_index("ix_booking_offer_request", "booking_offer", ["tenant_id", "request_id"], unique=False)
    op.create_index("ix_booking_offer_until", "booking_offer", ["state", "until"], unique=False)
    op.create_index("ix_booking_offer_waiting", "booking_offer", ["tenant_id", "waiting_id"], unique=False)
    op.create_table(
        "booking_link",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=True),
        sa.Column("request_id", sa.BigInteger(), nullable=True),
        sa.Column("offer_id", sa.BigInteger(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "offer_id"],
            ["booking_offer.tenant_id", "booking_offer.id"],
            name=op.f("fk_booking_link_tenant_id_offer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "request_id"],
            ["booking_request.tenant_id", "booking_request.id"],
            name=op.f("fk_booking_link_tenant_id_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "visit_id"],
            ["booking_visit.tenant_id", "booking_visit.id"],
            name=op.f("fk_booking_link_tenant_id_visit_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_booking_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_booking_link_digest")),
    )
    op.create_index("ix_booking_link_visit", "booking_link", ["tenant_id", "visit_id"], unique=False)
    op.add_column("booking_visit", sa.Column("party", sa.Uuid(), nullable=True))
    op.add_column("booking_visit", sa.Column("series", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_booking_visit_party",
        "booking_visit",
        ["tenant_id", "party"],
        unique=False,
        postgresql_where=sa.text("party IS NOT NULL"),
    )
    op.create_index(
        "ix_booking_visit_series",
        "booking_visit",
        ["tenant_id", "series"],
        unique=False,
        postgresql_where=sa.text("series IS NOT NULL"),
    )
    op.create_table(
        "booking_freed",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_booking_freed_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_booking_freed")),
    )
    op.create_table(
        "booking_telling",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("before_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "before_id"],
            ["booking_visit.tenant_id", "booking_visit.id"],
            name=op.f("fk_booking_telling_tenant_id_before_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "visit_id"],
            ["booking_visit.tenant_id", "booking_visit.id"],
            name=op.f("fk_booking_telling_tenant_id_visit_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_booking_telling")),
    )
    op.create_index("ix_booking_freed_store", "booking_freed", ["tenant_id", "store_id"], unique=False)
    for statement in locks():
        op.get_bind().exec_driver_sql(statement)


def locks() -> list[str]:
    """Nothing here is deleted; what was wished, offered and asked stays on record."""
    return [
        *policies.lock(
            "booking_request", "SELECT, INSERT, UPDATE (state, patient_id, type_id, visit_id, by, why, ended_at)"
        ),
        *policies.lock("booking_waiting", "SELECT, INSERT, UPDATE (state, visit_id, priority, ended_at)"),
        *policies.lock("booking_offer", "SELECT, INSERT, UPDATE (state, hold_id, visit_id)"),
        *policies.lock("booking_freed", "SELECT, INSERT, UPDATE (at), DELETE"),
        *policies.lock("booking_telling", "SELECT, INSERT, DELETE"),
        *policies.lock("booking_link", "SELECT, INSERT, UPDATE (until, used_at)"),
        *policies.lock("booking_entry", "SELECT, INSERT, UPDATE (state, by, done_at)"),
        *policies.lock("booking_deposit", "SELECT, INSERT, UPDATE (state, reference, by, settled_at)"),
        *policies.let_directory_read("booking_link", "digest, tenant_id"),
        *policies.directory_function(
            "booking_link_place(asked text)", "integer", "SELECT tenant_id FROM booking_link WHERE digest = asked"
        ),
        *policies.let_directory_read("booking_freed", "tenant_id"),
        *policies.let_directory_read("booking_telling", "tenant_id"),
        *policies.let_directory_read("booking_hold", "tenant_id, until"),
        *policies.let_directory_read("booking_offer", "tenant_id, state, until"),
        *policies.directory_function(
            "booking_due()",
            "TABLE (tenant_id integer)",
            "SELECT tenant_id FROM booking_hold WHERE until <= now() "
            "UNION SELECT tenant_id FROM booking_offer WHERE state = 'open' AND until <= now() "
            "UNION SELECT tenant_id FROM booking_freed UNION SELECT tenant_id FROM booking_telling",
        ),
    ]
