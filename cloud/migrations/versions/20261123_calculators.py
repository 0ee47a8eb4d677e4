"""Which clinical rules a chain uses."""

revision = "20261123_calculators"
down_revision = "20261122_orders"


def upgrade() -> None:
    pass
