"""What stood in one column before: alerts, telephones and names of every chain come along."""

import psycopg
from alembic import command

from cloud.kernel.database import owner_engine
from cloud.migrations.run import configured, upgrade_url

BEFORE = "20261123_imports"
ROWS = """
INSERT INTO accounts_chain (slug, name, locale, require_totp)
    VALUES ('one', 'One', 'en', false), ('two', 'Two', 'en', false);
INSERT INTO people_patient (tenant_id, record_number, family_name, given_name, alert, phone) VALUES
    (1, 'R-1', '王', '小明', 'Narrow angle', '+86 138 1234 5678'), (2, 'R-1', 'Hidden', 'Mary', NULL, NULL);
"""


def asked(url, question):
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchall()


def test_old_alerts_and_telephones_become_rows_and_everybody_can_be_recognised(server, database):
    with server.database("emmetra_moving", template="template0") as name:
        engine = owner_engine(server.owner_url(name))
        with engine.connect() as connection:
            command.upgrade(configured(connection), BEFORE)
        engine.dispose()
        everything = server.url(name, "postgres")
        with psycopg.connect(everything) as connection:
            connection.execute(ROWS)
        upgrade_url(server.owner_url(name))

        assert asked(everything, "SELECT tenant_id, kind, text, seen_by FROM people_alert") == [
            (1, "clinical", "Narrow angle", [])
        ]
        assert asked(everything, "SELECT tenant_id, value, normalized, tail, preferred FROM people_contact") == [
            (1, "+86 138 1234 5678", "+8613812345678", "12345678", True)
        ]
        assert asked(everything, "SELECT name_key, status, roles, version FROM people_patient ORDER BY tenant_id") == [
            ("wang xiaoming", "active", ["patient"], 1),
            ("hidden mary", "active", ["patient"], 1),
        ]
        forced = "SELECT relforcerowsecurity FROM pg_class WHERE relname = 'people_patient'"
        assert asked(everything, forced) == [(True,)]
