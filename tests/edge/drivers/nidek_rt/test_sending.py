"""Values put into a phoropter before a refraction, and every way in which that can fail."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from edge.drivers.nidek_rt.driver import ANSWER_S as IN_EARNEST_S
from edge.drivers.nidek_rt.driver import Driver
from edge.refusals import OrderRefused
from edge.supervisor import Recipient
from firmware_sim.nidek_rt import RT5100
from protocols.nidek_rt import REQUEST_TO_SEND
from tests.edge.drivers.desk import desk
from tests.protocols.nidek_rt.printed import FULL
from tests.protocols.nidek_rt.test_preset import AUTO, LENSES, power, reading

SD = b"\x01CRL\x02SD\x17\x04\r"


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    monkeypatch.setattr("edge.drivers.nidek_rt.driver.ANSWER_S", 0.2)


@asynccontextmanager
async def store(**settings):
    """A driver, and an RT-5100 that listens at the far end."""
    driver = Driver(settings)
    async with desk(driver) as at:
        phoropter = RT5100(at.wire, seed=3)
        listening = asyncio.create_task(phoropter.listen())
        await asyncio.sleep(0)
        yield driver, phoropter, at
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def shown(phoropter):
    async with asyncio.timeout(2):
        while not phoropter.memory:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    return phoropter.memory


def test_the_supervisor_knows_that_something_can_be_sent():
    assert isinstance(Driver({}), Recipient)


@pytest.mark.parametrize("handshake", ["ask", "direct"])
async def test_the_values_stand_on_the_screen(handshake):
    async with store(handshake=handshake) as (driver, phoropter, _):
        sent = await driver.send([AUTO, LENSES], "H-1001")
        found = await shown(phoropter)

    assert sent == ("lensmeter", "autorefraction")
    assert driver.confirms == (handshake == "ask")
    assert found["IN+LM"]["right"] == {"sphere": "-2.50", "cylinder": "-1.50", "axis": 100, "add": "1.50"}
    assert found["IN+AR"]["left"] == {"sphere": "-1.25", "cylinder": "-1.50", "axis": 140}
    assert (phoropter.screen["mode"], phoropter.patient_id) == ("SUBJ", "H-1001")


async def test_an_rt_2100_gets_no_patient_block():
    async with store(model="RT-2100") as (driver, phoropter, _):
        await driver.send([AUTO], "H-1001")
        assert set(await shown(phoropter)) == {"IN+AR"}


async def test_a_phoropter_that_sleeps_gives_no_answer_and_a_second_try_works():
    async with store() as (driver, phoropter, _):
        phoropter.asleep = True
        with pytest.raises(OrderRefused, match=r"^no answer from the phoropter in 0\.2 s$"):
            await driver.send([AUTO], "H-1001")
        phoropter.asleep = False
        await driver.send([AUTO], "H-1001")
        assert "IN+AR" in await shown(phoropter)


async def test_while_a_refraction_runs_there_is_no_answer_either():
    async with store() as (driver, phoropter, _):
        phoropter.refracting = True
        with pytest.raises(OrderRefused, match="no answer"):
            await driver.send([AUTO], "H-1001")

    assert phoropter.memory == {}


def test_the_time_to_answer_is_ten_seconds_in_earnest():
    assert IN_EARNEST_S == 10


async def test_what_the_phoropter_cannot_take_is_refused_before_it_is_asked():
    async with store() as (driver, phoropter, _):
        with pytest.raises(OrderRefused, match="finer than the"):
            await driver.send([reading("lensmetry", right=power("-1.125", "0.00", 0))], "H-1001")

    assert phoropter.memory == {}


async def test_a_print_out_that_meets_the_question_is_kept_and_the_data_still_arrives():
    driver = Driver({})
    async with desk(driver) as at:
        far = aiter(at.wire)
        sending = asyncio.create_task(driver.send([AUTO], ""))
        assert await anext(far) == REQUEST_TO_SEND
        await at.wire.write(FULL)  # the question was not heard: the operator pressed Print in that moment
        assert await anext(far) == REQUEST_TO_SEND
        await at.wire.write(SD)
        message = await anext(far)
        await sending
        await at.until(lambda event: event.raw == FULL)

    assert b"DRM\x02OR-02.75" in message
    assert [event.raw for event in at.events] == [FULL]


async def test_a_print_out_right_behind_the_invitation_is_kept():
    driver = Driver({})
    async with desk(driver) as at:
        sending = asyncio.create_task(driver.send([AUTO], ""))
        await anext(aiter(at.wire))
        await at.wire.write(SD + FULL)
        await sending
        await at.until(lambda event: event.raw == FULL)

    assert [event.raw for event in at.events] == [FULL]


async def test_an_invitation_that_nobody_asked_for_does_nothing():
    async with desk(Driver({})) as at:
        await at.wire.write(SD + FULL)
        await at.until(lambda event: event.raw == FULL)

    assert [event.raw for event in at.events] == [FULL]


async def test_a_plug_pulled_while_it_waits_is_said_at_once(monkeypatch):
    monkeypatch.setattr("edge.drivers.nidek_rt.driver.ANSWER_S", 5)
    driver = Driver({})
    async with desk(driver) as at:
        sending = asyncio.create_task(driver.send([AUTO], ""))
        await anext(aiter(at.wire))
        await at.wire.aclose()
        with pytest.raises(OrderRefused, match="unplugged"):
            await asyncio.wait_for(sending, 1)


async def test_without_a_link_nothing_is_sent():
    with pytest.raises(OrderRefused, match="not connected"):
        await Driver({}).send([AUTO], "")


async def test_two_at_once_are_sent_one_after_the_other():
    async with store() as (driver, phoropter, _):
        await asyncio.gather(driver.send([AUTO], "H-1001"), driver.send([LENSES], "H-1002"))
        async with asyncio.timeout(2):
            while phoropter.patient_id != "H-1002":  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    assert set(phoropter.memory) == {"patient", "IN+LM"}


async def test_an_attempt_that_was_called_off_leaves_the_way_free():
    async with store() as (driver, phoropter, _):
        phoropter.asleep = True
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(driver.send([AUTO], ""), 0.05)
        phoropter.asleep = False
        assert await driver.send([LENSES], "") == ("lensmeter",)
