"""Taking the queue, doing things with it, telling the cloud, giving it back; with restarts and full disks between."""

import asyncio
import json
import stat
import zlib
from types import SimpleNamespace

import pytest

from edge.queue import clockwork as clockworks
from edge.queue import deeds
from edge.queue import saying as sayings
from edge.queue.deeds import Hand
from edge.queue.keeping import FILE
from edge.queue.log import FILE as LOG
from edge.queue.refusals import Refused
from protocols.envelope import Address
from protocols.envelope.queue import pack
from tests.edge.queue.books import DESK, DOCTOR, DOOR, guest, lease, part, state, tickets
from tests.edge.queue.counter import HERE, Counter, Wire, open_counter

TO = Hand(11)


@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    monkeypatch.setattr(clockworks, "LOOK_S", 0.01)
    monkeypatch.setattr(clockworks, "AGAIN_S", 0.05)
    monkeypatch.setattr(sayings, "LATER_S", 0.02)


async def call_next(counter, hand=TO, station=DESK):
    return await counter.holder.do(lambda day, at: deeds.next_(day, at, hand, station))


async def come(counter, code="general"):
    entry = await counter.holder.do(lambda day, at: deeds.come(day, at, Hand(), code))
    return entry.came.ticket


async def with_book(counter, *guests, **more):
    counter.told(*guests, **more)
    await counter.until(lambda: counter.holder.known()[0] == counter.book.version)


async def taken(counter, *guests, **more):
    await with_book(counter, *guests, **more)
    await counter.clockwork.take()


def full(*_):
    raise OSError(28, "No space left on device")


async def test_a_book_is_kept_over_a_restart_and_readable_by_the_gateway_alone(tmp_path):
    async with open_counter(tmp_path) as counter:
        await with_book(counter, guest(1))
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    async with open_counter(tmp_path) as again:
        assert (again.holder.known(), tickets(again.day, DESK)) == ((7, ""), ["A001"])


async def test_an_older_or_unreadable_book_changes_nothing_and_names_nobody(tmp_path, caplog):
    async with open_counter(tmp_path) as counter:
        await with_book(counter, guest(1))
        for payload in (
            zlib.compress(b'{"version": 99, "guests": [{"who": "Okafor"}]}'),
            b"Okafor",
            pack(counter.book)[:40],
        ):
            counter.holder.heard(payload)
        counter.told(guest(2), version=6)
        await counter.clockwork.look()
        assert (counter.holder.known(), tickets(counter.day, DESK)) == ((7, ""), ["A001"])
    assert "Okafor" not in caplog.text


async def test_a_cleared_book_is_forgotten_but_not_while_it_is_held(tmp_path):
    async with open_counter(tmp_path) as counter:
        await taken(counter, guest(1))
        counter.holder.heard(b"")
        await counter.clockwork.look()
        assert (counter.holder.known()[0], counter.day.hold != "") == (7, True)
    (tmp_path / LOG).unlink()
    async with open_counter(tmp_path) as counter:
        counter.holder.heard(b"")
        await counter.until(lambda: counter.holder.known() == (0, ""))
        with pytest.raises(Refused, match="book"):
            await counter.clockwork.take()
    assert not (tmp_path / FILE).exists()


async def test_a_queue_that_was_given_to_another_gateway_is_let_go_once_everything_is_told(tmp_path):
    async with open_counter(tmp_path) as counter:
        await taken(counter, guest(1))
        counter.holder.heard(b"")
        await counter.clockwork.look()
        assert counter.holder.is_calling
        async with counter.connected(Wire()) as wire:
            await counter.until(lambda: counter.holder.known() == (0, ""))
        assert (wire.entries, counter.day, (tmp_path / LOG).exists()) == ([1], None, False)


async def test_a_connection_without_a_book_means_that_it_was_cleared_meanwhile(tmp_path):
    async with open_counter(tmp_path) as counter:
        counter.told(guest(1))
        await counter.clockwork.look()
        counter.cloud, counter.cloud_s = True, 20.0
        await counter.clockwork.look()
        assert counter.holder.known()[0] == 7
        counter.holder.heard_at -= 100
        counter.cloud_s = 40.0
        await counter.clockwork.look()
        assert counter.holder.known() == (0, "")


