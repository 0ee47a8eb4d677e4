"""Refusals of the imports room."""


class Unreadable(Exception):
    """The file cannot be read as a table; the first argument is a code of ``wording.UNREADABLE``."""

    @property
    def code(self) -> str:
        """Why."""
        return str(self.args[0])


class NoSuchImport(LookupError):
    """There is no such import in this chain."""


class NotNow(Exception):
    """The import is not in a state in which this can be done."""
