"""The wall's page over the console's own server, and what a page answers."""

import asyncio
import json

import pytest

from edge.callers import screen as screens
from edge.callers.device import Declined
from edge.callers.screen import ASKERS, Screen
from protocols.envelope.calls import Called
from tests.edge.callers.store import called, said, until
from tests.edge.console.caller import configure, console

TV = '[callers.tv]\nkind = "screen"\n'
MARK = {"X-Emmetra-Screen": "1"}


class Page:
    """What the script of the page does."""

    def __init__(self, caller, name="tv"):
        self.caller, self.name, self.version, self.calls = caller, name, "none", []

    async def look(self):
        answer = await self.caller.ask(f"/screen/calls/{self.name}/{self.version}")
        assert answer.status == 200
        told = json.loads(answer.body)
        self.version, self.calls = told["version"], told["calls"]
        return self.calls

    async def shown(self, call, turn=1, **headers):
        form = {"screen": self.name, "call": call, "turn": str(turn)}
        return (await self.caller.ask("/screen/shown", "POST", form, **(headers or MARK))).status


async def test_a_call_is_shown_when_the_page_has_said_so(tmp_path):
    async with console(configure(tmp_path, TV)) as (gateway, caller):
        page = Page(caller)
        assert await page.look() == []
        calling = asyncio.ensure_future(said(gateway.callers, called(languages=["zh", "en"], who="张*")))
        (shown,) = await page.look()
        assert not calling.done()
        assert await page.shown("call-A012") == 204
        assert (await calling)[-1] == {"tv": ("shown", "")}
        assert gateway.callers.kept["tv"].report().state == "connected"

    assert shown == {
        **{"call": "call-A012", "turn": 1, "ticket": "A012", "who": "张*"},
        **{"place": ["3号诊室", "Room 3"], "asks": True},
    }


async def test_without_a_page_the_answer_says_what_to_open(tmp_path, monkeypatch):
    monkeypatch.setattr(screens, "WITHIN_S", 0.2)
    async with console(configure(tmp_path, TV)) as (gateway, _):
        ((state, why),) = (await said(gateway.callers, called()))[-1].values()
    assert (state, why) == (
        "failed",
        "No screen is open for tv. Open /screen/tv of this gateway on the television.",
    )


async def test_a_page_that_is_open_but_draws_nothing_is_told_apart(tmp_path, monkeypatch):
    monkeypatch.setattr(screens, "WITHIN_S", 0.2)
    async with console(configure(tmp_path, TV)) as (gateway, caller):
        await Page(caller).look()
        ((_, why),) = (await said(gateway.callers, called()))[-1].values()
    assert "is open but did not show the call" in why


async def test_a_page_that_comes_back_after_a_restart_shows_and_answers_a_call_of_meanwhile(tmp_path):
    async with console(configure(tmp_path, TV)) as (gateway, caller):
        calling = asyncio.ensure_future(said(gateway.callers, called()))
        page = Page(caller)
        page.version = "another-gateway-7"
        await asyncio.sleep(0.2)
        assert [one["ticket"] for one in await page.look()] == ["A012"]
        await page.shown("call-A012")
        assert (await calling)[-1]["tv"][0] == "shown"


@pytest.mark.edge("EDGE-483", "The page for a wall needs no PIN, and is there only where a screen is configured.")
async def test_the_page_for_a_wall_needs_no_pin_and_is_there_only_where_a_screen_is(tmp_path):
    async with console(configure(tmp_path, TV)) as (_, caller):
        page = await caller.ask("/screen")
        named = await caller.ask("/screen/tv")
        found = [(await caller.ask(path)).status for path in ("/screen/other", "/screen/calls/other/x", "/screens")]
        files = [(await caller.ask(path)).status for path in ("/screen.css", "/screen.js")]
    assert (page.status, named.body, found, files) == (200, page.body, [404, 404, 401], [200, 200])
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert 'data-screen="tv"' in page.text and "gw-1" not in page.text

    (tmp_path / "none").mkdir()
    async with console(configure(tmp_path / "none")) as (_, caller):
        assert [(await caller.ask(path)).status for path in ("/screen", "/screen/tv", "/screen/calls/tv/x")] == [
            401
        ] * 3
        assert (await caller.ask("/screen/shown", "POST", {"screen": "tv"}, **MARK)).status == 401