async def test_a_gateway_that_was_moved_forgets_the_people_of_the_store_it_left(tmp_path):
    async with open_counter(tmp_path) as counter:
        await taken(counter, guest(1, who="Okafor"))
    async with open_counter(tmp_path, Address("chain", "hill", "gw-1")) as moved:
        assert (moved.holder.known(), moved.day) == ((0, ""), None)
    assert [one for one in tmp_path.iterdir() if "Okafor" in one.read_text()] == []


@pytest.mark.edge("EDGE-492", "Without the broker for a while the gateway takes the store's queue by itself.")
async def test_without_the_cloud_it_takes_the_queue_by_itself(tmp_path):
    async with open_counter(tmp_path) as counter:
        counter.cloud = True
        await with_book(counter, guest(1))
        counter.after(0.05)
        await asyncio.sleep(0.1)
        assert not counter.holder.is_calling
        counter.cloud = False
        await counter.until(lambda: counter.holder.is_calling)
        assert counter.alarms.by_code()["queue_held"] == "This gateway has called people by itself since 12:00."
        assert counter.holder.status()["holding"] == counter.day.hold


async def test_without_a_book_nothing_is_taken(tmp_path):
    async with open_counter(tmp_path) as counter:
        counter.after(0.01)
        await asyncio.sleep(0.1)
        assert (counter.holder.is_calling, counter.alarms.by_code()) == (False, {})


