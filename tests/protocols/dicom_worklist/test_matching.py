"""Matching of attributes, by PS3.4 C.2.2.2."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.dicom_worklist import date_matches, name_matches, text_matches, time_matches, uid_matches


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("", "anything", True),
        ("*", "", True),
        ("OAM", "OAM", True),
        ("OAM", "OP", False),
        ("oam", "OAM", False),
        ("A-??", "A-12", True),
        ("A-??", "A-123", False),
        ("*12", "A-12", True),
        ("A.1", "AX1", False),
        (" A1 ", "A1", True),
    ],
)
def test_texts(key, value, found):
    assert text_matches(key, value) is found


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("ZHANG^WEI", True),
        ("zhang*", True),
        ("Zhang", True),
        ("Zhang^", True),
        ("^Wei", True),
        ("*Wei", True),
        ("Zh?ng^W*", True),
        ("张^伟", True),
        ("张*", True),
        ("X=张^伟", True),
        ("=张*", True),
        ("Wei", False),
        ("Li*", False),
        ("Zhang^Wei^Ming", False),
        ("", True),
        ("*", True),
    ],
)
def test_names_in_any_case_and_every_group(key, found):
    assert name_matches(key, "Zhang^Wei", "张^伟") is found


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("20261122", True),
        ("2026.11.22", True),
        ("20261121", False),
        ("20261101-20261130", True),
        ("20261122-", True),
        ("-20261122", True),
        ("20261123-", False),
        ("-20261121", False),
        ("", True),
    ],
)
def test_days_and_ranges(key, found):
    assert date_matches(key, "20261122") is found


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("101500", True),
        ("1015", True),
        ("10", True),
        ("1016", False),
        ("1000-1100", True),
        ("1015-", True),
        ("-1015", True),
        ("-1014", False),
        ("101500.000-101500.5", True),
        ("10:15", True),
    ],
)
def test_moments_and_ranges(key, found):
    assert time_matches(key, "101500") is found


def test_lists_of_uids():
    assert uid_matches("1.2\\1.3", "1.3")
    assert uid_matches("", "1.3")
    assert not uid_matches("1.2\\1.4", "1.3")


@given(st.text(), st.text())
def test_nothing_that_a_device_asks_for_stumbles(key, value):
    assert text_matches("*", value) and text_matches("", value)
    assert name_matches(key, value) in (True, False)
    assert date_matches(key, "20261122") in (True, False)
    assert time_matches(key, "101500") in (True, False)


@given(st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_every_text_is_found_by_itself_and_by_its_beginning(value):
    assert text_matches(value, value)
    assert text_matches(f"{value[0]}*", value)
    assert name_matches(value.upper(), value.upper())
