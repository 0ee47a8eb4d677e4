"""Reichert G3, 7CR and ORA tonometers on a serial line."""
