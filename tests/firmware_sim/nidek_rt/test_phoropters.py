"""The simulated phoropters against the decoder and the writer: witnesses who share no code."""

import asyncio
import json
from datetime import datetime

import pytest

from firmware_sim.instrument import NothingMeasured
from firmware_sim.nidek_rt import INSTRUMENTS, RT3100, RT5100, example
from firmware_sim.nidek_rt.printing import EXTRAS, PARTS
from firmware_sim.nidek_rt.speech import INVITATION, REQUEST_TO_SEND
from firmware_sim.patients import Eye, Patient
from firmware_sim.wires import null_modem
from protocols.framing import Transmission
from protocols.nidek_rt import decode
from protocols.readings import kind, to_json
from tests.witnesses import holds

PRESSED = datetime(2024, 2, 5, 14, 7)
READER = Patient(right=Eye(addition=2.0), left=Eye(sphere=2.5, addition=2.0))
DATA = b"\x01DRL\x02ID      H-1001\x17DRM\x02OR-02.75-01.75105\x17PD64\x17DLM\x02 L+01.00+00.00000\x17\x04"


def switched_on(kind=RT5100, **options):
    ours, theirs = null_modem()
    return kind(ours, **{"seed": 3, "clock": lambda: PRESSED} | options), theirs


async def printed(kind=RT5100, patient=None, **options):
    phoropter, _ = switched_on(kind, **options)
    await phoropter.measure(patient)
    out = await phoropter.print()
    (event,) = decode(out.raw)
    assert isinstance(event, Transmission)
    return out, event.readings


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("model", INSTRUMENTS.values())
async def test_everything_on_the_screen_is_read_value_for_value(model, seed):
    out, readings = await printed(model, seed=seed, parts=(*PARTS, *EXTRAS))

    assert len(out.shown) == len(readings)
    for shown, reading in zip(out.shown, readings, strict=True):
        assert holds(json.loads(to_json(reading)), shown)
    assert [reading.notes for reading in readings] == [()] * len(readings)


async def test_near_powers_are_printed_by_units_that_are_set_so():
    out, readings = await printed(patient=READER, near_lines=True, parts=("subj",))

    assert [one.distance for one in readings] == ["far", "near"]
    for shown, reading in zip(out.shown, readings, strict=True):
        assert holds(json.loads(to_json(reading)), shown)


STAGES = [
    ("unaided", "unaided"),
    ("lm", "lensmeter"),
    ("ar", "autorefraction"),
    ("subj", "subjective"),
    ("final", "final"),
]


@pytest.mark.parametrize(("part", "stage"), STAGES)
async def test_one_part_alone_can_be_printed(part, stage):
    _, readings = await printed(parts=(part,))

    assert [one.stage for one in readings] == [stage]


async def test_an_eye_that_is_not_there_is_not_printed():
    _, readings = await printed(patient=Patient(right=Eye(), left=None), parts=(*PARTS, "km", "nt"))

    for reading in readings:
        assert (reading.left, reading.right is None) == (None, False)


@pytest.mark.parametrize(("model", "day"), [(RT5100, b"DA2024/ 2/ 5"), (RT3100, b"DA2024/02/05")])
async def test_the_units_pad_their_dates_in_their_own_way(model, day):
    out, readings = await printed(model)

    assert day in out.raw
    assert readings[0].measured_at == "2024-02-05"


async def test_the_other_heading_reads_the_same():
    phoropter, _ = switched_on(hdr=True)
    phoropter.scan("H-1001")
    await phoropter.measure()
    (event,) = decode((await phoropter.print()).raw)

    assert event.readings[0].patient_ref.id == "H-1001"
    assert event.readings[0].instrument.model == "RT-5100"


async def test_nothing_measured_prints_nothing():
    phoropter, _ = switched_on()

    with pytest.raises(NothingMeasured):
        await phoropter.print()


async def test_at_2400_baud_a_print_out_comes_in_pieces():
    phoropter, far = switched_on(baud=240_000, parts=("final",))
    await phoropter.measure()
    out = await phoropter.print()

    pieces = [await anext(aiter(far)) for _ in range(-(-len(out.raw) // 8))]
    assert b"".join(pieces) == out.raw


def test_every_model_says_what_it_is_called():
    (event,) = decode(example("RT-2100", ("subjective_refraction",)))

    assert {one.instrument.model for one in event.readings} == {"RT-2100"}
    assert {kind(one) for one in event.readings} == {"subjective_refraction"}


class Room:
    """A phoropter that listens, and a computer that speaks."""

    def __init__(self, **options):
        self.phoropter, self.far = switched_on(**options)
        self.listening = asyncio.create_task(self.phoropter.listen())

    async def say(self, data):
        await self.far.write(data)
        await asyncio.sleep(0.02)

    async def answer(self):
        return await asyncio.wait_for(anext(aiter(self.far)), 0.1)

    async def leave(self):
        await self.far.aclose()
        await self.listening


@pytest.fixture
async def room():
    room = Room()
    yield room
    await room.leave()


async def test_a_question_is_answered_and_the_data_stands_on_the_screen(room):
    await room.say(REQUEST_TO_SEND)
    assert await room.answer() == INVITATION

    await room.say(DATA[:30])
    await room.say(DATA[30:])

    assert room.phoropter.screen == {
        "mode": "SUBJ",
        "patient": "H-1001",
        "IN+AR": {"right": {"sphere": "-2.75", "cylinder": "-1.75", "axis": 105}, "pd": 64},
        "IN+LM": {"left": {"sphere": "1.00", "cylinder": "0.00", "axis": 0}},
    }
    assert room.phoropter.patient_id == "H-1001"


async def test_one_that_sleeps_answers_nothing(room):
    room.phoropter.asleep = True
    await room.say(REQUEST_TO_SEND)

    with pytest.raises(TimeoutError):
        await room.answer()


async def test_while_a_refraction_runs_it_takes_nothing(room):
    room.phoropter.refracting = True
    await room.say(REQUEST_TO_SEND)
    await room.say(DATA)

    with pytest.raises(TimeoutError):
        await room.answer()
    assert room.phoropter.memory == {}


async def test_with_pass_the_data_waits_behind_the_running_refraction(room):
    room.phoropter.refracting = room.phoropter.pass_input = True
    await room.say(REQUEST_TO_SEND)
    assert await room.answer() == INVITATION
    await room.say(DATA)

    assert set(room.phoropter.memory) == {"patient", "IN+AR", "IN+LM"}
    assert (room.phoropter.screen, room.phoropter.patient_id) == ({}, "")


async def test_data_without_a_question_is_taken_too(room):
    await room.say(DATA)

    assert room.phoropter.screen["mode"] == "SUBJ"


async def test_a_line_that_is_not_as_it_has_to_be_spoils_all_of_it(room):
    await room.say(DATA.replace(b"-02.75", b"- 2.7X"))

    assert (room.phoropter.display, room.phoropter.memory) == ("COMMUNICATION ERROR", {})
