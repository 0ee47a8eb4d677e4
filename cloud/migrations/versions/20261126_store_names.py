"""Stores of a large chain, found in the order of their names."""

from alembic import op

revision = "20261126_store_names"
down_revision = "20261126_find_gateway"


def upgrade() -> None:
    op.create_index("ix_accounts_store_name", "accounts_store", ["tenant_id", "name", "id"], unique=False)
