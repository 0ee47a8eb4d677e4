"""The page on the gateway, over real sockets."""

import asyncio
import re
from pathlib import Path

import pytest

from edge import pins
from edge.clock import Clock
from edge.console.pairing import Finder
from edge.supervisor import Fitting
from tests.edge.console.caller import DIGEST, PIN, Caller, configure, console
from tests.edge.gateways import INSTRUMENT
from tests.edge.links.wires import PtyFar
from tests.edge.scan.desk import desk
from tests.edge.supervisor.test_supervisor import LineDriver


@pytest.fixture
def hurried(monkeypatch):
    """The search sees these ports."""

    def see(ports):
        monkeypatch.setattr(Finder.__init__, "__defaults__", (ports, 40.0))

    return see


async def connected(gateway):
    async with asyncio.timeout(8):
        while [one.state for one in gateway.supervisor.keepers] != ["connected"]:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


LENSMETER = """
[[instrument]]
name = "lm"
family = "nidek_frame"
model = "LM-1800P"
url = "{url}"
lane = "Room 2"
"""


def listening_everywhere(port):
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(one[1] == f"00000000:{port:04X}" for one in lines)


def lines(settings):
    return Fitting(LineDriver, "lines", "7")


@pytest.fixture
def far():
    far = PtyFar()
    yield far
    far.close()


@pytest.mark.edge("EDGE-220", "Until a PIN is set the console listens on the gateway itself only and shows nothing.")
async def test_without_a_pin_nothing_is_shown_but_how_to_set_one(tmp_path):
    path = configure(tmp_path, pin=None)
    path.write_text(path.read_text().replace("127.0.0.1:0", "0.0.0.0:0"))
    async with console(path) as (gateway, caller):
        answer = await caller.ask("/")
        part = await caller.ask("/part")
        tried = await caller.sign_in("")
        pins.write(tmp_path / "data", DIGEST)
        before = gateway.console.port
        async with asyncio.timeout(8):
            while gateway.console.port == before:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        after = await Caller(gateway.console.port).ask("/")
        open_to_all = await asyncio.to_thread(listening_everywhere, gateway.console.port)

    assert "emmetra gateway pin" in answer.text and "gw-1" not in answer.text
    assert (part.status, tried.status) == (404, 404)
    assert 'name="pin"' in after.text
    assert open_to_all == 1


async def test_whoever_knows_the_pin_sees_how_the_gateway_is(tmp_path, far):
    path = configure(tmp_path, INSTRUMENT.format(n=0, url=far.path), INSTRUMENT.format(n=1, url="/dev/ttyNONE"))
    async with console(path, fit=lines) as (_, caller):
        assert (await caller.sign_in()).status == 303
        async with asyncio.timeout(8):
            while "● connected" not in (page := await caller.ask("/")).text.replace("</span>", ""):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        part = await caller.ask("/part")

    assert "demo/main/gw-1" in page.text and "There is no port /dev/ttyNONE" in page.text
    assert "Check that it is switched on" in page.text
    assert "not connected; tried again by itself" in page.text
    assert part.status == 200 and "<html" not in part.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/checks", "/part", "/restart", "/pair/lm", "/test/lm", "/nowhere"])
async def test_nobody_sees_or_does_anything_without_the_pin(tmp_path, path):
    async with console(configure(tmp_path)) as (gateway, caller):
        shown = await caller.ask(path)
        done = await caller.ask(path, "POST", {"mark": "", "port": "x"})
        assert (shown.status, done.status) == (401, 401)
        assert not gateway._anew.is_set()


@pytest.mark.edge("EDGE-221", "Five wrong PINs lock the caller out; the right one is not taken while that lasts.")
async def test_guessing_ends_after_five_tries(tmp_path):
    async with console(configure(tmp_path)) as (_, caller):
        codes = [(await caller.sign_in(f"90000{n}")).status for n in range(6)]
        right = await caller.sign_in()
    assert codes == [403] * 5 + [429]
    assert right.status == 429 and "Wait" in right.text


@pytest.mark.edge("EDGE-222", "A form without the session's own mark does nothing.")
@pytest.mark.parametrize("mark", ["", "guessed", "é"])
async def test_a_forged_form_does_nothing(tmp_path, mark):
    async with console(configure(tmp_path)) as (gateway, caller):
        await caller.sign_in()
        answer = await caller.ask("/restart", "POST", {"mark": mark})
        assert answer.status == 403
        assert not gateway._anew.is_set()


async def test_the_gateway_restarts_and_the_page_comes_back(tmp_path):
    async with console(configure(tmp_path)) as (gateway, caller):
        await caller.sign_in()
        first = gateway.console
        answer = await caller.press(await caller.ask("/restart"), "/restart")
        async with asyncio.timeout(8):
            while gateway.console is first or not gateway.console.port:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        back = await Caller(gateway.console.port).ask("/")
    assert "data-await" in answer.body.decode()
    assert 'name="pin"' in back.text


async def test_leaving_closes_the_session(tmp_path):
    async with console(configure(tmp_path)) as (_, caller):
        await caller.sign_in()
        kept = caller.cookie
        await caller.press(await caller.ask("/"), "/sign-out")
        caller.cookie = kept
        assert (await caller.ask("/part")).status == 401


