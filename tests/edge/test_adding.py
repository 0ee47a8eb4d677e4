"""Instruments added before the gateway stand behind the configured ones, and give way to them."""

from edge.adding import FILE, Added
from edge.pairing import Pairings
from edge.supervisor import InstrumentSettings

PLACE = "ble://C0:00:00:00:00:07?profile=blood_pressure&bond=no"
CUFF = InstrumentSettings("cuff", "gatt_health", PLACE, "Blood pressure monitor", "Lane 1")
SCALE = InstrumentSettings("scale", "gatt_health", "ble://C0:00:00:00:00:08?profile=weight", "Weight scale")
LAMP = InstrumentSettings("lamp", "slit_lamp_camera", "pictures:///x")


def test_what_was_added_is_there_after_a_restart_behind_the_rest(tmp_path):
    Added(tmp_path).add(CUFF, "C0:00:00:00:00:07", 123456)

    found = Added(tmp_path)

    assert found.beside([LAMP]) == [LAMP, CUFF]
    assert found.passkeys == {"C0:00:00:00:00:07": 123456}
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_what_is_written_counts_more_by_name_and_by_address(tmp_path):
    added = Added(tmp_path)
    added.add(CUFF)
    named = InstrumentSettings("cuff", "gatt_health", "ble://C0:00:00:00:00:09?profile=blood_pressure")
    placed = InstrumentSettings("other", "gatt_health", "ble://c0:00:00:00:00:07?profile=blood_pressure")

    assert added.beside([named]) == [named]
    assert added.beside([placed]) == [placed]


def test_one_is_taken_away_with_its_passkey(tmp_path):
    added = Added(tmp_path)
    added.add(CUFF, "C0:00:00:00:00:07", 123456)
    added.add(SCALE, "C0:00:00:00:00:08", 7)

    added.remove("cuff")

    assert ("cuff" in added, "scale" in added) == (False, True)
    assert Added(tmp_path).passkeys == {"C0:00:00:00:00:08": 7}


def test_a_damaged_file_is_none(tmp_path):
    (tmp_path / FILE).write_text('{"instruments": [{"name": 1}]}')

    assert Added(tmp_path).beside([LAMP]) == [LAMP]


def test_whoever_knows_where_instruments_are_knows_the_added_ones(tmp_path):
    Added(tmp_path).add(CUFF)

    assert Pairings(tmp_path).placed([LAMP]) == [LAMP, CUFF]
