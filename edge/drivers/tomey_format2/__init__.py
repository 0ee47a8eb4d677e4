"""Tomey RT-6000 in "Format 2" on a serial line."""
