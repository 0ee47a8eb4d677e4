"""Mirrors protocols/nidek_frame."""
