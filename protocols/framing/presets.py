"""What is put into a phoropter over a wire before a refraction."""

from dataclasses import dataclass


class Unsendable(ValueError):
    """The readings cannot be put into a phoropter as they are: one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Preset:
    """The bytes, and what is in them: ``lensmeter``, ``autorefraction``."""

    message: bytes
    sent: tuple[str, ...]
