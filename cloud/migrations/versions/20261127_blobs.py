"""Bytes that gateways bring: what is kept, what is on its way."""

import sqlalchemy as sa
from alembic import op

from cloud.migrations import policies

revision = "20261127_blobs"
down_revision = "20261126_store_names"


def upgrade() -> None:
    _keys()
    _blobs()
    _uploads()
    for statement in locks():
        op.get_bind().exec_driver_sql(statement)


def _keys() -> None:
    op.create_table(
        "blobs_key",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_by", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_blobs_key")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_blobs_key_tenant_id")),
    )


def _blobs() -> None:
    op.create_table(
        "blobs_blob",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=32), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        brought_by("blobs_blob"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_blobs_blob")),
        sa.UniqueConstraint("tenant_id", "sha256", name=op.f("uq_blobs_blob_tenant_id_sha256")),
    )


def _uploads() -> None:
    op.create_table(
        "blobs_upload",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=32), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("due", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=True),
        sa.Column("ticket", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "touched_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        brought_by("blobs_upload"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_blobs_upload")),
        sa.UniqueConstraint(
            "tenant_id", "gateway_id", "sha256", name=op.f("uq_blobs_upload_tenant_id_gateway_id_sha256")
        ),
    )
    op.create_index("ix_blobs_upload_ticket", "blobs_upload", ["ticket"], unique=True)
    op.create_index("ix_blobs_upload_touched", "blobs_upload", ["touched_at"], unique=False)
    op.create_index("ix_blobs_upload_due", "blobs_upload", ["id"], unique=False, postgresql_where=sa.text("due"))


def brought_by(table: str) -> sa.ForeignKeyConstraint:
    """The gateway, of the same chain."""
    name = op.f(f"fk_{table}_tenant_id_gateway_id")
    return sa.ForeignKeyConstraint(
        ["tenant_id", "gateway_id"], ["fleet_gateway.tenant_id", "fleet_gateway.id"], name=name
    )


def locks() -> list[str]:
    """What is kept never changes. A ticket is looked up before it is known whose it is; so is what is over."""
    moving = "place, received, state, due, why, ticket, expires_at, touched_at"
    return [
        *policies.lock("blobs_key", "SELECT, INSERT, UPDATE (wrapped, wrapped_by)"),
        *policies.lock("blobs_blob", "SELECT, INSERT"),
        *policies.lock("blobs_upload", f"SELECT, INSERT, DELETE, UPDATE ({moving})"),
        *policies.let_directory_read("blobs_upload", "tenant_id, id, ticket, due, touched_at"),
        *policies.directory_function(
            "blobs_of_ticket(digest bytea)",
            "TABLE (tenant_id integer, upload_id bigint)",
            "SELECT tenant_id, id FROM blobs_upload WHERE ticket = digest",
        ),
        *policies.directory_function(
            "blobs_untold()",
            "TABLE (tenant_id integer, upload_id bigint)",
            "SELECT tenant_id, id FROM blobs_upload WHERE due ORDER BY id",
        ),
        *policies.directory_function(
            "blobs_stale(before timestamptz)",
            "TABLE (tenant_id integer, upload_id bigint)",
            "SELECT tenant_id, id FROM blobs_upload WHERE touched_at < before ORDER BY id",
        ),
    ]
