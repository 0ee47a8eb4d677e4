"""What each profile says, and what it does not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols import gatt
from protocols.framing import Garbled, Transmission, Unread
from protocols.gatt import body, pressure
from protocols.gatt.block import text
from protocols.gatt.dialect import READERS
from protocols.gatt.profiles import PROFILES, long, short
from protocols.readings import to_json

PROFILE = {name: profile for profile, one in PROFILES.items() for name in one.measured}
WHEN = "EA07 03 04 09 1E 00"


def read(name, value, *more):
    """The one reading of a value, as JSON, without what every reading has."""
    block = text(PROFILE[name], [(name, bytes.fromhex(value)), *more])
    [event] = gatt.decode(block)
    assert isinstance(event, Transmission), event
    told = json.loads(to_json(event.readings[0]))
    return {key: value for key, value in told.items() if key not in ("kind", "instrument", "integrity")}


def test_the_worked_example_of_a_cuff():
    assert read("2A35", "06 8000 5200 6100 EA07 03 04 09 1E 00 4700") == {
        "measured_at": "2026-03-04T09:30:00",
        "systolic_mmhg": "128",
        "diastolic_mmhg": "82",
        "mean_arterial_mmhg": "97",
        "pulse_bpm": "71",
        "extra": {"profile": "blood_pressure"},
    }


@pytest.mark.edge("EDGE-370", "What a Bluetooth device has no value for is absent with the reason, and never zero.")
def test_no_value_is_absent_with_the_reason():
    told = read("2A35", "04 8000 FF07 0008 FE07")

    assert "diastolic_mmhg" not in told and "mean_arterial_mmhg" not in told and "pulse_bpm" not in told
    assert [(note["code"], note["text"].split(":")[0]) for note in told["notes"]] == [
        ("no_value", "diastolic_mmhg"),
        ("no_value", "mean_arterial_mmhg"),
        ("no_value", "pulse_bpm"),
    ]


@pytest.mark.parametrize(
    ("status", "doubts"),
    [
        (0x0001, ["movement"]),
        (0x0002, ["cuff_loose"]),
        (0x0004, ["irregular_pulse"]),
        (0x0008, ["pulse_above_range"]),
        (0x0010, ["pulse_below_range"]),
        (0x0020, ["position"]),
        (0x0027, ["movement", "cuff_loose", "irregular_pulse", "position"]),
        (0xFFC0, []),
    ],
)
@pytest.mark.edge("EDGE-371", "A cuff that doubts its own measurement is quoted: movement, fit, pulse, position.")
def test_what_a_cuff_doubts_is_kept(status, doubts):
    told = read("2A35", f"10 8000 5200 6100 {status.to_bytes(2, 'little').hex()}")

    assert told.get("doubts", []) == doubts


@pytest.mark.edge(
    "EDGE-440", "Figures in kPa and degrees Fahrenheit are turned by exact fractions; the device's own stay beside."
)
def test_kilopascals_become_millimetres_and_stay_beside():
    told = read("2A35", "01 AAF0 6DF0 81F0")

    assert (told["systolic_mmhg"], told["diastolic_mmhg"], told["mean_arterial_mmhg"]) == ("127.5", "81.8", "96.8")
    assert told["extra"] == {
        "profile": "blood_pressure",
        "systolic_kpa": "17.0",
        "diastolic_kpa": "10.9",
        "mean_arterial_kpa": "12.9",
    }
    assert [note["code"] for note in told["notes"]] == ["unit_converted"]


def test_a_cuff_in_kilopascals_without_a_value_has_none_in_millimetres():
    told = read("2A35", "01 FF07 6DF0 81F0")

    assert ("systolic_mmhg" in told, told["diastolic_mmhg"]) == (False, "81.8")
    assert [note["code"] for note in told["notes"]] == ["no_value", "unit_converted"]


@pytest.mark.parametrize(("user", "kept"), [("02", 2), ("00", 0), ("FF", None)])
def test_the_devices_own_user_is_kept_unless_it_knows_none(user, kept):
    assert read("2A35", f"08 8000 5200 6100 {user}")["extra"].get("user") == kept


def test_a_clock_that_was_never_set_gives_no_time_of_measurement():
    told = read("2A35", "02 8000 5200 6100 0000 00 00 00 00 00")

    assert "measured_at" not in told
    assert [note["code"] for note in told["notes"]] == ["clock_unset"]


def test_the_device_says_who_it_is():
    block = text("blood_pressure", [("2A29", b"Acme\0x"), ("2A24", b"BP-1"), ("2A25", b"77"), ("2A26", b"1.2 ")])
    raw = block.removesuffix(b"END\n") + b"2A35 00800052006100\nEND\n"
    who = gatt.decode(raw)[0].readings[0].instrument

    assert (who.maker, who.model, who.serial, who.firmware, who.dialect) == ("Acme", "BP-1", "77", "1.2", "gatt")


@pytest.mark.parametrize(
    ("value", "key", "told"),
    [
        (f"02 0100 {WHEN} 78B0 11", "glucose_mg_dl", "120"),
        (f"06 0100 {WHEN} 37C0 11", "glucose_mmol_l", "5.5"),
        (f"02 0100 {WHEN} 01A8 11", None, None),
    ],
)
def test_glucose_in_the_units_of_the_profile(value, key, told):
    read_ = read("2A18", value)

    assert {name: value for name, value in read_.items() if name.startswith("glucose")} == ({key: told} if key else {})
    assert read_["extra"]["sequence"] == 1


def test_a_meters_time_is_its_base_with_the_offset():
    assert read("2A18", f"03 0700 {WHEN} C4FF 78B0 11")["measured_at"] == "2026-03-04T08:30:00"


@pytest.mark.edge("EDGE-372", "A meter's control solution is never taken for a person's glucose.")
@pytest.mark.parametrize("what", ["1A", "41"])
def test_control_solution_is_nobodys_blood(what):
    told = read("2A18", f"02 0100 {WHEN} 78B0 {what}")

    assert "glucose_mg_dl" not in told
    assert (told["doubts"], told["extra"]["control_glucose_mg_dl"]) == (["control_solution"], "120")


def test_a_meters_doubts_and_what_surrounds_the_measurement():
    context = bytes.fromhex("43 0100 01 3CD0 03 3ED0")
    told = read("2A18", f"1A 0100 {WHEN} 78B0 11 2400", ("2A34", context))

    assert told["doubts"] == ["sample_too_small", "above_range"]
    assert told["extra"]["context"] == {
        "carbohydrate": "breakfast",
        "carbohydrate_g": "60",
        "meal": "fasting",
        "hba1c_percent": "0.062",
    }


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("00 B036", {"weight_kg": "70.000"}),
        ("01 1027", {"weight_kg": "45.359237"}),
        (f"0E B036 {WHEN} 01 E700 D606", {"weight_kg": "70.000", "bmi": "23.1", "height_m": "1.750"}),
        ("09 1027 E700 B002", {"weight_kg": "45.359237", "bmi": "23.1", "height_m": "1.74752"}),
        ("08 B036 0000 0000", {"weight_kg": "70.000"}),
        ("00 FFFF", {}),
    ],
)
def test_a_scale_in_both_of_its_units(value, told):
    read_ = read("2A9D", value)

    assert {key: read_[key] for key in ("weight_kg", "bmi", "height_m") if key in read_} == told


def test_a_thermometer_in_both_of_its_units():
    celsius, fahrenheit = read("2A1C", f"06 6D0100FF {WHEN} 03"), read("2A1C", "01 DA0300FF")

    assert (celsius["temperature_c"], celsius["extra"]["site"]) == ("36.5", "ear")
    assert (fahrenheit["temperature_c"], fahrenheit["extra"]["temperature_f"]) == ("37.00", "98.6")


@pytest.mark.parametrize(
    ("name", "value", "figures", "doubts"),
    [
        ("2A5E", "00 6100 4800", {"spo2_percent": "97", "pulse_bpm": "72"}, []),
        ("2A5E", "02 6100 4800 4040", {"spo2_percent": "97", "pulse_bpm": "72"}, ["early_estimate", "questionable"]),
        ("2A5E", "02 6100 4800 0080", {}, ["invalid"]),
        ("2A5E", "02 6100 4800 0020", {}, []),
        ("2A5E", "04 6100 4800 100000", {"spo2_percent": "97", "pulse_bpm": "72"}, ["low_perfusion"]),
        ("2A5F", "03 6100 4800 6200 4900 6000 4700", {"spo2_percent": "97", "pulse_bpm": "72"}, []),
    ],
)
def test_an_oximeter_and_its_doubts(name, value, figures, doubts):
    told = read(name, value)

    assert {key: told[key] for key in ("spo2_percent", "pulse_bpm") if key in told} == figures
    assert told.get("doubts", []) == doubts


def test_a_number_no_person_can_have_is_none():
    told = read("2A35", "00 FF77 5200 6100")

    assert "systolic_mmhg" not in told
    assert [note["code"] for note in told["notes"]] == ["implausible_value"]


@pytest.mark.parametrize("name", sorted(READERS))
@given(value=st.binary(max_size=30))
def test_any_bytes_are_read_or_refused_and_never_stumbled_over(name, value):
    [event] = gatt.decode(text(PROFILE[name], [(name, value)]))

    assert isinstance(event, Transmission | Garbled)
    assert value.hex() not in getattr(event, "why", "") or not value


@pytest.mark.parametrize(
    ("value", "why"), [("06 8000 5200 6100", "shorter"), ("00 8000 5200 6100 00", "longer"), ("", "shorter")]
)
def test_flags_and_length_must_agree(value, why):
    with pytest.raises(Unread, match=why):
        pressure.measurement(bytes.fromhex(value))


@pytest.mark.parametrize(
    "raw",
    [
        b"GATT 1 blood_pressure\nEND\n",
        b"GATT 1 heart\n2A37 00\nEND\n",
        b"GATT 1 blood_pressure\n2A35 0\nEND\n",
        b"GATT 1 blood_pressure\n2A9D 00B036\nEND\n",
        b"GATT 1 weight\n2A9D 00B036\n2A9D 00B036\nEND\n",
    ],
)
def test_a_block_that_is_not_one_measurement_is_kept_unread(raw):
    [event] = gatt.decode(raw)

    assert isinstance(event, Garbled)
    assert event.raw == raw


def test_how_sure_the_dialect_is():
    whole = text("weight", [("2A9D", bytes.fromhex("00B036"))])

    assert gatt.recognise(whole).score == 100
    assert gatt.recognise(whole + b"noise").score == 55
    assert gatt.recognise(whole[:-5]).score == 15
    assert gatt.recognise(b"GATTINARA 1998").score == 0


def test_what_is_told_beside_a_measurement():
    assert pressure.cuff(bytes.fromhex("00 5A00 FF07 FF07")) == 90
    assert pressure.features(bytes.fromhex("0500")) == ("movement", "irregular_pulse")
    assert body.battery(b"\x5a") == 90


def test_short_names_and_long():
    assert long("2A35") == "00002a35-0000-1000-8000-00805f9b34fb"
    assert (short(long("2A35")), short("6E400001-B5A3-F393-E0A9-E50E24DCCA9E")[:8]) == ("2A35", "6e400001")
