"""The page at a slit lamp: an eye is chosen, a picture taken, and nothing is taken blindly."""

import asyncio

import pytest

from edge.console.door import Session
from edge.console.lamp import SHOWN_S, Window
from firmware_sim.slit_lamp_camera import filled, picture
from tests.edge.console.caller import configure, console
from tests.edge.console.test_console import connected

LAMP = """
[[instrument]]
name = "lamp"
family = "slit_lamp_camera"
url = "pictures://{folder}"
lane = "Lane 1"
"""


@pytest.fixture
async def at_the_lamp(tmp_path):
    filled(tmp_path / "lamp", 1)
    async with console(configure(tmp_path, LAMP.format(folder=tmp_path / "lamp"))) as (gateway, caller):
        await caller.sign_in()
        await connected(gateway)
        yield gateway, caller


async def readings(gateway):
    return (await gateway.status())["instruments"][0]["readings"]


async def test_an_eye_is_chosen_and_a_picture_taken(at_the_lamp):
    gateway, caller = at_the_lamp
    page = await caller.ask("/camera/lamp")

    chosen = {"eye": "left", "magnification": "16x", "illumination": "slit"}
    taken = await caller.press(page, "/camera/lamp", deed="take", **chosen)
    after = await caller.ask("/camera/lamp")
    part = await caller.ask("/part/camera-lamp")

    assert "No eye is chosen" in page.text
    assert taken.status == 303
    assert await readings(gateway) == 1
    assert "Left (OS)" in part.text
    assert 'value="16x" selected' in after.text
    assert 'id="eye-left" checked' in after.text


async def test_without_an_eye_nothing_is_taken_and_the_page_says_so(at_the_lamp):
    gateway, caller = at_the_lamp

    refused = await caller.press(await caller.ask("/camera/lamp"), "/camera/lamp", deed="take")

    assert refused.status == 409
    assert "nothing was taken" in refused.text
    assert await readings(gateway) == 0


async def test_what_is_no_choice_is_refused(at_the_lamp):
    gateway, caller = at_the_lamp

    refused = await caller.press(await caller.ask("/camera/lamp"), "/camera/lamp", deed="take", eye="<both>")

    assert (refused.status, await readings(gateway)) == (409, 0)


async def test_the_front_page_leads_there_and_strangers_find_no_camera(at_the_lamp):
    _, caller = at_the_lamp

    front, other = await caller.ask("/"), await caller.ask("/camera/nobody")
    caller.cookie = ""
    outside = await caller.ask("/camera/lamp")

    assert 'href="/camera/lamp"' in front.text
    assert (other.status, outside.status) == (404, 401)


@pytest.mark.edge(
    "EDGE-399", "A page opened before the eye was changed by foot, or forgotten, takes no picture of the old one."
)
async def test_a_page_that_shows_another_eye_takes_nothing(at_the_lamp):
    gateway, caller = at_the_lamp
    lamp = gateway.supervisor.keepers[0].camera
    lamp.choose(eye="right")
    page = await caller.ask("/camera/lamp")

    lamp.choice.toggle()
    toggled = await caller.press(page, "/camera/lamp", deed="take", was="right", eye="right")
    lamp.choice.forget()
    forgotten = await caller.press(page, "/camera/lamp", deed="take", was="right", eye="right")
    taken = await readings(gateway)
    anew = await caller.press(page, "/camera/lamp", deed="take", was="right", eye="left")

    assert 'name="was" value="right"' in page.text
    assert (toggled.status, forgotten.status, taken) == (409, 409, 0)
    assert (anew.status, await readings(gateway)) == (303, 1)


@pytest.mark.edge(
    "EDGE-449", "The live picture of a lamp is behind the PIN, one page at a time has it, and nothing of it is kept."
)
async def test_the_live_picture_is_shown_to_one_page_at_a_time(at_the_lamp, tmp_path):
    gateway, caller = at_the_lamp
    page = await caller.ask("/camera/lamp")
    shown = await caller.ask("/part/frame-lamp")
    mine, caller.cookie = caller.cookie, ""
    stranger = await caller.ask("/part/frame-lamp")
    await caller.sign_in()
    other = await caller.ask("/part/frame-lamp")
    taken = await caller.press(await caller.ask("/camera/lamp"), "/camera/lamp", deed="take", eye="right")
    caller.cookie = mine
    again = await caller.ask("/part/frame-lamp")

    assert 'data-frames="/part/frame-lamp"' in page.text
    assert (shown.status, shown.headers["content-type"], shown.body) == (200, "image/jpeg", picture(0))
    assert shown.headers["cache-control"] == "no-store"
    assert (stranger.status, other.status, taken.status, again.status) == (401, 409, 303, 200)
    assert await readings(gateway) == 1
    assert list((tmp_path / "data").rglob("*.jpg")) == []


async def test_a_page_that_was_left_makes_room_for_the_next(at_the_lamp):
    gateway, _ = at_the_lamp
    times = iter((10.0, 11.0, 11.0 + SHOWN_S, 11.0 + SHOWN_S))
    window, keeper = Window(lambda: next(times)), gateway.supervisor.keepers[0]
    first, second = Session("a", "", 0), Session("b", "", 0)

    found = [(await window.look("lamp", keeper, one)).status for one in (first, second)]
    found.append((await window.look("lamp", keeper, second)).status)

    assert found == [200, 409, 200]


async def test_a_lamp_without_a_picture_shows_none(at_the_lamp, tmp_path):
    _, caller = at_the_lamp
    for file in (tmp_path / "lamp").iterdir():
        file.unlink()

    gone, nobody = await caller.ask("/part/frame-lamp"), await caller.ask("/part/frame-nobody")

    assert (gone.status, nobody.status) == (503, 503)


async def test_a_clip_is_filmed_from_the_page_and_ended_there(at_the_lamp):
    gateway, caller = at_the_lamp
    begun = await caller.press(await caller.ask("/camera/lamp"), "/camera/lamp", deed="film", eye="left")
    during = await caller.ask("/part/camera-lamp")
    later = await caller.press(await caller.ask("/camera/lamp"), "/camera/lamp", deed="choose", magnification="16x")
    ended = await caller.press(await caller.ask("/camera/lamp"), "/camera/lamp", deed="film")
    async with asyncio.timeout(10):
        while await readings(gateway) == 0:  # noqa: ASYNC110 - a clip rings no bell
            await asyncio.sleep(0.02)
    after = await caller.ask("/part/camera-lamp")

    assert (begun.status, later.status, ended.status) == (303, 409, 303)  # a page of another eye may end it, no more
    assert "A clip is being filmed, 10 s at most" in during.text
    assert "A clip is being filmed" not in after.text
