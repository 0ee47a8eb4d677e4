"""No tenant, no rows: asked of PostgreSQL itself, table by table."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import Engine, ForeignKeyConstraint, Table, insert, inspect, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError, StatementError
from sqlalchemy.orm import Session

import cloud.migrations.tables  # noqa: F401
from cloud.kernel.database import Base, outside, unit_of_work
from cloud.kernel.tenancy import NoTenant, acting_for, current_tenant
from cloud.people.models import Patient
from cloud.readings.models import Cursor
from tests.cloud.people_here import World, found
from tests.cloud.rows import fill

# Whatever is asked of a table is asked of every table of the schema; these few belong to no chain.
GLOBAL = {
    "accounts_failed_sign_in": "a wrong password is counted before anyone knows whose address it is",
    "prescriptions_guess": "a code that fits nothing is counted; it belongs to no chain",
    "enrolment_guess": "a claim that fits nothing is counted; it belongs to no chain",
    "releases_release": "a release is the same bytes for every chain, proved by a signature no chain can make",
    "releases_piece": "its archives, by their digest",
    "queue_drawn": "which state may follow which is the same for every chain",
    "alembic_version": "the schema is the same for every chain",
}
CHAIN = "accounts_chain"  # a chain's own row is its tenant row; its key is called id
TABLES = sorted(Base.metadata.tables.values(), key=lambda table: table.name)
TENANT_TABLES = [table for table in TABLES if table.name not in GLOBAL]
GROWING = {
    *("audit_entry", "fleet_happening", "readings_reading", "readings_capture", "readings_dead_letter"),
    *("shadow_desired", "shadow_reported", "worklist_change", "worklist_step"),
    *("readings_filing", "readings_decision", "readings_clock_fix", "readings_replay", "calculators_choice"),
    *(f"people_{name}" for name in ("change", "consent", "preference", "distinct", "label")),
    *(f"clinic_{name}" for name in ("encounter", "discard", "version", "observation", "finding", "figure")),
    *(f"clinic_{name}" for name in ("recall", "recall_event")),
    *(f"releases_{name}" for name in ("ring", "pick", "rollout", "step", "target")),
    *("operations_alert_change", "operations_threshold", "operations_service"),
    *(f"prescriptions_{name}" for name in ("prescription", "eye", "lens", "drug", "ending", "proof", "release")),
    *(f"enrolment_{name}" for name in ("approval", "passage", "policy")),
    "blobs_blob",
    "booking_change",
    "planning_change",
    *("queue_move", "queue_clearing"),
    *(f"messages_{name}" for name in ("enclosure", "step", "kept", "reply")),
}
STAMPED = ("queue_move",)  # written by a trigger alone, of rows that are held to their chain themselves
FOREIGN = [
    pytest.param(table, key, id=f"{table.name}.{key.column_keys[-1]}")
    for table in TENANT_TABLES
    if table.name not in STAMPED
    for key in sorted(table.constraints, key=lambda one: str(one.name))
    if isinstance(key, ForeignKeyConstraint) and len(key.column_keys) == 2
]
# Other values wherever a row must be the only one of its kind.
WORDS = (
    "slug",
    "event_id",
    "dev",
    "lane",
    "accession",
    "study_uid",
    "sha256",
    "record_number",
    "email",
    "command_id",
    "token_hash",
    "code_hash",
    "subject",
    "digest",
)
FRESH = {
    "epoch": 99,
    "number": 99,
    "heading": "fresh",
    "key": uuid4(),
    "uid": uuid4(),
    "taken": "over",
    "fingerprint": "fresh",
    **dict.fromkeys(WORDS, "fresh"),
}
# A trigger takes versions in their order only, signed now; and what transaction it was, the database says itself.
FIRST_OF_ITS_KIND = {
    "clinic_version": {"number": 1, "previous": None},
    "worklist_step": {"uid": "1.2.840.99"},
    "schedule_resource": {"name": "fresh"},
    "booking_mask": {"on_date": date(2040, 1, 1)},
    "queue_kind": {"code": "fresh"},
    "queue_press": {"press": "fresh"},
    "queue_kept": {"n": 99},
    "queue_holding": {"taken": 0},
    "queue_lease": {"first": 500, "last": 510, "given": 499},
    "queue_stay": {"ticket": "Z999", "visit_id": None},
}
SAID_BY_THE_DATABASE = {"clinic_version": ("transaction", "signed_at")}
REFUSED, NO_SUCH_ROW = "42501", "23503"  # by a right that is missing or by the row policy; by a foreign key

each_tenant_table = pytest.mark.parametrize("table", TENANT_TABLES, ids=lambda table: table.name)


@pytest.fixture(scope="module")
def world(owner: Engine, engine: Engine, cheap_passwords: None) -> World:
    """One for all: every test here proves that nothing changed."""
    return found(owner, engine, 900_001)


@pytest.fixture(scope="module")
def rows(engine: Engine, world: World) -> dict[str, dict[str, object]]:
    """A row of chain one in every table, by table."""
    return fill(engine, world)


def column(table: Table) -> str:
    return "id" if table.name == CHAIN else "tenant_id"


def refusal(session: Session, statement: object) -> str:
    """The code with which PostgreSQL refuses a statement."""
    with pytest.raises(DBAPIError) as refused, session.begin_nested():
        session.execute(statement)  # type: ignore[call-overload]
    return str(refused.value.orig.sqlstate)  # type: ignore[union-attr]


def test_every_table_of_the_database_is_a_chains_or_global_with_a_reason(owner):
    there = set(inspect(owner).get_table_names())

    assert there == {table.name for table in TENANT_TABLES} | set(GLOBAL)
    assert all(column(table) in table.c for table in TENANT_TABLES)


@each_tenant_table
def test_every_key_begins_with_the_tenant(table):
    assert next(iter(table.primary_key.columns)).name == column(table)
    for key in table.foreign_key_constraints:
        assert key.column_keys[0] == "tenant_id"


@each_tenant_table
def test_row_policies_are_enabled_and_forced(owner, table):
    asked = text("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = to_regclass(:name)")
    with owner.connect() as connection:
        assert connection.execute(asked, {"name": table.name}).one() == (True, True)


@each_tenant_table
def test_charlies_chain_sees_no_row_of_chain_one(engine, world, rows, table):
    counted = text(f"SELECT count(*) FROM {table.name} WHERE {column(table)} = :one")
    with unit_of_work(engine, world.one) as session:
        assert session.scalar(counted, {"one": world.one}) > 0
    with unit_of_work(engine, world.two) as session:
        assert session.scalar(counted, {"one": world.one}) == 0
        assert (
            session.scalar(text(f"SELECT count(*) FROM {table.name} WHERE {column(table)} <> :two"), {"two": world.two})
            == 0
        )


@each_tenant_table
def test_without_a_chain_there_are_no_rows(engine, rows, table):
    with outside(engine) as session:
        assert session.scalar(text(f"SELECT count(*) FROM {table.name}")) == 0


@each_tenant_table
def test_a_row_cannot_be_put_into_another_chain(engine, world, rows, table):
    row = {**rows[table.name], column(table): world.one}
    with unit_of_work(engine, world.two) as session:
        assert refusal(session, insert(table).values(row)) == REFUSED
    with outside(engine) as session:
        assert refusal(session, insert(table).values(row)) == REFUSED


@each_tenant_table
def test_charlies_chain_changes_and_removes_nothing_of_chain_one(owner, engine, world, rows, table):
    theirs = table.c[column(table)] == world.one
    with unit_of_work(engine, world.one) as session:
        before = session.execute(select(table).where(theirs)).all()
    with unit_of_work(engine, world.two) as session:
        for attempt in (update(table).where(theirs).values({column(table): world.two}), table.delete().where(theirs)):
            assert touched(session, attempt) == 0
    with unit_of_work(engine, world.one) as session:
        assert session.execute(select(table).where(theirs)).all() == before


def touched(session: Session, attempt: object) -> int:
    """How many rows the attempt reached; one that is not even granted reached none."""
    try:
        with session.begin_nested():
            return session.execute(attempt).rowcount  # type: ignore[call-overload,no-any-return]
    except ProgrammingError as refusal:
        assert refusal.orig.sqlstate == REFUSED  # type: ignore[union-attr]
        return 0


@each_tenant_table
def test_a_row_cannot_be_moved_to_another_chain(engine, world, rows, table):
    mine = table.c[column(table)] == world.one
    with unit_of_work(engine, world.one) as session:
        assert refusal(session, update(table).where(mine).values({column(table): world.two})) == REFUSED


@pytest.mark.parametrize(("table", "key"), FOREIGN)
def test_a_row_cannot_point_at_another_chains_row(engine, world, rows, table, key):
    """Charlie's chain makes a row that refers to the id of a row in chain one."""
    pointing = key.column_keys[1]
    target = rows[key.referred_table.name][key.elements[1].column.name]
    fresh = {name: value for name, value in FRESH.items() if name in table.c}
    if table.name == "queue_holding":  # a store has one; this is the first store's
        fresh["store_id"] = rows["two"]["accounts_store"]["id"]
    mine = {**rows["two"][table.name], **fresh, **FIRST_OF_ITS_KIND.get(table.name, {}), pointing: target}
    for name in ("id", *SAID_BY_THE_DATABASE.get(table.name, ())):
        mine.pop(name, None)
    with unit_of_work(engine, world.two) as session, pytest.raises(IntegrityError) as refusal:
        session.execute(insert(table).values(mine))
    assert refusal.value.orig.sqlstate == NO_SUCH_ROW


