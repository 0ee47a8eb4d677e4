"""The section [dicom], and who is let in by it."""

import pytest

from edge.config import ConfigRefused, load
from edge.dicom.settings import DeviceSettings, DicomSettings, endpoint, is_ae_title, is_network
from tests.edge.dicom.peers import write_config

HEAD = '[gateway]\naddress = "demo/main/gw-1"\ndata = "{data}"\n[broker]\nurl = "mqtt://localhost"\n'
DEVICE = '[[dicom.device]]\nname = "d"\nae_title = "D"\nhosts = ["10.0.0.1"]\n'


def refused(folder, text):
    path = folder / "gateway.toml"
    path.write_text(HEAD.format(data=folder) + text)
    with pytest.raises(ConfigRefused) as refusal:
        load(path)
    return "\n".join(refusal.value.problems)


def test_a_whole_section_is_understood(tmp_path):
    dicom = load(write_config(tmp_path)).dicom
    assert (dicom.ae_title, dicom.bind, dicom.quarantine) == ("GATEWAY", ("127.0.0.1", 0), False)
    biometer, far, camera = dicom.devices
    assert (biometer.address, biometer.modalities, biometer.rooms) == (("127.0.0.1", 1), ("OAM",), ("ROOM2",))
    assert (far.address, camera.pdu, camera.charset, biometer.pdu) == (None, 16384, "ISO_IR 100", 131072)


def test_without_the_section_there_is_no_dicom(tmp_path):
    path = tmp_path / "gateway.toml"
    path.write_text(HEAD.format(data=tmp_path))
    assert load(path).dicom is None


def test_the_section_alone_listens_where_devices_expect_it(tmp_path):
    path = tmp_path / "gateway.toml"
    path.write_text(HEAD.format(data=tmp_path) + "[dicom]\n")
    assert load(path).dicom == DicomSettings(("0.0.0.0", 11112))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[dicom]\nbind = "here"', 'line 7: bind is "here", expected host:port'),
        ('[dicom]\nae_title = "A VERY LONG TITLE"', "expected at most 16"),
        ("[[dicom]]", "write [dicom] with one bracket"),
        ('[dicom]\ncertificate = "x.pem"', "certificate and key belong together"),
        ("[dicom]\n[dicom.device]\n", "each device as [[dicom.device]]"),
        ('[dicom]\n[[dicom.device]]\nname = "d"\nae_title = "D"', "hosts is missing; write hosts = addresses"),
        ("[dicom]\n" + DEVICE.replace("10.0.0.1", "10.0.0.300"), "line 10: hosts is"),
        ("[dicom]\n" + DEVICE + DEVICE, "line 12: name 'd' is used twice"),
        ("[dicom]\n" + DEVICE + "adress = 1", "did you mean address?"),
        ("[dicom]\n" + DEVICE + 'charset = "latin1"', "expected one of"),
        ("[dicom]\n" + DEVICE + "pdu = 100", "expected a whole number of bytes"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path, text, words):
    assert words in refused(tmp_path, text)


def test_a_device_and_an_instrument_cannot_share_a_name(tmp_path):
    instrument = '[[instrument]]\nname = "d"\nfamily = "nidek_frame"\nurl = "socket://localhost:1"\n'
    assert "'d' is used twice" in refused(tmp_path, "[dicom]\n" + DEVICE + instrument)


@pytest.mark.parametrize(
    ("hosts", "host", "comes"),
    [
        (("10.0.0.1",), "10.0.0.1", True),
        (("10.0.0.1",), "10.0.0.2", False),
        (("10.0.0.7/24",), "10.0.0.200", True),
        (("fd00::/64",), "fd00::1", True),
        (("0.0.0.0/0",), "192.0.2.1", True),
        (("10.0.0.1",), "no address", False),
    ],
)
def test_hosts_are_addresses_and_networks(hosts, host, comes):
    assert DeviceSettings("d", "D", hosts).calls_from(host) is comes


def test_titles_networks_and_endpoints():
    assert [is_ae_title(one) for one in ("IOLM700", "A" * 16, "A" * 17, "", "  ", "A\\B", "眼", 7)] == [True] * 2 + [
        False
    ] * 6
    assert [is_network(one) for one in ("10.0.0.0/8", "::1", "x", 1)] == [True, True, False, False]
    assert [endpoint(one) for one in ("a:1", "[::1]:104", "a:70000", "a", 5)] == [
        ("a", 1),
        ("::1", 104),
        None,
        None,
        None,
    ]
