"""NIDEK RT phoropters on a serial line, both ways."""
