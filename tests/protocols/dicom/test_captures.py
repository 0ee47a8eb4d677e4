"""Files of the shared collection, where it is on this machine; they belong to other people and are read in place."""

from pathlib import Path

import pytest

from deploy.instruments.dialects import candidates
from protocols.dicom import decode
from protocols.framing import Transmission
from protocols.readings import Document, Image, kind

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "imaging"
FILES = sorted(SAMPLES.glob("*.dcm"))
needs = pytest.mark.skipif(not FILES, reason="the shared samples are not on this machine")


def read(name):
    (event,) = decode((SAMPLES / f"{name}.dcm").read_bytes())
    assert isinstance(event, Transmission), event
    return event.readings


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in FILES])
def test_every_file_gives_a_picture_or_a_document_first(path):
    raw = path.read_bytes()
    (event,) = decode(raw)

    assert isinstance(event.readings[0], Image | Document)
    assert event.readings[0].blob.bytes == len(raw)
    assert candidates(raw)[0].dialect.DIALECT == "dicom"


@needs
@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("iolmaster500_a_nopixels", ["image", "biometry"]),
        ("synthetic-oam", ["document", "biometry"]),
        ("synthetic-opv", ["document", "visual_field"]),
        ("synthetic-pdf", ["document"]),
        ("synthetic-opt", ["image"]),
        ("synthetic-ctm", ["image"]),
        ("sc-deflated", ["image"]),
        ("mr-jpeg2000-lossless", ["image"]),
    ],
)
def test_what_each_file_holds(name, kinds):
    assert [kind(reading) for reading in read(name)] == kinds


@needs
def test_an_iolmaster_500_as_it_left_the_instrument():
    image, reading = read("iolmaster500_a_nopixels")
    right, left = reading.right, reading.left

    assert (image.frames, image.rows, image.columns, image.laterality) == (6, 1678, 1164, "both")
    assert (reading.instrument.model, reading.instrument.firmware, reading.measured_at) == (
        "IOLMaster 500",
        "7.7.2.0242",
        "2015-09-09T10:06:12",
    )
    assert (str(right.axial_length_mm), str(right.snr)) == ("23.41", "122.6")
    assert (str(left.axial_length_mm), str(left.snr)) == ("23.45", "134.5")
    assert [(str(one.axial_length_mm), str(one.snr)) for one in right.readings] == [
        ("23.23", "1.9"),
        ("23.42", "7.9"),
        ("23.42", "7.2"),
        ("23.42", "8.2"),
        ("23.47", "2.5"),
    ]
    assert len(left.readings) == 15
    assert str(right.k_index) == "1.3375"
    assert (str(right.k1.power_d), str(right.k2.power_d), right.k2.axis) == ("42.51", "43.77", 85)
    assert (str(right.acd_mm), str(right.white_to_white_mm)) == ("3.38", "11.6462")


@needs
def test_the_formulas_of_an_iolmaster_500():
    formulas = read("iolmaster500_a_nopixels")[1].extra["iol_calculations"]["formulas"]
    used = formulas[0]["measured"][0]
    haigis = formulas[0]["lenses"][0]

    assert (used["r1_mm"], used["d1"], used["a1"], used["r2_mm"], used["d2"], used["a2"]) == (
        "7.9393",
        "42.51",
        "85",
        "7.7108",
        "43.77",
        "85",
    )
    assert haigis["constants"] == ["-0.705", "0.4", "0.1"]
    assert haigis["choices"][0] == {"refraction": "-1.15", "iol_power": "20"}
    assert haigis["emmetropia_iol"] == "18.6213"
    assert [lens["name"] for lens in formulas[0]["lenses"]] == ["Haigis", "SRK® II", "HofferQ", "SRK®/T"]


@needs
@pytest.mark.parametrize(
    ("name", "patient"),
    [
        ("charset-chrX1", "Wang^XiaoDong=王^小東"),
        ("charset-chrX2", "Wang^XiaoDong=王^小东"),
        ("charset-chrI2", "Hong^Gildong=洪^吉洞=홍^길동"),
        ("charset-chrH31", "Yamada^Tarou=山田^太郎=やまだ^たろう"),
    ],
)
def test_names_in_every_character_set(name, patient):
    assert read(name)[0].patient_ref.name == patient


@needs
def test_a_wrong_code_beside_right_words_is_told():
    reading = read("synthetic-opv")[1]

    assert (reading.test, reading.strategy) == ("24-2", "Full Threshold")
    assert [note.code for note in reading.notes] == ["code_contradicts"]
    assert (reading.right.points[3].seen, reading.right.points[3].db) == (False, None)
