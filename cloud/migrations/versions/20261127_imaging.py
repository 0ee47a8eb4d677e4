"""Pictures of readings, what is derived from them, marks beside them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies

revision = "20261127_imaging"
down_revision = "20261127_blobs"


def upgrade() -> None:
    _originals()
    _renditions()
    _marks()
    for statement in (*locks(), *asked_with_the_blob()):
        op.get_bind().exec_driver_sql(statement)


def _originals() -> None:
    op.create_table(
        "imaging_original",
        *_key(),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=True),
        sa.Column("about", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_imaging_original")),
        sa.UniqueConstraint("tenant_id", "sha256", name=op.f("uq_imaging_original_tenant_id_sha256")),
    )
    due = sa.text("state IN ('due', 'working')")
    op.create_index(
        "ix_imaging_original_due", "imaging_original", ["tenant_id", "id"], unique=False, postgresql_where=due
    )
    over = sa.text("state IN ('ready', 'failed')")
    op.create_index("ix_imaging_original_rule", "imaging_original", ["rule", "id"], unique=False, postgresql_where=over)


def _renditions() -> None:
    op.create_table(
        "imaging_rendition",
        *_key(),
        sa.Column("original_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        belongs_to("imaging_rendition", "original_id", "imaging_original"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_imaging_rendition")),
        sa.UniqueConstraint(
            *("tenant_id", "original_id", "kind", "number"),
            name=op.f("uq_imaging_rendition_tenant_id_original_id_kind_number"),
        ),
    )


def _marks() -> None:
    op.create_table(
        "imaging_mark",
        *_key(),
        sa.Column("reading_id", sa.Uuid(), nullable=False),
        sa.Column("frame", sa.Integer(), nullable=False),
        sa.Column("shape", sa.String(length=20), nullable=False),
        sa.Column("points", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=True),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        belongs_to("imaging_mark", "by", "accounts_staff"),
        belongs_to("imaging_mark", "ended_by", "accounts_staff"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reading_id"],
            ["readings_reading.tenant_id", "readings_reading.reading_id"],
            name=op.f("fk_imaging_mark_tenant_id_reading_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_imaging_mark")),
    )
    op.create_index("ix_imaging_mark_reading", "imaging_mark", ["tenant_id", "reading_id"], unique=False)


def _key() -> tuple[sa.Column[int], sa.Column[int]]:
    return (
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
    )


def belongs_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    """A foreign key that carries the tenant."""
    name = op.f(f"fk_{table}_tenant_id_{column}")
    return sa.ForeignKeyConstraint(["tenant_id", column], [f"{other}.tenant_id", f"{other}.id"], name=name)


def locks() -> list[str]:
    """A mark is ended, never changed. What is derived may be thrown away. The worker finds what is due."""
    moving = "rule, state, why, about, attempts, asked_at, taken_at, ended_at"
    return [
        *policies.lock("imaging_original", f"SELECT, INSERT, UPDATE ({moving})"),
        *policies.lock("imaging_rendition", "SELECT, INSERT, DELETE"),
        *policies.lock("imaging_mark", "SELECT, INSERT, UPDATE (ended_by, ended_at)"),
        *policies.let_directory_read("imaging_original", "tenant_id, id, state, taken_at, rule"),
        *policies.directory_function(
            "imaging_due(before timestamptz)",
            "TABLE (tenant_id integer, original_id bigint)",
            "SELECT due.tenant_id, due.id FROM accounts_chain CROSS JOIN LATERAL ("
            "SELECT tenant_id, id FROM imaging_original WHERE tenant_id = accounts_chain.id "
            "AND (state = 'due' OR (state = 'working' AND taken_at < before)) ORDER BY id LIMIT 2"
            ") due ORDER BY due.id",
        ),
        *policies.directory_function(
            "imaging_older(today integer)",
            "TABLE (tenant_id integer, original_id bigint)",
            "SELECT tenant_id, id FROM imaging_original "
            "WHERE state IN ('ready', 'failed') AND rule < today ORDER BY rule, id LIMIT 1",
        ),
    ]


def asked_with_the_blob() -> list[str]:
    """What a gateway has brought is due in the same transaction, and the worker is told with its commit.

    Nobody has to look through all blobs for it. Words and tables are no pictures. What the worker derives was brought
    by no gateway.
    """
    return [
        """CREATE FUNCTION imaging_ask() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$ BEGIN
        INSERT INTO imaging_original (tenant_id, sha256, state) VALUES (NEW.tenant_id, NEW.sha256, 'due')
        ON CONFLICT DO NOTHING; PERFORM pg_notify('imaging_due', ''); RETURN NULL; END $$""",
        "REVOKE ALL ON FUNCTION imaging_ask() FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION imaging_ask() TO {policies.APP}",
        """CREATE TRIGGER imaging_asks AFTER INSERT ON blobs_blob FOR EACH ROW
        WHEN (NEW.gateway_id IS NOT NULL AND left(NEW.media_type, 5) <> 'text/')
        EXECUTE FUNCTION imaging_ask()""",
    ]