async def test_a_new_pin_ends_every_session(tmp_path):
    async with console(configure(tmp_path)) as (gateway, caller):
        await caller.sign_in()
        pins.write(tmp_path / "data", pins.digest("918273"))
        async with asyncio.timeout(8):
            while gateway.console.port == caller.port:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        later = Caller(gateway.console.port)
        later.cookie = caller.cookie
        assert (await later.ask("/part")).status == 401
        assert (await later.sign_in(PIN)).status == 403
        assert (await later.sign_in("918273")).status == 303


@pytest.mark.edge("EDGE-223", "The console shows when something was measured, never what or of whom.")
async def test_no_value_and_no_name_is_shown(tmp_path, far):
    path = configure(tmp_path, INSTRUMENT.format(n=0, url=far.path))
    async with console(path, fit=lines) as (gateway, caller):
        await caller.sign_in()
        await connected(gateway)
        card = await caller.ask("/test/i0")
        await far.write(b"Okafor Grace sphere -4.25\n")
        assert await far.read(1) == b"."
        heard = await caller.ask("/part/test-i0")
        pages = [await caller.ask(one) for one in ("/", "/part", "/checks", "/test/i0")]
    assert "Nothing heard yet" in card.text
    assert "Heard and understood: 2 readings" in heard.text
    assert "just now" in pages[0].text
    assert [one for one in pages if re.search(r"Okafor|4\.25", one.text)] == []


async def test_a_test_of_what_is_not_connected_is_refused_honestly(tmp_path):
    async with console(configure(tmp_path, INSTRUMENT.format(n=0, url="/dev/ttyNONE")), fit=lines) as (_, caller):
        await caller.sign_in()
        assert "nothing can be tested" in (await caller.ask("/test/i0")).text
        assert (await caller.ask("/test/i9")).status == 404


async def test_every_check_is_shown_in_the_stores_language(tmp_path):
    async with console(configure(tmp_path, language="zh")) as (_, caller):
        entry = await caller.ask("/")
        await caller.sign_in()
        front, checks = await caller.ask("/"), await caller.ask("/checks")
    assert '<html lang="zh-Hans">' in entry.text and "PIN 码" in entry.text
    assert "仪器" in front.text and "全面检查" in front.text
    assert "数据目录" in checks.text and "消息服务器" in checks.text


@pytest.mark.edge("EDGE-224", "An instrument on another port is found by one press of Print and read there at once.")
async def test_an_instrument_is_paired_anew_by_one_print(tmp_path, hurried):
    async with desk(tmp_path, ("lm-600p", "9600 8O1", {"mode": "NCP10"}), every=1.2) as ports:
        [port] = ports.values()
        hurried(lambda taken: [str(port)])
        path = configure(tmp_path, LENSMETER.format(url="/dev/ttyNONE"))
        async with console(path) as (gateway, caller):
            await caller.sign_in()
            await caller.press(await caller.ask("/pair/lm"), "/pair/lm")
            async with asyncio.timeout(45):
                while gateway.console._hub.finder.busy:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            found = await caller.ask("/pair/lm")
            forged = await caller.press(found, "/pair/lm", port="/dev/elsewhere")
            done = await caller.press(found, "/pair/lm", port=str(port))
            await connected(gateway)
            told = (await gateway.status())["instruments"][0]
        async with console(path) as (again, _):
            await connected(again)
            kept = (await again.status())["instruments"][0]["link"]

    assert f"NIDEK LM-600P on {port}" in found.text
    assert (forged.status, done.status) == (303, 200)
    assert told["link"] == kept == str(port)


async def test_a_search_that_hears_nothing_leaves_the_instrument_as_it_was(tmp_path, far, hurried):
    hurried(lambda taken: [])
    async with console(configure(tmp_path, LENSMETER.format(url=far.path))) as (gateway, caller):
        await caller.sign_in()
        await connected(gateway)
        await caller.press(await caller.ask("/pair/lm"), "/pair/lm")
        async with asyncio.timeout(8):
            while gateway.console._hub.finder.busy:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        page = await caller.ask("/pair/lm")
        await connected(gateway)
    assert "There is no free port" in page.text


async def test_an_instrument_of_the_network_is_not_paired_here(tmp_path):
    async with console(configure(tmp_path, LENSMETER.format(url="socket://127.0.0.1:1"))) as (_, caller):
        await caller.sign_in()
        page = await caller.ask("/pair/lm")
    assert "over the network" in page.text and "<button>" not in page.body.decode().split("<main", 1)[1]


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"BREW / HTTP/1.1\r\n\r\n", 405),
        (b"GET /\r\n\r\n", 405),
        (b"\xff\xfe\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: 99999\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n", 400),
        (b"POST /sign-in HTTP/1.1\r\nContent-Length: 9\r\n\r\npin=%ff%f", 403),
    ],
)
async def test_what_is_no_request_is_refused_and_costs_nothing(tmp_path, raw, status):
    async with console(configure(tmp_path)) as (_, caller):
        answer = await caller.send(raw)
        after = await caller.ask("/")
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert after.status == 200


async def test_a_port_that_is_taken_is_said_and_the_gateway_works_on(tmp_path):
    async with console(configure(tmp_path)) as (gateway, _):
        other = tmp_path / "other"
        other.mkdir()
        path = configure(other)
        path.write_text(path.read_text().replace("127.0.0.1:0", f"127.0.0.1:{gateway.console.port}"))
        from edge.config import load
        from edge.gateway import Gateway

        second = Gateway(load(path), clock=Clock())
        task = asyncio.ensure_future(second.run())
        async with asyncio.timeout(8):
            while "console_closed" not in second.alarms:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        second.stop()
        await task
    assert second.outbox is not None
