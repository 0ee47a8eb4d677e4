"""From a claim to a certificate: claims, approvals, the chain's gateways' certificates, renewal and revocation."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies

revision = "20261124_enrolment"
down_revision = "20261124_commands"

WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    for table in (claim, approval, certificate, passage, policy, kick):
        table()
    op.create_table(
        "enrolment_guess",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("at", WHEN, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_guess")),
    )
    op.create_index("ix_enrolment_guess_who", "enrolment_guess", ["who", "at"])
    for statement in locks():
        op.get_bind().exec_driver_sql(statement)


def claim() -> None:
    made(
        "enrolment_claim",
        {"store_id": "accounts_store", "gateway_id": "fleet_gateway"},
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("serial", sa.String(length=80), nullable=True),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("made_at", WHEN, nullable=False),
        sa.Column("expires_at", WHEN, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("key_fingerprint", sa.String(length=64), nullable=True),
        sa.Column("asked_at", WHEN, nullable=True),
        sa.Column("asked_serial", sa.String(length=80), nullable=True),
        sa.Column("asked_hardware", sa.String(length=80), nullable=True),
        sa.Column("asked_software", sa.String(length=60), nullable=True),
        sa.Column("burned_at", WHEN, nullable=True),
        sa.UniqueConstraint("code_hash", name=op.f("uq_enrolment_claim_code_hash")),
    )
    op.create_index(
        "uq_enrolment_claim_live",
        "enrolment_claim",
        ["tenant_id", "store_id", "slug"],
        unique=True,
        postgresql_where=sa.text("state IN ('open', 'waiting', 'approved')"),
    )


def approval() -> None:
    made(
        "enrolment_approval",
        {"claim_id": "enrolment_claim"},
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("key_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", WHEN, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.UniqueConstraint("tenant_id", "claim_id", name=op.f("uq_enrolment_approval_tenant_id_claim_id")),
    )


def certificate() -> None:
    name = "enrolment_certificate"
    made(
        name,
        {"gateway_id": "fleet_gateway", "claim_id": "enrolment_claim", "replaced_by": name},
        sa.Column("gateway_id", sa.BigInteger(), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=True),
        sa.Column("serial_number", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("key_fingerprint", sa.String(length=64), nullable=False),
        sa.Column("signer", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=130), nullable=False),
        sa.Column("pem", sa.Text(), nullable=False),
        sa.Column("roots", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("not_before", WHEN, nullable=False),
        sa.Column("not_after", WHEN, nullable=False),
        sa.Column("issued_at", WHEN, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("replaced_by", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", WHEN, nullable=True),
        sa.Column("revoked_by", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.String(length=20), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_enrolment_certificate_fingerprint")),
    )
    op.create_index("ix_enrolment_certificate_gateway", name, ["tenant_id", "gateway_id", "id"])
    op.create_index("ix_enrolment_certificate_address", name, ["address"])
    op.create_index(
        "ix_enrolment_certificate_revoked", name, ["not_after"], postgresql_where=sa.text("state = 'revoked'")
    )


def passage() -> None:
    made(
        "enrolment_passage",
        {"gateway_id": "fleet_gateway"},
        sa.Column("gateway_id", sa.BigInteger(), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("at", WHEN, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    )
    op.create_index("ix_enrolment_passage_gateway", "enrolment_passage", ["tenant_id", "gateway_id", "id"])


def policy() -> None:
    made(
        "enrolment_policy",
        {},
        sa.Column("approval", sa.Boolean(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", WHEN, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"], name=op.f("fk_enrolment_policy_tenant_id")),
    )


def kick() -> None:
    made(
        "enrolment_kick",
        {"gateway_id": "fleet_gateway"},
        sa.Column("gateway_id", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.String(length=130), nullable=False),
        sa.Column("again", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("asked_at", WHEN, nullable=False),
        sa.Column("due_at", WHEN, nullable=True),
        sa.Column("done_at", WHEN, nullable=True),
    )
    op.create_index(
        "ix_enrolment_kick_due", "enrolment_kick", ["due_at"], postgresql_where=sa.text("due_at IS NOT NULL")
    )


def made(name: str, owners: dict[str, str], *parts: sa.Column[Any] | sa.Constraint) -> None:
    """A table of a chain, whose foreign keys carry the tenant."""
    keys = [
        sa.ForeignKeyConstraint(
            ["tenant_id", column],
            [f"{table}.tenant_id", f"{table}.id"],
            name=op.f(f"fk_{name}_tenant_id_{column}"),
        )
        for column, table in owners.items()
    ]
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        *parts,
        *keys,
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{name}")),
    )


ASKED = "key_fingerprint, asked_at, asked_serial, asked_hardware, asked_software"
RIGHTS = {
    "enrolment_claim": f"SELECT, INSERT, UPDATE (state, gateway_id, {ASKED}, burned_at)",
    "enrolment_approval": "SELECT, INSERT",
    "enrolment_certificate": "SELECT, INSERT, UPDATE (state, replaced_by, revoked_at, revoked_by, why, remark)",
    "enrolment_passage": "SELECT, INSERT",
    "enrolment_policy": "SELECT, INSERT",
    "enrolment_kick": "SELECT, INSERT, UPDATE (again, due_at, done_at)",
}


def locks() -> list[str]:
    """Row policies, rights, and what must be found before a chain is chosen."""
    statements = [one for table, rights in RIGHTS.items() for one in policies.lock(table, rights)]
    statements += ["GRANT SELECT, INSERT, DELETE ON enrolment_guess TO emmetra_app"]
    statements += policies.let_directory_read("enrolment_claim", "tenant_id, id, code_hash")
    columns = "tenant_id, id, gateway_id, fingerprint, address, state, not_after, serial_number, signer, revoked_at"
    statements += policies.let_directory_read("enrolment_certificate", columns)
    statements += policies.let_directory_read("enrolment_kick", "tenant_id, id, due_at")
    return [*statements, *finding(), *lists(), former_names()]


def finding() -> list[str]:
    """A box knows its claim or its certificate, and not its chain."""
    return [
        *policies.directory_function(
            "enrolment_find_claim(hash text)",
            "TABLE (tenant_id integer, claim_id bigint)",
            "SELECT tenant_id, id FROM enrolment_claim WHERE code_hash = hash",
        ),
        *policies.directory_function(
            "enrolment_find_certificate(digest text)",
            "TABLE (tenant_id integer, certificate_id bigint)",
            "SELECT tenant_id, id FROM enrolment_certificate WHERE fingerprint = digest",
        ),
    ]


def lists() -> list[str]:
    """What a broker and whoever ends connections must know, over all chains."""
    return [
        *policies.directory_function(
            "enrolment_revoked()",
            "TABLE (serial_number text, revoked_at timestamptz, signer text)",
            "SELECT serial_number, revoked_at, signer FROM enrolment_certificate "
            "WHERE state = 'revoked' AND not_after > now() - interval '1 day' ORDER BY revoked_at, serial_number",
        ),
        *policies.directory_function(
            "enrolment_to_kick()",
            "TABLE (tenant_id integer, kick_id bigint)",
            "SELECT tenant_id, id FROM enrolment_kick WHERE due_at <= now() ORDER BY due_at, id",
        ),
    ]


def former_names() -> str:
    """A gateway that was moved speaks under its old name until it has a new certificate.

    What it says under that name still is of the store that it names; a gateway that bears the name now comes first.
    """
    return """CREATE OR REPLACE FUNCTION fleet_find_gateway(chain text, store text, gateway text)
    RETURNS TABLE (tenant_id integer, store_id bigint, gateway_id bigint, status text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT found.tenant_id, found.store_id, found.gateway_id, found.status FROM (
        SELECT 1 AS turn, g.tenant_id, g.store_id, g.id AS gateway_id, g.status FROM fleet_gateway g
        JOIN accounts_store s ON s.tenant_id = g.tenant_id AND s.id = g.store_id
        JOIN accounts_chain c ON c.id = g.tenant_id
        WHERE c.slug = chain AND s.slug = store AND g.slug = gateway
        UNION ALL
        SELECT 2, g.tenant_id, s.id, g.id, g.status FROM enrolment_certificate e
        JOIN accounts_chain c ON c.id = e.tenant_id
        JOIN accounts_store s ON s.tenant_id = e.tenant_id
        JOIN fleet_gateway g ON g.tenant_id = e.tenant_id AND g.id = e.gateway_id
        WHERE e.address = chain || '/' || store || '/' || gateway AND e.state <> 'revoked' AND e.not_after > now()
        AND c.slug = chain AND s.slug = store
    ) found ORDER BY found.turn LIMIT 1 $$"""
