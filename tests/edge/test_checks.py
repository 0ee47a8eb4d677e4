import asyncio
import datetime
import json
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deploy.broker import Broker, Tls
from edge.clock import Clock
from edge.command import main
from edge.config import load
from edge.diagnostics.running import run_all, run_one, table
from edge.diagnostics.site import Site
from tests.edge.fakecloud import FakeCloud
from tests.edge.links.wires import PtyFar

CONFIG = """
[gateway]
address = "demo/main/gw-1"
data = "{data}"
[broker]
url = "{url}"
{tls}
[[instrument]]
name = "lm"
family = "nidek_frame"
model = "LM-1800P"
url = "{port}"
"""
NOW = datetime.datetime.now(datetime.UTC)


def make(folder, name, issuer=None, days=90, ca=False):
    """A key and a certificate, signed by ``issuer`` or by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer[1].subject if issuer else subject)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(NOW - datetime.timedelta(days=100)).not_valid_after(
        NOW + datetime.timedelta(days=days)
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    cert = builder.sign(issuer[0] if issuer else key, hashes.SHA256())
    stem = name.replace("/", "-")
    (folder / f"{stem}.pem").write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / f"{stem}.key").write_bytes(pem)
    return key, cert


@pytest.fixture
def papers(tmp_path):
    """A chain's root, its broker and one gateway; and a stranger's root."""
    root = make(tmp_path, "root", ca=True)
    make(tmp_path, "localhost", root)
    make(tmp_path, "demo/main/gw-1", root)
    make(tmp_path, "stranger", ca=True)
    return tmp_path


@pytest.fixture
def far():
    far = PtyFar()
    yield far
    far.close()


def config(folder, url="mqtt://127.0.0.1:1", tls="", port="/dev/ttyNONE"):
    path = folder / "gateway.toml"
    path.write_text(CONFIG.format(data=folder / "data", url=url, tls=tls, port=port))
    return load(path)


TLS = 'ca = "{ca}.pem"\ncertificate = "demo-main-gw-1.pem"\nkey = "{key}.key"'


def verdicts(results):
    return {f"{one.id} {one.subject}".strip(): (one.verdict, f"{one.what} {one.fix}") for one in results}


def tried(config):
    return run_all(Site(config, Clock()))


def papers_of(config):
    site = Site(config, Clock())
    return verdicts([one for check in ("tls_roots", "tls_certificate", "tls_key") for one in run_one(check, site)])


async def test_all_is_well_with_a_port_and_a_broker(tmp_path, far):
    async with Broker() as broker:
        found = verdicts(
            await asyncio.to_thread(tried, config(tmp_path, f"mqtt://127.0.0.1:{broker.port}", "", far.path))
        )

    well = ("config", "disk_space", "data_folder", "driver lm", "port_present lm", "port_opens lm", "broker_tcp")
    assert {found[name][0] for name in (*well, "broker_answers")} == {"ok"}
    assert found["disk_sync"][0] in ("ok", "warn")


def test_whatever_fails_says_how_to_mend_it(tmp_path, capsys):
    results = tried(config(tmp_path))
    found = verdicts(results)

    assert found["port_present lm"][0] == "fail" and "Ports here now" in found["port_present lm"][1]
    assert found["broker_tcp"][0] == "fail" and "Check broker.url" in found["broker_tcp"][1]
    assert all(result.fix for result in results if result.verdict in ("warn", "fail"))
    assert "->" in table(results)
    assert main(["check", "--config", str(tmp_path / "gateway.toml"), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)[0]["id"] == "config"


def test_an_unknown_model_is_found_before_the_gateway_runs(tmp_path):
    path = tmp_path / "gateway.toml"
    path.write_text(
        CONFIG.format(data=tmp_path, url="mqtt://127.0.0.1:1", tls="", port="/dev/x").replace("LM-1800P", "LX")
    )
    assert "No nidek_frame instrument is called 'LX'" in verdicts(tried(load(path)))["driver lm"][1]


def test_papers_that_expire_are_told_in_time(papers):
    root = make(papers, "root", ca=True, days=-1)
    make(papers, "demo/main/gw-1", root, days=10)
    found = papers_of(config(papers, "mqtts://localhost:1", TLS.format(ca="root", key="demo-main-gw-1")))

    assert found["tls_roots"][0] == "fail" and "expired" in found["tls_roots"][1]
    assert found["tls_certificate"][0] == "warn"


@pytest.mark.parametrize(
    ("ca", "key", "check", "said"),
    [
        ("gone", "demo-main-gw-1", "tls_roots", "cannot be read as a certificate"),
        ("root", "root", "tls_key", "belongs to another certificate"),
    ],
)
def test_papers_that_cannot_be_used_are_named(papers, ca, key, check, said):
    found = papers_of(config(papers, "mqtts://localhost:1", TLS.format(ca=ca, key=key)))
    assert found[check][0] == "fail" and said in found[check][1]


def tls(papers):
    return Tls(certificate=papers / "localhost.pem", key=papers / "localhost.key", ca=papers / "root.pem")


async def connect(papers, given):
    from edge.outbox import Limits, Outbox
    from edge.tasks import stop
    from tests.edge.uplink.conftest import Desk

    outbox = await Outbox.open(papers / "outbox.db", boot="b", limits=Limits(floor_bytes=0))
    desk = Desk(outbox, 0)
    desk.uplink._broker = given.broker
    task = asyncio.ensure_future(desk.uplink.run())
    await desk.until(lambda: desk.uplink.state.state != "connecting", 12)
    state = (desk.uplink.state.state, desk.uplink.state.why)
    await stop(task)
    await outbox.aclose()
    return state


async def test_with_the_right_papers_the_gateway_is_let_in(papers):
    async with Broker(tls=tls(papers), anonymous=False) as broker:
        given = config(papers, f"mqtts://localhost:{broker.port}", TLS.format(ca="root", key="demo-main-gw-1"))
        assert await connect(papers, given) == ("connected", None)


@pytest.mark.edge(
    "EDGE-098",
    "A gateway speaks to no broker that its pinned root does not vouch for, and says what to check.",
)
async def test_a_broker_nobody_vouches_for_is_not_trusted_and_said_so(papers):
    async with Broker(tls=tls(papers)) as broker:
        given = config(papers, f"mqtts://localhost:{broker.port}", TLS.format(ca="stranger", key="demo-main-gw-1"))
        state, why = await connect(papers, given)
    assert state == "waiting"
    assert "certificate is not trusted" in why and "Check broker.ca" in why


async def test_a_gateway_without_papers_is_turned_away_with_what_to_do(papers):
    async with Broker(tls=tls(papers), anonymous=False) as broker:
        given = config(papers, f"mqtts://localhost:{broker.port}", 'ca = "root.pem"')
        _, why = await connect(papers, given)
    assert "refuses a certificate" in why or "Enrol it again" in why


async def test_a_wrong_port_is_told_apart_from_a_wrong_certificate(papers):
    async with Broker() as plain, FakeCloud(plain.port).running():
        given = config(papers, f"mqtts://localhost:{plain.port}", TLS.format(ca="root", key="demo-main-gw-1"))
        state, why = await connect(papers, given)
    assert state == "waiting"
    assert "does not speak TLS" in why or "hung up" in why


async def test_a_password_nobody_knows_bars_the_gateway(tmp_path):
    async with Broker(users={"gw": "right"}, anonymous=False) as broker:
        given = config(tmp_path, f"mqtt://127.0.0.1:{broker.port}", 'username = "gw"\npassword = "wrong"')
        state, why = await connect(tmp_path, given)
    assert state == "barred" and "Enrol it again" in why


def test_ssl_can_still_read_a_certificates_dates(papers):
    assert "notAfter" in ssl._ssl._test_decode_cert(str(papers / "root.pem"))
