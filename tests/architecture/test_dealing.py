"""Longest first, whole clouds on two workers, one desk shared, and every name on the lists is a file."""

import pytest

from deploy.rooms import ROOT
from tests import dealing

NAMED = {*dealing.ALONE, *dealing.LONG} - {dealing.DESK}


@pytest.mark.parametrize("name", sorted(NAMED))
def test_every_name_is_a_file(name):
    assert (ROOT / name).is_file()


def test_whole_clouds_come_first_and_the_longest_of_them_before_all():
    waiting = ["tests/cloud/test_views.py", "tests/journeys/test_screens.py", "tests/journeys/test_updates.py"]
    assert dealing.chosen(waiting, cloud=True) == "tests/journeys/test_updates.py"
    assert dealing.chosen(waiting, cloud=False) == "tests/cloud/test_views.py"


def test_nobody_waits_while_there_is_anything_to_do():
    assert dealing.chosen(["tests/load/test_fuzz.py"], cloud=False) == "tests/load/test_fuzz.py"
    assert dealing.chosen(["tests/cloud/test_views.py"], cloud=True) == "tests/cloud/test_views.py"


def test_a_test_that_begins_from_nothing_is_dealt_by_itself():
    assert dealing.is_cloud("tests/edge/test_kills.py::test_one[1]")
    assert dealing.file_of("tests/edge/test_kills.py::test_one[a::b]") == "tests/edge/test_kills.py"


def test_whoever_asks_for_the_desk_shares_it():
    names = ("filing", "outages", "demo", "enrolment")
    at_it = {name: dealing.is_at_desk(f"tests/journeys/test_{name}.py") for name in names}
    assert at_it == {"filing": True, "outages": True, "demo": False, "enrolment": False}
    assert not dealing.is_at_desk("tests/cloud/ingest/test_writer.py")
