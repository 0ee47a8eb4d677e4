"""People: contacts, households, consents, allergies, alerts, tags, history, merges."""

revision = "20261123_people"
down_revision = "20261123_imports"


def upgrade() -> None:
    pass