async def test_no_page_from_elsewhere_can_say_that_a_call_was_shown(tmp_path):
    async with console(configure(tmp_path, TV)) as (gateway, caller):
        page = Page(caller)
        await page.look()
        calling = asyncio.ensure_future(said(gateway.callers, called()))
        await page.look()
        assert await page.shown("call-A012", **{"Origin": "https://elsewhere.test"}) == 403
        assert await page.shown("call-nobody-made") == 404
        assert not calling.done()
        await page.shown("call-A012")
        await calling


def one(n):
    return Called(call=f"c{n}", ticket=f"A{n:03}", station="s", place={"en": f"Room {n}"})


async def show(screen, call):
    showing = asyncio.ensure_future(screen.call(call))
    await asyncio.sleep(0)
    assert screen.seen(call.call, str(call.turn))
    await showing


async def test_the_last_six_are_shown_the_newest_first_and_a_repeat_moves_up():
    screen = Screen("tv")
    for n in range(8):
        await show(screen, one(n))
    assert [call["ticket"] for call in screen.shown()["calls"]] == [f"A00{n}" for n in (7, 6, 5, 4, 3, 2)]
    await show(screen, Called(call="c4", ticket="A004", station="s", place={"en": "Room 4"}, turn=2))
    assert [call["ticket"] for call in screen.shown()["calls"]] == [f"A00{n}" for n in (4, 7, 6, 5, 3, 2)]


async def test_a_call_of_the_morning_is_gone_in_the_evening(monkeypatch):
    screen = Screen("tv")
    await show(screen, one(1))
    monkeypatch.setattr(screens, "FORGOTTEN_S", -1)
    assert screen.shown()["calls"] == []


async def test_a_page_that_has_everything_waits_and_is_answered_all_the_same(monkeypatch):
    monkeypatch.setattr(screens, "HOLD_S", 0.1)
    screen = Screen("tv")
    assert await screen.news(screen.version) == {"version": screen.version, "calls": []}


async def test_pages_that_wait_never_keep_people_off_the_console(tmp_path):
    async with console(configure(tmp_path, TV)) as (gateway, caller):
        screen = gateway.callers.screens["tv"]
        pages = [Page(caller) for _ in range(ASKERS)]
        for page in pages:
            page.version = screen.version
        waiting = [asyncio.ensure_future(page.look()) for page in pages]
        await until(lambda: screen.crowded)
        assert (await caller.ask(f"/screen/calls/tv/{screen.version}")).status == 503
        assert (await caller.sign_in()).status == 303
        await show(screen, one(1))
        assert [len(await page) for page in waiting] == [1] * ASKERS


async def test_the_console_lists_callers_and_lets_them_make_a_test(tmp_path):
    async with console(configure(tmp_path, TV)) as (gateway, caller):
        await caller.sign_in()
        front = await caller.ask("/")
        asked = await caller.ask("/call/tv")
        pressing = asyncio.ensure_future(caller.press(asked, "/call/tv"))
        page = Page(caller)
        await until(lambda: gateway.callers.screens["tv"].shown()["calls"])
        (test,) = await page.look()
        await page.shown(test["call"])
        done = await pressing
        status = await gateway.status()
    assert "What calls patients" in front.text and "/call/tv" in front.text
    assert (test["ticket"], done.status) == ("T000", 200)
    assert "A test was sent to tv" in done.text
    assert [(one["name"], one["kind"]) for one in status["callers"]] == [("tv", "screen")]


async def test_a_call_that_was_pushed_off_by_later_ones_says_so_at_once():
    tv = Screen("tv")
    calls = [asyncio.ensure_future(tv.call(called(call=f"call-{n}"))) for n in range(screens.LAST + 1)]
    await asyncio.sleep(0)
    with pytest.raises(Declined, match="So many were called at once"):
        await calls[0]
    assert not any(one.done() for one in calls[1:])
    for n in range(1, screens.LAST + 1):
        assert tv.seen(f"call-{n}", "1")
    assert {(await one).state for one in calls[1:]} == {"shown"}
