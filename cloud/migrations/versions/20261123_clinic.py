"""Episodes, encounters, drafts, signed versions and their observations.

What is signed stays: the application may add versions and observations and nothing else, and a trigger lets an
observation, a finding or a figure join a version only within the transaction that signed it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies

revision = "20261123_clinic"
down_revision = "20261123_calculators"

# One statement's rows are looked at together: a signature adds hundreds.
ONLY_WHEN_SIGNING = """
CREATE FUNCTION clinic_only_when_signing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM fresh
        LEFT JOIN clinic_version v ON v.tenant_id = fresh.tenant_id AND v.id = fresh.version_id
            AND v.encounter_id = fresh.encounter_id AND v.transaction = pg_current_xact_id()::text::bigint
        WHERE v.id IS NULL
    ) THEN
        RAISE EXCEPTION 'a signed record takes nothing more' USING ERRCODE = '42501';
    END IF;
    RETURN NULL;
END $$
"""
# Versions are numbered without a hole, and each carries the digest of the one before it.
IN_ORDER = """
CREATE FUNCTION clinic_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last clinic_version;
BEGIN
    SELECT * INTO last FROM clinic_version v WHERE v.tenant_id = NEW.tenant_id AND v.encounter_id = NEW.encounter_id
        ORDER BY v.number DESC LIMIT 1;
    IF NEW.number <> COALESCE(last.number, 0) + 1 OR NEW.previous IS DISTINCT FROM last.sha256 THEN
        RAISE EXCEPTION 'not the next version of this record' USING ERRCODE = '40001';
    END IF;
    IF abs(extract(epoch FROM NEW.signed_at - clock_timestamp())) > 300 OR NEW.signed_at < last.signed_at THEN
        RAISE EXCEPTION 'a signature bears the time at which it is given' USING ERRCODE = '22008';
    END IF;
    RETURN NEW;
