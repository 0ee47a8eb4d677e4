"""The listener of the gateways: nobody says or hears anything as somebody else, topic by topic of docs/mqtt.md.

Both brokers with the very rules of deploy/broker/production.
"""

import asyncio
import dataclasses
import re
import ssl
from pathlib import Path

import psutil
import pytest

from deploy.broker import Rules, Tls
from deploy.broker.mosquitto import Mosquitto, program
from deploy.broker.production import RULES, moved
from deploy.demo.children import free_port
from protocols.envelope import Address
from protocols.envelope.topics import DOWN, UP
from tests.conformance.broker.certificates import Authority, client_context
from tests.conformance.broker.client import Client, Closed
from tests.conformance.broker.conftest import KINDS, left_as_found
from tests.conformance.broker.houses import House
from tests.conformance.broker.test_wills import will

OURS = Address("a", "st-1", "gw-1")
OTHERS = {
    "another gateway": Address("a", "st-1", "gw-2"),
    "another store": Address("a", "st-2", "gw-1"),
    "another chain": Address("b", "st-1", "gw-1"),
    "a chain whose name begins alike": Address("a-b", "st-1", "gw-1"),
    "a store whose name begins alike": Address("a", "st-1-1", "gw-1"),
    "a gateway whose name begins alike": Address("a", "st-1", "gw-11"),
    "a gateway whose name is a part": Address("a", "st-1", "gw"),
}
DOCS = Path(__file__).parents[3] / "docs" / "mqtt.md"
NOT_AUTHORIZED = 0x87
REFUSED = (ssl.SSLError, ConnectionError, Closed, TimeoutError)


def documented():
    """Every topic of the table in docs/mqtt.md, below a gateway."""
    rows = re.findall(r"^\| `((?:up|down)/[^`]+)`", DOCS.read_text(), re.MULTILINE)
    return [row.replace("{id}", "c1") for row in rows]


def topics(address):
    known = [address.up(channel, "result" if channel == "r" else "c1" if channel == "cmd" else "") for channel in UP]
    known += [address.down(channel, "c1" if channel == "cmd" else "") for channel in DOWN]
    return sorted({*known, *(f"o/v1/{address}/{leaf}" for leaf in documented())})


class Production(Mosquitto):
    """Mosquitto with deploy/broker/production/mosquitto.conf, in another folder and on other ports."""

    def configuration(self, folder):
        files = {"certificate.pem": self._tls.certificate, "key.pem": self._tls.key, "roots.pem": self._tls.ca}
        for name, path in files.items():
            (folder / name).write_bytes(Path(path).read_bytes())
        (folder / "crl.pem").unlink(missing_ok=True)
        (folder / "crl.pem").symlink_to(self._tls.crl)
        return moved(folder, self.port, free_port())


class Gateways(House):
    """The listener of the gateways; production's has a list of revoked certificates always."""

    def make(self, **settings):
        if self.kind != "production":
            return super().make(**settings)
        if settings["tls"].crl is None:
            settings["tls"] = dataclasses.replace(settings["tls"], crl=self.nobody)
        return Production(**settings)


@pytest.fixture(params=[*KINDS, pytest.param("production", marks=pytest.mark.peer)])
async def house(request, tmp_path, authority):
    if request.param in ("mosquitto", "production") and program() is None:
        pytest.skip(f"mosquitto is not installed here, so {request.node.name} is left out")
    house = Gateways(request.param, tmp_path)
    house.nobody = authority.revoke(authority.certify("a/st-1/gw-9", "long-gone")[0])
    yield house
    await house.close()
    await left_as_found()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def server(authority):
    return authority.certify("broker.test", "server")


def listener(authority, server, **other):
    settings = {"minimum": ssl.TLSVersion.TLSv1_3, "use_username_as_clientid": True} | other
    return Tls(certificate=server[0], key=server[1], ca=authority.path, **settings)


@pytest.fixture
async def guarded(house, authority, server):
    """The gateways' listener; ``come_in(name)`` connects with that name's certificate."""
    await house.open(rules=Rules.load(RULES), tls=listener(authority, server))

    async def come_in(name, client_id=None, **settings):
        pair = authority.certify(str(name), re.sub(r"\W", "-", str(name)))
        context = client_context(authority, pair)
        return await house.client(str(name) if client_id is None else client_id, tls=context, **settings)

    house.come_in = come_in
    return house


def test_every_channel_of_the_code_stands_in_the_docs():
    """BRK-120: the table of docs/mqtt.md names each channel of the envelope, so these tests try all of them."""
    named = {(leaf.split("/")[0], leaf.split("/")[1]) for leaf in documented()}

    assert named == {("up", channel) for channel in UP} | {("down", channel) for channel in DOWN}