@pytest.mark.parametrize("name", sorted(GROWING))
def test_what_was_said_is_never_changed_or_removed(engine, world, rows, name):
    table = Base.metadata.tables[name]
    with unit_of_work(engine, world.one) as session:
        before = session.execute(select(table)).all()
        for field in table.c:
            assert refusal(session, update(table).values({field.name: field})) == REFUSED
        assert refusal(session, table.delete()) == REFUSED
        assert refusal(session, text(f"TRUNCATE {name}")) == REFUSED
        assert session.execute(select(table)).all() == before


def test_of_a_seat_only_the_leaving_can_be_written(engine, world, rows):
    seats = Base.metadata.tables["readings_seat"]
    with unit_of_work(engine, world.one) as session:
        for field in seats.c:
            if field.name != "left_at":
                assert refusal(session, update(seats).values({field.name: field})) == REFUSED
        assert refusal(session, seats.delete()) == REFUSED


def test_nobodys_rows_are_removed_except_posts_and_counted_guesses(owner):
    asked = "SELECT table_name FROM information_schema.table_privileges WHERE grantee = 'emmetra_app' AND "
    asked += "privilege_type = :right"
    with owner.connect() as connection:
        assert set(connection.scalars(text(asked), {"right": "DELETE"})) == {
            *("accounts_post", "accounts_failed_sign_in", "prescriptions_guess", "enrolment_guess"),
            # what is being written and who is looking on, neither of them the record
            *("clinic_draft", "clinic_entry", "clinic_presence"),
            # whom an import has added, while that import is undone: tests/cloud/imports/test_imports.py
            *("people_patient", "people_contact", "people_tagging"),
            "fleet_bundle",  # a file that an order brought has its time
            "blobs_upload",  # what is on its way, until it is kept
            "imaging_rendition",  # derived of an original, and made again from it
            # rules of how to book; times nobody has yet
            *(f"schedule_{name}" for name in ("dated", "segment", "need", "length", "offered", "quota")),
            *(f"booking_{name}" for name in ("hold", "part", "key", "freed", "mask", "telling")),
            *("direct_flow", "direct_try"),  # a way through the pages until its end; counted tries
            *("telemetry_sample", "telemetry_hour"),  # figures of machines, bounded in age and number
        }
        assert set(connection.scalars(text(asked), {"right": "TRUNCATE"})) == set()


