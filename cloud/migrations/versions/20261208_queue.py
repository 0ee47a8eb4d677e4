"""Who is here today: stations, tickets, steps, every hand-off; what may follow what, and the trigger that holds it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies

revision = "20261208_queue"
down_revision = "20261207_wanted"

MOVED = "state, by, through, why, moved_at"
RIGHTS = {
    "queue_station": "SELECT, INSERT, UPDATE (names, place, paid_first, closed, calls, called_on)",
    "queue_desk": "SELECT, INSERT, UPDATE (names, number, closed)",
    "queue_kind": "SELECT, INSERT, UPDATE (names, first_id, priority, fee, quota, free_days, kiosk, closed)",
    "queue_lease": "SELECT, INSERT, UPDATE (given)",
    "queue_stay": f"SELECT, INSERT, UPDATE (patient_id, kind_id, due_at, priority, fee, {MOVED})",
    "queue_step": f"SELECT, INSERT, UPDATE (desk_id, staff_id, served_by, queued_at, not_before, turn, {MOVED})",
    "queue_task": f"SELECT, INSERT, UPDATE (stay_id, order_id, told, picked_by, {MOVED})",
    "queue_move": "SELECT",
    "queue_clearing": "SELECT, INSERT",
    "queue_screen": "SELECT, INSERT, UPDATE (name, stations, ended, seen_at)",
    "queue_saying": "SELECT, INSERT, UPDATE (who, languages)",
    "queue_call": "SELECT, INSERT, UPDATE (who, orders, away, shown_at)",
    "queue_press": "SELECT, INSERT, UPDATE (outcome)",
}
# As the machines were drawn when this was written; a test holds them to cloud/queue/machines.py.
DRAWN = {
    "stay": (
        ": here",
        "here: done left cancelled",
        "done: here",
        "left: here",
    ),
    "counter": (
        ": planned waiting",
        "planned: waiting skipped cancelled",
        "waiting: called serving held skipped moved left cancelled",
        "called: called serving missed waiting left cancelled",
        "missed: waiting called left cancelled",
        "held: waiting serving left cancelled",
        "serving: done held waiting moved left",
        "done: serving",
        "skipped: waiting",
        "left: waiting",
    ),
    "doctor": (
        ": planned waiting",
        "planned: waiting skipped cancelled",
        "waiting: called in_room held skipped moved left cancelled",
        "called: called in_room reviewing missed waiting returned left cancelled",
        "missed: waiting returned called left cancelled",
        "held: waiting left cancelled",
        "in_room: exam_draft waiting held moved left discharged",
        "exam_draft: orders_placed signed left",
        "orders_placed: returned reviewing left",
        "returned: called reviewing left",
        "reviewing: orders_placed signed left",
        "signed: discharged",
        "discharged: reviewing",
        "skipped: waiting",
        "left: waiting",
    ),
    "check_up": (
        ": drafted ordered",
        "drafted: ordered cancelled",
        "ordered: awaiting_payment authorised refused cancelled expired",
        "awaiting_payment: authorised cancelled expired",
        "authorised: queued cancelled expired",
        "queued: identified refused cancelled expired",
        "identified: in_progress refused cancelled",
        "in_progress: captured repeat_requested cancelled",
        "captured: validated repeat_requested",
        "repeat_requested: queued cancelled",
        "validated: published",
        "published: seen",
        "seen: told",
        "told: closed",
    ),
    "dispensary": (
        ": prescribed",
        "prescribed: clinical_check cancelled",
        "clinical_check: awaiting_payment reserved refused cancelled",
        "awaiting_payment: reserved cancelled",
        "reserved: picked cancelled",
        "picked: second_check reserved cancelled",
        "second_check: labelled reserved",
        "labelled: handed_out cancelled",
        "handed_out: counselled returned",
        "counselled: closed returned",
        "closed: returned",
        "returned: inspected",
        "inspected: restocked destroyed",
    ),
}
# The function belongs to the directory, so that nobody else can write a hand-off that did not happen.
KEEP = """
CREATE FUNCTION queue_keep_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE earlier text := ''; said jsonb := to_jsonb(NEW); -- PostgreSQL 15 takes NEW.by for its own word
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.machine <> OLD.machine THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'a machine does not change';
        END IF;
        IF NEW.state = OLD.state AND NEW.moved_at = OLD.moved_at THEN RETURN NULL; END IF;
        earlier := OLD.state;
    END IF;
    IF NOT EXISTS (
        SELECT FROM queue_drawn WHERE machine = NEW.machine AND was = earlier AND becomes = NEW.state
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'queue_drawn',
            MESSAGE = NEW.machine || ': ' || NEW.state || ' does not follow "' || earlier || '"';
    END IF;
    INSERT INTO queue_move (tenant_id, stay_id, machine, subject, was, becomes, desk_id, by, through, why, at)
    VALUES (NEW.tenant_id, CASE WHEN TG_TABLE_NAME = 'queue_stay' THEN NEW.id ELSE (said ->> 'stay_id')::bigint END,
        NEW.machine, NEW.id, earlier, NEW.state, (said ->> 'desk_id')::bigint, (said ->> 'by')::bigint, NEW.through,
        NEW.why, NEW.moved_at);
    RETURN NULL;
END $$"""

# Where a result came home, money may have been taken, or a former day's test was never begun.
LOOPS_DUE = """
SELECT DISTINCT t.tenant_id, t.store_id FROM queue_task t
LEFT JOIN queue_stay s ON s.tenant_id = t.tenant_id AND s.id = t.stay_id
LEFT JOIN worklist_order o ON o.tenant_id = t.tenant_id AND o.id = t.order_id
JOIN accounts_store p ON p.tenant_id = t.tenant_id AND p.id = t.store_id
WHERE t.state IN ('ordered', 'awaiting_payment', 'authorised', 'queued', 'in_progress') AND (
    (t.state = 'in_progress' AND o.state = 'done')
    OR (t.state IN ('awaiting_payment', 'authorised') AND coalesce(s.day, current_date) >= current_date - 2)
    OR (t.machine = 'check_up' AND t.state <> 'in_progress' AND s.day < (now() AT TIME ZONE p.zone)::date))
"""


def upgrade() -> None:
    _let_calls_pass()
    _tables()
    _hold_machines()
    for table, rights in RIGHTS.items():
        for statement in policies.lock(table, rights):
            op.get_bind().exec_driver_sql(statement)
    _let_in()


def _let_calls_pass() -> None:
    """A call does not wait for the one before it, and a button is nobody."""
    op.alter_column("fleet_order", "asked_by", nullable=True)
    op.drop_index("uq_fleet_order_live", "fleet_order")
    op.create_index(
        "uq_fleet_order_live",
        "fleet_order",
        ["tenant_id", "gateway_id", "dev", "verb"],
        unique=True,
        postgresql_where=sa.text(
            "state IN ('queued', 'sent', 'running') AND verb NOT IN ('call_patient', 'print_ticket')"
        ),
        postgresql_nulls_not_distinct=True,
    )


def _hold_machines() -> None:
    drawn = op.create_table(
        "queue_drawn",
        sa.Column("machine", sa.String(length=10), nullable=False),
        sa.Column("was", sa.String(length=18), nullable=False),
        sa.Column("becomes", sa.String(length=18), nullable=False),
        sa.PrimaryKeyConstraint("machine", "was", "becomes", name=op.f("pk_queue_drawn")),
    )
    lines = ((machine, line.split(":")) for machine, lines in DRAWN.items() for line in lines)
    rows = [
        {"machine": machine, "was": was.strip(), "becomes": becomes}
        for machine, (was, all_) in lines
        for becomes in all_.split()
    ]
    op.bulk_insert(drawn, rows)
    run = op.get_bind().exec_driver_sql
    run(f"GRANT SELECT ON queue_drawn TO {policies.APP}, {policies.DIRECTORY}")
    run(KEEP)
    run(f"ALTER FUNCTION queue_keep_move() OWNER TO {policies.DIRECTORY}")
    run("REVOKE ALL ON FUNCTION queue_keep_move() FROM PUBLIC")
    run(f"GRANT EXECUTE ON FUNCTION queue_keep_move() TO {policies.APP}")
    run(f"GRANT INSERT ON queue_move TO {policies.DIRECTORY}")
    ours = f"WITH CHECK (tenant_id = {policies.TENANT})"
    run(f"CREATE POLICY stamps ON queue_move FOR INSERT TO {policies.DIRECTORY} {ours}")
    for table in ("queue_stay", "queue_step", "queue_task"):
        run(
            f"CREATE TRIGGER keep_move AFTER INSERT OR UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION queue_keep_move()"
        )


def _let_in() -> None:
    """Whoever holds a token finds the chain it belongs to, and nothing else."""
    for statement in (
        *policies.let_directory_read("queue_screen", "tenant_id, id, digest, ended"),
        *policies.let_directory_read("queue_stay", "tenant_id, id, digest, day"),
        *policies.let_directory_read("queue_task", "tenant_id, store_id, stay_id, order_id, machine, state"),
        *policies.let_directory_read("worklist_order", "tenant_id, id, state"),
        f"GRANT SELECT (zone) ON accounts_store TO {policies.DIRECTORY}",
        *policies.directory_function(
            "queue_screen_holder(asked text)",
            "TABLE (of_tenant integer, screen_id bigint)",
            "SELECT tenant_id, id FROM queue_screen WHERE digest = asked AND NOT ended",
        ),
        *policies.directory_function(
            "queue_stay_holder(asked text)",
            "TABLE (of_tenant integer, stay_id bigint)",
            "SELECT tenant_id, id FROM queue_stay WHERE digest = asked",
        ),
        *policies.directory_function("queue_loops_due()", "TABLE (tenant_id integer, store_id bigint)", LOOPS_DUE),
    ):
        op.get_bind().exec_driver_sql(statement)


def _tables() -> None:
    op.create_table(
        "queue_station",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("sort", sa.String(length=12), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("paid_first", sa.Boolean(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("called_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_queue_station_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_queue_station")),
    )
    op.create_index("ix_queue_station_store", "queue_station", ["tenant_id", "store_id"], unique=False)
    op.create_table(
        "queue_desk",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("station_id", sa.BigInteger(), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=True),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "station_id"],
            ["queue_station.tenant_id", "queue_station.id"],
            name=op.f("fk_queue_desk_tenant_id_station_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_queue_desk")),
    )
    op.create_index("ix_queue_desk_station", "queue_desk", ["tenant_id", "station_id"], unique=False)
    op.create_table(
        "queue_kind",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("fee", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=True),
        sa.Column("free_days", sa.SmallInteger(), nullable=False),
        sa.Column("kiosk", sa.Boolean(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("letter ~ '^[A-Z]$'", name=op.f("ck_queue_kind_a_letter")),
        sa.CheckConstraint("fee >= 0", name=op.f("ck_queue_kind_no_negative_fee")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "first_id"],
            ["queue_station.tenant_id", "queue_station.id"],
            name=op.f("fk_queue_kind_tenant_id_first_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_queue_kind_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_queue_kind")),
        sa.UniqueConstraint("tenant_id", "store_id", "code", name=op.f("uq_queue_kind_tenant_id_store_id_code")),
    )
    op.create_table(
        "queue_lease",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("first", sa.SmallInteger(), nullable=False),
        sa.Column("last", sa.SmallInteger(), nullable=False),
        sa.Column("given", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint(
            "first >= 1 AND last <= 999 AND given BETWEEN first - 1 AND last", name=op.f("ck_queue_lease_within")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "gateway_id"],
            ["fleet_gateway.tenant_id", "fleet_gateway.id"],
            name=op.f("fk_queue_lease_tenant_id_gateway_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_queue_lease_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_queue_lease")),
        sa.UniqueConstraint(
            "tenant_id",
            "store_id",
            "day",
            "letter",
            "first",
            name=op.f("uq_queue_lease_tenant_id_store_id_day_letter_first"),
        ),
    )
    op.create_table(
        "queue_stay",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ticket", sa.String(length=4), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=True),
        sa.Column("visit_id", sa.BigInteger(), nullable=True),
        sa.Column("kind_id", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("fee", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("machine", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("through", sa.String(length=8), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_queue_stay_tenant_id_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "kind_id"],
            ["queue_kind.tenant_id", "queue_kind.id"],
            name=op.f("fk_queue_stay_tenant_id_kind_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_queue_stay_tenant_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_queue_stay_tenant_id_store_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "visit_id"],
            ["booking_visit.tenant_id", "booking_visit.id"],
            name=op.f("fk_queue_stay_tenant_id_visit_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_queue_stay")),
        sa.UniqueConstraint("digest", name=op.f("uq_queue_stay_digest")),
        sa.UniqueConstraint(
            "tenant_id", "store_id", "day", "ticket", name=op.f("uq_queue_stay_tenant_id_store_id_day_ticket")
        ),
    )
    op.create_index("ix_queue_stay_day", "queue_stay", ["tenant_id", "store_id", "day"], unique=False)
    op.create_index("ix_queue_stay_patient", "queue_stay", ["tenant_id", "patient_id", "day"], unique=False)
    op.create_index(
        "uq_queue_stay_visit",
        "queue_stay",
        ["tenant_id", "visit_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'cancelled'"),
    )
    op.create_table(
        "queue_step",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("stay_id", sa.BigInteger(), nullable=False),
        sa.Column("station_id", sa.BigInteger(), nullable=False),
        sa.Column("desk_id", sa.BigInteger(), nullable=True),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("served_by", sa.BigInteger(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.Integer(), nullable=False),
        sa.Column("turn", sa.SmallInteger(), nullable=False),
        sa.Column("machine", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=14), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("through", sa.String(length=8), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_queue_step_tenant_id_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "desk_id"],
            ["queue_desk.tenant_id", "queue_desk.id"],
            name=op.f("fk_queue_step_tenant_id_desk_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "served_by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_queue_step_tenant_id_served_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "staff_id"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_queue_step_tenant_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "station_id"],
            ["queue_station.tenant_id", "queue_station.id"],
            name=op.f("fk_queue_step_tenant_id_station_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "stay_id"],
            ["queue_stay.tenant_id", "queue_stay.id"],
            name=op.f("fk_queue_step_tenant_id_stay_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_queue_step")),
    )
    op.create_index(
        "ix_queue_step_line",
        "queue_step",
        ["tenant_id", "station_id"],
        unique=False,
        postgresql_where=sa.text(
            "state NOT IN ('done', 'skipped', 'moved', 'left', 'cancelled', 'discharged', 'planned')"
        ),
    )
    op.create_index("ix_queue_step_stay", "queue_step", ["tenant_id", "stay_id", "id"], unique=False)
    op.create_table(
        "queue_task",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("stay_id", sa.BigInteger(), nullable=True),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("told", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("picked_by", sa.BigInteger(), nullable=True),
        sa.Column("machine", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=18), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("through", sa.String(length=8), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asked_by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_queue_task_tenant_id_asked_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_queue_task_tenant_id_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["worklist_order.tenant_id", "worklist_order.id"],
            name=op.f("fk_queue_task_tenant_id_order_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_queue_task_tenant_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "picked_by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_queue_task_tenant_id_picked_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "stay_id"],
            ["queue_stay.tenant_id", "queue_stay.id"],
            name=op.f("fk_queue_task_tenant_id_stay_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_queue_task_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_queue_task")),
    )
    op.create_index(
        "ix_queue_task_open",
        "queue_task",
        ["tenant_id", "store_id"],
        unique=False,
        postgresql_where=sa.text(
            "state NOT IN ('closed', 'cancelled', 'refused', 'expired', 'restocked', 'destroyed')"
        ),
    )
    op.create_index(
        "ix_queue_task_going",
        "queue_task",
        ["tenant_id", "store_id"],
        unique=False,
        postgresql_where=sa.text("state IN ('ordered', 'awaiting_payment', 'authorised', 'queued', 'in_progress')"),
    )
    op.create_index("ix_queue_task_patient", "queue_task", ["tenant_id", "patient_id", "id"], unique=False)
    op.create_index("ix_queue_task_stay", "queue_task", ["tenant_id", "stay_id"], unique=False)
    op.create_table(
        "queue_move",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("stay_id", sa.BigInteger(), nullable=True),
        sa.Column("machine", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.BigInteger(), nullable=False),
        sa.Column("was", sa.String(length=18), nullable=False),
        sa.Column("becomes", sa.String(length=18), nullable=False),
        sa.Column("desk_id", sa.BigInteger(), nullable=True),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("through", sa.String(length=8), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_queue_move_tenant_id_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "stay_id"],
            ["queue_stay.tenant_id", "queue_stay.id"],
            name=op.f("fk_queue_move_tenant_id_stay_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_queue_move")),
    )
    op.create_index("ix_queue_move_stay", "queue_move", ["tenant_id", "stay_id", "id"], unique=False)
    op.create_index("ix_queue_move_subject", "queue_move", ["tenant_id", "machine", "subject", "id"], unique=False)
    op.create_table(
        "queue_clearing",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("stay_id", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=True),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_queue_clearing_tenant_id_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "stay_id"],
            ["queue_stay.tenant_id", "queue_stay.id"],
            name=op.f("fk_queue_clearing_tenant_id_stay_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "task_id"],
            ["queue_task.tenant_id", "queue_task.id"],
            name=op.f("fk_queue_clearing_tenant_id_task_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_queue_clearing")),
    )
    op.create_index("ix_queue_clearing_stay", "queue_clearing", ["tenant_id", "stay_id", "id"], unique=False)
    op.create_table(
        "queue_screen",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("sort", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("stations", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_queue_screen_tenant_id_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_queue_screen_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_queue_screen")),
        sa.UniqueConstraint("digest", name=op.f("uq_queue_screen_digest")),
    )
    op.create_index("ix_queue_screen_store", "queue_screen", ["tenant_id", "store_id"], unique=False)
    op.create_table(
        "queue_saying",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(length=8), nullable=False),
        sa.Column("languages", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_queue_saying_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_queue_saying")),
        sa.UniqueConstraint("tenant_id", "store_id", name=op.f("uq_queue_saying_tenant_id_store_id")),
    )
    op.create_table(
        "queue_call",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("step_id", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("desk_id", sa.BigInteger(), nullable=True),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("turn", sa.SmallInteger(), nullable=False),
        sa.Column("who", sa.String(length=60), nullable=False),
        sa.Column("orders", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("away", sa.Boolean(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"],
            ["accounts_staff.tenant_id", "accounts_staff.id"],
            name=op.f("fk_queue_call_tenant_id_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "desk_id"],
            ["queue_desk.tenant_id", "queue_desk.id"],
            name=op.f("fk_queue_call_tenant_id_desk_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "step_id"],
            ["queue_step.tenant_id", "queue_step.id"],
            name=op.f("fk_queue_call_tenant_id_step_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_queue_call_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_queue_call")),
    )
    op.create_index("ix_queue_call_step", "queue_call", ["tenant_id", "step_id", "id"], unique=False)
    op.create_index("ix_queue_call_store", "queue_call", ["tenant_id", "store_id", "id"], unique=False)
    op.create_table(
        "queue_press",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("gateway_id", sa.BigInteger(), nullable=False),
        sa.Column("press", sa.String(length=40), nullable=False),
        sa.Column("dev", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("pressed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "gateway_id"],
            ["fleet_gateway.tenant_id", "fleet_gateway.id"],
            name=op.f("fk_queue_press_tenant_id_gateway_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["accounts_store.tenant_id", "accounts_store.id"],
            name=op.f("fk_queue_press_tenant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_queue_press")),
        sa.UniqueConstraint("tenant_id", "press", name=op.f("uq_queue_press_tenant_id_press")),
    )
    op.create_index("ix_queue_press_store", "queue_press", ["tenant_id", "store_id", "id"], unique=False)
