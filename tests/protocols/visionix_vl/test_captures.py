"""Real output of a VL1000, which a CLM-7000 sends as well, with the values a person reads in it."""

from decimal import Decimal
from pathlib import Path

import pytest

from protocols.framing import Transmission
from protocols.readings import LensmetryEye, Prism, PrismComponent
from protocols.visionix_vl import decode

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "refraction"


def capture(name):
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"the capture {name} is not on this machine")
    return path.read_bytes()


def prism(horizontal, vertical):
    return Prism(horizontal=PrismComponent(power=Decimal(horizontal)), vertical=PrismComponent(power=Decimal(vertical)))


def test_the_vl1000_capture():
    (event,) = decode(capture("visionix-vl1000-1.txt"))
    assert isinstance(event, Transmission)
    (lenses,) = event.readings

    assert lenses.right == LensmetryEye(
        sphere=Decimal("-4.50"), cylinder=Decimal("-0.50"), axis=103, add=Decimal("2.00"), prism=prism("0.25", "4.00")
    )
    assert lenses.left == LensmetryEye(
        sphere=Decimal("-5.00"), cylinder=Decimal("-0.50"), axis=110, add=Decimal("5.00"), prism=prism("0.00", "5.50")
    )
    assert (lenses.print_number, lenses.pd, lenses.measured_at) == ("00036", None, None)
    assert lenses.extra == {"R UR": "0", "L UL": "0"}
