"""The export, built from a description."""

from decimal import Decimal

import pytest

from firmware_sim.topcon_polar import example
from protocols import topcon_polar
from protocols.framing import Garbled, Transmission
from protocols.readings import Biometry, Meridian, Topography
from tests.protocols.blanking import assert_only_the_patient_is_gone

FILE = example("MYAH", ()).decode("utf-16")
ONE = """<XMLDataPolarExportation><Patient><ID>H-17</ID><LastName>Müller</LastName></Patient><PatientEyeData>
<Eye>OS</Eye><Date>2024-02-13 14:07:33</Date><Data><FlatK>7,81 mm</FlatK><FlatAngle>12</FlatAngle><SteepK>7.60</SteepK>
<SteepAngle>102</SteepAngle><AxialLength>24.67</AxialLength><WTW>12.3</WTW></Data></PatientEyeData>
</XMLDataPolarExportation>"""


def read(text, codec="utf-16"):
    (event,) = [one for one in topcon_polar.decode(text.encode(codec)) if isinstance(one, Transmission)]
    return event.readings


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-8"])
def test_lengths_and_radii_are_read(codec):
    lengths, map_ = read(ONE, codec)

    assert (type(lengths), type(map_)) == (Biometry, Topography)
    assert (lengths.left.axial_length_mm, lengths.left.white_to_white_mm) == (Decimal("24.67"), Decimal("12.3"))
    assert map_.left.k1 == Meridian(radius_mm=Decimal("7.81"), axis=12)
    assert map_.left.k2 == Meridian(radius_mm=Decimal("7.60"), axis=102)
    assert (lengths.measured_at, lengths.patient_ref.name) == ("2024-02-13T14:07:33", "Müller")


def test_both_eyes_are_told_apart():
    assert [bool(one.right) for one in read(FILE)] == [True, True, False, False]


def test_a_power_where_a_radius_should_stand_has_no_key():
    _, map_ = read(ONE.replace("7,81 mm", "43.2"))

    assert map_.left.k1 is None
    assert map_.extra["FlatK"] == "43.2"
    assert [note.code for note in map_.notes] == ["unreadable_field"]


@pytest.mark.parametrize("bad", [ONE.replace("OS", "XX"), ONE[:200], "<XMLDataPolarExportation/>"])
def test_what_has_no_eye_is_refused(bad):
    assert [type(event) for event in topcon_polar.decode(bad.encode("utf-16"))][-1:] == [Garbled]


@pytest.mark.parametrize("codec", ["utf-16", "utf-8"])
def test_the_patient_goes(codec):
    assert_only_the_patient_is_gone(topcon_polar, ONE.encode(codec), "Müller", "H-17")
