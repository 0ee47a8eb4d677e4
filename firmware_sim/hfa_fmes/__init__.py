"""A perimeter's computer that exports a field as one line of XML with its printed page."""

from firmware_sim.hfa_fmes.export import exported, page

__all__ = ["example", "exported", "page"]


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """A field of a left eye."""
    return exported()
