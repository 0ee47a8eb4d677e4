"""Prescriptions and the means to verify them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies

revision = "20261123_prescriptions"
down_revision = "20261123_people"


def upgrade() -> None:
    op.create_table(
        "prescriptions_prescription",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("signed_by", sa.BigInteger(), nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("use", sa.String(length=40), nullable=True),
        sa.Column("design", sa.String(length=40), nullable=True),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("dispense_until", sa.Date(), nullable=True),
        sa.Column("jurisdiction", sa.String(length=20), nullable=False),
        sa.Column("prescriber_name", sa.String(length=200), nullable=False),
        sa.Column("licence", sa.String(length=60), nullable=False),
        sa.Column("practice", sa.String(length=200), nullable=False),
        sa.Column("notes_lab", sa.Text(), nullable=False),
        sa.Column("notes_patient", sa.Text(), nullable=False),
        sa.Column("bvd", sa.Numeric(precision=4, scale=1), nullable=True),
        sa.Column("pd_far", sa.Numeric(precision=4, scale=1), nullable=True),
        sa.Column("pd_near", sa.Numeric(precision=4, scale=1), nullable=True),
        sa.Column("wear", sa.String(length=40), nullable=True),
        sa.Column("care_system", sa.String(length=200), nullable=False),
        sa.Column("max_wear_hours", sa.Integer(), nullable=True),
        sa.Column("supply_lenses", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.BigInteger(), nullable=True),
        sa.Column("encounter_id", sa.BigInteger(), nullable=True),
        sa.Column("element", sa.String(length=60), nullable=True),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_prescriptions_prescription_tenant_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "encounter_id"],
            ["clinic_encounter.tenant_id", "clinic_encounter.id"],
            name=op.f("fk_prescriptions_prescription_tenant_id_encounter_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "signed_by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_prescriptions_prescription_tenant_id_signed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "replaces_id"],
            ["prescriptions_prescription.tenant_id", "prescriptions_prescription.id"],
            name=op.f("fk_prescriptions_prescription_tenant_id_replaces_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_prescriptions_prescription_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_prescriptions_prescription")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_prescriptions_prescription_tenant_id_key")),
    )
    op.create_index(
        "ix_prescriptions_prescription_patient",
        "prescriptions_prescription",
        ["tenant_id", "patient_id", "issued_at"],
        unique=False,
    )
    op.create_index(
        "ix_prescriptions_prescription_replaces",
        "prescriptions_prescription",
        ["tenant_id", "replaces_id"],
        unique=False,
    )
    op.create_index(
        "ix_prescriptions_prescription_signer",
        "prescriptions_prescription",
        ["tenant_id", "signed_by", "issued_at"],
        unique=False,
    )
    op.create_table(
        "prescriptions_draft",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("entered", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("replaces_id", sa.BigInteger(), nullable=True),
        sa.Column("encounter_id", sa.BigInteger(), nullable=True),
        sa.Column("element", sa.String(length=60), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("prescription_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "author_id"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_prescriptions_draft_tenant_id_author_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_prescriptions_draft_tenant_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "encounter_id"],
            ["clinic_encounter.tenant_id", "clinic_encounter.id"],
            name=op.f("fk_prescriptions_draft_tenant_id_encounter_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "prescription_id"],
            ["prescriptions_prescription.tenant_id", "prescriptions_prescription.id"],
            name=op.f("fk_prescriptions_draft_tenant_id_prescription_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "replaces_id"],
            ["prescriptions_prescription.tenant_id", "prescriptions_prescription.id"],
            name=op.f("fk_prescriptions_draft_tenant_id_replaces_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_prescriptions_draft_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_prescriptions_draft")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_prescriptions_draft_tenant_id_key")),
    )
    op.create_index(
        "ix_prescriptions_draft_author", "prescriptions_draft", ["tenant_id", "author_id", "patient_id"], unique=False
    )
    op.create_table(
        "prescriptions_eye",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("prescription_id", sa.BigInteger(), nullable=False),
        sa.Column("eye", sa.String(length=5), nullable=False),
        sa.Column("lens", sa.String(length=20), nullable=False),
        sa.Column("sphere", sa.Numeric(precision=6, scale=3), nullable=True),
        sa.Column("cylinder", sa.Numeric(precision=6, scale=3), nullable=True),
        sa.Column("axis", sa.Integer(), nullable=True),
        sa.Column("add_near", sa.Numeric(precision=6, scale=3), nullable=True),
        sa.Column("add_intermediate", sa.Numeric(precision=6, scale=3), nullable=True),
        sa.Column("add_second", sa.Numeric(precision=6, scale=3), nullable=True),
        sa.Column("prism_1", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("base_1", sa.String(length=5), nullable=True),
        sa.Column("prism_2", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("base_2", sa.String(length=5), nullable=True),
        sa.Column("base_deg", sa.Integer(), nullable=True),
        sa.Column("prism_h", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("prism_v", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("pd_far", sa.Numeric(precision=4, scale=1), nullable=True),
        sa.Column("pd_near", sa.Numeric(precision=4, scale=1), nullable=True),
        sa.Column("va", sa.String(length=20), nullable=False),
        sa.Column("magnification", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "prescription_id"],
            ["prescriptions_prescription.tenant_id", "prescriptions_prescription.id"],
            name=op.f("fk_prescriptions_eye_tenant_id_prescription_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_prescriptions_eye")),
        sa.UniqueConstraint(
            "tenant_id", "prescription_id", "eye", name=op.f("uq_prescriptions_eye_tenant_id_prescription_id_eye")
        ),
    )
    op.create_table(
        "prescriptions_lens",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("prescription_id", sa.BigInteger(), nullable=False),
        sa.Column("eye", sa.String(length=5), nullable=False),
        sa.Column("design", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("material", sa.String(length=100), nullable=False),
        sa.Column("base_curve", sa.Numeric(precision=4, scale=2), nullable=True),
        sa.Column("diameter", sa.Numeric(precision=4, scale=2), nullable=True),
        sa.Column("power", sa.Numeric(precision=6, scale=3), nullable=True),
        sa.Column("cylinder", sa.Numeric(precision=6, scale=3), nullable=True),
        sa.Column("axis", sa.Integer(), nullable=True),
        sa.Column("add_near", sa.Numeric(precision=6, scale=3), nullable=True),
        sa.Column("add_class", sa.String(length=20), nullable=True),
        sa.Column("dominance", sa.String(length=1), nullable=True),
        sa.Column("colour", sa.String(length=60), nullable=False),
        sa.Column("replacement", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "prescription_id"],
            ["prescriptions_prescription.tenant_id", "prescriptions_prescription.id"],
            name=op.f("fk_prescriptions_lens_tenant_id_prescription_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_prescriptions_lens")),
        sa.UniqueConstraint(
            "tenant_id", "prescription_id", "eye", name=op.f("uq_prescriptions_lens_tenant_id_prescription_id_eye")
        ),
    )
    op.create_table(
        "prescriptions_drug",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("prescription_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("drug", sa.String(length=200), nullable=False),
        sa.Column("strength", sa.String(length=60), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=True),
        sa.Column("eye", sa.String(length=10), nullable=True),
        sa.Column("dose", sa.String(length=100), nullable=False),
        sa.Column("frequency", sa.String(length=100), nullable=False),
        sa.Column("course_days", sa.Integer(), nullable=True),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.String(length=60), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("taper", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "prescription_id"],
            ["prescriptions_prescription.tenant_id", "prescriptions_prescription.id"],
            name=op.f("fk_prescriptions_drug_tenant_id_prescription_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_prescriptions_drug")),
        sa.UniqueConstraint(
            "tenant_id", "prescription_id", "line", name=op.f("uq_prescriptions_drug_tenant_id_prescription_id_line")
        ),
    )
    op.create_table(
        "prescriptions_ending",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("prescription_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "prescription_id"],
            ["prescriptions_prescription.tenant_id", "prescriptions_prescription.id"],
            name=op.f("fk_prescriptions_ending_tenant_id_prescription_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_prescriptions_ending")),
        sa.UniqueConstraint(
            "tenant_id", "prescription_id", name=op.f("uq_prescriptions_ending_tenant_id_prescription_id")
        ),
    )
    op.create_table(
        "prescriptions_proof",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("prescription_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("paper", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "prescription_id"],
            ["prescriptions_prescription.tenant_id", "prescriptions_prescription.id"],
            name=op.f("fk_prescriptions_proof_tenant_id_prescription_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_prescriptions_proof")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_prescriptions_proof_code_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_prescriptions_proof_token_hash")),
    )
    op.create_index(
        "ix_prescriptions_proof_prescription", "prescriptions_proof", ["tenant_id", "prescription_id"], unique=False
    )
    op.create_table(
        "prescriptions_release",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("prescription_id", sa.BigInteger(), nullable=False),
        sa.Column("handed", sa.String(length=20), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("received_by", sa.String(length=200), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "prescription_id"],
            ["prescriptions_prescription.tenant_id", "prescriptions_prescription.id"],
            name=op.f("fk_prescriptions_release_tenant_id_prescription_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_prescriptions_release")),
    )
    op.create_index(
        "ix_prescriptions_release_prescription", "prescriptions_release", ["tenant_id", "prescription_id"], unique=False
    )
    op.create_table(
        "prescriptions_guess",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prescriptions_guess")),
    )
    op.create_index("ix_prescriptions_guess_who", "prescriptions_guess", ["who", "at"], unique=False)

    for statement in locks():
        op.get_bind().exec_driver_sql(statement)


GROWING = "SELECT, INSERT"
RIGHTS = {
    # what is typed may change until it is issued; whose it is and what it begins from may not
    "prescriptions_draft": "SELECT, INSERT, UPDATE (entered, saved_at, ended_at, prescription_id)",
    "prescriptions_prescription": GROWING,
    "prescriptions_eye": GROWING,
    "prescriptions_lens": GROWING,
    "prescriptions_drug": GROWING,
    "prescriptions_ending": GROWING,
    "prescriptions_proof": GROWING,
    "prescriptions_release": GROWING,
}


def locks() -> list[str]:
    """What is signed stays; a dispenser finds a paper's chain by the hash of what stands on it."""
    statements = [one for table, rights in RIGHTS.items() for one in policies.lock(table, rights)]
    return [
        *statements,
        "GRANT SELECT, INSERT, DELETE ON prescriptions_guess TO emmetra_app",
        *policies.let_directory_read("prescriptions_proof", "tenant_id, id, token_hash, code_hash"),
        *policies.directory_function(
            "prescriptions_find_proof(hash text)",
            "TABLE (tenant_id integer, proof_id bigint)",
            "SELECT tenant_id, id FROM prescriptions_proof WHERE token_hash = hash OR code_hash = hash",
        ),
    ]
