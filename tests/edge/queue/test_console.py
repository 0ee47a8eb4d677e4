"""The queue's pages over real sockets: whose it is, who waits, and every deed as a form."""

import asyncio
import contextlib
import re

import pytest
from msgspec.structs import replace

from edge.clock import Clock
from protocols.envelope.queue import Safe, pack
from tests.edge.console.caller import configure, console
from tests.edge.queue.books import DOCTOR, DOOR, NOON, OTHER, TESTS, TILL, book, guest, lease, part, state

TAG = re.compile(r"<[^>]+>")
FORM = re.compile(r'<form[^>]*action="(/queue/[^"]*)"[^>]*>(.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def noon():
    return Clock(wall=NOON.timestamp, kernel=lambda: (False, None))


@contextlib.asynccontextmanager
async def opened(folder, *guests, take=True, language="en", **more):
    """A gateway with a book, somebody signed in, and the queue taken."""
    async with console(configure(folder, language=language), clock=noon()) as (gateway, caller):
        holder = gateway.queue.holder
        holder.heard(pack(book(*guests, **more)))
        async with asyncio.timeout(5):
            while not holder.known()[0]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await caller.sign_in()
        if take:
            await press(caller, await caller.ask("/queue"), "/queue/take")
        yield holder, caller


async def press(caller, page, path, **given):
    """Send the first form to a path, with everything hidden in it."""
    body = next(body for action, body in FORM.findall(page.body.decode()) if action == path)
    return await caller.ask(path, "POST", {**dict(HIDDEN.findall(body)), **given})


async def follow(caller, answer):
    assert answer.status == 303, answer.text
    return await caller.ask(answer.headers["location"])


def words(page):
    return " ".join(TAG.sub(" ", page.text).split())


def doctors(*states, **more):
    return [guest(n, part(n * 10, DOCTOR, one, minutes=-n), minutes=-n, **more) for n, one in enumerate(states, 1)]


async def test_without_a_book_there_is_no_queue_on_the_page(tmp_path):
    async with console(configure(tmp_path), clock=noon()) as (_gateway, caller):
        await caller.sign_in()
        front, queue = await caller.ask("/"), await caller.ask("/queue")
    assert 'href="/queue"' not in front.text
    assert "comes from the cloud by itself" in queue.text


async def test_while_the_cloud_calls_the_page_shows_its_book_and_changes_nothing(tmp_path):
    told = {"who": "O.", "due": 3000, "due_at": "2026-11-23T04:30:00Z", "priority": 1}
    async with opened(tmp_path, *doctors("waiting", "called", **told), take=False) as (holder, caller):
        front, page = await caller.ask("/"), await caller.ask("/queue")
        deed = await caller.ask("/queue/next", "POST", {"station": DOCTOR, "door": DOOR, "mark": mark(page)})
    assert "Queue (2 here)" in front.text
    assert "The cloud calls people" in words(page) and "at 12:00 (just now)" in words(page)
    assert "waits · since 11:59 · O. · appointment 12:30 · before others · to pay: 30.00 CNY" in words(page)
    assert {action for action, _body in FORM.findall(page.text)} == {"/queue/take"}
    assert (deed.status, "The cloud calls people now. Nothing was changed." in deed.text) == (409, True)
    assert holder.day.n == 0


def mark(page):
    return re.search(r'name="mark" value="([^"]+)"', page.text)[1]


@pytest.mark.parametrize("path", ["/queue", "/queue/in", "/queue/door/31", "/part/queue"])
async def test_nobody_sees_the_queue_without_the_pin(tmp_path, path):
    async with opened(tmp_path, *doctors("waiting")) as (holder, caller):
        caller.cookie = ""
        shown, done = await caller.ask(path), await caller.ask("/queue/next", "POST", {"station": DOCTOR, "door": DOOR})
        assert (shown.status, done.status, "A001" in shown.text) == (401, 401, False)
        assert (state(holder.day, 10), holder.day.n) == ("waiting", 1)


@pytest.mark.parametrize("path", ["/queue/take", "/queue/give", "/queue/next", "/queue/step/10", "/queue/in"])
async def test_a_forged_form_changes_nothing(tmp_path, path):
    async with opened(tmp_path, *doctors("waiting")) as (holder, caller):
        given = {"mark": "guessed", "station": DOCTOR, "door": DOOR, "deed": "gone", "kind": "general"}
        answer = await caller.ask(path, "POST", given)
        assert (answer.status, holder.day.n, state(holder.day, 10)) == (403, 1, "waiting")


async def test_a_doctor_calls_sees_the_answers_begins_and_is_done(tmp_path):
    async with opened(tmp_path, *doctors("waiting", "waiting")) as (holder, caller):
        page = await caller.ask(f"/queue/door/{DOOR}")
        page = await follow(caller, await press(caller, page, "/queue/next", door=DOOR))
        called = words(page)
        async with asyncio.timeout(5):
            while not holder.day.answers:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        answered = words(await caller.ask(f"/part/queue/door/{DOOR}"))
        page = await follow(caller, await press(caller, page, "/queue/step/20", deed="begin"))
        inside = words(page)
        page = await follow(caller, await press(caller, page, "/queue/step/20", deed="done"))
    assert "Call next to Room 3" in called and "A002 called · Room 3 · since 12:00 · 1 × called" in called
    assert "failed this gateway has no caller for this station" in answered
    assert "A002 inside" in inside and "A002" not in words(page)
    assert "A001 waits" in words(page) and "Room 4" in words(page) and "Call next to Room 4" not in words(page)


async def test_without_a_chosen_door_each_door_has_its_own_button(tmp_path):
    async with opened(tmp_path, *doctors("waiting", "waiting")) as (holder, caller):
        page = await caller.ask("/queue")
        await press(caller, page, "/queue/next", door=OTHER, station=DOCTOR)
        assert holder.day.row(20, holder.now()).part.desk == OTHER
        refused = await caller.ask("/queue/next", "POST", {"mark": mark(page), "station": DOCTOR})
    assert "Call next to Room 3 Call next to Room 4" in words(page)
    assert (refused.status, "Choose the door" in refused.text) == (409, True)


async def test_who_waits_for_somebody_by_name_is_called_for_them_only(tmp_path):
    named = guest(1, part(10, DOCTOR, for_="Dr Li"))
    async with opened(tmp_path, named) as (holder, caller):
        page = await caller.ask(f"/queue/door/{DOOR}")
        passed = await press(caller, page, "/queue/next", door=DOOR)
        body = next(body for action, body in FORM.findall(page.body.decode()) if 'value="Dr Li"' in body)
        called = await caller.ask("/queue/next", "POST", {**dict(HIDDEN.findall(body)), "door": DOOR})
        assert (state(holder.day, 10), called.status) == ("called", 303)
    assert "1 wait for Dr Li." in words(page) and "(also for Dr Li)" in words(page)
    assert (passed.status, "Nobody waits whom you could call" in passed.text) == (409, True)


async def test_what_is_not_drawn_any_more_is_said_and_changes_nothing(tmp_path):
    async with opened(tmp_path, *doctors("called")) as (holder, caller):
        page = await caller.ask(f"/queue/door/{DOOR}")
        await press(caller, page, "/queue/step/10", deed="missed")
        before = holder.day.n
        again = await press(caller, page, "/queue/step/10", deed="missed")
        nobody = await caller.ask("/queue/step/999", "POST", {"mark": mark(page), "deed": "gone"})
        nothing = await caller.ask("/queue/step/x", "POST", {"mark": mark(page), "deed": "gone"})
        assert holder.day.n == before
    assert [one.status for one in (again, nobody, nothing)] == [409] * 3
    assert "A colleague was quicker" in again.text and 'role="alert"' in again.text
    assert "Nothing was changed" in nobody.text and "Nothing was changed" in nothing.text


async def test_somebody_is_taken_in_with_a_large_number_once_and_the_printer_says_why_not(tmp_path):
    async with opened(tmp_path, numbers=[lease("2026-11-23", 998, 999)]) as (holder, caller):
        page = await caller.ask("/queue/in")
        once = dict(HIDDEN.findall(page.body.decode()))["once"]
        form = {"mark": mark(page), "once": once, "kind": "general", "due": "14:30"}
        first, again = await asyncio.gather(*(caller.ask("/queue/in", "POST", form) for _ in range(2)))
        late = await caller.ask("/queue/in", "POST", {**form, "once": "o2", "due": "25:61"})
        second = await caller.ask("/queue/in", "POST", {**form, "once": "o3"})
        none = await caller.ask("/queue/in", "POST", {**form, "once": "o4"})
        queue = await caller.ask("/queue")
        assert len(holder.day.guests(holder.now())) == 2
    assert "2 numbers left" in page.text
    assert 'class="ticket large" role="status">A998<' in first.text and "A998" in again.text
    assert "was not printed" in first.text and "no ticket printer" in first.text
    assert (late.status, "not one of today" in late.text) == (409, True)
    assert "A999" in second.text
    assert (none.status, "No number of this kind is left" in none.text) == (409, True)
    assert "A998 waits · since 12:00 · appointment 14:30 · to pay: 30.00 CNY" in words(queue)


async def test_one_person_is_sent_on_held_paid_passed_and_gone_on_a_page_of_their_own(tmp_path):
    people = [guest(n, part(n * 10, TILL), due=3000) for n in (1, 2, 3)]
    async with opened(tmp_path, *people, guest(4, part(40, DOCTOR), due=500)) as (holder, caller):
        page = await caller.ask("/queue/step/10")
        too_much = await press(caller, page, "/queue/step/10", deed="paid", amount="30.01")
        await press(caller, page, "/queue/step/10", deed="paid", amount="12,50")
        stale = await press(caller, page, "/queue/step/10", deed="paid", amount="17.50")
        await press(caller, await caller.ask("/queue/step/10"), "/queue/step/10", deed="send", station=TESTS)
        await press(caller, await caller.ask("/queue/step/20"), "/queue/step/20", deed="hold")
        await press(caller, await caller.ask("/queue/step/30"), "/queue/step/30", deed="gone")
        passing = await caller.ask("/queue/step/40")
        nameless = await press(caller, passing, "/queue/step/40", deed="pass", why="bleeds")
        await press(caller, passing, "/queue/step/40", deed="pass", why="bleeds", by="Wang")
        queue, gone = words(await caller.ask("/queue")), await caller.ask("/queue/step/30")
        guests = holder.day.guests(holder.now())
        assert (guests[1].due, guests[4].passed, 3 in guests) == (1750, True, False)
        assert state(holder.day, 20) == "held"
    assert (too_much.status, stale.status, nameless.status) == (409, 409, 409)
    assert "more than is due" in too_much.text and "needs a reason and your name" in nameless.text
    assert "let pass unpaid: 5.00 CNY" in queue and "On hold, away, missed A002 on hold" in queue
    assert "A colleague was quicker" in gone.text


async def test_a_page_of_nowhere_is_none(tmp_path):
    async with opened(tmp_path, *doctors("waiting")) as (_holder, caller):
        paths = ("/queue/door/999", "/queue/station/x", "/queue/elsewhere")
        statuses = [(await caller.ask(path)).status for path in paths]
        lost = await caller.ask("/queue/step/x")
        strange = await caller.ask("/queue/elsewhere", "POST", {"mark": mark(lost), "deed": "gone", "here": "door/9"})
    assert statuses == [404, 404, 404]
    assert "A colleague was quicker" in lost.text
    assert strange.status == 409


async def test_it_is_handed_back_and_the_page_says_how_far_that_is(tmp_path):
    async with opened(tmp_path, *doctors("waiting")) as (holder, caller):
        alone = words(await caller.ask("/queue"))
        refused = await caller.ask("/queue/give", "POST", {"mark": mark(await caller.ask("/queue"))})
        caller_front = words(await caller.ask("/"))
        gateway_day = holder.day
        gateway_day.gives = True
        giving = await caller.ask("/part/queue")
        gateway_day.gives = False
        safe = Safe(hold=holder.hold, n=holder.day.n, ended=True)
        holder.heard(pack(replace(book(), version=9, safe=safe)))
        async with asyncio.timeout(5):
            while holder.hold:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        after = words(await caller.ask("/queue"))
    assert "This gateway has called people since 12:00" in alone and "Still to be told to the cloud: 1." in alone
    assert (refused.status, "no connection to the cloud" in refused.text) == (409, True)
    assert "This gateway calls people by itself" in caller_front
    assert "is being handed back" in giving.text and "<button" not in giving.text
    assert "The cloud calls people" in after


async def test_a_long_line_is_cut_short_on_the_page_of_all_stations(tmp_path):
    people = [guest(n, part(n, TESTS), minutes=n / 10) for n in range(1, 31)]
    async with opened(tmp_path, *people) as (_holder, caller):
        all_, one = words(await caller.ask("/queue")), words(await caller.ask(f"/queue/station/{TESTS}"))
    assert "18 more in line" in all_ and "A030" not in all_
    assert "A030" in one and "more in line" not in one


async def test_the_page_speaks_chinese(tmp_path):
    async with opened(tmp_path, *doctors("waiting"), language="zh") as (_holder, caller):
        page = words(await caller.ask("/queue"))
    assert "自 12:00 起由本网关叫号" in page and "叫下一位到3号诊室" in page
