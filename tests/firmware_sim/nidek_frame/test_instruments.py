"""The simulated instruments against the decoder: two witnesses who share no code, over memory, pty and TCP."""

import asyncio
import os
import tty
from datetime import datetime
from decimal import Decimal

import pytest

from firmware_sim.nidek_frame import INSTRUMENTS, LM600P, TONOREF3, ARK1a, NothingMeasured
from firmware_sim.nidek_frame.instrument import COMMUNICATION_ERROR
from firmware_sim.nidek_frame.speech import REQUEST_TO_SEND, block, dioptres, permission, transmission
from firmware_sim.optics import Refraction, contact_lens, difference
from firmware_sim.patients import Eye, Patient
from firmware_sim.rounding import axis, quarter
from firmware_sim.wires import null_modem, open_pty, open_tcp
from protocols.framing import Request, Transmission
from protocols.nidek_frame import Decoder, decode

PRESSED = datetime(2024, 2, 5, 14, 7)


def switched_on(kind, wire=None, **options):
    ours, theirs = null_modem()
    options = {"seed": 3, "mode": "NCP10", "clock": lambda: PRESSED} | options
    return kind(wire or ours, **options), theirs


async def printed(kind, patient=None, **options):
    instrument, _ = switched_on(kind, **options)
    measured = await instrument.measure(patient)
    out = await instrument.print()
    (event,) = decode(out.raw)
    assert isinstance(event, Transmission)
    return measured, out, event.readings


def same_power(told, shown):
    assert (told.sphere, told.cylinder, told.axis) == shown


def same_cornea(told, shown):
    assert (told.r1.radius_mm, told.r2.radius_mm, told.r1.axis) == (shown.r1_mm, shown.r2_mm, shown.axis)
    assert (told.r1.power_d, told.r2.power_d) == (shown.k1_d, shown.k2_d)
    assert (told.average.radius_mm, told.average.power_d) == (shown.mean_mm, shown.mean_d)
    assert told.cylinder.power_d == shown.cylinder_d


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("cr_code", [False, True])
async def test_everything_an_autorefractor_shows_is_read_value_for_value(seed, cr_code):
    measured, out, (night, day, cornea) = await printed(ARK1a, seed=seed, cr_code=cr_code)

    for side in ("right", "left"):
        shown = getattr(measured, side)
        same_power(getattr(night, side), shown.night)
        same_power(getattr(day, side), shown.representative)
        same_power(getattr(day, side).contact_lens, contact_lens(shown.representative))
        for told, one, sure in zip(getattr(day, side).readings, shown.day.readings, shown.day.confidences, strict=True):
            same_power(told, one)
            assert told.confidence == sure
        same_cornea(getattr(cornea, side), shown.cornea.representative)
        for told, one in zip(getattr(cornea, side).readings, shown.cornea.readings, strict=True):
            same_cornea(told, one)
        assert getattr(cornea, side).pupil_mm == shown.pupil_mm
    assert day.pd.far == measured.pd_mm
    assert (day.measured_at, day.print_number) == ("2024-02-05T14:07:00", out.print_number)
    assert day.notes == ()


@pytest.mark.parametrize("seed", range(12))
async def test_everything_a_lensmeter_shows_is_read_value_for_value(seed):
    bases = {"I": "in", "O": "out", "U": "up", "D": "down"}
    measured, _, (reading,) = await printed(LM600P, seed=seed)

    for side in ("right", "left"):
        shown, told = getattr(measured, side), getattr(reading, side)
        same_power(told, shown.power)
        assert told.add == shown.add
        assert (told.prism.horizontal.power, told.prism.horizontal.base) == (
            shown.horizontal.power,
            bases[shown.horizontal.base],
        )
        assert (told.prism.vertical.power, told.prism.vertical.base) == (
            shown.vertical.power,
            bases[shown.vertical.base],
        )
    assert reading.print_number is None


@pytest.mark.parametrize("seed", range(12))
async def test_everything_a_tonoref_shows_is_read_value_for_value(seed):
    measured, _, readings = await printed(TONOREF3, seed=seed)
    day, first, second, pressure, thickness = readings

    for side in ("right", "left"):
        shown = getattr(measured, side)
        same_power(getattr(day, side).trial_lens, shown.representative)
        same_cornea(getattr(first, side), shown.cornea.representative)
        same_cornea(getattr(second, side), shown.second_ring.representative)
        assert getattr(pressure, side).iop_mmhg == shown.iop_mmhg
        assert [one.iop_mmhg for one in getattr(pressure, side).readings] == list(shown.puffs_mmhg)
        assert getattr(thickness, side).cct_um == shown.cct_um
    assert second.ring == "second"
    assert [reading.notes for reading in readings] == [()] * 5


@pytest.mark.parametrize("kind", INSTRUMENTS.values())
async def test_an_eye_that_is_not_there_is_not_sent(kind):
    _, _, readings = await printed(kind, Patient(right=Eye(), left=None))

    for reading in readings:
        assert reading.left is None
        assert reading.right is not None


@pytest.mark.parametrize("kind", INSTRUMENTS.values())
async def test_the_same_seed_gives_the_same_bytes(kind):
    first, second, other = [(await printed(kind, seed=seed))[1].raw for seed in (4, 4, 5)]

    assert first == second != other


