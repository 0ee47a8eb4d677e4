"""Who may say and hear what, over every topic of the envelope."""

import pytest

from deploy.broker import Rules, Tls
from protocols.envelope import Address, subscription
from protocols.envelope.topics import DOWN, UP
from tests.conformance.broker.certificates import Authority, client_context
from tests.conformance.broker.test_wills import will

TEXT = """
# gateways: their own up, their own down
pattern write o/v1/%u/up/#
pattern read o/v1/%u/down/#

user svc/ingest
topic read o/v1/+/+/+/up/#
topic write o/v1/+/+/+/down/ack

user svc/cmd
topic write o/v1/+/+/+/down/cmd/+
topic read o/v1/+/+/+/up/cmd/+
"""
OURS = Address("acme", "st0001", "gw0001")
NEIGHBOURS = [
    Address("acme", "st0001", "gw0002"),
    Address("acme", "st0002", "gw0001"),
    Address("other", "st0001", "gw0001"),
    Address("acme", "st0001", "gw00011"),
]
LEAVES = {"r": "result", "cmd": "c1"}
NOT_AUTHORIZED = 0x87


def ups(address):
    return [address.up(channel, LEAVES.get(channel, "")) for channel in sorted(UP)]


def downs(address):
    return [address.down(channel, LEAVES.get(channel, "") if channel == "cmd" else "") for channel in sorted(DOWN)]


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def server(authority):
    return authority.certify("broker.test", "server")


@pytest.fixture
async def guarded(house, authority, server):
    """A broker with rules that knows people by their certificates."""
    await house.open(rules=Rules.parse(TEXT), tls=Tls(certificate=server[0], key=server[1], ca=authority.path))

    async def come_in(name, client_id="", **settings):
        pair = authority.certify(str(name), str(name).replace("/", "-"))
        return await house.client(client_id or str(name), tls=client_context(authority, pair), **settings)

    house.come_in = come_in
    return house


@pytest.mark.edge(
    "EDGE-081",
    "A gateway's identity alone opens all of its own topics: no list of gateways is kept at the broker.",
)
async def test_a_gateway_may_say_everything_below_its_own_up(guarded):
    """BRK-095: a gateway may publish on each of its own up topics, and the ingest hears them."""
    gateway, ingest = await guarded.come_in(OURS), await guarded.come_in("svc/ingest")
    await ingest.subscribe("o/v1/+/+/+/up/#")

    assert [await gateway.publish(topic) for topic in ups(OURS)] == [0] * len(UP)
    assert [(await ingest.message()).topic for _ in UP] == ups(OURS)


@pytest.mark.edge("EDGE-074", "A gateway can publish as no other gateway, store or chain.")
async def test_a_gateway_may_say_nothing_else(guarded):
    """BRK-096: publishing as another gateway, store or chain, or on any down topic, is answered with 0x87."""
    gateway, ingest = await guarded.come_in(OURS), await guarded.come_in("svc/ingest")
    await ingest.subscribe("o/v1/+/+/+/up/#")
    foreign = [*downs(OURS), "o/v1", "o/v2/acme/st0001/gw0001/up/t", "x"]
    for neighbour in NEIGHBOURS:
        foreign += ups(neighbour) + downs(neighbour)

    assert {topic: await gateway.publish(topic) for topic in foreign} == dict.fromkeys(foreign, NOT_AUTHORIZED)
    await gateway.publish(foreign[0], qos=0)
    await ingest.nothing()


@pytest.mark.edge("EDGE-075", "A gateway that asks for everything hears only what is said to itself.")
async def test_a_gateway_hears_what_is_said_to_it_and_nothing_else(guarded):
    """BRK-097: a gateway that subscribes to everything hears its own down topics only."""
    gateway = await guarded.come_in(OURS)
    ingest, command = await guarded.come_in("svc/ingest"), await guarded.come_in("svc/cmd")
    neighbour = await guarded.come_in(NEIGHBOURS[0])
    await gateway.subscribe("#")
    for address in (*NEIGHBOURS, OURS):
        await ingest.publish(address.down("ack"), b"")
        await command.publish(address.down("cmd", "c1"), b"")
    for topic in ups(NEIGHBOURS[0]):
        await neighbour.publish(topic)

    assert [(await gateway.message()).topic for _ in range(2)] == [OURS.down("ack"), OURS.down("cmd", "c1")]
    await gateway.nothing()


@pytest.mark.edge("EDGE-076", "No filter, shared ones included, brings a gateway what is said to its neighbours.")
async def test_a_filter_that_can_never_be_allowed_is_refused(guarded):
    """BRK-098: SUBACK says 0x87 for each topic of a neighbour and for one's own up, and nothing is delivered."""
    gateway, ingest = await guarded.come_in(OURS), await guarded.come_in("svc/ingest")
    foreign = ups(OURS) + [topic for one in NEIGHBOURS for topic in downs(one) + ups(one)]
    foreign += ["$share/g/" + NEIGHBOURS[0].down("ack"), subscription("up", "r"), subscription("up", "r", share="i")]
    granted = await gateway.subscribe(*foreign)
    for one in NEIGHBOURS:
        await ingest.publish(one.down("ack"))

    assert set(granted) == ({1} if guarded.differs("BRK-098") else {NOT_AUTHORIZED})
    await gateway.nothing()


