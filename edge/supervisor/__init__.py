"""Keeps every instrument's driver running: back-off, lost once, back once."""
