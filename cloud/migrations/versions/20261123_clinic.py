"""Episodes, encounters, drafts, signed versions and their observations."""

revision = "20261123_clinic"
down_revision = "20261123_calculators"


def upgrade() -> None:
    pass
