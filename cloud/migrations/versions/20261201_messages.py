"""Letters to people: what is to be told, what became of it, what was answered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies

revision = "20261201_messages"
down_revision = "20261130_wishes"


def upgrade() -> None:
    op.create_table(
        "messages_suppression",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("normalized", sa.String(length=300), nullable=False),
        sa.Column("purposes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"], name=op.f("fk_messages_suppression_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_messages_suppression")),
    )
    op.create_index(
        "ix_messages_suppression_normalized",
        "messages_suppression",
        ["tenant_id", "channel", "normalized"],
        unique=False,
    )
    op.create_table(
        "messages_setting",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=True),
        sa.Column("sender", sa.String(length=80), nullable=False),
        sa.Column("reply_to", sa.String(length=254), nullable=False),
        sa.Column("quiet_from", sa.SmallInteger(), nullable=False),
        sa.Column("quiet_to", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint(
            "quiet_from BETWEEN 0 AND 1439 AND quiet_to BETWEEN 0 AND 1439",
            name=op.f("ck_messages_setting_on_the_clock"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_messages_setting_tenant_id_store_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"], name=op.f("fk_messages_setting_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_messages_setting")),
        sa.UniqueConstraint(
            "tenant_id",
            "store_id",
            name=op.f("uq_messages_setting_tenant_id_store_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "messages_letter",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=True),
        sa.Column("patient_id", sa.BigInteger(), nullable=True),
        sa.Column("about", sa.String(length=40), nullable=True),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("normalized", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("others", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("words", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("secret", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=True),
        sa.Column("said", sa.String(length=10), nullable=True),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=True),
        sa.Column(
            "written_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_messages_letter_tenant_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_messages_letter_tenant_id_store_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"], name=op.f("fk_messages_letter_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_messages_letter")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_messages_letter_tenant_id_key")),
    )
    op.create_index("ix_messages_letter_about", "messages_letter", ["tenant_id", "about"], unique=False)
    op.create_index(
        "ix_messages_letter_due",
        "messages_letter",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('waiting', 'sending')"),
    )
    op.create_index(
        "ix_messages_letter_normalized", "messages_letter", ["tenant_id", "channel", "normalized", "id"], unique=False
    )
    op.create_index("ix_messages_letter_patient", "messages_letter", ["tenant_id", "patient_id", "id"], unique=False)
    op.create_index("ix_messages_letter_store", "messages_letter", ["tenant_id", "store_id", "id"], unique=False)
    op.create_table(
        "messages_enclosure",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("letter_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "letter_id"],
            ["messages_letter.tenant_id", "messages_letter.id"],
            name=op.f("fk_messages_enclosure_tenant_id_letter_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_messages_enclosure")),
    )
    op.create_index("ix_messages_enclosure_letter", "messages_enclosure", ["tenant_id", "letter_id"], unique=False)
    op.create_table(
        "messages_kept",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("letter_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("normalized", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "letter_id"],
            ["messages_letter.tenant_id", "messages_letter.id"],
            name=op.f("fk_messages_kept_tenant_id_letter_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_messages_kept")),
        sa.UniqueConstraint("tenant_id", "letter_id", name=op.f("uq_messages_kept_tenant_id_letter_id")),
    )
    op.create_index(
        "ix_messages_kept_address", "messages_kept", ["tenant_id", "channel", "normalized", "id"], unique=False
    )
    op.create_table(
        "messages_reply",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("normalized", sa.String(length=300), nullable=False),
        sa.Column("body", sa.String(length=500), nullable=False),
        sa.Column("meaning", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("letter_id", sa.BigInteger(), nullable=True),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_messages_reply_tenant_id_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "letter_id"],
            ["messages_letter.tenant_id", "messages_letter.id"],
            name=op.f("fk_messages_reply_tenant_id_letter_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"], name=op.f("fk_messages_reply_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_messages_reply")),
    )
    op.create_index(
        "ix_messages_reply_address", "messages_reply", ["tenant_id", "channel", "normalized", "id"], unique=False
    )
    op.create_table(
        "messages_step",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("letter_id", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_messages_step_tenant_id_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "letter_id"],
            ["messages_letter.tenant_id", "messages_letter.id"],
            name=op.f("fk_messages_step_tenant_id_letter_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_messages_step")),
    )
    op.create_index("ix_messages_step_letter", "messages_step", ["tenant_id", "letter_id", "id"], unique=False)

    for statement in locks():
        op.get_bind().exec_driver_sql(statement)


MAY_CHANGE = "state, why, said, tries, message_id, due_at, lease_until, ended_at, secret, others"


def locks() -> list[str]:
    """What was told stays as it was; how far it is may change. The worker finds what is due before it knows a chain."""
    return [
        *policies.lock("messages_letter", f"SELECT, INSERT, UPDATE ({MAY_CHANGE})"),
        *policies.lock("messages_enclosure", "SELECT, INSERT"),
        *policies.lock("messages_step", "SELECT, INSERT"),
        *policies.lock("messages_suppression", "SELECT, INSERT, UPDATE (ended_at)"),
        *policies.lock("messages_setting", "SELECT, INSERT, UPDATE (sender, reply_to, quiet_from, quiet_to)"),
        *policies.lock("messages_kept", "SELECT, INSERT"),
        *policies.lock("messages_reply", "SELECT, INSERT"),
        *policies.let_directory_read("messages_letter", "tenant_id, id, state, due_at, purpose, urgent"),
        *policies.directory_function(
            "messages_due(most integer)",
            "TABLE (of_tenant integer, letter_id bigint)",
            "SELECT tenant_id, id FROM messages_letter WHERE state IN ('waiting', 'sending') AND due_at <= now() "
            "ORDER BY purpose <> 'code' AND NOT urgent, due_at LIMIT most",
        ),
    ]