async def test_short_outages_do_not_add_up(tmp_path, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(clockworks, "time", SimpleNamespace(monotonic=lambda: now[0]))
    counter = Counter(tmp_path)
    counter.told(guest(1))
    counter.after(60)
    for _ in range(5):
        for cloud, seconds in ((True, 0), (False, 0), (False, 59)):
            counter.cloud = cloud
            now[0] += seconds
            await counter.clockwork.look()
    before = counter.holder.is_calling
    now[0] += 1
    await counter.clockwork.look()
    await counter.holder.aclose()
    assert (before, counter.holder.is_calling) == (False, True)


@pytest.mark.edge("EDGE-493", "A restart in the middle of a holding goes on with the same people in the same states.")
async def test_a_restart_goes_on_where_it_was(tmp_path):
    async with open_counter(tmp_path) as counter:
        await taken(counter, guest(1, minutes=-9), guest(2))
        await call_next(counter)
        ticket = await come(counter)
        await counter.until(lambda: counter.day.n == 4)
        hold = counter.day.hold
    async with open_counter(tmp_path) as again:
        assert (again.day.hold, again.holder.is_calling, again.day.n) == (hold, True, 4)
        assert (state(again.day, 10), tickets(again.day, DESK)) == ("called", ["A002", ticket])
        assert "queue_held" in again.alarms.by_code()
        assert again.callers.calls == []  # nobody is called anew by a restart


async def test_a_call_goes_to_the_callers_and_their_answers_are_kept(tmp_path):
    async with open_counter(tmp_path) as counter:
        await taken(counter, guest(1, part(10, DOCTOR), who="O."))
        counter.callers.speaks.clear()
        made = (await call_next(counter, Hand(DOOR), DOCTOR)).made
        live = counter.holder.summons.live
        await counter.until(lambda: made.call in live and live[made.call].callers)
        meanwhile = live[made.call].callers["hall"].state
        counter.callers.speaks.set()
        await counter.until(lambda: made.call in counter.day.answers)
        [called] = counter.callers.calls
    assert meanwhile == "waiting"
    assert {name: one.state for name, one in counter.day.answers[made.call].callers.items()} == {
        "tv": "shown",
        "hall": "spoken",
    }
    assert (called.call, called.turn, called.ticket, called.who) == (made.call, 1, "A001", "O.")
    assert (called.station, called.place["en"], called.room, called.languages) == ("doctor", "Room 3", 3, ["zh", "en"])


async def test_where_no_caller_is_the_answer_is_the_gateways_own(tmp_path):
    async with open_counter(tmp_path) as counter:
        await taken(counter, guest(1))
        counter.callers.refusal = "this gateway has no caller"
        made = (await call_next(counter)).made
        await counter.until(lambda: made.call in counter.day.answers)
        assert counter.day.answers[made.call].callers[""].why == "this gateway has no caller"


async def test_a_ticket_is_printed_with_where_to_wait(tmp_path):
    async with open_counter(tmp_path) as counter:
        await taken(counter)
        entry = await counter.holder.do(lambda day, at: deeds.come(day, at, Hand(), "general"))
        first = await counter.holder.ticket(entry.came)
        counter.callers.jam = "is out of paper"
        second = await counter.holder.ticket(entry.came)
        [ticket, _again] = counter.callers.tickets
    assert (first, second) == ("", "is out of paper")
    assert (ticket.ticket, ticket.heading, ticket.lines, ticket.link) == ("A960", "Pier", ["台", "Reception"], "")


@pytest.mark.edge("EDGE-494", "A full disk refuses what is asked of the queue, and nobody is called.")
async def test_a_full_disk_refuses_and_changes_nothing(tmp_path, monkeypatch):
    async with open_counter(tmp_path) as counter:
        await taken(counter, guest(1))
        with monkeypatch.context() as short, pytest.raises(Refused, match="disk"):
            short.setattr("edge.queue.log.os.fsync", full)
            await call_next(counter)
        assert (tickets(counter.day, DESK), counter.callers.calls, counter.day.n) == (["A001"], [], 1)
        assert "No space" in counter.alarms.by_code()["queue_closed"]
        await call_next(counter)
        assert "queue_closed" not in counter.alarms.by_code()


async def test_a_full_disk_takes_no_queue_and_keeps_a_book_for_later(tmp_path, monkeypatch):
    async with open_counter(tmp_path) as counter:
        await with_book(counter, guest(1))
        with monkeypatch.context() as short:
            short.setattr("edge.disk.os.fsync", full)
            with pytest.raises(Refused, match="disk"):
                await counter.clockwork.take()
            counter.told(guest(2), version=8)
            await counter.clockwork.look()
            assert (counter.holder.known(), counter.holder.is_calling) == ((7, ""), False)
        await counter.until(lambda: counter.holder.known() == (8, ""))


@pytest.mark.edge("EDGE-495", "What was done is told in order and without a hole, then the queue goes back by itself.")
async def test_back_on_line_everything_is_told_in_order_and_the_queue_goes_back(tmp_path):
    async with open_counter(tmp_path) as counter:
        await with_book(counter, *(guest(n) for n in range(1, 30)))
        await counter.clockwork.take()
        for _ in range(20):
            await call_next(counter)
        await counter.until(lambda: counter.day.n == 41)
        async with counter.connected(Wire()) as wire:
            await counter.until(lambda: len(wire.said) == 41)
            counter.answers(30, ended=False, version=49)
            await counter.until(lambda: counter.day.gives and len(wire.said) == 42)
            with pytest.raises(Refused, match="giving"):
                await call_next(counter)
            assert "queue_held" not in counter.alarms.by_code()
            counter.answers(41, ended=False)
            counter.answers(42, ended=True, version=51)
            await counter.until(lambda: not counter.day.hold)
    assert wire.entries == list(range(1, 43))
    topic, event = wire.said[0]
    assert (topic, event["code"], event["data"]["what"]) == (HERE.up("e"), "queue_kept", "took")
    assert [one["data"]["what"] for _topic, one in wire.said][-1] == "gave"
    assert (counter.holder.known(), (tmp_path / LOG).exists()) == ((51, ""), False)


async def test_what_the_cloud_does_not_have_is_said_again_on_the_next_connection(tmp_path):
    async with open_counter(tmp_path) as counter:
        await taken(counter, *(guest(n) for n in range(1, 9)))
        await call_next(counter)
        await counter.until(lambda: counter.day.n == 3)
        async with counter.connected(Wire()) as first:
            await counter.until(lambda: len(first.said) == 4)
        await counter.until(lambda: counter.holder.is_calling)
        counter.answers(2, ended=False)
        await counter.until(lambda: counter.holder.safe.n == 2)
        async with counter.connected(Wire()) as second:
            await counter.until(lambda: counter.day.gave == 2 and second.entries[-1:] == [counter.day.n])
    assert first.entries == [1, 2, 3, 4]
    assert second.entries == [3, 4, 5, 6]
    names = {event["data"]["n"]: event["id"] for _topic, event in (*first.said, *second.said)}
    assert [names[event["data"]["n"]] for _topic, event in second.said] == [
        event["id"] for _topic, event in second.said
    ]
    assert [event["data"]["what"] for _topic, event in second.said] == ["answered", "gave", "took", "gave"]


async def test_it_is_given_back_only_when_the_cloud_has_nearly_everything(tmp_path):
    """Who waits for the cloud calls nobody meanwhile, and the cloud takes a morning over in a minute."""
    async with open_counter(tmp_path) as counter:
        await taken(counter, *(guest(n) for n in range(1, 30)))
        for _ in range(25):
            await counter.holder.do(lambda day, moment: deeds.come(day, moment, Hand(), "general"))
        async with counter.connected(Wire()) as wire:
            await counter.until(lambda: len(wire.entries) == 26)
            await counter.clockwork.look()
            assert counter.holder.is_calling
            counter.answers(10, ended=False)
            await counter.until(lambda: counter.day.gives)


async def test_what_nobody_heard_is_said_again_and_nothing_overtakes_it(tmp_path):
    async with open_counter(tmp_path) as counter:
        counter.cloud = True
        await taken(counter, *(guest(n) for n in range(1, 9)))
        wire = Wire()
        wire.codes = [0x10, -1]
        async with counter.connected(wire):
            await counter.until(lambda: len(wire.said) >= 3)
            await call_next(counter)
            await counter.until(lambda: wire.entries[-1] == 3)
    assert wire.entries == [1, 1, 1, 2, 3]


async def test_taken_by_hand_while_the_cloud_is_there_it_stays_until_it_is_given_back_by_hand(tmp_path):
    async with open_counter(tmp_path) as counter:
        counter.cloud = True
        await taken(counter, guest(1))
    async with open_counter(tmp_path) as counter:
        counter.told(guest(1), version=8)
        async with counter.connected(Wire()) as wire:
            await call_next(counter)
            await counter.until(lambda: wire.entries == [1, 2, 3])
            await asyncio.sleep(0.1)
            assert counter.holder.is_calling
            await counter.clockwork.give()
            await counter.until(lambda: wire.entries == [1, 2, 3, 4])
            counter.answers(4, ended=True)
            await counter.until(lambda: not counter.day.hold)


async def test_away_from_the_cloud_nothing_can_be_given_back_by_hand(tmp_path):
    async with open_counter(tmp_path) as counter:
        await taken(counter, guest(1))
        with pytest.raises(Refused, match="offline"):
            await counter.clockwork.give()
        with pytest.raises(Refused, match="moved"):
            await counter.clockwork.take()
        assert counter.holder.is_calling


async def test_taken_back_by_name_in_the_cloud_it_goes_back_although_it_was_taken_by_hand(tmp_path):
    async with open_counter(tmp_path) as counter, counter.connected(Wire()) as wire:
        await taken(counter, guest(1))
        await call_next(counter)
        await counter.until(lambda: wire.entries == [1, 2, 3])
        counter.answers(1, ended=True)
        await counter.until(lambda: counter.day.gives)


async def test_where_the_cloud_says_nothing_this_gateway_goes_on_and_tries_again(tmp_path, monkeypatch):
    monkeypatch.setattr(clockworks, "GIVEN_S", 0.1)
    monkeypatch.setattr(clockworks, "AGAIN_S", 1.0)
    async with open_counter(tmp_path) as counter:
        await taken(counter, guest(1))
        async with counter.connected(Wire()) as wire:
            await counter.until(lambda: counter.day.gives)
            await counter.until(lambda: counter.holder.is_calling)
            await call_next(counter)
            await counter.until(lambda: counter.day.gave == 2)
            whats = [event["data"]["what"] for _topic, event in wire.said]
    assert whats[:4] == ["took", "gave", "took", "called"]
    assert {event["data"]["hold"] for _topic, event in wire.said} == {counter.day.hold}


async def test_while_a_call_is_under_way_the_queue_does_not_go_back(tmp_path):
    async with open_counter(tmp_path) as counter:
        await taken(counter, guest(1))
        counter.callers.speaks.clear()
        await call_next(counter)
        async with counter.connected(Wire()) as wire:
            await counter.until(lambda: wire.entries == [1, 2])
            await asyncio.sleep(0.05)
            assert counter.holder.is_calling
            counter.callers.speaks.set()
            await counter.until(lambda: counter.day.gives)


async def test_a_holding_that_ended_while_the_power_was_off_is_over_after_the_start(tmp_path):
    async with open_counter(tmp_path) as counter:
        await taken(counter, guest(1))
        log = (tmp_path / LOG).read_bytes()
        counter.answers(1, ended=True)
        await counter.until(lambda: not counter.day.hold)
    (tmp_path / LOG).write_bytes(log)  # the power went before it was removed
    async with open_counter(tmp_path) as again:
        assert (again.holder.known(), (tmp_path / LOG).exists()) == ((50, ""), False)


async def test_numbers_given_in_one_holding_are_not_given_in_the_next(tmp_path):
    numbers = [lease("2026-11-23", 960, 962)]
    given = []
    for version in (7, 60):
        async with open_counter(tmp_path) as counter:
            await taken(counter, numbers=numbers, version=version)
            given += [await come(counter)]
        async with open_counter(tmp_path) as counter:
            counter.told(numbers=numbers, version=version)
            given += [await come(counter)] if version == 7 else []
            counter.answers(counter.day.n, ended=True, version=version + 1)  # a book that forgets what was given
            await counter.until(lambda c=counter: not c.day.hold)
    assert given == ["A960", "A961", "A962"]


async def test_whoever_hangs_up_in_the_middle_has_still_called(tmp_path):
    async with open_counter(tmp_path) as counter:
        await taken(counter, guest(1))
        asking = asyncio.ensure_future(call_next(counter))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await counter.until(lambda: state(counter.day, 10) == "called")
        await counter.until(lambda: counter.day.n == 3)
    lines = (tmp_path / LOG).read_text().splitlines()
    assert [json.loads(line)["what"] for line in lines[1:]] == ["took", "called", "answered"]


async def test_many_at_once_are_one_after_the_other(tmp_path):
    async with open_counter(tmp_path) as counter:
        await taken(counter, *(guest(n) for n in range(1, 21)))
        made = [(await one).made.step for one in asyncio.as_completed([call_next(counter) for _ in range(20)])]
        assert sorted(made) == [n * 10 for n in range(1, 21)]
        await counter.until(lambda: counter.day.n == 41)


@pytest.mark.edge("EDGE-496", "While the gateway holds the queue a press of a call button is carried out here, once.")
async def test_buttons_call_again_miss_and_print(tmp_path):
    async with open_counter(tmp_path) as counter:
        await taken(counter, guest(1, part(10, DOCTOR)), guest(2, part(20, DOCTOR), minutes=1))
        assert [await counter.holder.press(key) for key in ("next:3", "again:3", "missed:3", "ticket:general")] == [
            True
        ] * 4
        await counter.until(lambda: counter.callers.tickets)
        row = counter.day.row(10, counter.holder.now())
        assert (row.part.state, row.part.turn, row.part.not_before) == ("waiting", 2, 4)
        assert [(one.ticket, one.turn) for one in counter.callers.calls] == [("A001", 1), ("A001", 2)]
        entries = [json.loads(line) for line in counter.holder._log.lines]
        assert {one["through"] for one in entries if one["what"] in ("called", "moved", "came")} == {"button"}
        assert next(one["came"] for one in entries if one["what"] == "came")["button"] is True


@pytest.mark.parametrize("key", ["again:3", "missed:3", "next:77", "next:x", "nothing", "ticket:none", "next:4"])
async def test_a_press_that_cannot_be_done_is_settled_here_and_changes_nothing(tmp_path, key):
    async with open_counter(tmp_path) as counter:
        await taken(counter)
        assert (await counter.holder.press(key), counter.day.n) == (True, 1)


async def test_a_press_while_the_cloud_calls_is_the_clouds(tmp_path):
    async with open_counter(tmp_path) as counter:
        await with_book(counter, guest(1, part(10, DOCTOR)))
        assert await counter.holder.press("next:3") is False
        await counter.clockwork.take()
        await counter.holder.do(deeds.gave)
        assert await counter.holder.press("next:3") is False
        assert state(counter.day, 10) == "waiting"
