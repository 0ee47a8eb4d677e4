"""Documents from the cloud over a real broker: followed without a restart, tried, kept or taken back."""

import asyncio
import contextlib

import pytest

from deploy.broker import Broker as RealBroker
from edge.config import load
from edge.gateway import Gateway
from edge.shadow.cabinet import Cabinet
from edge.shadow.memory import tried
from edge.supervisor import Fitting, Misfit
from edge.tasks import stop
from protocols.envelope import Address
from protocols.envelope.desired import Broker, Desired, Instrument, KeyState, Wanted
from tests.edge.fakecloud import FakeCloud
from tests.edge.gateways import CONFIG, INSTRUMENT
from tests.edge.links.wires import PtyFar
from tests.edge.supervisor.test_supervisor import LineDriver

GATEWAY = Address("demo", "main", "gw-1")
NOWHERE = Broker(url="mqtt://127.0.0.1:1")


def fit(settings):
    if settings.family != "lines":
        raise Misfit(f"There is no family {settings.family}.")
    return Fitting(LineDriver, "lines", "7")


@pytest.fixture
def fars():
    found = [PtyFar(), PtyFar()]
    yield found
    for far in found:
        far.close()


@pytest.fixture
async def broker():
    async with RealBroker() as broker:
        yield broker


@pytest.fixture
async def cloud(broker):
    async with FakeCloud(broker.port).running() as cloud:
        yield cloud


@pytest.fixture
def config(tmp_path, broker, fars):
    text = CONFIG.format(data=tmp_path / "data", port=broker.port).replace(
        "disk_floor_mb", "trial_s = 1\ndisk_floor_mb"
    )
    (tmp_path / "gateway.toml").write_text(text + INSTRUMENT.format(n=0, url=fars[0].path))
    return load(tmp_path / "gateway.toml")


@contextlib.asynccontextmanager
async def running(config):
    gateway = Gateway(config, fit=fit)
    task = asyncio.ensure_future(gateway.run())
    try:
        yield gateway
        gateway.stop()
        await asyncio.wait_for(task, 10)
    finally:
        await stop(task)


def last(cloud):
    return cloud.reports[-1] if cloud.reports else None


def is_(cloud, state, version):
    return lambda: (one := last(cloud)) is not None and (one.state, one.asked) == (state, version)


def instrument(n, far):
    return Instrument(name=f"i{n}", family="lines", url=far.path)


@pytest.mark.edge("EDGE-150", "With every connect the gateway says which configuration is in force and what it is.")
async def test_without_a_document_it_reports_its_own_file(config, broker, cloud, fars):
    async with running(config):
        await cloud.until(lambda: cloud.reports)
    told = cloud.reports[0]
    assert (told.version, told.asked, told.state) == (0, 0, "applied")
    assert told.doc.instruments == [instrument(0, fars[0])]
    assert told.doc.broker == Broker(url=f"mqtt://127.0.0.1:{broker.port}")


@pytest.mark.edge("EDGE-151", "An instrument added from afar is listened to without a restart; the others work on.")
async def test_instruments_come_and_go_one_by_one(config, cloud, fars):
    async with running(config) as gateway:
        await cloud.until(lambda: cloud.births and cloud.births[-1].instruments[0].state == "connected")
        first = gateway.supervisor.keepers[0]
        await cloud.want(GATEWAY, 1, Wanted(instruments=[instrument(0, fars[0]), instrument(1, fars[1])]))
        await cloud.until(is_(cloud, "applied", 1))
        await cloud.until(lambda: [one.state for one in cloud.births[-1].instruments] == ["connected"] * 2)
        assert gateway.supervisor.keepers[0] is first
        await fars[1].write(b"hello\n")
        assert await fars[1].read(1) == b"."
        await cloud.want(GATEWAY, 2, Wanted(instruments=[instrument(1, fars[1])]))
        await cloud.until(is_(cloud, "applied", 2))
        await cloud.until(lambda: [one.dev for one in cloud.births[-1].instruments] == ["i1"])
    assert Cabinet(config.data).load().good[0].version == 2


@pytest.mark.edge(
    "EDGE-152", "A document with a part the gateway cannot follow is refused whole, with a reason by key."
)
async def test_an_unknown_family_and_a_link_nobody_can_read_are_refused_with_reasons(config, cloud, fars):
    async with running(config) as gateway:
        strange = Instrument(name="x", family="sundial", url=fars[1].path)
        wrong = Instrument(name="y", family="lines", url="carrier-pigeon:7")
        await cloud.want(GATEWAY, 1, Wanted(instruments=[strange, wrong], raw_days=3))
        await cloud.until(is_(cloud, "rejected", 1))
        assert [keeper.settings.name for keeper in gateway.supervisor.keepers] == ["i0"]
    told = last(cloud)
    assert "There is no family sundial." in told.keys["instruments"].why
    assert "carrier-pigeon" in told.keys["instruments"].why
    assert told.keys["raw_days"].state == "pending"
    assert (told.version, told.doc.raw_days) == (0, 7)


@pytest.mark.edge("EDGE-153", "What does not follow the schema is refused with the place where it breaks.")
async def test_a_document_that_is_none_is_refused(config, cloud):
    async with running(config):
        await cloud.until(lambda: cloud.reports)
        await cloud.client.publish(GATEWAY.down("shadow"), b'{"v":1,"version":4,"at":"","doc":{"raw_days":900}}', qos=1)
        await cloud.until(is_(cloud, "rejected", 4))
    assert "$.doc.raw_days" in last(cloud).why


