"""People: contacts, households, consents, allergies, alerts, tags, history, merges."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies
from cloud.people.likeness import name_key, sound_key

revision = "20261123_people"
down_revision = "20261123_imports"


def upgrade() -> None:
    make_labels()
    widen_patient()
    make_tables()
    for statement in moves():
        op.get_bind().exec_driver_sql(statement)
    name_everyone()
    for statement in ("ALTER TABLE people_patient FORCE ROW LEVEL SECURITY", *locks()):
        op.get_bind().exec_driver_sql(statement)
    op.drop_column("people_patient", "alert")


def make_labels() -> None:
    op.create_table(
        "people_label",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"], name=op.f("fk_people_label_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_label")),
        sa.UniqueConstraint("tenant_id", "kind", "name", name=op.f("uq_people_label_tenant_id_kind_name")),
    )


def widen_patient() -> None:
    for column in PERSON:
        op.add_column("people_patient", column)
    for key, table in (("merged_into", "people_patient"), ("class_id", "people_label")):
        name = op.f(f"fk_people_patient_tenant_id_{key}")
        op.create_foreign_key(name, "people_patient", table, ["tenant_id", key], ["tenant_id", "id"])
    op.create_index("ix_people_patient_name_key", "people_patient", ["tenant_id", "name_key"], unique=False)
    op.create_index("ix_people_patient_sound", "people_patient", ["tenant_id", "sound_key", "birth_date"], unique=False)
    op.create_index("ix_people_patient_birth", "people_patient", ["tenant_id", "birth_date"], unique=False)
    op.create_index(
        "ix_people_patient_id_number",
        "people_patient",
        ["tenant_id", "id_number"],
        unique=False,
        postgresql_where=sa.text("id_number IS NOT NULL"),
    )
    op.create_index(
        "ix_people_patient_merged",
        "people_patient",
        ["tenant_id", "merged_into"],
        unique=False,
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )


PERSON: tuple[sa.Column[Any], ...] = (
    sa.Column("middle_name", sa.String(length=100), nullable=True),
    sa.Column("native_name", sa.String(length=100), nullable=True),
    sa.Column("preferred_name", sa.String(length=100), nullable=True),
    sa.Column("birth_year", sa.SmallInteger(), nullable=True),
    sa.Column("gender", sa.String(length=60), nullable=True),
    sa.Column("id_kind", sa.String(length=20), nullable=True),
    sa.Column("id_number", sa.String(length=40), nullable=True),
    sa.Column("occupation", sa.String(length=100), nullable=True),
    sa.Column("interpreter", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    sa.Column("roles", sa.ARRAY(sa.String(length=20)), server_default=sa.text("'{patient}'"), nullable=False),
    sa.Column("class_id", sa.BigInteger(), nullable=True),
    sa.Column("allergy_state", sa.String(length=20), server_default=sa.text("'not_asked'"), nullable=False),
    sa.Column("status", sa.String(length=20), server_default=sa.text("'active'"), nullable=False),
    sa.Column("moved_to", sa.String(length=200), nullable=True),
    sa.Column("deceased_on", sa.Date(), nullable=True),
    sa.Column("merged_into", sa.BigInteger(), nullable=True),
    sa.Column("name_key", sa.String(length=200), nullable=True),
    sa.Column("sound_key", sa.String(length=40), nullable=True),
    sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
)


def make_tables() -> None:
    op.create_table(
        "people_numbering",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"], name=op.f("fk_people_numbering_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_numbering")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_people_numbering_tenant_id")),
    )
    op.create_table(
        "people_contact",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=300), nullable=False),
        sa.Column("normalized", sa.String(length=300), nullable=False),
        sa.Column("tail", sa.String(length=8), server_default=sa.text("''"), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=True),
        sa.Column("preferred", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_people_contact_tenant_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_contact")),
    )
    op.create_index("ix_people_contact_normalized", "people_contact", ["tenant_id", "normalized"], unique=False)
    op.create_index(
        "ix_people_contact_tail",
        "people_contact",
        ["tenant_id", "tail"],
        unique=False,
        postgresql_where=sa.text("tail <> ''"),
    )
    op.create_index("ix_people_contact_patient", "people_contact", ["tenant_id", "patient_id"], unique=False)
    op.create_table(
        "people_household",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("founder_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "founder_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_people_household_tenant_id_founder_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_household")),
    )
    op.create_table(
        "people_membership",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "household_id"],
            ["people_household.tenant_id", "people_household.id"],
            name=op.f("fk_people_membership_tenant_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_people_membership_tenant_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_membership")),
    )
    op.create_index("ix_people_membership_household", "people_membership", ["tenant_id", "household_id"], unique=False)
    op.create_index("ix_people_membership_patient", "people_membership", ["tenant_id", "patient_id"], unique=False)
    op.create_table(
        "people_tie",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("from_id", sa.BigInteger(), nullable=False),
        sa.Column("to_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("may_consent", sa.Boolean(), nullable=False),
        sa.Column("may_collect", sa.Boolean(), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "from_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_people_tie_tenant_id_from_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "to_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_people_tie_tenant_id_to_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_tie")),
    )
    op.create_index("ix_people_tie_from", "people_tie", ["tenant_id", "from_id"], unique=False)
    op.create_index("ix_people_tie_to", "people_tie", ["tenant_id", "to_id"], unique=False)
    op.create_table(
        "people_allergy",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("substance", sa.String(length=100), nullable=False),
        sa.Column("reaction", sa.String(length=200), nullable=True),
        sa.Column("severity", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("noted_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_people_allergy_tenant_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_allergy")),
    )
    op.create_index("ix_people_allergy_patient", "people_allergy", ["tenant_id", "patient_id"], unique=False)
    op.create_table(
        "people_alert",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("seen_by", sa.ARRAY(sa.String(length=20)), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("raised_by", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_people_alert_tenant_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_alert")),
    )
    op.create_index("ix_people_alert_patient", "people_alert", ["tenant_id", "patient_id"], unique=False)
    op.create_table(
        "people_tagging",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("label_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "label_id"],
            ["people_label.tenant_id", "people_label.id"],
            name=op.f("fk_people_tagging_tenant_id_label_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_people_tagging_tenant_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_tagging")),
    )
    op.create_index("ix_people_tagging_label", "people_tagging", ["tenant_id", "label_id"], unique=False)
    op.create_index("ix_people_tagging_patient", "people_tagging", ["tenant_id", "patient_id"], unique=False)
    op.create_table(
        "people_consent",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("given_by", sa.BigInteger(), nullable=True),
        sa.Column("taken_by", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "given_by"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_people_consent_tenant_id_given_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_people_consent_tenant_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_consent")),
    )
    op.create_index("ix_people_consent_patient", "people_consent", ["tenant_id", "patient_id"], unique=False)
    op.create_table(
        "people_preference",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("channels", sa.ARRAY(sa.String(length=20)), nullable=False),
        sa.Column("time_of_day", sa.String(length=20), nullable=False),
        sa.Column("taken_by", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_people_preference_tenant_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_preference")),
    )
    op.create_index("ix_people_preference_patient", "people_preference", ["tenant_id", "patient_id"], unique=False)
    op.create_table(
        "people_change",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("deed", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=True),
        sa.Column("undoes", sa.BigInteger(), nullable=True),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_people_change_tenant_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "undoes"],
            ["people_change.tenant_id", "people_change.id"],
            name=op.f("fk_people_change_tenant_id_undoes"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_change")),
    )
    op.create_index("ix_people_change_patient", "people_change", ["tenant_id", "patient_id", "version"], unique=False)
    op.create_table(
        "people_distinct",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("one_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "one_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_people_distinct_tenant_id_one_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "other_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_people_distinct_tenant_id_other_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_distinct")),
    )
    op.create_index("ix_people_distinct_pair", "people_distinct", ["tenant_id", "one_id", "other_id"], unique=False)
    op.create_table(
        "people_merge",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("survivor_id", sa.BigInteger(), nullable=False),
        sa.Column("absorbed_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("snapshot", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.BigInteger(), nullable=True),
        sa.Column("undo_reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "absorbed_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_people_merge_tenant_id_absorbed_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "survivor_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_people_merge_tenant_id_survivor_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_people_merge")),
    )
    op.create_index("ix_people_merge_absorbed", "people_merge", ["tenant_id", "absorbed_id"], unique=False)
    op.create_index("ix_people_merge_survivor", "people_merge", ["tenant_id", "survivor_id"], unique=False)


def moves() -> list[str]:
    """What one column held becomes rows of its own, of every chain at once: no policy is in force meanwhile."""
    return [
        "ALTER TABLE people_patient NO FORCE ROW LEVEL SECURITY",
        "INSERT INTO people_alert (tenant_id, patient_id, kind, text, seen_by) "
        "SELECT tenant_id, id, 'clinical', alert, '{}' FROM people_patient WHERE alert <> ''",
        "INSERT INTO people_contact (tenant_id, patient_id, kind, value, normalized, tail, preferred) "
        "SELECT tenant_id, id, 'phone', phone, regexp_replace(phone, '[^0-9+]', '', 'g'), "
        "right(regexp_replace(phone, '[^0-9]', '', 'g'), 8), true FROM people_patient WHERE phone <> ''",
    ]


def name_everyone() -> None:
    """Give every record the keys by which duplicates are found."""
    people = sa.text("SELECT tenant_id, id, family_name AS f, given_name AS g FROM people_patient")
    told = [
        {"t": one.tenant_id, "i": one.id, "n": name_key(one.f, one.g), "s": sound_key(one.f, one.g)}
        for one in op.get_bind().execute(people)
    ]
    if told:
        put = "UPDATE people_patient SET name_key = :n, sound_key = :s WHERE tenant_id = :t AND id = :i"
        op.get_bind().execute(sa.text(put), told)


GROWING = "SELECT, INSERT"
RIGHTS = {
    "people_label": GROWING,
    "people_numbering": "SELECT, INSERT, UPDATE (last)",
    "people_contact": "SELECT, INSERT, UPDATE (label, preferred, verified_at, ended_at)",
    "people_household": "SELECT, INSERT, UPDATE (name)",
    "people_membership": "SELECT, INSERT, UPDATE (left_at)",
    "people_tie": "SELECT, INSERT, UPDATE (may_consent, may_collect, emergency, ended_at)",
    "people_allergy": "SELECT, INSERT, UPDATE (reaction, severity, status)",
    "people_alert": "SELECT, INSERT, UPDATE (ended_at)",
    "people_tagging": "SELECT, INSERT, UPDATE (ended_at)",
    "people_consent": GROWING,
    "people_preference": GROWING,
    "people_change": GROWING,
    "people_distinct": GROWING,
    "people_merge": "SELECT, INSERT, UPDATE (undone_at, undone_by, undo_reason)",
}


def locks() -> list[str]:
    """Row policies and rights: answers, changes and verdicts are only added; of the rest a few columns may change."""
    return [statement for table, rights in RIGHTS.items() for statement in policies.lock(table, rights)]
