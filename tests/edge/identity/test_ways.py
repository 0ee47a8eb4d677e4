"""Papers on a live connection: new ones tried, kept or put away; the old ones as a way back; over TLS 1.3."""

import asyncio
import contextlib
import dataclasses

import pytest
from cryptography import x509

from deploy.broker import Broker, Rules, Tls
from deploy.broker.production import RULES
from edge.alarms import Alarms
from edge.clock import Clock
from edge.config import load
from edge.gateway import Gateway
from edge.identity import first
from edge.identity.enrolling import enrol
from edge.identity.papers import Papers
from edge.identity.renewal import ALARM, Renewal
from edge.identity.renewing import renew
from edge.identity.ways import Ways
from edge.outbox import Limits, Outbox
from edge.refusals import OrderRefused
from edge.tasks import stop
from edge.uplink import Herald, Orders, Uplink, happened
from protocols.envelope import Event, decode
from tests.edge.identity.fakes import DAY, Root
from tests.edge.outbox.conftest import draft


def leaf(identity):
    return x509.load_pem_x509_certificate(identity.certificate.read_bytes())


class House:
    """A broker that knows gateways by their certificates, and one gateway's uplink."""

    def __init__(self, folder, cloud, data, wish):
        self.folder, self.cloud, self.data, self.wish = folder, cloud, data, wish
        self.papers, self.alarms = Papers(data), Alarms()
        self.crl, self.roots = folder / "crl.pem", folder / "broker-roots.pem"
        self.crl.write_text(cloud.root.crl())
        self.roots.write_text(cloud.root.pem)
        self.broker = self.make(cloud.root)
        self.port = 0

    def make(self, root, port=0):
        certificate, key = root.server(self.folder)
        tls = Tls(certificate=certificate, key=key, ca=self.roots, crl=self.crl, use_username_as_clientid=True)
        return Broker(port=port, rules=Rules.load(RULES), tls=tls)

    async def begin(self):
        await self.broker.start()
        self.port = self.broker.port
        self.cloud.broker = f"mqtts://127.0.0.1:{self.port}"
        await asyncio.to_thread(enrol, self.wish(), print)

    async def become(self, root):
        """The same broker with the certificate of another root."""
        await self.broker.stop()
        self.broker = self.make(root, self.port)
        await self.broker.start()

    async def renew(self):
        return await asyncio.to_thread(renew, self.data, now=True)

    def revoke(self, *identities):
        self.crl.write_text(self.cloud.root.crl(*(leaf(one) for one in identities)))

    @contextlib.asynccontextmanager
    async def uplink(self, outbox):
        config = self.folder / "gateway.toml"
        config.write_text(first.text(self.data, None))
        found = load(config)
        self.herald = Herald(found.address, "emmetra test", outbox, Clock(), self.alarms, list)
        orders = Orders(found.address, outbox, {})
        self.link = Uplink(found.broker, outbox, self.herald, orders, self.alarms)
        self.link.ways = Ways(
            self.papers, found.address, lambda code, text, data: happened(outbox, code, text, data=data)
        )
        task = asyncio.ensure_future(self.link.run())
        try:
            yield self.link
        finally:
            assert not task.done(), task.exception()
            await stop(task)

    async def connected(self):
        await until(lambda: self.link.state.state == "connected")

    async def events(self, outbox, count):
        """The codes of the events told; waits for as many."""
        async with asyncio.timeout(20):
            while len(found := await outbox.bulletins(limit=50)) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return [decode(Event, one.body).code for one in found]


async def until(condition, seconds=20):
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


@pytest.fixture
async def house(tmp_path, cloud, data, wish):
    house = House(tmp_path, cloud, data, wish)
    await house.begin()
    yield house
    await house.broker.stop()


@pytest.fixture
async def outbox(data, house):
    outbox = await Outbox.open(data / "outbox.db", boot="boot", limits=Limits(floor_bytes=0))
    yield outbox
    await outbox.aclose()


@pytest.mark.edge(
    "EDGE-135", "A new certificate is tried on a connection, put in force, and the old one kept behind it."
)
async def test_a_renewed_certificate_is_tried_and_put_in_force(house, outbox):
    async with house.uplink(outbox):
        await house.connected()
        old = house.papers.current()
        new = await house.renew()
        assert house.papers.current() == old
        await until(lambda: house.papers.current() == new)
        await house.connected()

        assert house.papers.before() == old
        assert house.papers.trial() is None
        assert leaf(new).public_key() != leaf(old).public_key()
        assert await house.events(outbox, 1) == ["certificate_renewed"]


