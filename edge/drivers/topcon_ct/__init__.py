"""Topcon CT-80 and CT-60 tonometers on a serial line."""
