"""All callers of a store side by side: who is asked, who holds up nobody, what is told meanwhile."""

import asyncio
from contextlib import aclosing

import msgspec
import pytest

from edge.callers.verbs import verbs
from edge.refusals import OrderRefused
from protocols.envelope.calls import Answers
from tests.edge.callers.store import called, said, until


def order(callers, verb="call_patient"):
    return verbs(callers)[verb]


async def results(callers, args):
    return [one async for one in order(callers)(args)]


@pytest.mark.edge("EDGE-166", "Where nothing calls patients, the order to call one is refused in plain words.")
async def test_where_nothing_calls_the_order_is_refused(store):
    await store.printer()  # prints tickets only
    async with store.open() as callers:
        with pytest.raises(OrderRefused, match="call them yourself"):
            await results(callers, msgspec.to_builtins(called()))


@pytest.mark.parametrize("args", [{}, {"words": "Okafor"}, {"call": "c", "ticket": " ", "station": "s", "place": {}}])
async def test_an_order_that_names_nobody_is_refused_without_a_word_of_it(store, args):
    await store.display("till", "cd5220")
    async with store.open() as callers:
        with pytest.raises(OrderRefused, match="whom to call") as refused:
            await results(callers, args)
        with pytest.raises(OrderRefused, match="which ticket"):
            await order(callers, "print_ticket")(args)
    assert "Okafor" not in str(refused.value)


async def test_the_answers_of_an_order_are_those_of_the_contract(store):
    await store.display("till", "cd5220")
    await store.printer()
    async with store.open() as callers:
        told = await results(callers, msgspec.to_builtins(called()))
        ticket = await order(callers, "print_ticket")({"ticket": "A012"})
    assert msgspec.convert(told[-1], Answers).callers["till"].state == "shown"
    assert msgspec.convert(ticket, Answers).callers["desk"].state == "printed"


@pytest.mark.edge("EDGE-481", "A caller that is slow or dead holds up no other.")
async def test_a_dead_caller_holds_up_no_other(store):
    await store.display("till", "cd5220")
    await store.display("sign", "alpha")
    await store.dead("dead", "modbus", base=0, digits=3)
    async with store.open() as callers:
        told = await said(callers, called())
    assert [[one[name][0] for name in ("till", "sign", "dead")] for one in told[-2:]] == [
        ["shown", "shown", "waiting"],
        ["shown", "shown", "failed"],
    ]
    assert "does not answer" in told[-1]["dead"][1]


async def test_every_change_of_an_answer_is_told_while_the_rest_is_waited_for(store):
    await store.display("till", "cd5220")
    store.voice(lasts=0.3)
    async with store.open() as callers:
        told = [{name: state for name, (state, _) in one.items()} for one in await said(callers, called())]
    assert told == [{"till": "shown", "hall": "waiting"}, {"till": "shown", "hall": "spoken"}]


async def test_a_caller_calls_for_its_stations_only(store):
    await store.display("till", "cd5220", **{"for": ["room-1"]})
    await store.display("sign", "alpha", **{"for": ["room-3", "room-4"]})
    async with store.open() as callers:
        assert list((await said(callers, called(station="room-3")))[-1]) == ["sign"]
        with pytest.raises(OrderRefused):
            await said(callers, called("A2", station="room-9"))


async def test_callers_that_are_named_are_asked_and_strangers_answer_for_themselves(store):
    await store.display("till", "cd5220")
    await store.display("sign", "alpha")
    await store.printer("desk")
    async with store.open() as callers:
        found = (await said(callers, called(callers=["till", "attic", "desk"])))[-1]
    assert {name: state for name, (state, _) in found.items()} == {"till": "shown", "attic": "failed", "desk": "failed"}
    assert "no caller of this name" in found["attic"][1] and "calls = true" in found["desk"][1]


@pytest.mark.edge("EDGE-482", "A turn of a call is carried out once, however often it is ordered.")
async def test_a_turn_of_a_call_is_carried_out_once(store):
    slips = await store.printer(calls=True)
    async with store.open() as callers:
        at_once = await asyncio.gather(said(callers, called()), said(callers, called()))
        later = await said(callers, called())
        again = await said(callers, called(turn=2))
    assert at_once[0][-1] == at_once[1][-1] == later[-1] == again[-1] == {"desk": ("printed", "")}
    assert len(slips.tickets) == 2


async def test_what_was_interrupted_is_told_as_that_and_not_done_again(store):
    slips = await store.printer(calls=True)
    slips.printing_s = 0.5
    async with store.open() as callers:
        first = asyncio.ensure_future(said(callers, called()))
        await until(lambda: slips.asked >= 4)
        await asyncio.sleep(0.1)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        ((state, why),) = (await said(callers, called()))[-1].values()
        await until(lambda: slips.tickets)
    assert state == "failed" and "interrupted" in why
    assert len(slips.tickets) == 1


async def test_whoever_stops_listening_leaves_nothing_behind(store):
    await store.display("till", "cd5220")
    store.voice(lasts=0.5)
    async with store.open() as callers:
        async with aclosing(callers.call(called())) as answering:
            async for _ in answering:
                await until(lambda: list(store.played.glob("*.txt")))
                break
        await until(lambda: store.heard())  # what is being spoken is spoken to its end
    assert len(store.heard()) == 1


async def test_callers_stand_among_the_instruments_with_how_they_are_and_why(store):
    printer = await store.printer()
    printer.trouble = "no paper"
    store.caller("tv", "screen")
    store.caller("far", "alpha", url="tcp://127.0.0.1:9")
    async with store.open() as callers:
        await until(lambda: callers.kept["desk"].state == callers.kept["far"].state == "lost")
        found = {one.dev: one for one in callers.states()}
        assert store.changes >= 2
        printer.trouble = ""
        await callers.test("desk")
        assert callers.kept["desk"].report().state == "connected"
    assert (found["desk"].family, found["desk"].state) == ("escpos", "lost")
    assert found["desk"].why.startswith("The printer desk is out of paper. Put a roll in")
    assert found["tv"].state == "starting"  # nobody has opened its page yet
    assert "nothing listens on port 9" in found["far"].why


async def test_the_log_names_devices_and_outcomes_and_nobody(store, caplog):
    caplog.set_level("INFO")
    await store.display("till", "cd5220")
    async with store.open() as callers:
        await said(callers, called("A731", who="Okafor"))
    assert "till: shown" in caplog.text
    assert "Okafor" not in caplog.text and "A731" not in caplog.text


async def test_a_call_that_a_display_has_no_letters_for_does_not_make_it_lost(store):
    await store.display("till", "cd5220")
    async with store.open() as callers:
        await said(callers, called())
        assert (await said(callers, called("验012")))[-1]["till"][0] == "failed"
        assert callers.kept["till"].report().state == "connected"
