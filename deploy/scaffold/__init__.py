"""Writes the folders of a new instrument family, for `make new-instrument`."""
