"""What whole print-outs mean."""

from decimal import Decimal

import pytest

from protocols.framing import Garbled, Transmission
from protocols.readings import (
    CorrectedIop,
    IopReading,
    PachymetryEye,
    TonometryEye,
    from_json,
    to_json,
)
from protocols.tomey_top import decode
from tests.protocols.sheet.pieces import codes, read
from tests.protocols.tomey_top.print_outs import FOOT, PUFFS, ROWS, WHOLE, printed


def eye(average, readings, corrected=None, cct=None):
    return TonometryEye(
        iop_mmhg=Decimal(average),
        readings=tuple(IopReading(iop_mmhg=Decimal(one)) for one in readings),
        corrected=CorrectedIop(iop_mmhg=Decimal(corrected), cct_um=Decimal(cct)) if corrected else None,
    )


def test_the_rows_read_as_printed():
    pressure, thickness = read(decode(WHOLE))

    assert pressure.right == eye("14.5", ["14", "13"], "16.2", "531")
    assert pressure.left == eye("13.8", ["13", "12"], "15.8", "526")
    assert thickness.right == PachymetryEye(cct_um=Decimal(531))
    assert thickness.left == PachymetryEye(cct_um=Decimal(526))


def test_who_when_and_which_print_out():
    for reading in read(decode(WHOLE)):
        assert (reading.instrument.maker, reading.instrument.model) == ("Rodenstock", "TopaScope")
        assert (reading.measured_at, reading.print_number) == ("2024-02-05T14:07:00", "00000017")
        assert reading.patient_ref is None
        assert codes(reading) == []


ONLY_LEFT = b"C.IOP    --.-          15.8\nCCT      --.-           526\nAvg.     --.-          13.8\n"
ONLY_RIGHT = b"C.IOP    16.2          --.-\nCCT       531          --.-\nAvg.     14.5          --.-\n"


@pytest.mark.parametrize(
    ("rows", "puffs", "there", "missing"),
    [
        (ONLY_LEFT, b"                        13\n", "left", "right"),
        (ONLY_RIGHT, b"          13\n", "right", "left"),
        (ONLY_LEFT.replace(b"--.-", b"    "), b"                        13\n", "left", "right"),
        (ONLY_RIGHT.replace(b"--.-", b"    "), b"          13            --\n", "right", "left"),
    ],
)
def test_one_eye_alone_is_the_eye_in_whose_column_it_stands(rows, puffs, there, missing):
    """Bug elsewhere: both eyes were dropped when one was missing."""
    pressure, thickness = read(decode(printed(rows, puffs)))

    assert (getattr(pressure, missing), getattr(thickness, missing)) == (None, None)
    assert [one.iop_mmhg for one in getattr(pressure, there).readings] == [Decimal(13)]
    assert getattr(thickness, there).cct_um in (526, 531)


def test_without_thickness_there_is_no_correction_and_no_pachymetry():
    (pressure,) = read(decode(printed(ROWS[ROWS.index(b"Avg.") :])))

    assert pressure.right == eye("14.5", ["14", "13"])


def test_eyes_measured_more_often_than_their_neighbours_keep_their_own_readings():
    pressure, _ = read(decode(printed(puffs=PUFFS + b"                        11\n")))

    assert [len(pressure.right.readings), len(pressure.left.readings)] == [2, 3]


def test_a_row_that_is_no_pair_of_figures_is_kept_and_told():
    pressure, thickness = read(decode(printed(puffs=b"     13 12 11\n")))

    assert pressure.right.readings == ()
    assert pressure.extra == {"row": "     13 12 11"}
    assert codes(pressure) == codes(thickness) == ["unreadable_field"]


def test_pressures_in_another_unit_are_not_read():
    (event,) = decode(printed(foot=FOOT.replace(b"mmHg", b" kPa")))

    assert event == Garbled(event.raw, "The pressures are not in mmHg.")


def test_a_print_out_that_broke_off_before_its_unit_is_not_read():
    """Nothing says that the figures are mmHg."""
    (event,) = decode(WHOLE[: WHOLE.index(b"mmHg")])

    assert isinstance(event, Garbled)
    assert "unit" in event.why


def test_a_unit_that_prints_no_model_is_ended_by_quiet():
    pressure, _ = read(decode(WHOLE.removesuffix(b"TopaScope\n")))

    assert pressure.instrument.model == "unknown"
    assert codes(pressure) == ["instrument_unnamed"]


def test_a_clock_no_calendar_has_leaves_the_time_out():
    pressure, _ = read(decode(WHOLE.replace(b"2024-02-05", b"2024-02-31")))

    assert pressure.measured_at is None
    assert codes(pressure) == ["clock_implausible"]


def test_a_print_out_without_eyes_is_garbled():
    rows = b"C.IOP    --.-          --.-\nCCT      --.-          --.-\nAvg.     --.-          --.-\n"

    assert [type(event) for event in decode(printed(rows, b""))] == [Garbled]


def test_two_print_outs_in_one_breath_are_two():
    assert [type(event) for event in decode(WHOLE + WHOLE)] == [Transmission] * 2


def test_readings_survive_their_json():
    for reading in read(decode(WHOLE)):
        assert from_json(to_json(reading)) == reading
