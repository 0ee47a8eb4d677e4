"""Carries the journal to the cloud and forgets only what the cloud's database has."""
