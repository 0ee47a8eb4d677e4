"""What is free, counted out once, and the triggers that keep it true."""

import sqlalchemy as sa
from alembic import op

from cloud.migrations import policies

revision = "20261205_masks"
down_revision = "20261204_exchange"

OF_A_STORE = ("rule", "dated", "block", "resource", "policy")
OF_THE_CHAIN = ("type", "segment", "need", "length", "offered", "quota")


def upgrade() -> None:
    op.create_table(
        "schedule_version",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_schedule_version_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_schedule_version")),
        sa.UniqueConstraint(
            "tenant_id",
            "kind",
            "store_id",
            name=op.f("uq_schedule_version_tenant_id_kind_store_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "booking_mask",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("resource_id", sa.BigInteger(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("begins", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("open", sa.LargeBinary(), nullable=False),
        sa.Column("free", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "resource_id"],
            ["schedule_resource.tenant_id", "schedule_resource.id"],
            name=op.f("fk_booking_mask_tenant_id_resource_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_booking_mask_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_booking_mask")),
        sa.UniqueConstraint(
            "tenant_id", "resource_id", "on_date", name=op.f("uq_booking_mask_tenant_id_resource_id_on_date")
        ),
    )
    op.create_index("ix_booking_mask_store", "booking_mask", ["tenant_id", "store_id", "on_date"], unique=False)
    for statement in (*locks(), *counting(), *forgetting()):
        op.get_bind().exec_driver_sql(statement)


def locks() -> list[str]:
    """Both are derived; a mask that is not true any more goes."""
    return [
        *policies.lock("schedule_version", "SELECT, INSERT, UPDATE (number)"),
        *policies.lock("booking_mask", "SELECT, INSERT, UPDATE (version, begins, ends, open, free), DELETE"),
    ]


def counting() -> list[str]:
    """Every change of the schedule counts on, whoever makes it. A number that was rolled back never comes again."""
    return [
        "CREATE SEQUENCE schedule_versions",
        f"GRANT USAGE ON SEQUENCE schedule_versions TO {policies.APP}",
        """CREATE FUNCTION schedule_changed(of integer, changed text, store bigint) RETURNS void LANGUAGE sql AS $$
        INSERT INTO schedule_version (tenant_id, kind, store_id, number)
        VALUES (of, changed, store, nextval('schedule_versions'))
        ON CONFLICT (tenant_id, kind, store_id) DO UPDATE SET number = nextval('schedule_versions') $$""",
        """CREATE FUNCTION schedule_hours_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP <> 'INSERT' THEN PERFORM schedule_changed(OLD.tenant_id, 'hours', OLD.store_id); END IF;
        IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NEW.store_id IS DISTINCT FROM OLD.store_id) THEN
        PERFORM schedule_changed(NEW.tenant_id, 'hours', NEW.store_id); END IF; RETURN NULL; END $$""",
        """CREATE FUNCTION schedule_types_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        PERFORM schedule_changed(CASE TG_OP WHEN 'DELETE' THEN OLD.tenant_id ELSE NEW.tenant_id END, 'types', NULL);
        RETURN NULL; END $$""",
        *(_after(f"schedule_{name}", "schedule_hours_changed") for name in OF_A_STORE),
        *(_after(f"schedule_{name}", "schedule_types_changed") for name in OF_THE_CHAIN),
    ]


def forgetting() -> list[str]:
    """Whoever changes a resource's day holds that resource, so that nobody counts out meanwhile what was before."""
    return [
        """CREATE FUNCTION booking_day_changed(of integer, whose bigint, first timestamptz, last timestamptz)
        RETURNS void LANGUAGE sql AS $$
        SELECT 1 FROM schedule_resource WHERE tenant_id = of AND id = whose FOR NO KEY UPDATE;
        DELETE FROM booking_mask WHERE tenant_id = of AND resource_id = whose AND begins < last AND ends > first $$""",
        """CREATE FUNCTION booking_part_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP <> 'INSERT' THEN
        PERFORM booking_day_changed(OLD.tenant_id, OLD.resource_id, OLD.starts_at, OLD.ends_at); END IF;
        IF TG_OP = 'INSERT' THEN
        PERFORM booking_day_changed(NEW.tenant_id, NEW.resource_id, NEW.starts_at, NEW.ends_at); END IF;
        RETURN NULL; END $$""",
        _after("booking_part", "booking_part_changed"),
    ]


def _after(table: str, function: str) -> str:
    return (
        f"CREATE TRIGGER {function} AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE "
        f"FUNCTION {function}()"
    )
