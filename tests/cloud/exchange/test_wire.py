"""Which addresses may be spoken to."""

import pytest

from cloud.exchange import wire
from cloud.exchange.errors import NotAllowed, Silent
from cloud.exchange.wire import Near, Request, is_public
from cloud.kernel.settings import Misconfigured


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.4.4", "2606:4700:4700::1111"])
def test_the_internet_is_public(address):
    assert is_public(address) is True


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.0.0.1",
            "192.168.1.1",
            "172.16.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
        ),
        *("::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::", "ff02::1"),
    ],
)
def test_what_lies_inside_is_not_whatever_it_wears(address):
    assert is_public(address) is False


@pytest.mark.parametrize(
    "url",
    ["http://1.1.1.1/", "https://127.0.0.1/", "https://[::1]/", "file:///etc/passwd", "gopher://1.1.1.1", "https:///x"],
)
def test_such_an_address_is_not_even_tried(url, monkeypatch):
    monkeypatch.setattr(wire.socket, "create_connection", None)
    with pytest.raises(NotAllowed):
        wire.send(Request("POST", url, {}), Near())


def test_a_name_that_nobody_has_is_nobody_there():
    with pytest.raises(Silent) as silence:
        wire.send(Request("POST", "https://nobody.invalid/", {}), Near())
    assert silence.value.reached is False


def test_networks_of_ones_own_are_named_or_the_setting_is_refused():
    near = Near.of("10.1.0.0/16, fd00::/8")
    assert [near.holds(one) for one in ("10.1.2.3", "10.2.0.1", "fd00::1", "::1")] == [True, False, True, False]
    with pytest.raises(Misconfigured, match="EMMETRA_EXCHANGE_NEAR"):
        Near.of("10.1.0.1/16")
