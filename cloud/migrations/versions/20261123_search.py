"""Finding a patient by any part of a name, number, telephone or birth date."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cloud.migrations import policies
from cloud.people.findable import Findable
from cloud.people.search import Known

revision = "20261123_search"
down_revision = "20261123_prescriptions"


def upgrade() -> None:
    op.create_table(
        "people_search",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.String(length=200, collation="C"), nullable=False),
        sa.Column("grams", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            name=op.f("fk_people_search_tenant_id_patient_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "patient_id", name=op.f("pk_people_search")),
    )
    # what was just written lies in a list that every search reads through, so the list is kept short
    op.create_index(
        "ix_people_search_grams",
        "people_search",
        ["grams"],
        postgresql_using="gin",
        postgresql_with={"gin_pending_list_limit": 512},
    )
    op.create_index("ix_people_search_sort", "people_search", ["tenant_id", "sort_key", "patient_id"])
    # the list of patients is narrowed by these
    op.create_index("ix_people_patient_store", "people_patient", ["tenant_id", "home_store_id", "id"])
    op.create_index("ix_people_patient_status", "people_patient", ["tenant_id", "status", "id"])
    find_those_already_there(op.get_bind())
    for statement in (*locks(), *finders(), *nobody_unfindable()):
        op.get_bind().exec_driver_sql(statement)


def find_those_already_there(connection: sa.Connection) -> None:
    """Words of everyone entered before, of every chain at once: no policy is in force meanwhile."""
    connection.exec_driver_sql("ALTER TABLE people_patient NO FORCE ROW LEVEL SECURITY")
    there = connection.exec_driver_sql(
        "SELECT tenant_id, id, family_name, given_name, record_number, phone, birth_date FROM people_patient"
    )
    for some in there.partitions(1000):
        rows = [
            Known(one.family_name, one.given_name, (one.record_number,), (one.phone or "",), one.birth_date)
            for one in some
        ]
        found = [known.row(one.tenant_id, one.id) for known, one in zip(rows, some, strict=True)]
        connection.execute(sa.insert(Findable), found)
    connection.exec_driver_sql("ALTER TABLE people_patient FORCE ROW LEVEL SECURITY")


COLUMNS = "tenant_id, patient_id, line, sort_key, grams"


def locks() -> list[str]:
    """The words change with the patient; the row goes with the patient alone."""
    return [
        *policies.lock("people_search", "SELECT, INSERT, UPDATE (line, sort_key, grams)"),
        *policies.let_directory_read("people_search", COLUMNS),
    ]


def finders() -> list[str]:
    """Under a row policy neither LIKE nor @> may use an index, so both are asked here, of the chosen chain alone.

    The newest rows are asked in the order of their key; the pieces by their index, for which ``tenant_id + 0`` keeps
    the planner from reading the whole chain instead. Whose name begins with what was typed comes first.
    """
    ours = policies.TENANT
    newest = f"""
        SELECT patient_id FROM (
            SELECT patient_id, line, sort_key FROM people_search
            WHERE tenant_id = {ours} ORDER BY patient_id DESC LIMIT $3
        ) AS newest
        WHERE line LIKE ALL ($1)
        ORDER BY (line LIKE $2 OR sort_key LIKE ltrim($2)) DESC, patient_id DESC LIMIT $4"""  # noqa: S608
    pieces = f"""
        WITH found AS MATERIALIZED (
            SELECT patient_id, line, sort_key FROM people_search
            WHERE grams @> $3 AND tenant_id + 0 = {ours} AND line LIKE ALL ($1) LIMIT 10 * $4
        )
        SELECT patient_id FROM found
        ORDER BY (line LIKE $2 OR sort_key LIKE ltrim($2)) DESC, patient_id DESC LIMIT $4"""  # noqa: S608
    asked = "patterns text[], best text"
    return [
        *policies.directory_function(
            f"people_find_newest({asked}, depth integer, room integer)", "SETOF bigint", newest
        ),
        *policies.directory_function(
            f"people_find_pieces({asked}, pieces integer[], room integer)", "SETOF bigint", pieces
        ),
    ]


def nobody_unfindable() -> list[str]:
    """A patient who could not be found would be entered a second time: the transaction does not end without the row."""
    return [
        """CREATE FUNCTION people_patient_is_findable() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
        BEGIN
            IF EXISTS (SELECT FROM people_patient WHERE tenant_id = NEW.tenant_id AND id = NEW.id)
                AND NOT EXISTS (SELECT FROM people_search WHERE tenant_id = NEW.tenant_id AND patient_id = NEW.id)
            THEN
                RAISE EXCEPTION 'a patient has no row in people_search'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NULL;
        END $$""",
        """CREATE CONSTRAINT TRIGGER findable AFTER INSERT ON people_patient
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION people_patient_is_findable()""",
    ]