END $$
"""
# Of all codes, diagnoses alone are looked for over the whole chain.
DIAGNOSES = "element = 'diagnosis' AND field = 'code'"
VERSION_COLUMNS = (
    "tenant_id, encounter_id, number, act, reason_code, reason, signed_by, second_by, signed_at, body, sha256, previous"
)


def upgrade() -> None:
    op.create_table(
        "clinic_episode",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("opened_by", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_clinic_episode_tenant_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_clinic_episode")),
    )
    op.create_index("ix_clinic_episode_patient", "clinic_episode", ["tenant_id", "patient_id"], unique=False)
    op.create_table(
        "clinic_presence",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_clinic_presence_tenant_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "staff_id"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_clinic_presence_tenant_id_staff_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "patient_id", "staff_id", name=op.f("pk_clinic_presence")),
    )
    op.create_table(
        "clinic_encounter",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("episode_id", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("layout", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("began_by", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "episode_id"],
            ["clinic_episode.tenant_id", "clinic_episode.id"],
            name=op.f("fk_clinic_encounter_tenant_id_episode_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_clinic_encounter_tenant_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_clinic_encounter_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_clinic_encounter")),
    )
    op.create_index(
        "ix_clinic_encounter_patient", "clinic_encounter", ["tenant_id", "patient_id", "began_at"], unique=False
    )
    op.create_index(
        "ix_clinic_encounter_store", "clinic_encounter", ["tenant_id", "store_id", "began_at"], unique=False
    )
    op.create_table(
        "clinic_discard",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("encounter_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "encounter_id"],
            ["clinic_encounter.tenant_id", "clinic_encounter.id"],
            name=op.f("fk_clinic_discard_tenant_id_encounter_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_clinic_discard")),
        sa.UniqueConstraint("tenant_id", "encounter_id", name=op.f("uq_clinic_discard_tenant_id_encounter_id")),
    )
    op.create_table(
        "clinic_draft",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("encounter_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("amends", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("before", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "encounter_id"],
            ["clinic_encounter.tenant_id", "clinic_encounter.id"],
            name=op.f("fk_clinic_draft_tenant_id_encounter_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_clinic_draft")),
        sa.UniqueConstraint("tenant_id", "encounter_id", name=op.f("uq_clinic_draft_tenant_id_encounter_id")),
    )
    op.create_index("ix_clinic_draft_author", "clinic_draft", ["tenant_id", "author_id"], unique=False)
    op.create_table(
        "clinic_version",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("encounter_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("reason_code", sa.String(length=30), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("signed_by", sa.BigInteger(), nullable=False),
        sa.Column("second_by", sa.BigInteger(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=True),
        sa.Column(
            "transaction",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text)::bigint"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "encounter_id"],
            ["clinic_encounter.tenant_id", "clinic_encounter.id"],
            name=op.f("fk_clinic_version_tenant_id_encounter_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_clinic_version")),
        sa.UniqueConstraint(
            "tenant_id", "encounter_id", "number", name=op.f("uq_clinic_version_tenant_id_encounter_id_number")
        ),
    )
    op.create_index("ix_clinic_version_signed", "clinic_version", ["tenant_id", "signed_at"], unique=False)
    op.create_table(
        "clinic_entry",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("entered", sa.Text(), nullable=False),
        sa.Column("quality", sa.String(length=20), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=True),
        sa.Column("device_value", sa.Text(), nullable=True),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "draft_id"],
            ["clinic_draft.tenant_id", "clinic_draft.id"],
            name=op.f("fk_clinic_entry_tenant_id_draft_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "draft_id", "place", name=op.f("pk_clinic_entry")),
    )
    op.create_table(
        "clinic_observation",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("encounter_id", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("element", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("side", sa.String(length=1), nullable=False),
        sa.Column("type_version", sa.Integer(), nullable=False),
        sa.Column("entered", sa.Text(), nullable=False),
        sa.Column("number", sa.Numeric(), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("structure", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("base", sa.Numeric(), nullable=True),
        sa.Column("notation", sa.String(length=20), nullable=True),
        sa.Column("unit", sa.String(length=20), nullable=True),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.BigInteger(), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=True),
        sa.Column("device_value", sa.Text(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("quality", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_clinic_observation_tenant_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "version_id"],
            ["clinic_version.tenant_id", "clinic_version.id"],
            name=op.f("fk_clinic_observation_tenant_id_version_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_clinic_observation")),
    )
    op.create_index(
        "ix_clinic_observation_patient", "clinic_observation", ["tenant_id", "patient_id", "element"], unique=False
    )
    op.create_index("ix_clinic_observation_version", "clinic_observation", ["tenant_id", "version_id"], unique=False)
    op.create_index(
        "ix_clinic_observation_diagnosis",
        "clinic_observation",
        ["tenant_id", "code", "measured_at", "id"],
        unique=False,
        postgresql_where=sa.text(DIAGNOSES),
    )
    op.create_table(
        "clinic_finding",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("encounter_id", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("element", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=1), nullable=False),
        sa.Column("canvas", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("clock_hour", sa.Integer(), nullable=True),
        sa.Column("zone", sa.String(length=40), nullable=True),
        sa.Column("quadrant", sa.String(length=40), nullable=True),
        sa.Column("size", sa.Numeric(), nullable=True),
        sa.Column("unit", sa.String(length=20), nullable=True),
        sa.Column("grade", sa.Numeric(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "version_id"],
            ["clinic_version.tenant_id", "clinic_version.id"],
            name=op.f("fk_clinic_finding_tenant_id_version_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_clinic_finding")),
    )
    op.create_index("ix_clinic_finding_code", "clinic_finding", ["tenant_id", "code", "found_at", "id"], unique=False)
    op.create_index("ix_clinic_finding_version", "clinic_finding", ["tenant_id", "version_id"], unique=False)
    op.create_table(
        "clinic_figure",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("encounter_id", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("element", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=1), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("thousandths", sa.BigInteger(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "version_id"],
            ["clinic_version.tenant_id", "clinic_version.id"],
            name=op.f("fk_clinic_figure_tenant_id_version_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_clinic_figure")),
    )
    op.create_index(
        "ix_clinic_figure_code",
        "clinic_figure",
        ["tenant_id", "code", "found_at", "id", "thousandths"],
        unique=False,
    )
    op.create_index("ix_clinic_figure_version", "clinic_figure", ["tenant_id", "version_id"], unique=False)
    op.create_table(
        "clinic_recall",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("encounter_id", sa.BigInteger(), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "encounter_id"],
            ["clinic_encounter.tenant_id", "clinic_encounter.id"],
            name=op.f("fk_clinic_recall_tenant_id_encounter_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_clinic_recall_tenant_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_clinic_recall_tenant_id_store_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "version_id"],
            ["clinic_version.tenant_id", "clinic_version.id"],
            name=op.f("fk_clinic_recall_tenant_id_version_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_clinic_recall")),
    )
    op.create_index("ix_clinic_recall_due", "clinic_recall", ["tenant_id", "due_on"], unique=False)
    op.create_index("ix_clinic_recall_patient", "clinic_recall", ["tenant_id", "patient_id"], unique=False)
    op.create_table(
        "clinic_recall_event",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("recall_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "recall_id"],
            ["clinic_recall.tenant_id", "clinic_recall.id"],
            name=op.f("fk_clinic_recall_event_tenant_id_recall_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_clinic_recall_event")),
    )
    op.create_index("ix_clinic_recall_event_recall", "clinic_recall_event", ["tenant_id", "recall_id"], unique=False)
    # ### end Alembic commands ###

    for statement in locks():
        op.get_bind().exec_driver_sql(statement)


def locks() -> list[str]:
    """Drafts may change and go; what a visit was, and what was signed, stays."""
    growing = ("encounter", "observation", "finding", "figure", "discard", "recall", "recall_event")
    return [
        *(lock for table in growing for lock in policies.lock(f"clinic_{table}", "SELECT, INSERT")),
        *policies.lock("clinic_version", "SELECT"),
        f"GRANT INSERT ({VERSION_COLUMNS}) ON clinic_version TO {policies.APP}",
        *policies.lock("clinic_episode", "SELECT, INSERT, UPDATE (closed_at, closed_by)"),
        *policies.lock("clinic_draft", "SELECT, INSERT, DELETE, UPDATE (author_id, saved_at, revision, before)"),
        *policies.lock("clinic_entry", "SELECT, INSERT, UPDATE, DELETE"),
        *policies.lock("clinic_presence", "SELECT, INSERT, DELETE, UPDATE (seen_at)"),
        ONLY_WHEN_SIGNING,
        *(
            f"CREATE TRIGGER only_when_signing AFTER INSERT ON clinic_{table} REFERENCING NEW TABLE AS fresh "
            "FOR EACH STATEMENT EXECUTE FUNCTION clinic_only_when_signing()"
            for table in ("observation", "finding", "figure")
        ),
        IN_ORDER,
        "CREATE TRIGGER in_order BEFORE INSERT ON clinic_version FOR EACH ROW EXECUTE FUNCTION clinic_in_order()",
    ]
