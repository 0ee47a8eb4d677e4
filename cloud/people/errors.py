"""Refusals of the people room."""


class RecordNumberTaken(Exception):
    """Another patient of this chain already has this record number."""


class NoSuchPatient(LookupError):
    """There is no such patient in this chain."""
