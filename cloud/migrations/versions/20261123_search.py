"""Finding a patient by any part of a name, number, telephone or birth date."""

revision = "20261123_search"
down_revision = "20261123_prescriptions"


def upgrade() -> None:
    pass
