"""How Alembic reaches the database: the owner's connection, with short patience for locks."""

from alembic import context
from sqlalchemy import Connection, text

from cloud.kernel.database import Base
from cloud.migrations import tables  # noqa: F401  (names every table)

connection: Connection = context.config.attributes["connection"]
connection.execute(text("SET lock_timeout = '4s'"))
connection.execute(text("SET statement_timeout = '60s'"))
connection.commit()
context.configure(
    connection=connection, target_metadata=Base.metadata, compare_type=True, transaction_per_migration=True
)
with context.begin_transaction():
    context.run_migrations()
