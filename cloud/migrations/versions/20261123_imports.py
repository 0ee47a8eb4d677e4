"""Imports of patients from files."""

revision = "20261123_imports"
down_revision = "20261123_clinic"


def upgrade() -> None:
    pass