async def test_with_fewer_than_three_readings_there_is_no_representative():
    instrument, _ = switched_on(ARK1a)
    instrument.readings = 2
    measured = await instrument.measure(Patient(right=Eye(), left=None))
    (event,) = decode((await instrument.print()).raw)

    assert measured.right.representative is None
    assert event.readings[1].right.sphere is None
    assert len(event.readings[1].right.readings) == 2


async def test_print_numbers_count_up_and_start_again():
    instrument, _ = switched_on(LM600P, first_number=9998)
    await instrument.measure()

    assert [(await instrument.print()).print_number for _ in range(3)] == ["9998", "9999", "0001"]


async def test_nothing_measured_nothing_printed():
    instrument, _ = switched_on(ARK1a)
    await instrument.measure()
    instrument.clear()

    with pytest.raises(NothingMeasured):
        await instrument.print()


async def test_in_nidek_mode_it_asks_and_waits_for_its_own_permission():
    ours, theirs = null_modem()
    lensmeter, _ = switched_on(LM600P, ours, mode="NIDEK")
    await lensmeter.measure()
    printing = asyncio.create_task(lensmeter.print())

    assert await anext(aiter(theirs)) == REQUEST_TO_SEND
    await theirs.write(b"\x01CL")
    await theirs.write(b"M\x02SD\x17\x04\r")

    assert (await printing).sent
    assert await anext(aiter(theirs)) == lensmeter.history[0]


@pytest.mark.parametrize("answer", [b"", permission("RK"), b"\x01CLM\x02SD\x17\x04", b"\x01C   \x02SD\x17\x04\r"])
async def test_without_the_right_answer_it_shows_its_own_error_and_sends_nothing(answer):
    ours, theirs = null_modem()
    lensmeter, _ = switched_on(LM600P, ours, mode="NIDEK", patience=0.1)
    await theirs.write(answer)
    await lensmeter.measure()
    out = await lensmeter.print()
    await ours.aclose()

    assert not out.sent
    assert lensmeter.display == COMMUNICATION_ERROR
    assert [chunk async for chunk in theirs] == [REQUEST_TO_SEND]
    lensmeter.clear()
    assert lensmeter.display == ""


async def shaken(instrument, read, write):
    """Answer the instrument through the decoder until a transmission came."""
    decoder, printing = Decoder(instrument.device_code), asyncio.create_task(instrument.print())
    while True:
        for event in decoder.feed(await asyncio.wait_for(read(), 5)):
            if isinstance(event, Transmission):
                return event, await printing
            assert isinstance(event, Request)
            await write(event.reply)


@pytest.mark.parametrize("kind", INSTRUMENTS.values())
async def test_the_handshake_works_over_a_real_pty(kind, tmp_path):
    wire = await open_pty(tmp_path / "port")
    instrument, _ = switched_on(kind, wire, mode="NIDEK")
    far = os.open(wire.path, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(far)

    async def write(data):
        os.write(far, data)

    await instrument.measure()
    event, out = await shaken(instrument, lambda: asyncio.to_thread(os.read, far, 100), write)
    os.close(far)
    await wire.aclose()

    assert event.raw == out.raw
    assert event.readings[0].integrity.checksum == "ok"


@pytest.mark.parametrize("kind", INSTRUMENTS.values())
async def test_the_handshake_works_over_tcp(kind):
    wire = await open_tcp()
    instrument, _ = switched_on(kind, wire, mode="NIDEK")
    reader, writer = await asyncio.open_connection(wire.host, wire.port)
    await wire.connected()

    async def write(data):
        writer.write(data)

    await instrument.measure()
    event, out = await shaken(instrument, lambda: reader.read(100), write)
    writer.close()
    await writer.wait_closed()
    await wire.aclose()

    assert event.raw == out.raw


def test_its_sum_is_the_manuals_sum():
    """LM-1000 USB interface manual 31001*RTZ002E/E p. 24 ends its example with 16C1."""
    right = [" R-01.25-00.75120", "AR02.00", "PR02.50I", "PR02.00D"]
    left = [" L-02.00-00.50180", "AL02.25", "PL01.25O", "PL02.00U"]
    raw = transmission([block("DLM", ["IDNIDEK/LM-1000P", *right, *left], cr=True)], cr=True)

    assert raw.endswith(b"\x0416C1\r")


@pytest.mark.parametrize(
    ("night", "day", "turned"),
    [((0, 0, 5), (0, 0, 175), 10), ((0, 0, 175), (0, 0, 5), -10), ((0, 0, 25), (0, 0, 30), -5)],
)
def test_an_axis_turns_the_short_way(night, day, turned):
    assert (
        difference(Refraction(*map(Decimal, night[:2]), night[2]), Refraction(*map(Decimal, day[:2]), day[2]))[2]
        == turned
    )


def test_a_contact_lens_sits_on_the_eye():
    """A real ARK-1a made -4.25 -0.75 110 of -4.50 -0.75 110 at 12 mm."""
    value = contact_lens(Refraction(Decimal("-4.50"), Decimal("-0.75"), 110))

    assert value == (Decimal("-4.25"), Decimal("-0.75"), 110)


def test_the_instrument_rounds_its_own_way():
    assert [quarter(value) for value in (-1.125, -0.1, 0.13)] == [Decimal("-1.25"), Decimal("0.00"), Decimal("0.25")]
    assert [axis(value) for value in (1.0, 179.0, 92.6)] == [180, 180, 95]
    assert dioptres(Decimal("-0.50")) == "-00.50"
