"""Keys that lie in a token: made there, signing there, speaking TLS 1.3 to mosquitto from there."""

import asyncio
import json
import os
import ssl
import sys
from pathlib import Path

import pytest

from deploy.broker import Rules, Tls
from deploy.broker.mosquitto import Mosquitto, program
from deploy.broker.production import RULES
from edge.alarms import Alarms
from edge.clock import Clock
from edge.config import load
from edge.identity import first
from edge.identity.papers import Papers
from edge.outbox import Limits, Outbox
from edge.tasks import stop
from edge.uplink import BrokerRefused, BrokerSettings, Herald, Orders, Uplink
from edge.uplink.tunnel import configuration
from edge.uplink.uris import TokenRefused, TokenUri
from tests.edge.identity.test_ways import until
from tests.edge.identity.tokens import flush, missing, token

ROOT = Path(__file__).parents[3]
WORDS = "import sys; from deploy.cli import main; sys.exit(main())"


@pytest.fixture(params=["softhsm", "tpm"])
def held(request, tmp_path, monkeypatch):
    """A token's address and environment; programs that are not here leave the test out by name."""
    if (gone := missing(request.param)) is not None:
        pytest.skip(f"{gone} not installed here, so {request.node.name} is left out")
    with token(request.param, tmp_path) as (uri, environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield uri, environment


async def command(environment, *words):
    """Run ``emmetra gateway …``: keys in tokens are touched by short processes alone."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", WORDS, "gateway", *words), stdout=-1, stderr=-1, cwd=ROOT, env=os.environ | environment
    )
    out, err = await process.communicate()
    process._transport.close()
    await asyncio.to_thread(flush, environment)
    return process.returncode, out.decode(), err.decode()


@pytest.mark.peer
@pytest.mark.edge("EDGE-149", "A key made in a TPM or PKCS#11 token enrols, speaks TLS 1.3 to the broker, and renews.")
async def test_a_key_in_a_token_enrols_connects_and_renews(held, cloud, data, tmp_path):
    if program() is None:
        pytest.skip("mosquitto is not installed here, so the test of keys in tokens is left out")
    uri, environment = held
    certificate, key = cloud.root.server(tmp_path)
    root = tmp_path / "root.pem"
    root.write_text(cloud.root.pem)
    settings = {"minimum": ssl.TLSVersion.TLSv1_3, "use_username_as_clientid": True}
    tls = Tls(certificate=certificate, key=key, ca=root, **settings)
    async with Mosquitto(rules=Rules.load(RULES), tls=tls, anonymous=False) as broker:
        cloud.broker = f"mqtts://127.0.0.1:{broker.port}"
        words = ["--cloud", cloud.url, "--claim", cloud.CLAIM, "--root", str(root), "--data", str(data)]
        code, _, err = await command(
            environment, "enrol", *words, "--pkcs11", uri, "--config", str(tmp_path / "gateway.toml")
        )
        assert (code, err) == (0, "")
        papers = Papers(data)
        old = papers.current()
        assert old.key is None and old.token.startswith("pkcs11:token=emmetra;object=emmetra-gateway-")
        assert old.folder.joinpath("key.uri").stat().st_mode & 0o777 == 0o600
        assert await connects(data, tmp_path) is True
        await asyncio.to_thread(flush, environment)
        code, out, err = await command(environment, "renew", "--now", "--json", "--data", str(data))
        assert (code, json.loads(out)) == (0, {"address": cloud.address}), err
        new = papers.trial()
        assert new.token != old.token
        papers.accept(new)
        assert await connects(data, tmp_path) is True


async def connects(data, folder):
    """Whether the uplink comes up with the papers in force."""
    config = folder / "uplink.toml"
    config.write_text(first.text(data, None))
    found = load(config)
    assert found.broker.token is not None
    outbox = await Outbox.open(data / "outbox.db", boot="boot", limits=Limits(floor_bytes=0))
    herald = Herald(found.address, "emmetra test", outbox, Clock(), Alarms(), list)
    link = Uplink(found.broker, outbox, herald, Orders(found.address, outbox, {}), Alarms())
    task = asyncio.ensure_future(link.run())
    try:
        await until(lambda: link.state.state in ("connected", "barred"), 40)
        return link.state.state == "connected" or link.state.why
    finally:
        await stop(task)
        await outbox.aclose()


def test_an_address_of_a_token_is_read_and_written():
    text = "pkcs11:token=my%20token;object=a%2Fb?module-path=/usr/lib/x.so&pin-value=1234"
    found = TokenUri.of(text)

    assert (found.token, found.label, found.module, found.pin()) == ("my token", "a/b", "/usr/lib/x.so", "1234")
    assert TokenUri.of(str(found)) == found
    assert found.of_object("k").for_engine() == "pkcs11:token=my%20token;object=k;type=private"


@pytest.mark.parametrize(
    "text", ["", "pkcs11:", "pkcs11:token=a", "http://x?module-path=y", "pkcs11:object=a?module-path=b"]
)
def test_what_is_no_address_of_a_token(text):
    with pytest.raises(TokenRefused, match="Write it as pkcs11:token=LABEL"):
        TokenUri.of(text)


def test_a_pin_that_cannot_be_read_is_told(tmp_path):
    settings = BrokerSettings(
        "mqtts://broker.example", token=f"pkcs11:token=a?module-path=b&pin-source=file:{tmp_path}/no"
    )
    with pytest.raises(BrokerRefused, match="PIN of the token cannot be read") as refused:
        configuration(settings, tmp_path / "socket")
    assert refused.value.barred


def test_the_tunnel_speaks_tls_13_and_looks_at_the_name(tmp_path):
    settings = BrokerSettings(
        "mqtts://broker.example",
        ca=tmp_path / "roots.pem",
        certificate=tmp_path / "certificate.pem",
        token="pkcs11:token=a;object=b;type=private?module-path=/lib/c.so&pin-value=1",
    )
    lines = configuration(settings, tmp_path / "socket").splitlines()

    assert {"sslVersionMin = TLSv1.3", "verifyChain = yes", "checkHost = broker.example"} <= set(lines)
    assert "key = pkcs11:token=a;object=b;type=private" in lines
