"""Orders to a gateway itself, with what they brought back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies

revision = "20261124_commands"
down_revision = "20261124_clocks"

LIVE = "('queued', 'sent', 'running')"
FINAL = "('done', 'taken', 'given', 'failed', 'expired', 'refused', 'cancelled')"


def upgrade() -> None:
    for column in ("dev", "patient_id"):
        op.alter_column("fleet_order", column, nullable=True)
    op.add_column("fleet_order", sa.Column("result", postgresql.JSONB(none_as_null=True, astext_type=sa.Text())))
    op.drop_index("uq_fleet_order_live", "fleet_order")
    op.create_index(
        "uq_fleet_order_live",
        "fleet_order",
        ["tenant_id", "gateway_id", "dev", "verb"],
        unique=True,
        postgresql_where=sa.text(f"state IN {LIVE}"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_index("ix_fleet_order_gateway", "fleet_order", ["tenant_id", "gateway_id", "id"])
    _bundles()
    for statement in (*steps(), *locks()):
        op.get_bind().exec_driver_sql(statement)


def _bundles() -> None:
    op.create_table(
        "fleet_bundle",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["fleet_order.tenant_id", "fleet_order.id"],
            name=op.f("fk_fleet_bundle_tenant_id_order_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_fleet_bundle")),
        sa.UniqueConstraint("tenant_id", "order_id", "n", name=op.f("uq_fleet_bundle_tenant_id_order_id_n")),
    )
    op.create_index("ix_fleet_bundle_expires_at", "fleet_bundle", ["tenant_id", "expires_at"])


def steps() -> list[str]:
    """An order begins queued, goes forward only, and stays as it ended: 23514 for anything else."""
    return [
        f"""CREATE FUNCTION fleet_order_step() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$ BEGIN
        IF TG_OP = 'INSERT' THEN
            IF NEW.state <> 'queued' THEN
                RAISE check_violation USING MESSAGE = 'an order begins queued';
            END IF;
        ELSIF OLD.state IN {FINAL} THEN
            RAISE check_violation USING MESSAGE = 'an order that has ended stays as it ended';
        ELSIF NEW.state NOT IN {LIVE} AND NEW.state NOT IN {FINAL} THEN
            RAISE check_violation USING MESSAGE = 'an order knows no such state';
        ELSIF (OLD.state IN ('sent', 'running') AND NEW.state IN ('queued', 'cancelled'))
            OR (OLD.state = 'running' AND NEW.state = 'sent') THEN
            RAISE check_violation USING MESSAGE = 'an order does not go back';
        END IF;
        RETURN NEW;
        END $$""",
        "CREATE TRIGGER fleet_order_step BEFORE INSERT OR UPDATE ON fleet_order "
        "FOR EACH ROW EXECUTE FUNCTION fleet_order_step()",
    ]


def locks() -> list[str]:
    """What came back with an order is written once; a file goes when its time is over."""
    return [
        "GRANT UPDATE (result) ON fleet_order TO emmetra_app",
        *policies.lock("fleet_bundle", "SELECT, INSERT, DELETE"),
        "DROP FUNCTION fleet_open_orders()",
        *policies.directory_function(
            "fleet_open_orders()",
            "TABLE (tenant_id integer, order_id bigint)",
            f"SELECT tenant_id, id FROM fleet_order WHERE state IN {LIVE} ORDER BY id",  # noqa: S608  (a constant above)
        ),
    ]
