"""The gateway's journal: what was heard is on disk before anyone says so."""