@pytest.mark.edge("EDGE-136", "A new certificate the broker refuses is put away; the one before stays, and it is told.")
async def test_a_new_certificate_that_is_refused_is_put_away(house, outbox):
    async with house.uplink(outbox):
        await house.connected()
        old = house.papers.current()
        new = await house.renew()
        house.revoke(new)
        await until(lambda: house.papers.trial() is None)
        await house.connected()

        assert await house.events(outbox, 1) == ["certificate_returned"]
        assert house.papers.current() == old
        assert not new.folder.exists()
        assert "re_enrol" not in house.alarms


async def test_papers_that_came_while_others_were_tried_are_tried_next(house, outbox):
    async with house.uplink(outbox):
        await house.connected()
        first, second = await asyncio.gather(house.renew(), house.renew())
        await until(lambda: house.papers.trial() is None)
        await house.connected()

        assert house.papers.current() in (first, second)
        third = await house.renew()
        await until(lambda: house.papers.current() == third)


@pytest.mark.edge("EDGE-137", "A certificate that is refused later gives way to the one before, while that is good.")
async def test_a_certificate_refused_later_gives_way_to_the_one_before(house, outbox):
    async with house.uplink(outbox):
        await house.connected()
        old = house.papers.current()
        new = await house.renew()
        await until(lambda: house.papers.current() == new)
        await house.connected()
        house.revoke(new)
        await until(lambda: house.papers.current() == old)
        await house.connected()

        assert (await house.events(outbox, 2))[-1] == "certificate_returned"
        assert "re_enrol" not in house.alarms


@pytest.mark.edge(
    "EDGE-138", "A revoked gateway says so with the next step, keeps what it captures, and is back once enrolled."
)
async def test_a_revoked_gateway_alarms_keeps_capturing_and_comes_back_when_enrolled(house, outbox):
    async with house.uplink(outbox):
        await house.connected()
        old = house.papers.current()
        house.revoke(old)
        await until(lambda: house.link.state.state == "barred")
        await outbox.put([draft(1)])
        epoch = outbox.epoch

        assert "Banned" in house.alarms.by_code()["re_enrol"]
        assert "emmetra gateway enrol --cloud URL --claim CODE" in house.alarms.by_code()["re_enrol"]
        house.cloud.CLAIM = "ANOTHER-CLAIM"
        await asyncio.to_thread(enrol, house.wish(claim="ANOTHER-CLAIM"), print)
        await house.connected()
        assert "re_enrol" not in house.alarms
        assert ((await outbox.depth()).depth, outbox.epoch) == (1, epoch)


@pytest.mark.edge("EDGE-139", "A bundle without the root that is still needed is put away with its certificate.")
async def test_a_bundle_without_the_root_still_needed_is_put_away(house, outbox):
    async with house.uplink(outbox):
        await house.connected()
        old = house.papers.current()
        house.cloud.root = early = Root("too early")
        house.cloud.roots = early.pem
        await house.renew()
        await until(lambda: house.papers.trial() is None)
        await house.connected()

        assert house.papers.current() == old
        assert await house.events(outbox, 1) == ["certificate_returned"]


@pytest.mark.edge(
    "EDGE-140", "Roots roll over: with both in the bundle the gateway follows its broker from one to the other."
)
async def test_roots_roll_over(house, outbox):
    first_root, second = house.cloud.root, Root("second")
    async with house.uplink(outbox):
        await house.connected()
        both = first_root.pem + second.pem
        house.cloud.roots = both
        await house.renew()
        await until(lambda: house.papers.current().roots.read_text() == both)
        await house.connected()
        house.roots.write_text(both)
        house.crl.write_text(first_root.crl() + second.crl())
        await house.become(second)
        await house.connected()
        house.cloud.root, house.cloud.roots = second, second.pem
        # The cloud's HTTPS stands below the first root, which this bundle no longer has: the gateway renewed before.
        await house.renew()
        await until(lambda: house.papers.current().roots.read_text() == second.pem)
        await house.connected()

        assert await house.events(outbox, 2) == ["certificate_renewed", "certificate_renewed"]


