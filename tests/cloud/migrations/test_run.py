"""From nothing to the present schema, which is the one the models describe."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

import cloud.migrations.tables  # noqa: F401
from cloud.kernel.database import Base, app_engine, outside, owner_engine
from cloud.migrations.run import configured, head, upgrade_url


@pytest.fixture
def empty(server, database):
    """A database in which nothing is, on a server where another one has made the roles already."""
    with server.database("emmetra_empty", template="template0") as name:
        yield server.owner_url(name), server.app_url(name)


def revision(url):
    engine = owner_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    engine.dispose()
    return found


def schema(url):
    engine = owner_engine(url)
    looked = inspect(engine)
    found = {name: looked.get_columns(name) for name in sorted(looked.get_table_names())}
    engine.dispose()
    return str(found)


def test_from_nothing_to_the_present_and_again_is_harmless(empty):
    owner, app = empty
    upgrade_url(owner)
    assert revision(owner) == head()
    before = schema(owner)
    upgrade_url(owner)

    assert (revision(owner), schema(owner)) == (head(), before)
    engine = app_engine(app)
    with outside(engine) as session:
        assert session.scalar(text("SELECT count(*) FROM people_patient")) == 0
    engine.dispose()


def test_the_models_are_the_head(owner):
    with owner.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_history_has_one_head_and_names_that_begin_with_their_date():
    script = ScriptDirectory.from_config(configured())
    names = [one.revision for one in script.walk_revisions()]

    assert script.get_heads() == [head()]
    assert [name for name in names if not name[:8].isdigit()] == []
    assert names == sorted(names, reverse=True)


def test_a_migration_does_not_wait_for_locks_for_ever(owner):
    """Patience is set on the connection that migrates, and on no other."""
    with owner.connect() as connection:
        assert connection.scalar(text("SHOW lock_timeout")) == "0"
