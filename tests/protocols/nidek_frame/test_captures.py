"""Captures of real instruments replay; the expected values were read from the bytes by hand.

The captures are not ours to publish, so they lie outside the repository; without them these tests are left out.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from protocols.framing import Transmission
from protocols.nidek_frame import Decoder, decode
from protocols.readings import (
    AutorefractionEye,
    CornealCylinder,
    IopReading,
    KeratometryEye,
    KeratometryReading,
    LensmetryEye,
    MeanCurvature,
    Meridian,
    PachymetryEye,
    PachymetryReading,
    Pd,
    Power,
    Prism,
    PrismComponent,
    RefractionReading,
    TonometryEye,
)

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "refraction"


def capture(name):
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"the capture {name} is not on this machine")
    return path.read_bytes()


def replayed(name, checksum="ok"):
    data = capture(name)
    (event,) = decode(data)
    assert isinstance(event, Transmission)
    assert event.raw == data
    assert {reading.integrity.checksum for reading in event.readings} == {checksum}
    return event.readings


def sca(sphere, cylinder, axis, confidence=None):
    return {"sphere": Decimal(sphere), "cylinder": Decimal(cylinder), "axis": axis} | (
        {"confidence": confidence} if confidence else {}
    )


def curvature(r1, r2, axis, mean, k1, k2, k_mean, cylinder):
    return {
        "r1": Meridian(radius_mm=Decimal(r1), power_d=Decimal(k1), axis=axis),
        "r2": Meridian(radius_mm=Decimal(r2), power_d=Decimal(k2)),
        "average": MeanCurvature(radius_mm=Decimal(mean), power_d=Decimal(k_mean)),
        "cylinder": CornealCylinder(power_d=Decimal(cylinder), axis=axis),
    }


def readings(*values):
    return tuple(RefractionReading(**sca(*value)) for value in values)


def test_the_first_ark_1a_capture():
    night, day, cornea = replayed("nidek-ark1a-1.bin")

    assert night.condition == "night"
    assert night.left == AutorefractionEye(**sca("-5.25", "-0.75", 80))
    assert night.right == AutorefractionEye(**sca("-4.75", "-0.75", 105))
    assert night.extra == {"DL": "-00.25+00.00+05", "DR": "-00.25+00.00-05"}
    assert (day.condition, day.vertex_mm, day.working_cm) == ("day", Decimal("12.00"), 35)
    assert day.pd == Pd(far=Decimal(68), near=Decimal(63))
    assert day.left == AutorefractionEye(
        **sca("-5.00", "-0.75", 75),
        readings=readings(("-5.00", "-0.75", 80, 8), ("-5.00", "-0.75", 75, 8), ("-5.00", "-0.75", 75, 8)),
        contact_lens=Power(**sca("-4.75", "-0.50", 80)),
    )
    assert day.right == AutorefractionEye(
        **sca("-4.50", "-0.75", 110),
        readings=readings(*[("-4.50", "-0.75", 110, 9)] * 3),
        contact_lens=Power(**sca("-4.25", "-0.75", 110)),
    )
    same = ("7.76", "7.70", 140, "7.73", "43.50", "43.75", "43.75", "-0.25")
    assert cornea.left == KeratometryEye(
        **curvature(*same),
        corneal_diameter_mm=Decimal("11.8"),
        pupil_mm=Decimal("5.7"),
        readings=(
            KeratometryReading(**curvature(*same)),
            KeratometryReading(**curvature("7.76", "7.70", 135, "7.73", "43.50", "43.75", "43.75", "-0.25")),
            KeratometryReading(**curvature("7.74", "7.69", 145, "7.72", "43.50", "44.00", "43.75", "-0.50")),
        ),
    )
    assert cornea.right.r1 == Meridian(radius_mm=Decimal("7.84"), power_d=Decimal("43.00"), axis=120)
    assert cornea.right.pupil_mm == Decimal("5.9")
    for reading in (night, day, cornea):
        assert (reading.measured_at, reading.print_number) == ("2017-03-27T07:40:00", "0225")
        assert (reading.instrument.maker, reading.instrument.model) == ("NIDEK", "ARK-1a")
        assert reading.notes == ()


def test_the_second_ark_1a_capture_has_one_reading_an_eye():
    night, day, cornea = replayed("nidek-ark1a-2.bin")

    assert night.extra == {"DL": "+00.00-00.00-05", "DR": "+00.00-00.25+10"}
    assert day.left == AutorefractionEye(
        **sca("0.25", "-0.50", 30, 9),
        readings=readings(("0.25", "-0.50", 30, 9)),
        contact_lens=Power(**sca("0.25", "-0.50", 30)),
    )
    assert day.right == AutorefractionEye(
        **sca("0.00", "-0.25", 175, 9),
        readings=readings(("0.00", "-0.25", 175, 9)),
        contact_lens=Power(**sca("0.00", "-0.25", 175)),
    )
    assert day.pd == Pd(far=Decimal(62), near=Decimal(58))
    assert cornea.left.cylinder == CornealCylinder(power_d=Decimal("-1.00"), axis=180)
    assert cornea.right.r2 == Meridian(radius_mm=Decimal("7.56"), power_d=Decimal("44.75"))
    assert cornea.right.readings[2].r2 == Meridian(radius_mm=Decimal("7.55"), power_d=Decimal("44.75"))
    assert (cornea.left.corneal_diameter_mm, cornea.right.pupil_mm) == (Decimal("12.1"), Decimal("5.4"))


def zero(base, other):
    return Prism(
        horizontal=PrismComponent(power=Decimal("0.00"), base=base),
        vertical=PrismComponent(power=Decimal("0.00"), base=other),
    )


@pytest.mark.parametrize(
    ("name", "right", "left"),
    [
        ("nidek-lm600p-1.bin", ("-2.25", "0.00", 0), ("-1.75", "0.00", 0)),
        ("nidek-lm600p-2.bin", ("-6.50", "-1.50", 10), ("-5.75", "-1.50", 179)),
    ],
)
def test_the_lm_600p_captures(name, right, left):
    (lenses,) = replayed(name)

    assert lenses.instrument.model == "LM-600P"
    assert lenses.right == LensmetryEye(**sca(*right), prism=zero("in", "up"))
    assert lenses.left == LensmetryEye(**sca(*left), prism=zero("out", "up"))
    assert (lenses.single, lenses.measured_at) == (None, None)


def test_the_lm_1000p_example_on_disk():
    (lenses,) = replayed("nidek-lm1000p-1.bin")

    assert lenses.right.add == Decimal("2.00")
    assert lenses.left.add == Decimal("2.25")


def test_the_tonoref_iii_print_out_whose_control_bytes_were_lost():
    day, first, second, pressure, thickness = replayed("nidek-tonoref3-1.txt", checksum="none")

    assert (day.measured_at, day.print_number, day.working_cm) == ("2017-03-31T01:02:00", "0002", 40)
    assert day.left.sphere is None
    assert day.left.readings == readings(*[("0.00", "-0.25", 55, 9)] * 2)
    assert day.right.trial_lens == Power(**sca("-0.50", "-0.25", 90))
    assert (day.right.sphere, day.right.cylinder, day.right.axis) == (Decimal("-0.50"), Decimal("-0.25"), 90)
    assert len(day.right.readings) == 3
    assert (first.ring, second.ring) == (None, "second")
    assert first.left.r1 == Meridian(radius_mm=Decimal("7.76"), power_d=Decimal("43.50"), axis=0)
    assert second.right.r1 == Meridian(radius_mm=Decimal("7.70"), power_d=Decimal("43.75"), axis=0)
    assert second.right.pupil_mm == Decimal("5.5")
    assert pressure.left == TonometryEye(
        iop_mmhg=Decimal("17.0"),
        iop_kpa=Decimal("2.30"),
        readings=(IopReading(iop_mmhg=Decimal(17), iop_kpa=Decimal("2.3")),),
    )
    assert pressure.right is None
    assert thickness.left == PachymetryEye(cct_um=Decimal(583), readings=(PachymetryReading(cct_um=Decimal(583)),))
    assert thickness.right.cct_um == Decimal(586)


@pytest.mark.parametrize(
    "name", ["nidek-ark1a-1.bin", "nidek-ark1a-2.bin", "nidek-lm600p-1.bin", "nidek-lm1000p-1.bin"]
)
@pytest.mark.parametrize("size", [1, 8, 17])
def test_captures_replay_in_any_pieces(name, size):
    data = capture(name)
    decoder = Decoder()
    events = [event for at in range(0, len(data), size) for event in decoder.feed(data[at : at + size])]

    assert [*events, *decoder.silence()] == decode(data)
