import asyncio
import contextlib
import json
import os

import pytest

from deploy.broker import Broker
from edge import status
from edge.command import main
from edge.config import load
from edge.gateway import Gateway, GatewayRefused
from edge.supervisor import Fitting
from edge.tasks import stop
from tests.edge.fakecloud import FakeCloud
from tests.edge.gateways import CONFIG, INSTRUMENT
from tests.edge.links.wires import PtyFar
from tests.edge.supervisor.test_supervisor import LineDriver


@pytest.fixture
def far():
    far = PtyFar()
    yield far
    far.close()


def write_config(folder, port, *urls):
    text = CONFIG.format(data=folder / "data", port=port)
    (folder / "gateway.toml").write_text(text + "".join(INSTRUMENT.format(n=n, url=url) for n, url in enumerate(urls)))
    return folder / "gateway.toml"


@contextlib.asynccontextmanager
async def running(path):
    gateway = Gateway(load(path), fit=lambda settings: Fitting(LineDriver, "lines", "7"))
    task = asyncio.ensure_future(gateway.run())
    try:
        async with asyncio.timeout(5):
            while gateway.outbox is None or not hasattr(gateway, "uplink"):
                assert not task.done(), task.exception()
                await asyncio.sleep(0.01)
        yield gateway
        gateway.stop()
        await asyncio.wait_for(task, 10)
    finally:
        await stop(task)


async def ask(gateway):
    """What the gateway says of itself, once it answers."""
    async with asyncio.timeout(5):
        while True:
            try:
                return await asyncio.to_thread(status.ask, gateway.config.data)
            except status.NotRunning:
                await asyncio.sleep(0.02)


async def test_a_line_on_the_wire_reaches_the_cloud_and_the_status_tells(tmp_path, far, capsys):
    async with Broker() as broker, FakeCloud(broker.port).running() as cloud:
        path = write_config(tmp_path, broker.port, far.path)
        async with running(path) as gateway:
            await cloud.until(lambda: cloud.births and cloud.births[-1].instruments[0].state == "connected")
            await far.write(b"hello\n")
            assert await far.read(1) == b"."
            await cloud.until(lambda: len(cloud.rows) == 3)
            await cloud.order_up(gateway.config.address, "c1", "instruments")
            await cloud.until(lambda: cloud.commands and cloud.commands[-1].state == "done")
            assert await asyncio.to_thread(main, ["status", "--config", str(path)]) == 0
            shown = capsys.readouterr().out
            told = await ask(gateway)
        await cloud.until(lambda: cloud.states[-1]["state"] == "offline")

    assert cloud.commands[-1].result["instruments"][0]["readings"] == 2
    assert (told["outbox"]["depth"], told["broker"]["state"], told["alarms"]) == (0, "connected", {})
    assert "i0" in shown and "connected" in shown and "epoch" in shown


@pytest.mark.edge("EDGE-019", "A store without internet goes on capturing, and its gateway says what is wrong.")
async def test_the_store_works_without_a_broker_and_says_what_is_wrong(tmp_path, far):
    async with running(write_config(tmp_path, 1, far.path, "/dev/ttyNONE", "socket://127.0.0.1:1")) as gateway:
        async with asyncio.timeout(5):
            while (await ask(gateway))["instruments"][0]["state"] != "connected":  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await far.write(b"hello\n")
        assert await far.read(1) == b"."
        told = await ask(gateway)

    assert told["outbox"]["depth"] == 3
    assert "Nothing listens at 127.0.0.1:1" in told["alarms"]["broker_unreachable"]
    assert "There is no port /dev/ttyNONE" in told["instruments"][1]["why"]
    assert "nothing listens on port 1" in told["instruments"][2]["why"]
    assert "!" in status.table(told)


async def test_a_second_gateway_on_the_same_data_is_refused(tmp_path):
    path = write_config(tmp_path, 1)
    async with running(path):
        with pytest.raises(GatewayRefused, match="Another gateway already works"):
            await Gateway(load(path)).run()


@pytest.mark.edge("EDGE-017", "A gateway with a damaged outbox starts, mends it, and tells the cloud.")
async def test_a_damaged_outbox_is_mended_and_told_of(tmp_path):
    async with Broker() as broker, FakeCloud(broker.port).running() as cloud:
        path = write_config(tmp_path, broker.port)
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "outbox.db").write_bytes(os.urandom(20_000))
        async with running(path):
            await cloud.until(lambda: cloud.events)
    assert cloud.events[0].code == "outbox_salvaged"


@pytest.mark.edge("EDGE-018", "An outbox that cannot be opened is told as an alarm, and tried again until it can.")
async def test_an_outbox_that_cannot_be_opened_is_said_and_tried_again(tmp_path, monkeypatch):
    monkeypatch.setattr("edge.gateway.REOPEN_S", 0.05)
    path = write_config(tmp_path, 1)
    (tmp_path / "data" / "outbox.db").mkdir(parents=True)
    gateway = Gateway(load(path))
    task = asyncio.ensure_future(gateway.run())
    await asyncio.sleep(0.3)
    assert "cannot be opened" in gateway.alarms.by_code()["outbox_closed"]
    (tmp_path / "data" / "outbox.db").rmdir()
    async with asyncio.timeout(5):
        while "outbox_closed" in gateway.alarms:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    gateway.stop()
    await task


def test_data_that_is_no_folder_is_refused_in_a_sentence(tmp_path, capsys):
    path = write_config(tmp_path, 1)
    (tmp_path / "data").write_text("")
    assert main(["run", "--config", str(path)]) == 1
    assert "Make it a folder this user may write" in capsys.readouterr().err


def test_a_wrong_configuration_stops_every_verb_with_its_line(tmp_path, capsys):
    path = tmp_path / "gateway.toml"
    path.write_text("[gateway]\nadress = 1\n")
    for verb in ("run", "status", "check"):
        assert main([verb, "--config", str(path)]) == 2
    assert "did you mean address?" in capsys.readouterr().err


def test_init_writes_once_and_never_over(tmp_path, capsys):
    path = tmp_path / "sub" / "gateway.toml"
    assert main(["init", "--config", str(path)]) == 0
    path.write_text("mine")
    assert main(["init", "--config", str(path)]) == 1
    assert path.read_text() == "mine"


def test_status_of_a_gateway_that_does_not_run_says_so(tmp_path, capsys):
    path = write_config(tmp_path, 1)
    assert main(["status", "--config", str(path), "--json"]) == 1
    assert "No gateway runs" in json.loads(capsys.readouterr().out)["error"]


def test_a_deep_data_folder_still_has_a_status(tmp_path):
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)

    async def both():
        async def tell():
            return {"well": True}

        serving = asyncio.ensure_future(status.serve(deep, tell))
        await asyncio.sleep(0.05)
        told = await asyncio.to_thread(status.ask, deep)
        await stop(serving)
        return told

    assert asyncio.run(both()) == {"well": True}
