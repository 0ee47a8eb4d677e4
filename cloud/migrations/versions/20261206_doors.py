"""A key or a secret address says at once whose it is; a request's key is written first and its answer last."""

from alembic import op

from cloud.migrations import policies

revision = "20261206_doors"
down_revision = "20261205_masks"


def upgrade() -> None:
    for statement in (
        "DROP FUNCTION exchange_place(text)",
        f"GRANT SELECT (id, ended_at) ON exchange_key TO {policies.DIRECTORY}",
        f"GRANT SELECT (resource_id, ended_at) ON exchange_feed TO {policies.DIRECTORY}",
        f"GRANT UPDATE (answer) ON booking_key TO {policies.APP}",
        *policies.directory_function(
            "exchange_key_holder(asked text)",
            "TABLE (of_tenant integer, key_id bigint)",
            "SELECT tenant_id, id FROM exchange_key WHERE digest = asked AND ended_at IS NULL",
        ),
        *policies.directory_function(
            "exchange_feed_holder(asked text)",
            "TABLE (of_tenant integer, resource_id bigint)",
            "SELECT tenant_id, resource_id FROM exchange_feed WHERE digest = asked AND ended_at IS NULL",
        ),
    ):
        op.get_bind().exec_driver_sql(statement)
