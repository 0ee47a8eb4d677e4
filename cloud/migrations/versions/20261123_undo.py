"""Whom an import has added may be taken back while that import is being undone, and nobody else ever."""

from alembic import op

from cloud.migrations import policies

revision = "20261123_undo"
down_revision = "20261123_search"


def upgrade() -> None:
    for table, column in (("people_patient", "id"), ("people_contact", "patient_id"), ("people_tagging", "patient_id")):
        for statement in only_undone(table, column):
            op.get_bind().exec_driver_sql(statement)


def only_undone(table: str, column: str) -> list[str]:
    """A right to remove that reaches no other row; foreign keys keep everyone on whom something hangs."""
    undone = f"""EXISTS (
        SELECT FROM imports_row AS row JOIN imports_batch AS batch
            ON batch.tenant_id = row.tenant_id AND batch.id = row.batch_id
        WHERE row.tenant_id = {table}.tenant_id AND row.patient_id = {table}.{column}
            AND row.outcome = 'added' AND batch.state = 'undoing'
    )"""
    return [
        f"CREATE POLICY undone ON {table} AS RESTRICTIVE FOR DELETE TO {policies.APP} USING ({undone})",
        f"GRANT DELETE ON {table} TO {policies.APP}",
    ]
