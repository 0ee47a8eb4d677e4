"""DICOM objects of the eye room."""
