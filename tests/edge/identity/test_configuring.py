"""What the papers bring, the configuration may leave out; what it says wins over them."""

import ssl

import pytest

from edge.config import ConfigRefused, load
from edge.identity import first
from edge.identity.enrolling import enrol
from edge.uplink import BrokerRefused
from edge.uplink.broker import tls_context
from protocols.envelope.desired import Instrument, Wanted


@pytest.fixture
def written(tmp_path, data):
    """Write a configuration and read it."""

    def write(text):
        path = tmp_path / "gateway.toml"
        path.write_text(f'[gateway]\ndata = "{data}"\n{text}')
        return load(path)

    return write


def test_without_papers_the_file_has_to_say_everything(written):
    with pytest.raises(ConfigRefused) as refused:
        written("[broker]\n")

    said = str(refused.value)
    assert "address is missing" in said and "url is missing" in said
    assert "or enrol this gateway" in said


def test_the_papers_say_what_the_file_leaves_out(cloud, data, wish, written):
    enrol(wish(), print)
    found = written("")

    assert str(found.address) == cloud.address
    assert found.broker.url == cloud.broker
    link = data / "identity"
    assert (found.broker.ca, found.broker.certificate, found.broker.key) == (
        link / "roots.pem",
        link / "certificate.pem",
        link / "key.pem",
    )
    assert tls_context(found.broker).minimum_version is ssl.TLSVersion.TLSv1_3


def test_what_the_file_says_wins(wish, written):
    enrol(wish(), print)
    found = written('address = "other/shop/gw-9"\n[broker]\nurl = "mqtts://elsewhere:8883"\nca = "/x/ca.pem"\n')

    assert str(found.address) == "other/shop/gw-9"
    assert found.broker.url == "mqtts://elsewhere:8883"
    assert str(found.broker.ca) == "/x/ca.pem"
    assert found.broker.enrolled


def test_a_certificate_of_ones_own_puts_the_papers_aside(wish, written, tmp_path):
    enrol(wish(), print)
    found = written(f'[broker]\nurl = "mqtts://e:8883"\ncertificate = "{tmp_path}/c.pem"\nkey = "{tmp_path}/k.pem"\n')

    assert not found.broker.enrolled
    with pytest.raises(BrokerRefused, match=r"c\.pem named by broker\.certificate is not there"):
        tls_context(found.broker)


def test_a_broker_without_tls_is_shown_no_papers(wish, written):
    enrol(wish(), print)
    found = written('[broker]\nurl = "mqtt://localhost:1883"\n')

    assert (found.broker.enrolled, found.broker.certificate) == (False, None)


def test_the_first_configuration_says_any_text(data, tmp_path):
    odd = Instrument(
        **{"name": "lm", "family": "nidek_frame", "url": "socket://10.0.0.5:4001", "lane": 'Room "2" \\ 诊室'},
        settings={"baud": 9600, "rtscts": True},
    )
    path = tmp_path / "gateway.toml"
    path.write_text(first.text(data, Wanted(instruments=[odd])) + '[broker]\nurl = "mqtt://b"\n')
    path.write_text(path.read_text().replace("[gateway]", '[gateway]\naddress = "a/b/c"'))
    [found] = load(path).instruments

    assert found.lane == 'Room "2" \\ 诊室'
    assert dict(found.line) == {"baud": 9600, "rtscts": True}