@pytest.mark.edge(
    "EDGE-154", "A configuration that loses the cloud is taken back by itself, with what was tried and why."
)
async def test_a_wrong_broker_is_taken_back(config, broker, cloud):
    async with running(config):
        await cloud.until(lambda: cloud.reports)
        await cloud.want(GATEWAY, 1, Wanted(raw_days=3))
        await cloud.until(is_(cloud, "applied", 1))
        await cloud.want(GATEWAY, 2, Wanted(raw_days=9, broker=NOWHERE))
        await cloud.until(is_(cloud, "reverted", 2), 20)
        told = last(cloud)
        assert (told.version, told.doc.raw_days) == (1, 3)
        assert told.doc.broker == Broker(url=f"mqtt://127.0.0.1:{broker.port}")
        assert (told.story.tried, told.story.broker, told.story.connected) == (2, NOWHERE.url, False)
        assert told.story.lasted_s == 1
        assert "Nothing listens at 127.0.0.1:1" in told.story.said
        assert told.keys == {key: KeyState(state="reverted") for key in ("raw_days", "broker")}
        await cloud.until(lambda: any(line.startswith("config_reverted") for line in cloud.births[-1].alarms))
        await cloud.until(lambda: "config_reverted" in [event.code for event in cloud.events])
        await cloud.want(GATEWAY, 3, Wanted(raw_days=4))
        await cloud.until(is_(cloud, "applied", 3))
        await cloud.until(lambda: cloud.births[-1].alarms == [])


@pytest.mark.edge("EDGE-155", "A broker that lets the gateway in while the cloud stays silent counts as no cloud.")
async def test_a_silent_cloud_proves_nothing(config, cloud):
    async with RealBroker() as other, running(config):
        await cloud.until(lambda: cloud.reports)
        await cloud.want(GATEWAY, 1, Wanted(broker=Broker(url=f"mqtt://127.0.0.1:{other.port}")))
        await cloud.until(is_(cloud, "reverted", 1), 20)
    assert last(cloud).story.connected
    assert "let the gateway in, but the cloud did not answer" in last(cloud).why


async def test_a_broker_behind_which_the_cloud_answers_is_kept(config, cloud):
    async with RealBroker() as other, FakeCloud(other.port).running() as moved, running(config):
        await cloud.until(lambda: cloud.reports)
        await cloud.want(GATEWAY, 1, Wanted(broker=Broker(url=f"mqtt://127.0.0.1:{other.port}")))
        await moved.until(is_(moved, "applied", 1))
        assert Cabinet(config.data).load().good[0].version == 1


@pytest.mark.edge("EDGE-156", "A trial goes on after a power cut and ends as it would have ended.")
async def test_a_trial_survives_the_end_of_the_program(config, cloud):
    config.data.mkdir()
    cabinet = Cabinet(config.data)
    doc = Desired(v=1, version=5, at="", doc=Wanted(broker=NOWHERE))
    cabinet.keep(tried(cabinet.load(), doc))
    async with running(config):
        await cloud.until(is_(cloud, "reverted", 5), 20)
    assert cabinet.load().trial is None
    assert last(cloud).story.restarts == 1


@pytest.mark.edge("EDGE-157", "A document under which the program keeps ending is not tried for ever.")
async def test_a_document_that_brings_the_program_down_is_taken_back_before_it_is_followed(config, cloud):
    config.data.mkdir()
    cabinet = Cabinet(config.data)
    doc = Desired(v=1, version=5, at="", doc=Wanted(broker=NOWHERE))
    cabinet.keep(tried(cabinet.load(), doc))
    for _ in range(3):
        async with running(config) as gateway:
            await cloud.until(lambda one=gateway: hasattr(one, "uplink"))
    assert cabinet.load().trial is not None
    async with running(config):
        await cloud.until(is_(cloud, "reverted", 5))
    assert "started 4 times" in last(cloud).why


async def test_the_same_document_again_and_an_older_one_change_nothing(config, cloud):
    async with running(config) as gateway:
        await cloud.until(lambda: cloud.reports)
        for version, days in ((2, 5), (2, 6), (1, 8)):
            await cloud.want(GATEWAY, version, Wanted(raw_days=days))
        await cloud.until(is_(cloud, "applied", 2))
        await asyncio.sleep(0.1)
        assert gateway.config.raw_days == 5


async def test_a_room_takes_its_key_and_says_how_it_went(config, cloud):
    async with running(config) as gateway:
        await cloud.until(lambda: cloud.reports)
        heard = []

        async def take(value):
            heard.append(value)
            return KeyState(state="pending", why="tonight")

        gateway.shadow.takes["telemetry_s"] = take
        await cloud.want(GATEWAY, 1, Wanted(telemetry_s=30))
        await cloud.until(is_(cloud, "applied", 1))
        assert heard == [30]
        assert last(cloud).keys["telemetry_s"] == KeyState(state="pending", why="tonight")
        gateway.shadow.mark("telemetry_s", KeyState(state="applied"))
        await cloud.until(lambda: last(cloud).keys["telemetry_s"].state == "applied")


async def test_a_room_that_stumbles_over_its_key_brings_nothing_else_down(config, cloud):
    async with running(config) as gateway:
        await cloud.until(lambda: cloud.reports)

        async def stumble(value):
            raise AttributeError(value)

        gateway.shadow.takes["telemetry_s"] = stumble
        await cloud.want(GATEWAY, 1, Wanted(telemetry_s=30, raw_days=3))
        await cloud.until(is_(cloud, "applied", 1))
        assert last(cloud).keys["telemetry_s"].state == "rejected"
        assert last(cloud).keys["raw_days"].state == "applied"
