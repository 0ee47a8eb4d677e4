"""Humphrey perimeters, by the legacy .fmes files of their software."""