def test_every_process_has_stepped_down(engine):
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT current_user")) == "emmetra_app"
        asked = text(
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcanlogin FROM pg_roles WHERE rolname = current_user"
        )
        assert connection.scalar(asked) is False


def test_the_application_role_owns_nothing(owner):
    with owner.connect() as connection:
        owned = text("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = 'emmetra_app'")
        assert connection.scalar(owned) == 0


def test_the_chosen_chain_is_forgotten_with_the_transaction(engine, world):
    with unit_of_work(engine, world.one):
        pass
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT NULLIF(current_setting('emmetra.tenant', true), '')")) is None


@pytest.mark.parametrize("nonsense", ["", "0", "-1"])
def test_a_chain_that_does_not_exist_has_no_rows(engine, world, nonsense):
    with outside(engine) as session:
        session.execute(text("SELECT set_config('emmetra.tenant', :nonsense, true)"), {"nonsense": nonsense})
        assert session.scalar(text("SELECT count(*) FROM people_patient")) == 0


def test_a_unit_of_work_knows_its_chain_and_nothing_else_does(engine, world):
    with unit_of_work(engine, world.one), acting_for(world.two):
        assert current_tenant() == world.two
    with pytest.raises(NoTenant):
        current_tenant()


def test_an_object_without_a_chain_is_refused_before_it_reaches_the_database(engine, world):
    with pytest.raises(StatementError) as refusal, outside(engine) as session:
        session.add(Patient(record_number="R-9", family_name="Nobody"))
        session.flush()
    assert isinstance(refusal.value.orig, NoTenant)


