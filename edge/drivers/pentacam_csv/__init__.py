"""Oculus Pentacam, by the table its software appends to."""