@pytest.mark.edge(
    "EDGE-130", "No gateway can publish on any topic of another gateway, store or chain, nor on its own down."
)
@pytest.mark.parametrize("whose", OTHERS)
async def test_a_gateway_cannot_publish_as_another(guarded, whose):
    """BRK-121: every topic of the docs, with QoS 1 and 0, retained or not."""
    gateway, ingest = await guarded.come_in(OURS), await guarded.come_in("svc/ingest")
    await ingest.subscribe("o/v1/+/+/+/up/#")
    foreign = [*topics(OTHERS[whose]), *(topic for topic in topics(OURS) if "/down/" in topic)]
    said = {topic: await gateway.publish(topic, b"x", retain=retain) for topic in foreign for retain in (False, True)}
    for topic in foreign:
        await gateway.publish(topic, b"x", qos=0, retain=True)

    assert said == dict.fromkeys(foreign, NOT_AUTHORIZED)
    await ingest.nothing()
    late = await guarded.come_in(OTHERS[whose])
    await late.subscribe(f"o/v1/{OTHERS[whose]}/down/#")
    await late.nothing()


FILTERS = [
    "#",
    "+/#",
    "o/#",
    "o/v1/#",
    "o/v1/a/#",
    "o/v1/+/st-1/#",
    "o/v1/+/+/+/down/#",
    "o/v1/+/+/+/up/#",
    "o/v1/+/+/+/+/+",
    "o/v1/+/+/+/down/cmd/+",
    "$share/g/#",
    "$share/g/o/v1/+/+/+/down/ack",
    "$SYS/#",
    "$CONTROL/#",
    "/#",
]


@pytest.mark.edge("EDGE-131", "No gateway hears another's messages: by name, wildcard, share, or what was retained.")
@pytest.mark.parametrize("whose", OTHERS)
async def test_a_gateway_cannot_listen_to_another(guarded, whose):
    """BRK-122: every filter that could reach another's topics, for what is said now and what was retained."""
    other = OTHERS[whose]
    gateway, ingest, them = [await guarded.come_in(name) for name in (OURS, "svc/ingest", other)]
    downs = [topic for topic in topics(other) if "/down/" in topic]
    ups = [topic for topic in topics(other) if "/up/" in topic]
    for topic in downs:
        assert await ingest.publish(topic, b"kept", retain=True) in (0, 0x10)
    for topic in ups:
        assert await them.publish(topic, b"kept", retain=True) in (0, 0x10)
    await gateway.subscribe(*FILTERS, *topics(other), *(f"$share/g/{topic}" for topic in topics(other)))
    for topic in downs:
        await ingest.publish(topic, b"now")
    for topic in ups:
        await them.publish(topic, b"now")

    await gateway.nothing()
    await ingest.publish(OURS.down("ack"), b"ours")
    assert (await gateway.message()).payload == b"ours"


async def test_what_the_broker_says_of_itself_is_not_for_gateways(guarded):
    """BRK-123: $SYS tells how many others there are; a gateway neither hears nor says it."""
    gateway = await guarded.come_in(OURS)
    await gateway.subscribe("$SYS/#", "$SYS/broker/clients/connected", "$SYS/broker/version")
    await gateway.nothing()

    for topic in ("$SYS/broker/version", "$CONTROL/take-over"):
        liar = await guarded.come_in(OURS)
        assert await code(liar, topic) in (NOT_AUTHORIZED, "closed")


@pytest.mark.edge("EDGE-132", "A will on another's topic is never spoken.")
@pytest.mark.parametrize("retain", [False, True])
async def test_a_will_on_anothers_topic_is_never_spoken(guarded, retain):
    """BRK-124: neither on another's topics nor on one's own down."""
    ingest = await guarded.come_in("svc/ingest")
    await ingest.subscribe("o/v1/+/+/+/up/#")
    for topic in (OTHERS["another gateway"].up("state"), OTHERS["another chain"].up("r", "result"), OURS.down("ack")):
        liar = await guarded.come_in(OURS, will=will(topic, b"lie", retain=retain))
        liar.cut()
    honest = await guarded.come_in(OTHERS["another store"], will=will(OTHERS["another store"].up("state"), b"gone"))
    honest.cut()

    assert await ingest.payloads(1) == [b"gone"]
    await ingest.nothing()


@pytest.mark.edge(
    "EDGE-133", "On the gateways' listener the certificate's name is the client id, whatever a client says."
)
@pytest.mark.parametrize("claimed", [str(OTHERS["another gateway"]), "svc/ingest", "x", ""])
async def test_a_client_id_of_another_takes_nobodys_place(guarded, claimed):
    """BRK-125: the other's session goes on, and ours is the one of our name."""
    theirs = OTHERS["another gateway"]
    them, ingest = await guarded.come_in(theirs, session_expiry_interval=60), await guarded.come_in("svc/ingest")
    await them.subscribe(theirs.down("#"))
    liar = await guarded.come_in(OURS, claimed, session_expiry_interval=60)
    await ingest.publish(theirs.down("ack"), b"theirs")

    assert not liar.connack.session_present
    assert (await them.message()).payload == b"theirs"
    await ingest.ping()
    again = await guarded.come_in(OURS, session_expiry_interval=60)
    assert again.connack.session_present


async def test_nothing_older_than_tls_13(house, authority, server):
    """BRK-126: the gateways' listener speaks TLS 1.3 and nothing older."""
    await house.open(rules=Rules.load(RULES), tls=listener(authority, server))
    pair = authority.certify(str(OURS))
    with pytest.raises(REFUSED):
        await house.client("old", tls=client_context(authority, pair, version=ssl.TLSVersion.TLSv1_2))
    new = await house.client("new", tls=client_context(authority, pair, version=ssl.TLSVersion.TLSv1_3))

    assert int(new.connack.reason_code) == 0


