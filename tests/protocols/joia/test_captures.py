"""Exports of real instruments replay; the expected values were read from the files by hand.

The files are not ours to publish, so they lie outside the repository; without them these tests are left out.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from protocols.framing import Transmission
from protocols.joia import Decoder, decode
from protocols.readings import (
    AutorefractionEye,
    CorrectedIop,
    IopReading,
    KeratometryEye,
    LensmetryEye,
    PatientRef,
    Pd,
    Prism,
    PrismComponent,
    RefractionReading,
    SubjectiveEye,
    TonometryEye,
)
from tests.protocols.nidek_xml.corneas import curvature

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "refraction"
D = Decimal


def capture(name):
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"the capture {name} is not on this machine")
    return path.read_bytes()


def replayed(name):
    (event,) = decode(capture(name))
    assert isinstance(event, Transmission)
    return event.readings


def heading(reading):
    who = reading.instrument
    return who.maker, who.model, who.firmware, reading.measured_at, reading.print_number


def sca(sphere, cylinder, axis, se=None, confidence=None):
    keys = {"sphere": D(sphere), "cylinder": D(cylinder), "axis": axis}
    return keys | ({"se": D(se)} if se else {}) | ({"confidence": confidence} if confidence else {})


def refracted(*values):
    return tuple(RefractionReading(**sca(*value)) for value in values)


def iops(*values, doubtful=()):
    return tuple(IopReading(iop_mmhg=D(value), doubtful=at in doubtful) for at, value in enumerate(values))


def signed(horizontal, vertical):
    return Prism(horizontal=PrismComponent(power=D(horizontal)), vertical=PrismComponent(power=D(vertical)))


def test_the_kr_1_export_in_shift_jis():
    (day,) = replayed("topcon-kr1-1.xml")

    assert heading(day) == ("TOPCON", "KR-1", "2.01.02", "2019-04-11T12:07:32", "0001")
    assert (day.vertex_mm, day.pd, day.patient_ref) == (D("13.75"), Pd(far=D("68.00")), None)
    assert day.right == AutorefractionEye(
        **sca("0.75", "-0.50", 165, "0.50"),
        readings=refracted(
            ("0.75", "-0.25", 165, "0.75", 9), ("0.75", "-0.50", 165, "0.50", 9), ("0.75", "-0.50", 164, "0.50", 9)
        ),
    )
    assert day.left == AutorefractionEye(
        **sca("0.50", "0.0", 0, "0.50"), readings=refracted(*[("0.50", "0.0", 0, "0.50", 9)] * 3)
    )
    assert str(day.left.cylinder) == "0.0"


def test_the_kr_800s_export_with_three_classifications():
    day, cornea, far, near = replayed("topcon-kr800s-1.xml")

    assert heading(day) == ("TOPCON", "KR-800S", "1.04.00", "2024-11-26T14:55:00", "0426")
    assert day.pd == Pd(far=D("66.00"))
    assert day.right == AutorefractionEye(
        **sca("3.75", "-4.00", 13, "1.75"),
        readings=(
            RefractionReading(error="NO CENTER"),
            *refracted(("3.75", "-4.00", 13, "1.75"), ("3.75", "-4.00", 13, "1.75"), ("3.75", "-4.00", 12, "1.75", 9)),
        ),
    )
    assert day.left == AutorefractionEye(
        **sca("3.75", "-2.50", 173, "2.50"), readings=refracted(*[("3.75", "-2.50", 173, "2.50")] * 3)
    )
    top = curvature(("8.48", "39.75", 11), ("7.79", "43.50", 101), ("8.14", "41.75"), ("-3.75", 11))
    assert cornea.right == KeratometryEye(**top, readings=cornea.right.readings)
    third = curvature(("8.43", "40.00", 8), ("7.72", "43.75", 98), ("8.07", "42.00"), ("-3.75", 8))
    assert (cornea.right.readings[2].r1, cornea.right.readings[2].average) == (third["r1"], third["average"])
    assert (cornea.index, len(cornea.left.readings), cornea.left.r2.radius_mm) == (D("1.3375"), 3, D("7.87"))
    assert (far.stage, far.distance, far.distance_cm, far.vertex_mm) == ("subjective", "far", D(500), D("13.75"))
    assert far.right == SubjectiveEye(**sca("3.75", "-4.00", 13), va="0.6")
    assert far.left == SubjectiveEye(**sca("3.75", "-2.50", 173), va="1.0")
    assert (far.pd, near.pd) == (Pd(far=D("66.00")), None)
    assert (near.distance, near.distance_cm) == ("near", D(33))
    assert near.right == SubjectiveEye(**sca("5.50", "-4.00", 13))
    assert near.left == SubjectiveEye(**sca("5.50", "-2.50", 173))


def test_the_trk_2p_export():
    day, cornea, pressure = replayed("topcon-trk2p-1.xml")

    assert heading(day) == ("TOPCON", "TRK-2P", "1.09.01", "2019-04-11T11:38:29", "0001")
    assert (day.right.sphere, day.right.axis, day.left.cylinder, day.pd) == (D("0.25"), 2, D(0), Pd(far=D("68.0")))
    right = curvature(("7.74", "43.50", 3), ("7.67", "44.00", 93), ("7.71", "43.75"), ("-0.50", 3))
    assert cornea.right == KeratometryEye(**right, readings=cornea.right.readings)
    assert cornea.left.readings[2].cylinder.power_d == D("-0.25")
    assert pressure.right == TonometryEye(iop_mmhg=D("17.5"), readings=iops("17.0", "18.0", "17.0", doubtful=(2,)))
    assert pressure.left == TonometryEye(iop_mmhg=D("16.3"), readings=iops("17.0", "16.0", "16.0"))


def test_the_ct_800a_export_with_a_correction():
    (pressure,) = replayed("topcon-ct800a-1.xml")

    assert heading(pressure) == ("TOPCON", "CT-800A", "1.00.07", "2019-04-11T17:07:16", "0069")
    rule = {"cct_um": D(550), "param1": D(545), "param2": D("0.050")}
    assert pressure.right == TonometryEye(
        iop_mmhg=D("19.0"), readings=iops("18.0", "20.0"), corrected=CorrectedIop(iop_mmhg=D("19.0"), **rule)
    )
    assert pressure.left == TonometryEye(
        iop_mmhg=D("17.0"), readings=iops("17.0", "16.0"), corrected=CorrectedIop(iop_mmhg=D("17.0"), **rule)
    )
    assert pressure.extra["CorrectedIOP"]["L"]["List"][1] == {"@no": "2", "IOP_mmHg": "16", "IOP_Pa": "16"}


def test_the_ct_800a_export_without_a_thickness():
    (pressure,) = replayed("topcon-ct800a-2.xml")

    assert pressure.right == TonometryEye(iop_mmhg=D("18.0"), readings=iops("18.0", "18.0", doubtful=(0,)))
    assert pressure.left == TonometryEye(iop_mmhg=D("19.0"), readings=iops("18.0", "19.0"))
    assert pressure.extra["CorrectedIOP/Formula1/R"] == {"Param1": "0.545", "Param2": "0.050"}
    assert pressure.extra["CorrectedIOP"]["R"]["List"][0]["Error"] == "ERROR"


def test_the_cl_300_export_whose_clock_was_never_set():
    (lenses,) = replayed("topcon-cl300-1.xml")

    assert heading(lenses) == ("TOPCON", "CL-300", "1.06.00", "2012-01-01T12:34:56", "1521")
    assert [note.code for note in lenses.notes] == ["clock_implausible", "patient_id_is_print_number"]
    assert lenses.right == LensmetryEye(**sca("3.75", "-3.50", 9), add=D("2.25"), prism=signed("0.25", "-0.75"))
    assert lenses.left == LensmetryEye(**sca("3.50", "-3.00", 178), add=D("2.25"), prism=signed("-0.00", "-1.00"))
    assert lenses.pd == Pd(far=D("55.0"), far_right=D("25.0"), far_left=D("30.0"))
    assert lenses.lens_type == "glass"


def test_the_solos_export():
    (lenses,) = replayed("topcon-solos-1.xml")

    assert heading(lenses) == ("TOPCON", "SOLOS", "0.0.1", "2022-02-23T16:59:18", "0090")
    assert lenses.right == LensmetryEye(**sca("-1.25", "0", 0), prism=signed("-0.5", "0"))
    assert lenses.left == LensmetryEye(**sca("-1.25", "0", 0), prism=signed("1", "0"))
    assert lenses.pd == Pd(far=D("65.5"), far_right=D(32), far_left=D("33.5"))


def test_the_cv_5000_export():
    final, full = replayed("topcon-cv5000-1.xml")

    assert heading(final) == ("TOPCON", "CV-5000", "2.05.03", "2013-06-25T17:05:09.656", "1234")
    assert [one.stage for one in (final, full)] == ["final", "subjective"]
    for one in (final, full):
        assert (one.distance, one.distance_cm, one.vertex_mm) == ("far", D(500), D("13.75"))
        assert one.right == one.left == SubjectiveEye(**sca("1.25", "-2.00", 7))
        assert one.pd == Pd(far=D("59.00"), far_right=D("29.50"), far_left=D("29.50"))
    assert final.extra["Duration"] == "00:00:18"


def test_a_file_that_imagenet_wrote_for_a_cv_5000():
    (last,) = replayed("topcon-cv5000-import-1.xml")

    assert (last.stage, last.distance, last.distance_cm) == ("previous", "far", D(600))
    assert last.patient_ref == PatientRef(id="47877", name="TEST")
    assert last.right == SubjectiveEye(**sca("-0.75", "-0.25", 175))
    assert last.left == SubjectiveEye(**sca("1.25", "-0.50", 170))
    assert last.pd == Pd(far=D("64.00"))


def test_fragments_of_a_cv_5000_export():
    (cornea,) = replayed("topcon-cv5000-fragment-km-1.xml")
    (day,) = replayed("topcon-cv5000-fragment-ref-1.xml")
    (points,) = replayed("topcon-cv5000-fragment-us21-1.xml")

    top = curvature(("7.77", "43.50", 121), ("7.70", "43.75", 31), ("7.74", ""), ("-0.50", 121))
    assert cornea.left == KeratometryEye(**top, readings=cornea.left.readings)
    assert (day.right.sphere, day.right.se, day.left.se, day.pd) == (D("4.75"), D("4.00"), D("4.13"), Pd(far=D("68.0")))
    told = [(test.words, test.eye, test.direction, test.values["value"], test.unit) for test in points.tests]
    assert told == [
        ("No.13B", "right", "in", D("2.00"), "pd"),
        ("No.13B", "left", "in", D("2.00"), "pd"),
        ("No.14B", "right", None, D("-1.75"), "D"),
        ("No.14B", "left", None, D("1.25"), "D"),
        ("No.18A", "right", "down", D("1.80"), "pd"),
        ("No.18A", "left", "up", D("1.70"), "pd"),
    ]


def test_the_lm_7_export_that_misspells_the_sphere():
    (lenses,) = replayed("nidek-lm7-1.xml")

    assert heading(lenses) == ("NIDEK", "LM-7", "V1.3.6W", "2026-05-18T13:07:57", None)
    assert lenses.right == LensmetryEye(**sca("6.25", "-3.25", 3))
    assert lenses.left == LensmetryEye(**sca("6.50", "-2.75", 170), add=D("1.50"), near_sphere=D("8.00"))
    assert (lenses.single, lenses.pd, lenses.notes) == (None, None, ())


def test_the_lm_1800pd_example_whose_tags_are_broken():
    (lenses,) = replayed("nidek-lm1800pd-1.xml.txt")

    def prism(horizontal, base, vertical, power, degrees):
        return Prism(
            horizontal=PrismComponent(power=D(horizontal), base=base),
            vertical=PrismComponent(power=D(vertical), base="up"),
            power=D(power),
            base_deg=degrees,
        )

    common = {"add": D("1.75"), "uv_transmittance": D(5)}
    right = LensmetryEye(
        **sca("-2.00", "-1.50", 143), **common, near_sphere=D("0.00"), prism=prism("0.50", "in", "2.00", "2.25", 77)
    )
    assert (lenses.right, lenses.single) == (right, right)
    assert lenses.left == LensmetryEye(
        **sca("-2.00", "-1.50", 148), **common, near_sphere=D("-0.25"), prism=prism("0.75", "out", "1.25", "1.50", 61)
    )
    assert lenses.pd == Pd(far=D("70.5"), far_right=D("35.5"), far_left=D("35.0"))
    assert [note.code for note in lenses.notes] == ["document_mended"]
    assert (lenses.patient_ref, lenses.print_number) == (PatientRef(id="pati"), "0001")
    assert lenses.extra["NIDEK"]["NetPrism"]["NetVPrism"] == {"@base": "out", "text": "2"}


def test_the_rt_6100_example():
    base, objective, full, best, cornea, pressure, thickness = replayed("nidek-rt6100-1.xml")

    assert heading(base) == ("NIDEK", "RT-6100", "1.1.4", "2021-10-26T17:16:48", "0138")
    stages = [(one.stage, one.distance, one.working_cm) for one in (base, objective, full, best)]
    assert stages == [(stage, "far", 40) for stage in ("lensmeter", "autorefraction", "subjective", "final")]
    assert base.right == SubjectiveEye(**sca("1.00", "-0.50", 90), va="1.00")
    assert base.left == SubjectiveEye(**sca("1.50", "-0.75", 80), va="0.90")
    assert objective.left == SubjectiveEye(**sca("1.00", "-1.25", 80))
    assert (full.right, full.both) == (SubjectiveEye(**sca("1.25", "-1.00", 90), va="1.00"), SubjectiveEye(va="1.00"))
    assert best.right == SubjectiveEye(**sca("0.75", "-0.50", 90), add=D("0.25"), va="1.00")
    assert best.left == SubjectiveEye(**sca("1.50", "-1.25", 85), add=D("0.25"), va="1.00")
    assert best.pd == Pd(far=D("61.00"), far_right=D("30.50"), far_left=D("30.50"))
    assert (cornea.left.r2.radius_mm, cornea.left.r2.power_d, cornea.left.r2.axis) == (D("7.53"), D("44.75"), 5)
    assert pressure.left == TonometryEye(iop_mmhg=D("12.20"), iop_kpa=D("1.60"))
    assert (thickness.right.cct_um, thickness.left.cct_um) == (D(581), D(590))


@pytest.mark.parametrize("name", ["topcon-kr800s-1.xml", "topcon-cl300-1.xml", "nidek-rt6100-1.xml", "nidek-lm7-1.xml"])
@pytest.mark.parametrize("size", [17, 1024])
def test_captures_replay_in_any_pieces(name, size):
    data = capture(name)
    decoder = Decoder()
    events = [event for at in range(0, len(data), size) for event in decoder.feed(data[at : at + size])]

    assert [*events, *decoder.silence()] == decode(data)
