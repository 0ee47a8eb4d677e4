"""Files of other classes, some of them from real instruments, are refused by their name; none is ours to publish.

No export of a refractive class by a real unit has been seen; without the samples these tests are left out.
"""

from pathlib import Path

import pytest

from protocols.dicom_refraction import decode, recognise
from protocols.framing import Garbled

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "imaging"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("iolmaster500_a_nopixels.dcm", "Multi-frame True Color Secondary Capture Image Storage"),
        ("synthetic-oam.dcm", "Ophthalmic Axial Measurements Storage"),
        ("synthetic-pdf.dcm", "Encapsulated PDF Storage"),
        ("synthetic-opt.dcm", "Ophthalmic Tomography Image Storage"),
        ("synthetic-op8.dcm", "Ophthalmic Photography 8 Bit Image Storage"),
        ("synthetic-opv.dcm", "Ophthalmic Visual Field Static Perimetry Measurements Storage"),
        ("synthetic-ctm.dcm", "Corneal Topography Map Storage"),
        ("sc-deflated.dcm", "Secondary Capture Image Storage"),
        ("mr-jpeg2000-lossless.dcm", "MR Image Storage"),
    ],
)
def test_files_of_other_classes_are_refused_by_name(name, why):
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"the sample {name} is not on this machine")
    (event,) = decode(path.read_bytes())

    assert isinstance(event, Garbled)
    assert event.why == f"A DICOM object, but no refractive measurement: {why}."
    assert recognise(event.raw).score == 30
