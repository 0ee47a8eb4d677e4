"""Faliao FR-8900 and FR-710 autorefractors on a serial line."""
