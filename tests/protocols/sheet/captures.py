"""Captures lie outside the repository: they are not ours to publish."""

from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "refraction"


def capture(name):
    """The bytes of a capture; without it the test is left out by its name."""
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"the capture {name} is not on this machine")
    return path.read_bytes()