def test_the_directory_gives_ids_and_nothing_else(engine, world):
    with outside(engine) as session:
        staff = session.execute(text("SELECT * FROM accounts_find_staff(:a)"), {"a": world.alice.email}).one()
        gateway = session.execute(
            text("SELECT * FROM fleet_find_gateway(:c, 'pier', 'gw-1')"), {"c": world.pier.address.tenant}
        ).one()
        orders = session.execute(text("SELECT * FROM fleet_open_orders()")).all()
    assert {tuple(order._fields) for order in orders} <= {("tenant_id", "order_id")}
    assert staff._asdict() == {"tenant_id": world.one, "staff_id": world.alice.id}
    assert gateway._asdict() == {
        "tenant_id": world.one,
        "store_id": world.pier.id,
        "gateway_id": world.pier.sender.gateway_id,
        "status": "enrolled",
    }


def test_these_are_the_directory_functions_and_only_the_application_may_call_them(owner):
    asked = text(
        "SELECT proname, proacl::text[] FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )
    with owner.connect() as connection:
        found = {name: {grant.partition("=")[0] for grant in grants} for name, grants in connection.execute(asked)}
    assert found == {
        name: {"emmetra_app", "emmetra_directory"}
        for name in (
            *("accounts_find_staff", "fleet_find_gateway", "fleet_open_orders", "prescriptions_find_proof"),
            *("people_find_newest", "people_find_pieces", "imports_due"),
            "accounts_chains",
            *(f"enrolment_{name}" for name in ("find_claim", "find_certificate", "revoked", "to_kick")),
            *("shadow_unpublished", "releases_due", "imaging_due", "imaging_older", "worklist_due"),
            *("blobs_of_ticket", "blobs_untold", "blobs_stale"),
            *("booking_due", "booking_link_place"),
            *("queue_screen_holder", "queue_stay_holder", "queue_keep_move", "queue_loops_due"),
            "queue_books_due",
            *("direct_find_store", "direct_over", "messages_due"),
            *("exchange_chains", "exchange_due", "exchange_key_holder", "exchange_feed_holder"),
        )
    }


def test_the_directory_writes_nothing_but_the_stamps_of_hand_offs(owner):
    asked = "SELECT table_name, privilege_type FROM information_schema.role_table_grants "
    asked += "WHERE grantee = 'emmetra_directory' AND privilege_type <> 'SELECT'"
    with owner.connect() as connection:
        assert [tuple(row) for row in connection.execute(text(asked))] == [("queue_move", "INSERT")]


def test_the_directory_cannot_read_what_is_not_its_business(owner):
    asked = text(
        "SELECT table_name, column_name FROM information_schema.column_privileges "
        "WHERE grantee = 'emmetra_directory' AND privilege_type = 'SELECT'"
    )
    with owner.connect() as connection:
        readable = {f"{table}.{name}" for table, name in connection.execute(asked)}
    assert readable == {
        *("accounts_chain.id", "accounts_chain.slug"),
        *(f"accounts_store.{name}" for name in ("tenant_id", "id", "slug", "zone")),
        *(f"people_search.{name}" for name in ("tenant_id", "patient_id", "line", "sort_key", "grams")),
        *(f"imports_batch.{name}" for name in ("tenant_id", "id", "state")),
        *("accounts_staff.tenant_id", "accounts_staff.id", "accounts_staff.email"),
        *(f"imaging_original.{name}" for name in ("tenant_id", "id", "state", "taken_at", "rule")),
        *(f"blobs_upload.{name}" for name in ("tenant_id", "id", "ticket", "due", "touched_at")),
        *(f"prescriptions_proof.{name}" for name in ("tenant_id", "id", "token_hash", "code_hash")),
        *(f"shadow_standing.{name}" for name in ("tenant_id", "gateway_id", "wanted", "published")),
        *(f"worklist_told.{name}" for name in ("tenant_id", "gateway_id", "due", "until", "busy_until")),
        *(f"fleet_order.{name}" for name in ("tenant_id", "id", "state")),
        *("booking_freed.tenant_id", "booking_telling.tenant_id", "booking_hold.tenant_id", "booking_hold.until"),
        *(f"booking_offer.{name}" for name in ("tenant_id", "state", "until")),
        *("booking_link.tenant_id", "booking_link.digest"),
        *("direct_flow.tenant_id", "direct_flow.until", "direct_try.tenant_id", "direct_try.at"),
        *(f"messages_letter.{name}" for name in ("tenant_id", "id", "state", "due_at", "purpose", "urgent")),
        *(f"exchange_{name}.tenant_id" for name in ("target", "delivery", "key", "feed")),
        *(f"exchange_delivery.{name}" for name in ("id", "state", "due_at")),
        "exchange_target.on",
        *(f"exchange_key.{name}" for name in ("id", "digest", "ended_at")),
        *(f"queue_screen.{name}" for name in ("tenant_id", "id", "digest", "ended")),
        *(f"queue_stay.{name}" for name in ("tenant_id", "id", "digest", "day")),
        *(f"queue_holding.{name}" for name in ("tenant_id", "store_id", "due", "again")),
        *(f"queue_holding.{name}" for name in ("until", "busy_until", "told_at")),
        *(f"queue_task.{name}" for name in ("tenant_id", "store_id", "stay_id", "order_id", "machine", "state")),
        *(f"worklist_order.{name}" for name in ("tenant_id", "id", "state")),
        *(f"queue_drawn.{name}" for name in ("machine", "was", "becomes")),
        *(f"exchange_feed.{name}" for name in ("resource_id", "digest", "ended_at")),
        *("releases_rollout.tenant_id", "releases_rollout.id"),
        *(f"releases_step.{name}" for name in ("tenant_id", "id", "rollout_id", "verb")),
        *(f"enrolment_claim.{name}" for name in ("tenant_id", "id", "code_hash")),
        *(f"enrolment_kick.{name}" for name in ("tenant_id", "id", "due_at")),
        *(f"enrolment_certificate.{name}" for name in ("tenant_id", "id", "gateway_id", "fingerprint", "address")),
        *(f"enrolment_certificate.{name}" for name in ("state", "not_after", "serial_number", "signer", "revoked_at")),
        *(f"fleet_gateway.{name}" for name in ("tenant_id", "id", "store_id", "slug", "status")),
    }


def test_the_owner_too_is_bound_by_the_policies(server, owner, world, rows):
    """On Debian's server the owner is no superuser; the embedded one's is, and a superuser passes."""
    if server.owner == "postgres":
        pytest.skip("the embedded server's owner is a superuser, whom no policy binds")
    with owner.connect() as connection:
        assert (
            connection.scalar(text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"))
            is False
        )
        assert connection.scalar(select(Cursor.__table__.c.hwm)) is None
        assert connection.scalar(text("SELECT count(*) FROM people_patient")) == 0
