"""Instruments that export DICOM refractive objects as files."""
