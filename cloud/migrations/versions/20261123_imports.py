"""Imports of patients from files."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies

revision = "20261123_imports"
down_revision = "20261123_clinic"

DUE = "state IN ('reading', 'checking', 'writing', 'undoing')"
JSON = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    batches()
    rows()
    remembered()
    for statement in locks():
        op.get_bind().exec_driver_sql(statement)


def batches() -> None:
    op.create_table(
        "imports_batch",
        *key(),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(length=60), nullable=True),
        sa.Column("spelt", sa.String(length=60), nullable=True),
        sa.Column("columns", JSON, nullable=False),
        sa.Column("mapping", JSON, nullable=False),
        sa.Column("options", JSON, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("accepted_by", sa.BigInteger(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.BigInteger(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        *(belongs_to("imports_batch", one, "accounts_staff") for one in ("asked_by", "accepted_by", "undone_by")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_imports_batch")),
    )
    op.create_index("ix_imports_batch_due", "imports_batch", ["state"], postgresql_where=sa.text(DUE))


def rows() -> None:
    op.create_table(
        "imports_row",
        *key(),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cells", JSON, nullable=False),
        sa.Column("entry", JSON, nullable=True),
        sa.Column("number_key", sa.String(length=40), nullable=True),
        sa.Column("who_key", sa.String(length=220), nullable=True),
        sa.Column("verdict", sa.String(length=20), nullable=True),
        sa.Column("problems", JSON, nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=True),
        sa.Column("before", JSON, nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("why", sa.String(length=60), nullable=True),
        belongs_to("imports_row", "batch_id", "imports_batch"),
        belongs_to("imports_row", "patient_id", "people_patient", ondelete="SET NULL (patient_id)"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_imports_row")),
        sa.UniqueConstraint("tenant_id", "batch_id", "number", name=op.f("uq_imports_row_tenant_id_batch_id_number")),
    )
    op.create_index("ix_imports_row_patient", "imports_row", ["tenant_id", "patient_id"])
    for name in ("number_key", "who_key"):
        op.create_index(f"ix_imports_row_{name}", "imports_row", ["tenant_id", "batch_id", name])


def remembered() -> None:
    op.create_table(
        "imports_remembered",
        *key(),
        sa.Column("heading", sa.String(length=100), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"], name=op.f("fk_imports_remembered_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_imports_remembered")),
        sa.UniqueConstraint("tenant_id", "heading", name=op.f("uq_imports_remembered_tenant_id_heading")),
    )


def key() -> tuple[sa.Column[int], sa.Column[int]]:
    """The chain, and the row's number in it."""
    return (
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
    )


def belongs_to(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    """A foreign key that carries the tenant."""
    name = op.f(f"fk_{table}_tenant_id_{column}")
    there = [f"{other}.tenant_id", f"{other}.id"]
    return sa.ForeignKeyConstraint(["tenant_id", column], there, name=name, ondelete=ondelete)


PROGRESS = "content, state, why, spelt, columns, mapping, options, rows, total, done"
DEEDS = "accepted_by, accepted_at, ended_at, undone_by, undone_at"
FOUND = "entry, number_key, who_key, verdict, problems, patient_id, before, outcome, why"


def locks() -> list[str]:
    """What was brought in stays as it was; how far it is may change. The worker finds what is due over all chains."""
    return [
        *policies.lock("imports_batch", f"SELECT, INSERT, UPDATE ({PROGRESS}, {DEEDS})"),
        *policies.lock("imports_row", f"SELECT, INSERT, UPDATE ({FOUND})"),
        *policies.lock("imports_remembered", "SELECT, INSERT, UPDATE (field)"),
        *policies.let_directory_read("imports_batch", "tenant_id, id, state"),
        *policies.directory_function(
            "imports_due()",
            "TABLE (tenant_id integer, batch_id bigint)",
            f"SELECT tenant_id, id FROM imports_batch WHERE {DUE} ORDER BY id",  # noqa: S608
        ),
    ]
