"""A real export replays; the expected values were read from the file by hand.

The file is not ours to publish, so it lies outside the repository; without it its test is left out.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from protocols.framing import Transmission
from protocols.readings import IopReading, TonometryEye
from protocols.tomey_top_xml import decode

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "refraction"
D = Decimal


def test_the_topascope_export_without_its_last_tag():
    path = SAMPLES / "tomey-top1000-1.xml"
    if not path.exists():
        pytest.skip("the capture tomey-top1000-1.xml is not on this machine")
    (event,) = decode(path.read_bytes())
    assert isinstance(event, Transmission)
    (pressure,) = event.readings

    assert (pressure.instrument.maker, pressure.instrument.model) == ("Rodenstock", "TopaScope")
    assert (pressure.measured_at, pressure.print_number) == ("2020-12-04T17:24:30", "00000033")
    assert pressure.right == TonometryEye(
        iop_mmhg=D("15.6"),
        readings=(IopReading(iop_mmhg=D(16)), IopReading(iop_mmhg=D(24), doubtful=True), IopReading(iop_mmhg=D(15))),
    )
    assert pressure.left == TonometryEye(
        iop_mmhg=D("18.3"), readings=tuple(IopReading(iop_mmhg=D(value)) for value in (18, 19, 18))
    )
    assert [note.code for note in pressure.notes] == ["end_missing", "patient_id_is_print_number"]