@pytest.mark.edge("EDGE-077", "What waits at the broker for one gateway is never given to another.")
async def test_what_is_retained_for_a_neighbour_is_not_given_away(guarded):
    """BRK-099: retained messages obey the same rules."""
    gateway, ingest = await guarded.come_in(OURS), await guarded.come_in("svc/ingest")
    await ingest.publish(NEIGHBOURS[0].down("ack"), b"theirs", retain=True)
    await ingest.publish(OURS.down("ack"), b"ours", retain=True)
    await gateway.subscribe("o/v1/+/+/+/down/#")

    assert await gateway.payloads(1) == [b"ours"]
    await gateway.nothing()


@pytest.mark.edge(
    "EDGE-078",
    "The cloud's intake cannot give orders, and what gives orders cannot acknowledge readings.",
)
async def test_no_service_does_the_others_work(guarded):
    """BRK-100: ingest reads up and writes acknowledgements, the command service writes commands; neither does both."""
    ingest, command = await guarded.come_in("svc/ingest"), await guarded.come_in("svc/cmd")

    assert await ingest.publish(OURS.down("ack")) == 0x10
    assert await ingest.publish(OURS.down("cmd", "c1")) == NOT_AUTHORIZED
    assert await ingest.publish(OURS.up("t")) == NOT_AUTHORIZED
    assert await command.publish(OURS.down("cmd", "c1")) == 0x10
    assert await command.publish(OURS.down("ack")) == NOT_AUTHORIZED


async def test_the_services_filters_are_granted(guarded):
    """BRK-101: the filters the cloud's services use are granted, shared or not, and bring the messages."""
    ingest, gateway = await guarded.come_in("svc/ingest"), await guarded.come_in(OURS)
    filters = [subscription("up", channel, share="ingest") for channel in sorted(UP)]

    assert await ingest.subscribe(*filters) == [1] * len(filters)
    for topic in ups(OURS):
        assert await gateway.publish(topic) == 0
    assert sorted([(await ingest.message()).topic for _ in UP]) == sorted(ups(OURS))


@pytest.mark.edge("EDGE-079", "No gateway can leave a last word in the name of another.")
async def test_a_will_obeys_the_rules(guarded):
    """BRK-102: a will on a topic that is not one's own is refused with 0x87 at the door, or never spoken."""
    ingest = await guarded.come_in("svc/ingest")
    await ingest.subscribe("o/v1/+/+/+/up/#")
    honest = await guarded.come_in(OURS, will=will(OURS.up("state")))
    liar = await guarded.come_in(NEIGHBOURS[0], will=will(OURS.up("state"), b"lie"))
    liar.cut()
    honest.cut()

    assert int(liar.connack.reason_code) == (0 if guarded.differs("BRK-102") else NOT_AUTHORIZED)
    assert await ingest.payloads(1) == [b"gone"]
    await ingest.nothing()


async def test_nobody_takes_over_the_session_of_another_name(guarded):
    """BRK-103: a client id belongs to the name that used it; another name with the same id is another client."""
    gateway = await guarded.come_in(OURS, "shared-id", session_expiry_interval=60)
    await gateway.subscribe(OURS.down("ack"))
    thief = await guarded.come_in(NEIGHBOURS[0], "shared-id", session_expiry_interval=60)

    if guarded.differs("BRK-103"):
        assert thief.connack.session_present
    else:
        assert not thief.connack.session_present
        await gateway.ping()


@pytest.mark.edge("EDGE-080", "A certificate whose name holds a wildcard opens nothing.")
@pytest.mark.parametrize("name", ["acme/st0001/+", "acme/#", "+/+/+", "#"])
async def test_a_name_with_wildcards_opens_nothing(guarded, name):
    """BRK-104: a certificate whose name holds a wildcard gets in nowhere."""
    client = await guarded.come_in(name, "wild")
    if int(client.connack.reason_code):
        return

    assert await client.publish(OURS.up("t")) == NOT_AUTHORIZED
    ingest = await guarded.come_in("svc/ingest")
    await client.subscribe("#")
    await ingest.publish(OURS.down("ack"))
    await client.nothing()


async def test_without_a_name_there_is_nothing(house):
    """BRK-105: rules deny by default: a client without a name may say and hear nothing they do not allow."""
    await house.open(rules=Rules.parse("topic readwrite public/#\ntopic deny public/secret\n" + TEXT))
    client = await house.client("a")
    await client.subscribe("#")

    assert await client.publish("public/x", b"1") == 0
    assert await client.publish("private") == NOT_AUTHORIZED
    assert await client.publish("public/secret") == NOT_AUTHORIZED
    assert await client.payloads(1) == [b"1"]


async def test_a_name_without_a_proof_is_not_believed(house):
    """BRK-106: where anybody may come in, a username is hearsay and opens nothing."""
    await house.open(rules=Rules.parse(TEXT))
    client = await house.client("a", username=str(OURS))

    code = await client.publish(OURS.up("t"))
    assert code == (0x10 if house.differs("BRK-106") else NOT_AUTHORIZED)


async def test_rules_by_password(house):
    """BRK-107: a name proven by its password is as good as one proven by a certificate."""
    await house.open(rules=Rules.parse(TEXT), users={str(OURS): "secret"}, anonymous=False)
    client = await house.client("a", username=str(OURS), password=b"secret")

    assert await client.publish(OURS.up("t")) == 0x10
    assert await client.publish(NEIGHBOURS[0].up("t")) == NOT_AUTHORIZED
