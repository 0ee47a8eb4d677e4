"""Prescriptions and the means to verify them."""

revision = "20261123_prescriptions"
down_revision = "20261123_people"


def upgrade() -> None:
    pass
