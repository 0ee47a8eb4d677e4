"""Refusals of the calculators room."""


class NoSuchTable(LookupError):
    """There is no reference table of this name."""
