"""Callers in the gateway's file: what arrives, and what is refused with its line."""

import pytest

from edge.config import EXAMPLE, ConfigRefused, load
from edge.links import LineSettings
from protocols import modbus
from protocols.escpos import Coding

HEAD = '[gateway]\naddress = "demo/main/gw-1"\ndata = "/tmp/x"\n[broker]\nurl = "mqtt://localhost"\n'
GOOD = """\
[callers.desk]
kind = "escpos"
url = "tcp://192.168.1.60:9100"
encoding = "gbk"
columns = 32
fs_amp = true
cutter = false
for = ["desk"]
[callers.sign]
kind = "alpha"
url = "/dev/serial/by-id/sign"
[callers.door]
kind = "modbus"
url = "socket://10.0.0.5:4001"
unit = 4
function = 16
base = 40
form = "bcd"
digits = 4
[callers.hall]
kind = "voice"
zone = "below"
languages = ["zh"]
voice = { en = "en-gb" }
clips = "clips"
[callers.tv]
kind = "screen"
"""


def read(tmp_path, text):
    path = tmp_path / "gateway.toml"
    path.write_text(HEAD + text)
    return load(path)


def refused(tmp_path, text):
    with pytest.raises(ConfigRefused) as refusal:
        read(tmp_path, text)
    return str(refusal.value).replace(str(tmp_path) + "/", "")


def test_everything_given_arrives(tmp_path):
    desk, sign, door, hall, tv = read(tmp_path, GOOD).callers
    assert (desk.url, desk.stations, desk.calls) == ("tcp://192.168.1.60:9100", ("desk",), False)
    model = desk.printer.model
    assert (model.coding, model.columns, model.fs_amp, model.cutter) == (Coding.GBK, 32, True, False)
    assert sign.line == LineSettings(bits=7, parity="even")
    assert door.display == modbus.Display(4, 40, 4, modbus.Coding.BCD, 16)
    assert (hall.voice.zone, hall.voice.languages, hall.voice.voices) == ("below", ("zh",), {"en": "en-gb"})
    assert hall.voice.clips == tmp_path / "clips"
    assert (hall.voice.player, hall.voice.repeat) == (("aplay", "-q"), 2)
    assert (tv.kind, tv.calls, tv.serves("anything")) == ("screen", True, True)


def test_the_example_of_callers_is_a_configuration(tmp_path):
    lines, inside = [], False
    for line in EXAMPLE.splitlines():
        inside = (inside or line.startswith("# [callers")) and line.startswith("# ")
        lines += [line.removeprefix("# ")] * inside
    assert [one.kind for one in read(tmp_path, "\n".join(lines)).callers] == [
        *("escpos", "voice", "screen", "cd5220", "alpha", "modbus"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "escpos"', 'kind = "epson"', 'line 7: kind is "epson", expected one of "escpos", "cd5220"'),
        ('kind = "escpos"\n', "", "line 6: kind is missing; write kind = one of"),
        ('encoding = "gbk"', 'encoding = "big5"', 'line 9: encoding is "big5", expected one of "gb18030", "gbk"'),
        ("columns = 32", "collumns = 32", "line 10: collumns is not known here; did you mean columns?"),
        ("tcp://192.168.1.60:9100", "tcp://192.168.1.60", "line 8: 'tcp://192.168.1.60' names no host and port."),
        (
            "tcp://192.168.1.60:9100",
            "file:///etc/passwd",
            "line 8: /etc/passwd is no device. Write file:///dev/usb/lp0",
        ),
        ("tcp://192.168.1.60:9100", "/dev/ttyUSB0", "line 8: /dev/ttyUSB0 may be another adapter after the next start"),
        ("base = 40\n", "", "line 17: base is missing; write base = a whole number from 0 to 65535."),
        ("unit = 4", "unit = 248", "line 20: unit is 248, expected a whole number from 0 to 247."),
        ('for = ["desk"]', 'for = "desk"', 'line 13: for is "desk", expected a list such as ["room-1"].'),
        ('languages = ["zh"]', 'languages = ["de"]', 'expected a list such as ["zh", "en"]'),
        ('kind = "screen"', 'kind = "screen"\nurl = "x"', "url is not known here; known are for, kind."),
        ("[callers.tv]", "[[callers.tv]]", "write each caller as [callers.NAME] with one bracket"),
        ("[callers.tv]", '[callers."a b"]', "'a b' is no name for a caller"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_what_to_write(tmp_path, old, new, said):
    assert old in GOOD
    assert said in refused(tmp_path, GOOD.replace(old, new, 1))


def test_a_caller_shares_neither_name_nor_port_with_an_instrument(tmp_path):
    instrument = '[[instrument]]\nname = "tv"\nfamily = "nidek_frame"\nurl = "/dev/serial/by-id/sign"\n'
    found = refused(tmp_path, instrument + GOOD)
    assert "'tv' is no name for a caller; write a short one that nothing else has" in found
    assert "url '/dev/serial/by-id/sign' is that of the instrument tv" in found
