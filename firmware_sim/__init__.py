"""Instruments in software that speak the true bytes, for tests and for the demo."""
