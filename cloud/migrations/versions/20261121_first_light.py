"""First light: accounts, people, fleet, readings, audit, and the locks on all of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies

revision = "20261121_first_light"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "accounts_chain",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("require_totp", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_chain")),
        sa.UniqueConstraint("slug", name=op.f("uq_accounts_chain_slug")),
    )
    op.create_table(
        "accounts_failed_sign_in",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_failed_sign_in")),
    )
    op.create_index("ix_accounts_failed_sign_in_who", "accounts_failed_sign_in", ["who", "at"], unique=False)
    op.create_table(
        "readings_capture",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("dialect", sa.String(length=60), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("offset_at", sa.Integer(), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "arrived_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("boot", sa.String(length=40), nullable=False),
        sa.Column("mono_ns", sa.BigInteger(), nullable=False),
        sa.Column("clock_state", sa.String(length=10), nullable=False),
        sa.Column("clock_err_ms", sa.Integer(), nullable=True),
        sa.Column("dev", sa.String(length=60), nullable=False),
        sa.Column("driver", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "gateway_id", "epoch", "seq", name=op.f("pk_readings_capture")),
    )
    op.create_index("ix_readings_capture_sha256", "readings_capture", ["tenant_id", "sha256"], unique=False)
    op.create_index(
        "uq_readings_capture_heard",
        "readings_capture",
        ["tenant_id", "gateway_id", "boot", "mono_ns", "sha256"],
        unique=True,
    )
    op.create_table(
        "readings_reading",
        sa.Column("reading_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "arrived_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("boot", sa.String(length=40), nullable=False),
        sa.Column("mono_ns", sa.BigInteger(), nullable=False),
        sa.Column("clock_state", sa.String(length=10), nullable=False),
        sa.Column("clock_err_ms", sa.Integer(), nullable=True),
        sa.Column("dev", sa.String(length=60), nullable=False),
        sa.Column("driver", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "gateway_id", "epoch", "seq", name=op.f("pk_readings_reading")),
    )
    op.create_index(
        "ix_readings_reading_store", "readings_reading", ["tenant_id", "store_id", "arrived_at"], unique=False
    )
    op.create_index("uq_readings_reading_reading_id", "readings_reading", ["tenant_id", "reading_id"], unique=True)
    op.create_table(
        "accounts_region",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"], name=op.f("fk_accounts_region_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_accounts_region")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_accounts_region_tenant_id_name")),
    )
    op.create_table(
        "accounts_staff",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("totp_secret", sa.String(length=64), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"], name=op.f("fk_accounts_staff_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_accounts_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_staff_email")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=60), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"], name=op.f("fk_audit_entry_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_subject", "audit_entry", ["tenant_id", "subject_kind", "subject_id"], unique=False)
    op.create_table(
        "accounts_store",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "region_id"],
            ["accounts_region.tenant_id", "accounts_region.id"],
            name=op.f("fk_accounts_store_tenant_id_region_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"], name=op.f("fk_accounts_store_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_accounts_store")),
        sa.UniqueConstraint("tenant_id", "slug", name=op.f("uq_accounts_store_tenant_id_slug")),
    )
    op.create_table(
        "accounts_post",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=True),
        sa.Column("region_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "region_id"],
            ["accounts_region.tenant_id", "accounts_region.id"],
            name=op.f("fk_accounts_post_tenant_id_region_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "staff_id"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_accounts_post_tenant_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_accounts_post_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_accounts_post")),
    )
    op.create_index("ix_accounts_post_staff", "accounts_post", ["tenant_id", "staff_id"], unique=False)
    op.create_table(
        "fleet_gateway",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("session", sa.String(length=60), nullable=True),
        sa.Column("software", sa.String(length=60), nullable=True),
        sa.Column("clock_state", sa.String(length=10), nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("alarms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("ended", sa.Text(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_fleet_gateway_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_fleet_gateway")),
        sa.UniqueConstraint("tenant_id", "store_id", "slug", name=op.f("uq_fleet_gateway_tenant_id_store_id_slug")),
    )
    op.create_table(
        "people_patient",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("record_number", sa.String(length=40), nullable=False),
        sa.Column("family_name", sa.String(length=100), nullable=False),
        sa.Column("given_name", sa.String(length=100), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("sex", sa.String(length=10), nullable=True),
        sa.Column("language", sa.String(length=10), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("alert", sa.String(length=500), nullable=True),
        sa.Column("home_store_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "home_store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_people_patient_tenant_id_home_store_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"], name=op.f("fk_people_patient_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_patient")),
        sa.UniqueConstraint("tenant_id", "record_number", name=op.f("uq_people_patient_tenant_id_record_number")),
    )
    op.create_index(
        "ix_people_patient_name", "people_patient", ["tenant_id", "family_name", "given_name"], unique=False
    )
    op.create_table(
        "fleet_happening",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("dev", sa.String(length=60), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "gateway_id"],
            ["fleet_gateway.tenant_id", "fleet_gateway.id"],
            name=op.f("fk_fleet_happening_tenant_id_gateway_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_fleet_happening")),
        sa.UniqueConstraint(
            "tenant_id", "gateway_id", "event_id", name=op.f("uq_fleet_happening_tenant_id_gateway_id_event_id")
        ),
    )
    op.create_table(
        "fleet_instrument",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("dev", sa.String(length=60), nullable=False),
        sa.Column("family", sa.String(length=60), nullable=False),
        sa.Column("maker", sa.String(length=60), nullable=True),
        sa.Column("model", sa.String(length=60), nullable=True),
        sa.Column("lane", sa.String(length=60), nullable=True),
        sa.Column("link", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "gateway_id"],
            ["fleet_gateway.tenant_id", "fleet_gateway.id"],
            name=op.f("fk_fleet_instrument_tenant_id_gateway_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_fleet_instrument_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_fleet_instrument")),
        sa.UniqueConstraint(
            "tenant_id", "gateway_id", "dev", name=op.f("uq_fleet_instrument_tenant_id_gateway_id_dev")
        ),
    )
    op.create_table(
        "readings_cursor",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("hwm", sa.BigInteger(), nullable=False),
        sa.Column("ahead", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "gateway_id"],
            ["fleet_gateway.tenant_id", "fleet_gateway.id"],
            name=op.f("fk_readings_cursor_tenant_id_gateway_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "gateway_id", "epoch", name=op.f("pk_readings_cursor")),
    )
    op.create_table(
        "readings_dead_letter",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "gateway_id"],
            ["fleet_gateway.tenant_id", "fleet_gateway.id"],
            name=op.f("fk_readings_dead_letter_tenant_id_gateway_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_readings_dead_letter")),
    )
    op.create_index(
        "uq_readings_dead_letter_payload", "readings_dead_letter", ["tenant_id", "gateway_id", "sha256"], unique=True
    )
    op.create_table(
        "readings_filing",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reading_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=True),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_readings_filing_tenant_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reading_id"],
            ["readings_reading.tenant_id", "readings_reading.reading_id"],
            name=op.f("fk_readings_filing_tenant_id_reading_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_readings_filing")),
    )
    op.create_index("ix_readings_filing_patient", "readings_filing", ["tenant_id", "patient_id"], unique=False)
    op.create_index("ix_readings_filing_reading", "readings_filing", ["tenant_id", "reading_id"], unique=False)
    op.create_table(
        "readings_seat",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("lane", sa.String(length=60), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("seated_by", sa.BigInteger(), nullable=False),
        sa.Column("seated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_readings_seat_tenant_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_readings_seat_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_readings_seat")),
    )
    op.create_index(
        "ix_readings_seat_when", "readings_seat", ["tenant_id", "store_id", "lane", "seated_at"], unique=False
    )
    op.create_index(
        "uq_readings_seat_taken",
        "readings_seat",
        ["tenant_id", "store_id", "lane"],
        unique=True,
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_table(
        "readings_decision",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("filing_id", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "filing_id"],
            ["readings_filing.tenant_id", "readings_filing.id"],
            name=op.f("fk_readings_decision_tenant_id_filing_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_readings_decision")),
    )
    op.create_index("ix_readings_decision_filing", "readings_decision", ["tenant_id", "filing_id"], unique=False)
    for statement in locks():
        op.get_bind().exec_driver_sql(statement)


GROWING = "SELECT, INSERT"
KEPT = "SELECT, INSERT, UPDATE"
RIGHTS = {
    "accounts_region": KEPT,
    "accounts_store": KEPT,
    "accounts_staff": KEPT,
    "accounts_post": "SELECT, INSERT, DELETE",
    "audit_entry": GROWING,
    "people_patient": KEPT,
    "fleet_gateway": KEPT,
    "fleet_instrument": KEPT,
    "fleet_happening": GROWING,
    "readings_reading": GROWING,
    "readings_capture": GROWING,
    "readings_cursor": KEPT,
    "readings_dead_letter": GROWING,
    "readings_filing": GROWING,
    "readings_decision": GROWING,
    "readings_seat": "SELECT, INSERT, UPDATE (left_at)",
}


def locks() -> list[str]:
    """Row policies, rights and directory functions."""
    statements = policies.create_roles()
    for table, rights in RIGHTS.items():
        statements += policies.lock(table, rights)
    statements += policies.lock("accounts_chain", "SELECT", column="id")
    # Founding a chain is the owner's act, and the owner too is under the forced policy.
    statements += ["CREATE POLICY founding ON accounts_chain TO CURRENT_USER USING (true) WITH CHECK (true)"]
    statements += ["GRANT SELECT, INSERT, DELETE ON accounts_failed_sign_in TO emmetra_app"]
    statements += policies.let_directory_read("accounts_chain", "id, slug")
    statements += policies.let_directory_read("accounts_store", "tenant_id, id, slug")
    statements += policies.let_directory_read("accounts_staff", "tenant_id, id, email")
    statements += policies.let_directory_read("fleet_gateway", "tenant_id, id, store_id, slug, status")
    return statements + find_staff() + find_gateway()


def find_staff() -> list[str]:
    """Sign-in knows an address before it knows a chain."""
    return policies.directory_function(
        "accounts_find_staff(address text)",
        "TABLE (tenant_id integer, staff_id bigint)",
        "SELECT tenant_id, id FROM accounts_staff WHERE email = address",
    )


def find_gateway() -> list[str]:
    """Ingest knows a topic before it knows a chain."""
    return policies.directory_function(
        "fleet_find_gateway(chain text, store text, gateway text)",
        "TABLE (tenant_id integer, store_id bigint, gateway_id bigint, status text)",
        "SELECT g.tenant_id, g.store_id, g.id, g.status FROM fleet_gateway g "
        "JOIN accounts_store s ON s.tenant_id = g.tenant_id AND s.id = g.store_id "
        "JOIN accounts_chain c ON c.id = g.tenant_id "
        "WHERE c.slug = chain AND s.slug = store AND g.slug = gateway",
    )
