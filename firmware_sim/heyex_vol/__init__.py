"""A Spectralis whose software exports a circle around the disc, or a volume, as a raw file."""

from firmware_sim.heyex_vol.export import exported

__all__ = ["example", "exported"]


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """A circle around the disc of a right eye."""
    return exported(seed=model)
