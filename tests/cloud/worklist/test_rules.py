"""Names for devices, days of a store, numbers: what can be known without a database."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.people.numbers import holds
from cloud.worklist import rules
from cloud.worklist.catalogue import catalogue, kind
from cloud.worklist.errors import NoSuchKind
from cloud.worklist.numbers import drawn
from protocols import envelope
from protocols.envelope.worklist import Item


def item(**more: str) -> Item:
    said = {"accession": "1", "step_id": "S1", "procedure_id": "P1", "study_uid": "2.25.1", "patient_id": "R-1"}
    said |= {"family": "Okafor", "at": "2026-11-22T09:00:00Z", "modality": "OPT", "description": "OCT macula"}
    return Item(**(said | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("family", "given_name", "expected"),
    [
        ("张", "伟", "Zhang^Wei"),
        ("张伟", "", "Zhang^Wei"),
        ("欧阳", "娜娜", "Ouyang^Nana"),
        ("曾", "国藩", "Zeng^Guofan"),
        ("吕", "布", "Lyu^Bu"),
        ("Müller", "Jörg", "Muller^Jorg"),
        ("O'Neill", "Anne-Marie", "O'Neill^Anne-Marie"),
        ("Okafor", "", "Okafor"),
        ("Иванов", "Пётр", ""),
    ],
)
def test_a_name_in_latin_letters(family, given_name, expected):
    assert rules.latin(family, given_name) == expected


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_latin_name_is_ascii_and_short_whatever_the_name(family, given_name):
    said = rules.latin(family, given_name)
    assert said.isascii()
    assert len(said) <= 64
    assert said.count("^") <= 1


@given(st.text(max_size=200))
def test_what_parts_names_in_dicom_is_gone(text):
    said = rules.plain(text)
    assert len(said) <= 64
    assert not set(said) & set("\\^=\n\r\x1b")


def test_a_day_is_the_stores_and_a_moment_is_utc():
    moment = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    assert rules.days(moment, "Asia/Shanghai") == (date(2026, 11, 23), date(2026, 11, 25))
    assert rules.days(moment, "Europe/Lisbon") == (date(2026, 11, 22), date(2026, 11, 24))
    assert rules.at(date(2026, 11, 23), time(9, 15), "Asia/Shanghai") == "2026-11-23T01:15:00Z"
    assert rules.at(date(2026, 11, 23), None, "Asia/Shanghai") == "2026-11-22T16:00:00Z"


def test_numbers_fit_dicom_and_hold_their_check_digit():
    one, other = drawn(date(2026, 11, 22)), drawn(date(2026, 11, 22))
    assert one.accession.startswith("261122")
    assert holds(one.accession)
    assert max(map(len, (one.accession, one.step_id, one.procedure_id))) <= 16
    assert one.study_uid.startswith("2.25.")
    assert len(one.study_uid) <= 64
    assert one != other


def test_an_item_no_gateway_would_take_is_known():
    assert rules.good(item())
    assert not rules.good(item(family=""))
    assert not rules.good(item(patient_id="9" * 65))


def test_a_list_is_cut_from_its_end():
    items = [item(accession=str(n)) for n in range(9)]
    size = len(envelope.encode(items[0])) + 1
    assert rules.fitting(items, size * 3) == items[:3]
    assert rules.fitting(items) == items


def test_every_examination_can_travel_and_has_both_languages():
    kinds = catalogue().kinds.values()
    assert [one.key for one in kinds if not {"en", "zh"} <= set(one.name)] == []
    assert (kind("biometry").modality, kind("oct_disc").modality, kind("visual_field").modality) == (
        "OAM",
        "OPT",
        "OPV",
    )
    assert (kind("biometry").word("zh"), kind("biometry").word("fr")) == ("光学生物测量", "Optical biometry")
    with pytest.raises(NoSuchKind):
        kind("phrenology")