async def test_a_broker_that_is_away_says_nothing_about_papers(house, outbox):
    async with house.uplink(outbox):
        await house.connected()
        await house.broker.stop()
        await until(lambda: house.link.state.state == "waiting")
        new = await house.renew()
        await asyncio.sleep(2.5)
        assert house.papers.trial() == new
        house.broker = house.make(house.cloud.root, house.port)
        await house.broker.start()
        await until(lambda: house.papers.current() == new)

        assert await house.events(outbox, 1) == ["certificate_renewed"]


@pytest.mark.edge("EDGE-141", "A gateway that was moved to another store goes by its new name, with the same epoch.")
async def test_a_moved_gateway_goes_by_its_new_name_with_the_same_epoch(house, tmp_path):
    config = tmp_path / "gateway.toml"
    config.write_text(first.text(house.data, None).replace("[gateway]", "[gateway]\ndisk_floor_mb = 0"))
    gateway = Gateway(load(config))
    task = asyncio.ensure_future(gateway.run())
    try:
        await until(lambda: hasattr(gateway, "uplink") and gateway.uplink.state.state == "connected")
        epoch = gateway.outbox.epoch
        house.cloud.address = "demo/other-store/gw-1"
        await house.renew()
        await until(lambda: str(gateway.config.address) == "demo/other-store/gw-1")
        await until(lambda: gateway.uplink.state.state == "connected")

        assert gateway.outbox.epoch == epoch
        assert (await gateway.status())["address"] == "demo/other-store/gw-1"
        sessions = house.broker._registry.sessions
        assert ("demo/other-store/gw-1",) * 2 in sessions
    finally:
        gateway.stop()
        await asyncio.wait([task], timeout=10)
        await stop(task)


@pytest.mark.edge(
    "EDGE-142", "A certificate is renewed by itself after two thirds of its life, by a process that ends again."
)
async def test_a_certificate_is_renewed_by_itself_in_time(cloud, data, wish):
    cloud.life = DAY / 24
    await asyncio.to_thread(enrol, wish(), print)
    papers, alarms = Papers(data), Alarms()
    renewal = Renewal(papers, alarms, look_s=0.05)
    task = asyncio.ensure_future(renewal.run())
    await asyncio.sleep(0.3)
    early, identity = papers.trial(), papers.current()
    late = dataclasses.replace(identity, renew_after=0.0, expires=1.0)
    papers.current = lambda: late
    await until(lambda: papers.trial() is not None)
    await stop(task)

    assert early is None
    assert identity.renew_after <= renewal.due(identity) < identity.renew_after + 0.16 * 20 * 60
    assert [path for path, _ in cloud.asked] == ["/gateways/v1/enrol", "/gateways/v1/renew"]
    assert alarms.lines() == []


async def test_a_renewal_that_fails_is_told_and_tried_again(cloud, data, wish):
    await asyncio.to_thread(enrol, wish(), print)
    papers, alarms = Papers(data), Alarms()
    renewal = Renewal(papers, alarms, look_s=0.05)
    refused = (403, {"answer": "refused", "why": "This gateway was revoked. Ask for a claim."})
    cloud.script = [refused]
    with pytest.raises(OrderRefused, match="This gateway was revoked"):
        await renewal.ordered({})
    cloud.script = [refused]
    await renewal._try()
    assert "This gateway was revoked" in alarms.by_code()[ALARM]

    assert await renewal.ordered({}) == {"renewed": True, "address": cloud.address}
    assert alarms.lines() == []
    assert papers.trial() is not None


async def test_a_gateway_set_up_by_hand_has_nothing_to_renew(data):
    data.mkdir()
    with pytest.raises(OrderRefused, match="set up by hand"):
        await Renewal(Papers(data), Alarms()).ordered({})


def test_the_same_key_asks_again_after_a_lost_answer(cloud, data, wish):
    enrol(wish(), print)
    cloud.lose_answers = 1
    with pytest.raises(Exception, match="run the same command again"):
        renew(data, now=True)
    found = renew(data, now=True)

    assert cloud.asked[1][1]["csr"] == cloud.asked[2][1]["csr"]
    assert Papers(data).trial() == found


def test_before_its_time_nothing_is_asked(cloud, data, wish):
    enrol(wish(), print)

    assert renew(data) is None
    assert len(cloud.asked) == 1
