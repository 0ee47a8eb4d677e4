"""Columns of a CT tonometer."""
