"""Who gets in through the encrypted door."""

import ssl
from contextlib import suppress

import mqtt5
import pytest

from deploy.broker import Tls
from tests.conformance.broker.certificates import Authority, client_context
from tests.conformance.broker.client import Client, Closed

REFUSED = (ssl.SSLError, ConnectionError, Closed, TimeoutError)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def server(authority):
    return authority.certify("broker.test", "server")


@pytest.fixture
def tls(authority, server):
    return Tls(certificate=server[0], key=server[1], ca=authority.path)


@pytest.mark.edge(
    "EDGE-070",
    "A gateway with its certificate connects over TLS 1.3, on the embedded broker and on mosquitto.",
)
async def test_a_client_with_our_certificate_comes_in(house, tls, authority):
    """BRK-108: a certificate of the right authority opens the door, over TLS 1.3."""
    await house.open(tls=tls)
    client = await house.client("a", tls=client_context(authority, authority.certify("acme/st1/gw1")))

    assert int(client.connack.reason_code) == 0
    assert client.writer.get_extra_info("ssl_object").version() == "TLSv1.3"


@pytest.mark.edge("EDGE-071", "Without a certificate, with a stranger's or with an expired one nobody gets in.")
@pytest.mark.parametrize("who", ["no certificate", "another authority's", "an expired one"])
async def test_others_stay_outside(house, tls, authority, tmp_path, who):
    """BRK-109: without a certificate, with one of another authority, or with an expired one nobody gets in."""
    await house.open(tls=tls)
    pairs = {
        "no certificate": lambda: None,
        "another authority's": lambda: Authority(tmp_path, "stranger").certify("acme/st1/gw1"),
        "an expired one": lambda: authority.certify("acme/st1/gw1", "old", expired=True),
    }

    with pytest.raises(REFUSED):
        await Client.connect(house.broker, "a", tls=client_context(authority, pairs[who]()))
    client = await house.client("b", tls=client_context(authority, authority.certify("acme/st1/gw1")))
    await client.ping()


@pytest.mark.edge("EDGE-072", "A revoked certificate does not get in.")
async def test_a_revoked_certificate_stays_outside(house, authority, server):
    """BRK-110: a certificate on the revocation list does not get in."""
    pair = authority.certify("acme/st1/gw1", "revoked")
    await house.open(tls=Tls(certificate=server[0], key=server[1], ca=authority.path, crl=authority.revoke(pair[0])))

    try:
        said = int((await house.client("a", tls=client_context(authority, pair))).connack.reason_code)
    except REFUSED:
        said = None
    assert said == (None if house.kind == "mosquitto" else 0x8A)
    await house.client("b", tls=client_context(authority, authority.certify("acme/st1/gw2", "good")))


async def test_tls_12_is_the_oldest(house, tls, authority):
    """BRK-111: TLS 1.2 still works, nothing older does."""
    await house.open(tls=tls)
    pair = authority.certify("acme/st1/gw1")
    client = await house.client("a", tls=client_context(authority, pair, version=ssl.TLSVersion.TLSv1_2))
    await client.ping()

    with pytest.warns(DeprecationWarning):
        old = client_context(authority, pair, version=ssl.TLSVersion.TLSv1_1)
    with suppress(ssl.SSLError):
        old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises(REFUSED):
        await Client.connect(house.broker, "b", tls=old)


@pytest.mark.edge("EDGE-073", "Nobody speaks to the encrypted door without encryption.")
async def test_plain_words_at_the_encrypted_door(house, tls):
    """BRK-112: a client that does not encrypt is closed, and others are served."""
    await house.open(tls=tls)
    client = await house.dial()
    await client.send(mqtt5.ConnectPacket("a"))

    assert await client.closed()


async def test_encryption_without_client_certificates(house, authority, server):
    """BRK-113: without an authority for clients the broker encrypts and asks for names and passwords."""
    tls = Tls(certificate=server[0], key=server[1])
    await house.open(tls=tls, users={"alice": "right"}, anonymous=False)
    context = client_context(authority)
    right = await house.client("a", tls=context, username="alice", password=b"right")
    wrong = await house.client("b", tls=context, username="alice", password=b"wrong")

    assert int(right.connack.reason_code) == 0
    assert int(wrong.connack.reason_code) in (0x86, 0x87)


@pytest.mark.edge(
    "EDGE-082",
    "A gateway that is thrown out loses its live connection and its session at once, and its neighbours keep theirs.",
)
async def test_a_name_can_be_thrown_out(embedded, tls, authority):
    """BRK-114: kicking a name ends its connections at once with 0x98, and its sessions with them."""
    await embedded.open(tls=tls)
    context = client_context(authority, authority.certify("acme/st1/gw1"))
    client = await embedded.client("a", tls=context, session_expiry_interval=60)
    other = await embedded.client("b", tls=client_context(authority, authority.certify("acme/st1/gw2", "other")))

    assert embedded.broker.kick("acme/st1/gw1") == 1
    assert await client.parting() == 0x98
    await other.ping()
    assert not (await embedded.client("a", tls=context, session_expiry_interval=60)).connack.session_present
