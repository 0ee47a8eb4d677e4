"""Refusals of the releases room."""


class ReleaseRefused(ValueError):
    """The release is not taken in. ``code`` says why: unsigned, no_keys, unreadable, incomplete, known, damaged."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(f"{code}: {what}" if what else code)
        self.code, self.what = code, what


class NoSuchRelease(LookupError):
    """There is no release of this id or digest."""


class NoSuchRollout(LookupError):
    """The chain has no roll-out of this id."""


class NotNow(Exception):
    """The roll-out is past that."""


class OneAtATime(Exception):
    """Another roll-out is under way in this chain; two would tell gateways different things."""


class RingsRefused(ValueError):
    """The rings cannot be so."""
