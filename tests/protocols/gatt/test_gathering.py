"""Values that come one by one become measurements; stored records are fetched once."""

from protocols.gatt.block import Block
from protocols.gatt.gathering import Gathering
from protocols.gatt.racp import Fetching, all_records, answer, from_sequence, newest
from protocols.gatt.sameness import record, same

WHEN = "EA070304091E00"
CUFF = bytes.fromhex("06800052006100EA070304091E004700")


def glucose(number, *, context=False):
    return bytes.fromhex(f"{'12' if context else '02'}{number:02X}00{WHEN}78B011")


def context(number):
    return bytes.fromhex(f"02{number:02X}0003")


def test_a_cuffs_value_is_a_measurement_with_whose_it_is():
    [block] = Gathering("blood_pressure", [("2A29", b"Acme")]).take("2A35", CUFF)

    assert block == Block("blood_pressure", (("2A29", b"Acme"), ("2A35", CUFF)))


def test_a_meters_measurement_waits_for_its_context():
    gathering = Gathering("glucose")

    assert gathering.take("2A18", glucose(1, context=True)) == []
    [block] = gathering.take("2A34", context(1))
    assert block.of("2A34") == context(1)
    assert gathering.rest() == []


def test_a_context_that_never_comes_costs_no_measurement():
    gathering = Gathering("glucose")
    gathering.take("2A18", glucose(1, context=True))

    assert [record(block) for block in gathering.take("2A18", glucose(2))] == [1, 2]
    gathering.take("2A18", glucose(3, context=True))
    assert [block.of("2A34") for block in gathering.take("2A34", context(9))] == [None]


def test_an_oximeter_without_end_gives_its_last_value():
    gathering = Gathering("oximeter")
    for value in ("0061004800", "0062004900", "00FF07FF07"):
        assert gathering.take("2A5F", bytes.fromhex(value)) == []

    assert [block.of("2A5F").hex() for block in gathering.rest()] == ["0062004900"]


def test_only_a_time_tells_a_repetition_from_the_same_again():
    undated = bytes.fromhex("04" + "800052006100" + "4700")

    unset = CUFF[:7] + bytes(7) + CUFF[14:]

    assert same(Block("blood_pressure", (("2A35", undated),))) is None
    assert same(Block("blood_pressure", (("2A35", unset),))) is None
    assert same(Block("blood_pressure", (("2A35", CUFF),))) is not None
    assert same(Block("blood_pressure", (("2A29", b"x"), ("2A35", CUFF)))) == same(
        Block("blood_pressure", (("2A35", CUFF),))
    )


def test_a_meter_is_asked_for_what_is_new():
    fetching = Fetching(last=7)

    assert fetching.begin() == from_sequence(8) == bytes.fromhex("0103010800")
    fetching.saw(8)
    assert fetching.answered(1) is None


def test_a_meter_that_was_never_asked_tells_everything():
    assert Fetching(last=None).begin() == all_records() == b"\x01\x01"


def test_a_meter_that_counts_from_the_start_again_is_noticed():
    fetching = Fetching(last=7)
    fetching.begin()

    assert fetching.answered(6) == newest() == b"\x01\x06"
    fetching.saw(2)
    assert fetching.answered(1) == all_records()
    assert fetching.answered(1) is None


def test_a_meter_without_anything_new_is_left_alone():
    fetching = Fetching(last=7)
    fetching.begin()
    fetching.answered(6)
    fetching.saw(7)

    assert fetching.answered(1) is None


def test_answers_of_a_control_point():
    assert (answer(bytes.fromhex("06000101")), answer(bytes.fromhex("06000106"))) == (1, 6)
    assert (answer(bytes.fromhex("05000700")), answer(b"")) == (None, None)
