"""NIDEK autorefractors, lensmeters and tonometers on a serial line."""