@pytest.mark.edge("EDGE-134", "A certificate that is put on the list of revoked ones does not get in any more.")
async def test_the_list_of_revoked_is_read_again(house, authority, server, tmp_path):
    """BRK-127: while it runs (mosquitto: told by SIGHUP), and a second change is seen too."""
    first, second, good = (authority.certify(f"a/st-1/gw-{n}", f"crl-{n}") for n in (1, 2, 3))
    crl = tmp_path / "crl.pem"
    crl.write_bytes(authority.revoke(authority.certify("a/st-1/gw-9", "long-gone")[0]).read_bytes())
    await house.open(rules=Rules.load(RULES), tls=listener(authority, server, crl=crl))
    for pair in (first, second, good):
        await house.client(tls=client_context(authority, pair))
    for pair in (first, second):
        crl.write_bytes(authority.revoke(pair[0]).read_bytes())
        await reread(house)
        assert await refused(house, client_context(authority, pair))

    assert not await refused(house, client_context(authority, good))


async def test_who_is_put_on_the_list_is_shown_out(embedded, authority, server, tmp_path):
    """BRK-128: the embedded broker also ends the connection; mosquitto's is ended by taking the session over."""
    pair, other = authority.certify(str(OURS), "shown-out"), authority.certify("a/st-1/gw-2", "stays")
    crl = tmp_path / "crl.pem"
    crl.write_bytes(authority.revoke(authority.certify("a/st-1/gw-9", "long-gone")[0]).read_bytes())
    await embedded.open(rules=Rules.load(RULES), tls=listener(authority, server, crl=crl))
    gone = await embedded.client(tls=client_context(authority, pair))
    stays = await embedded.client(tls=client_context(authority, other))
    crl.write_bytes(authority.revoke(pair[0]).read_bytes())

    assert await gone.parting() == 0x98
    await stays.ping()


async def test_a_service_of_the_cloud_shows_a_gateway_out(house, authority, server):
    """BRK-130: whoever may write $CONTROL/take-over ends the connection of the name it comes with as its client id."""
    if house.kind == "production":
        pytest.skip("production gives the services a listener of their own; see tests/journeys/test_enrolment.py")
    await house.open(rules=Rules.load(RULES), tls=listener(authority, server, use_username_as_clientid=False))
    contexts = {name: client_context(authority, authority.certify(name, name[-4:])) for name in (str(OURS), "svc/kick")}
    gateway = await house.client(str(OURS), tls=contexts[str(OURS)], session_expiry_interval=60)
    other = await house.client("a/st-1/gw-2", tls=client_context(authority, authority.certify("a/st-1/gw-2", "two")))
    kick = await house.client(str(OURS), tls=contexts["svc/kick"])

    assert int(kick.connack.reason_code) == 0
    assert await gateway.parting() in (0x8E, 0x98, None)
    await other.ping()


async def test_nothing_listens_but_the_listeners_that_are_written_down(house, authority, server):
    """BRK-131: what mosquitto reads before the first listener may open one more, unguarded, for the whole world."""
    if house.kind not in ("mosquitto", "production"):
        pytest.skip("the embedded broker has one listener")
    await house.open(rules=Rules.load(RULES), tls=listener(authority, server))
    pair = authority.certify(str(OURS), "heard")
    await house.client("heard", tls=client_context(authority, pair))  # whoever answers has opened everything
    sockets = psutil.Process(house.broker.pid).net_connections("inet")
    found = [one.laddr for one in sockets if one.status == psutil.CONN_LISTEN]

    assert {one.ip for one in found} == {"127.0.0.1"}
    assert len(found) == (2 if house.kind == "production" else 1)


async def test_a_list_that_cannot_be_read_changes_nothing(embedded, authority, server, tmp_path, caplog):
    """BRK-129: the list before holds."""
    pair = authority.certify(str(OURS), "torn")
    crl = tmp_path / "crl.pem"
    crl.write_bytes(authority.revoke(pair[0]).read_bytes())
    await embedded.open(rules=Rules.load(RULES), tls=listener(authority, server, crl=crl))
    crl.write_text("half a li")
    while "cannot be used" not in caplog.text:  # noqa: ASYNC110
        await asyncio.sleep(0.02)

    assert await refused(embedded, client_context(authority, pair))


async def code(client, topic):
    """The reason code of a publication, or that the broker hung up on it."""
    try:
        return await client.publish(topic, b"x")
    except Closed:
        return "closed"


async def reread(house):
    if house.kind in ("mosquitto", "production"):
        house.broker.reread()


async def refused(house, context):
    """Whether nobody gets in with this certificate, now or within a moment."""
    for _ in range(40):
        try:
            client = await Client.connect(house.broker, tls=context)
        except REFUSED:
            return True
        client.cut()
        if int(client.connack.reason_code) == 0x8A:
            return True
        await asyncio.sleep(0.05)
    return False
