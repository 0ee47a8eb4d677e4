"""Bytes that travel beside the readings: kept by their hash, sent when the line has room."""
