from pathlib import Path

import pytest

from edge.config import EXAMPLE, ConfigRefused, load
from firmware_sim.mapped_table import ROWS
from protocols.envelope.table_map import as_toml
from protocols.mapped_table import map_of

GOOD = """\
[gateway]
address = "demo/main/gw-1"
data = "/tmp/x"

[broker]
url = "mqtt://localhost"

[[instrument]]
name = "a"
family = "nidek_frame"
url = "/dev/serial/by-id/a"

[[instrument]]
name = "b"
family = "nidek_frame"
url = "socket://10.0.0.5:4001"
baud = 9600
lane = "Room 2"
[instrument.settings]
device_code = "LM"
"""


def read(tmp_path, source):
    path = tmp_path / "gateway.toml"
    path.write_text(source)
    return load(path)


def refusal(tmp_path, source):
    with pytest.raises(ConfigRefused) as refused:
        read(tmp_path, source)
    return str(refused.value).replace(str(tmp_path) + "/", "")


def test_the_example_is_a_configuration(tmp_path):
    config = read(tmp_path, EXAMPLE)
    assert str(config.address) == "demo/main-street/gw-1"


def test_everything_given_arrives(tmp_path):
    config = read(tmp_path, GOOD)
    b = config.instruments[1]
    assert (b.name, b.lane, b.line, b.settings) == ("b", "Room 2", {"baud": 9600}, {"device_code": "LM"})
    assert (config.broker.host, config.broker.port, config.data) == ("localhost", 1883, Path("/tmp/x"))


@pytest.mark.parametrize(("line", "longest"), [("", 60.0), ("retry_s = 5\n", 5)])
def test_the_longest_pause_before_the_broker_is_tried_again_is_the_shops(tmp_path, line, longest):
    assert read(tmp_path, GOOD.replace("[broker]\n", f"[broker]\n{line}")).broker.retry_s == longest


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "baud = 9600",
            'baud = "fast"',
            'gateway.toml, line 17: baud is "fast", expected a whole number such as 9600.',
        ),
        ("baud = 9600", "baud = true", "line 17: baud is true, expected a whole number"),
        ("baud = 9600", "bawd = 9600", "line 17: bawd is not known here; did you mean baud?"),
        ("baud = 9600", 'parity = "evn"', 'line 17: parity is "evn", expected one of'),
        ('lane = "Room 2"', "lane = 2", "line 18: lane is 2, expected a text in quotes."),
        ('name = "b"', 'name = "a"', "line 14: name 'a' is used twice"),
        (
            'url = "socket://10.0.0.5:4001"',
            'url = "/dev/serial/by-id/a"',
            "line 16: url '/dev/serial/by-id/a' is used twice",
        ),
        (
            'url = "socket://10.0.0.5:4001"',
            'url = "socket://10.0.0.5"',
            "line 16: 'socket://10.0.0.5' names no host and port",
        ),
        ('url = "/dev/serial/by-id/a"\n', "", "line 8: url is missing; write url = a port in quotes"),
        ('"demo/main/gw-1"', '"Demo/main"', "line 2: 'Demo/main' is not tenant/store/gateway"),
        ('"mqtt://localhost"', '"http://localhost"', 'line 6: url is "http://localhost", expected "mqtt://host:1883"'),
        ('url = "mqtt://localhost"', 'url = "mqtts://x"\nkey = "k"', "line 5: certificate and key belong together"),
        ("[broker]", "[brokers]", "line 5: brokers is not known here; did you mean broker?"),
        ('[[instrument]]\nname = "a"', '[instrument]\nname = "a"', "is not TOML"),
        ('data = "/tmp/x"', "data = /tmp/x", "is not TOML"),
    ],
)
def test_a_mistake_is_told_with_file_line_what_was_expected_and_what_to_write(tmp_path, old, new, said):
    assert old in GOOD
    assert said in refusal(tmp_path, GOOD.replace(old, new))


def test_every_mistake_is_told_at_once(tmp_path):
    text = refusal(tmp_path, GOOD.replace("baud = 9600", "bawd = 1").replace('data = "/tmp/x"', "dta = 1"))
    assert len(text.splitlines()) == 3


def test_a_map_stands_in_a_file_beside_it(tmp_path):
    (tmp_path / "lengths.toml").write_text(as_toml(map_of(ROWS)))
    config = read(tmp_path, GOOD.replace('url = "socket://10.0.0.5:4001"', 'url = "folder:///x"\nmap = "lengths.toml"'))
    assert [one.map for one in config.instruments] == [None, map_of(ROWS)]


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        (None, "gateway.toml, line 17: map m.toml cannot be read (No such file or directory)."),
        ("[[column", "gateway.toml, line 17: map m.toml: it is not TOML"),
        ('[[column]]\nname = "AL"\nkey = "?"\n', "gateway.toml, line 17: map m.toml: column 'AL': key '?' is no word"),
    ],
)
def test_a_map_that_cannot_be_followed_is_told_with_its_line(tmp_path, drawn, said):
    if drawn is not None:
        (tmp_path / "m.toml").write_text(drawn)
    assert said in refusal(
        tmp_path, GOOD.replace('url = "socket://10.0.0.5:4001"', 'url = "folder:///x"\nmap = "m.toml"')
    )


def test_a_password_is_never_shown(tmp_path):
    assert "12345" not in refusal(
        tmp_path, GOOD.replace('url = "mqtt://localhost"', 'url = "mqtt://x"\npassword = 12345')
    )


def test_a_missing_file_says_how_to_write_one(tmp_path):
    with pytest.raises(ConfigRefused, match="emmetra gateway init"):
        load(tmp_path / "none.toml")
