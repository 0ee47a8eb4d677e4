"""Releases of the gateway's software, which belong to no chain, and each chain's rings and roll-outs."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies

revision = "20261124_releases"
down_revision = "20261124_operations"

NOW = sa.text("clock_timestamp()")
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "releases_release",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("version", sa.String(length=60), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("manifest", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", WHEN, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases_release")),
        sa.UniqueConstraint("manifest_sha256", name=op.f("uq_releases_release_manifest_sha256")),
    )
    op.create_table(
        "releases_piece",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "number", name=op.f("pk_releases_piece")),
    )
    of_a_chain(
        "releases_ring",
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("set_by", sa.BigInteger(), nullable=False),
        sa.Column("set_at", WHEN, server_default=NOW, nullable=False),
        unique=("edition", "rank"),
    )
    of_a_chain(
        "releases_pick",
        sa.Column("ring_id", sa.BigInteger(), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=False),
        unique=("ring_id", "gateway_id"),
        owners={"ring_id": "releases_ring", "gateway_id": "fleet_gateway"},
    )
    of_a_chain(
        "releases_rollout",
        sa.Column("version", sa.String(length=60), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("url", sa.String(length=400), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("soak_minutes", sa.Integer(), nullable=False),
        sa.Column("fail_percent", sa.Integer(), nullable=False),
        sa.Column("quiet_percent", sa.Integer(), nullable=False),
        sa.Column("started_by", sa.BigInteger(), nullable=False),
        sa.Column("started_at", WHEN, server_default=NOW, nullable=False),
    )
    of_a_chain(
        "releases_step",
        sa.Column("rollout_id", sa.BigInteger(), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("ring", sa.Integer(), nullable=True),
        sa.Column("numbers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("at", WHEN, server_default=NOW, nullable=False),
        owners={"rollout_id": "releases_rollout"},
    )
    op.create_index("ix_releases_step_rollout", "releases_step", ["tenant_id", "rollout_id", "id"], unique=False)
    of_a_chain(
        "releases_target",
        sa.Column("rollout_id", sa.BigInteger(), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=False),
        sa.Column("ring", sa.Integer(), nullable=False),
        sa.Column("back", sa.Boolean(), nullable=False),
        sa.Column("ran", sa.String(length=60), nullable=True),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("told_at", WHEN, server_default=NOW, nullable=False),
        unique=("rollout_id", "gateway_id", "back"),
        owners={"rollout_id": "releases_rollout", "gateway_id": "fleet_gateway"},
    )
    for statement in locks():
        op.get_bind().exec_driver_sql(statement)


def of_a_chain(
    table: str, *columns: sa.Column[Any], unique: tuple[str, ...] = (), owners: dict[str, str] | None = None
) -> None:
    """A table whose keys begin with the tenant and whose foreign keys carry it."""
    keys: list[sa.Constraint] = [
        sa.ForeignKeyConstraint(
            ["tenant_id", column], [f"{owner}.tenant_id", f"{owner}.id"], name=op.f(f"fk_{table}_tenant_id_{column}")
        )
        for column, owner in (owners or {}).items()
    ]
    if unique:
        name = op.f(f"uq_{table}_tenant_id_{'_'.join(unique)}")
        keys.append(sa.UniqueConstraint("tenant_id", *unique, name=name))
    op.create_table(
        table,
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        *columns,
        *keys,
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    )


def locks() -> list[str]:
    """Everything only grows. The worker finds roll-outs that are not over before it knows a chain."""
    tables = [f"releases_{name}" for name in ("ring", "pick", "rollout", "step", "target")]
    return [
        *(f"GRANT SELECT, INSERT ON releases_{name} TO {policies.APP}" for name in ("release", "piece")),
        *(statement for table in tables for statement in policies.lock(table, "SELECT, INSERT")),
        *policies.let_directory_read("releases_rollout", "tenant_id, id"),
        *policies.let_directory_read("releases_step", "tenant_id, id, rollout_id, verb"),
        *policies.directory_function(
            "releases_due()",
            "TABLE (tenant_id integer, rollout_id bigint)",
            """SELECT rollout.tenant_id, rollout.id FROM releases_rollout AS rollout JOIN LATERAL (
                SELECT verb FROM releases_step AS step
                WHERE step.tenant_id = rollout.tenant_id AND step.rollout_id = rollout.id ORDER BY step.id DESC LIMIT 1
            ) AS last ON last.verb IN ('started', 'ring', 'resumed', 'going_back') ORDER BY rollout.id""",
        ),
    ]
