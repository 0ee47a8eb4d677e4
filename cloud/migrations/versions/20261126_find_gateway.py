"""A gateway is found by its unique key, whatever the planner believes of the tables.

After a restore or an upgrade of PostgreSQL there are no statistics for a while, and that is when a whole fleet
comes back at once. Names as scalar questions leave the planner nothing to order wrongly.
"""

from alembic import op

revision = "20261126_find_gateway"
down_revision = "20261125_replays"


def upgrade() -> None:
    op.get_bind().exec_driver_sql(
        """CREATE OR REPLACE FUNCTION fleet_find_gateway(chain text, store text, gateway text)
    RETURNS TABLE (tenant_id integer, store_id bigint, gateway_id bigint, status text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    WITH known AS MATERIALIZED (SELECT id FROM accounts_chain WHERE slug = chain),
    place AS MATERIALIZED (
        SELECT s.tenant_id, s.id FROM accounts_store s WHERE s.tenant_id = (SELECT id FROM known) AND s.slug = store
    )
    SELECT found.tenant_id, found.store_id, found.gateway_id, found.status FROM (
        SELECT 1 AS turn, g.tenant_id, g.store_id, g.id AS gateway_id, g.status FROM fleet_gateway g
        WHERE g.tenant_id = (SELECT place.tenant_id FROM place) AND g.store_id = (SELECT place.id FROM place)
        AND g.slug = gateway
        UNION ALL
        SELECT 2, g.tenant_id, (SELECT place.id FROM place), g.id, g.status FROM enrolment_certificate e
        JOIN fleet_gateway g ON g.tenant_id = e.tenant_id AND g.id = e.gateway_id
        WHERE e.address = chain || '/' || store || '/' || gateway AND e.state <> 'revoked' AND e.not_after > now()
        AND e.tenant_id = (SELECT place.tenant_id FROM place)
    ) found ORDER BY found.turn LIMIT 1 $$"""
    )
