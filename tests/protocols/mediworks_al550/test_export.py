"""The export, as JSON and as XML, built from the maker's field tables."""

import json
from decimal import Decimal

import pytest

from firmware_sim.mediworks_al550 import exported
from protocols import mediworks_al550
from protocols.framing import Garbled, Transmission
from protocols.mediworks_al550 import pid_said
from protocols.readings import Biometry, Topography, to_json
from tests.protocols.blanking import assert_only_the_patient_is_gone

PATIENT = {"firstname": "Jane", "lastname": "Müller", "patientId": "0000000015", "birthday": "1980-04-23"}
NUMBERED = PATIENT | {"pid": "7230042280986583040"}


def read(data):
    (event,) = mediworks_al550.decode(data)
    assert isinstance(event, Transmission), event
    return event.readings


def changed(change):
    tree = json.loads(exported(NUMBERED))
    change(tree)
    return json.dumps(tree).encode()


def test_json_and_xml_say_the_same():
    plain, marked = read(exported(NUMBERED)), read(exported(NUMBERED, xml=True))

    assert [type(one) for one in plain] == [Biometry, Topography]
    assert [one.right for one in plain] == [one.right for one in marked]
    assert plain[0].extra == marked[0].extra
    assert plain[1].patient_ref == marked[1].patient_ref


def test_keratometry_has_keys_and_no_axial_length_is_claimed():
    lengths, map_ = read(exported(NUMBERED))

    assert map_.right.k1.power_d <= map_.right.k2.power_d
    assert lengths.right.k1 == map_.right.k1
    assert (lengths.right.axial_length_mm, lengths.right.acd_mm, lengths.right.lens_thickness_mm) == (None, None, None)
    assert len(lengths.extra["right AxialCase"]["Data"]["data"]["value"]) == 6
    assert [note.code for note in lengths.notes] == ["axial_order_unknown"]
    assert map_.right.indices["SAI"] == Decimal("0.34")


@pytest.mark.parametrize("text_id", [True, False])
def test_the_patients_number_is_a_text_or_a_figure(text_id):
    reading = read(exported(NUMBERED, text_id=text_id))[0]

    assert reading.patient_ref.id == ("0000000015" if text_id else "15")
    assert (reading.patient_ref.name, reading.measured_at) == ("Müller, Jane", "2024-02-13T14:07:33")


@pytest.mark.parametrize("xml", [True, False])
def test_the_pid_is_told_apart_from_the_reading(xml):
    assert float(pid_said(exported(NUMBERED, xml=xml))) == 7230042280986583040.0


def test_meridians_the_wrong_way_round_are_kept_and_told():
    def swap(tree):
        tree["Cases"][0]["OD"]["TopographyCase"]["Data"]["CorneaFront"]["K1"] = 60.0

    _, map_ = read(changed(swap))

    assert map_.right is None
    assert map_.extra["right CorneaFront"]["K1"] == "60.0"
    assert [note.code for note in map_.notes] == ["meridians_unclear"]


def test_charts_do_not_make_a_reading_too_long_for_a_message():
    def chart(tree):
        axial = tree["Cases"][0]["OD"]["AxialCase"]["Data"]
        axial |= {"chartData": list(range(100_000)), "positionData": list(range(100_000)), "note": "x" * 100_000}

    lengths = read(changed(chart))[0]

    assert len(to_json(lengths)) < 10_000
    assert lengths.extra["right AxialCase"]["Data"]["positionData"] == "100000 figures, in the capture"


@pytest.mark.parametrize("change", [lambda tree: tree.update(Cases=[]), lambda tree: tree.update(Cases=None)])
def test_no_examination_is_refused(change):
    assert [type(event) for event in mediworks_al550.decode(changed(change))] == [Garbled]


@pytest.mark.parametrize("cut", [10, 400, -3])
def test_a_broken_export_is_refused(cut):
    assert [type(event) for event in mediworks_al550.decode(exported(NUMBERED)[:cut])] == [Garbled]


def test_deep_nesting_is_no_way_in():
    deep = b'{"DeviceModel": 1, "Cases": ' + b"[" * 100_000
    assert [type(event) for event in mediworks_al550.decode(deep)] == [Garbled]


@pytest.mark.parametrize("xml", [True, False])
def test_the_patient_goes_and_every_value_stays(xml):
    assert_only_the_patient_is_gone(mediworks_al550, exported(NUMBERED, xml=xml), "Müller", "Jane", "1980-04-23")
