"""USB adapters by who they are: whichever number they get, and however often they are unplugged."""

import asyncio
import os
from dataclasses import dataclass

import pytest

from edge.clock import Clock
from edge.config import ConfigRefused, load
from edge.links import LinkRefused, open_link
from edge.links.usb import NUMBERED, UsbIdentity, lasting_name, port_of
from edge.supervisor import Fitting, InstrumentSettings, Supervisor
from edge.tasks import stop
from tests.edge.links.wires import PtyFar
from tests.edge.supervisor.test_supervisor import LineDriver
from tests.edge.test_config import GOOD


@dataclass
class Port:
    """As pyserial lists one."""

    device: str
    vid: int | None = 0x0403
    pid: int | None = 0x6001
    serial_number: str | None = None
    location: str | None = "1-1"


def listing(*ports):
    return lambda: ports


ONE, TWO = Port("/dev/ttyUSB0", serial_number="A1"), Port("/dev/ttyUSB1", serial_number="B2", location="1-2")
DOUBLE = [Port(f"/dev/ttyUSB{n}", pid=0x6011, serial_number="C3", location=f"1-3:1.{n}") for n in (0, 1)]
PLAIN = Port("/dev/ttyS0", None, None, location=None)


@pytest.mark.parametrize(
    ("url", "device"),
    [
        ("usb:0403:6001:A1", "/dev/ttyUSB0"),
        ("usb:0403:6001:B2", "/dev/ttyUSB1"),
        ("USB:0403:6001:B2", "/dev/ttyUSB1"),
        ("usb:0403:6011:C3:if01", "/dev/ttyUSB1"),
        ("usb:0403:6011:if00", "/dev/ttyUSB0"),
    ],
)
def test_an_adapter_is_found_by_vendor_product_serial_and_interface(url, device):
    ports = DOUBLE if "6011" in url else (PLAIN, ONE, TWO)
    assert port_of(url, listing(*ports)) == device


def test_an_adapter_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(LinkRefused, match=r"not plugged in.*here now: usb:0403:6001:A1, usb:0403:6001:B2") as refusal:
        port_of("usb:0403:6001:Z9", listing(TWO, ONE, PLAIN))
    assert not refusal.value.lasting


@pytest.mark.edge("EDGE-089", "Between two USB adapters that both fit the gateway never guesses.")
def test_two_that_fit_are_never_guessed_between():
    with pytest.raises(LinkRefused, match=r"2 adapters fit usb:0403:6001: .*USB0.*USB1.*by-path") as refusal:
        port_of("usb:0403:6001", listing(ONE, TWO))
    assert refusal.value.lasting


@pytest.mark.parametrize("url", ["usb:403:6001", "usb:", "usb:0403", "usb:0403:6001:", "usb:zzzz:6001"])
async def test_what_is_no_identity_is_refused_with_an_example(url):
    with pytest.raises(LinkRefused, match="Write usb:0403:6001:A1B2C3"):
        await open_link(url)


@pytest.mark.parametrize("url", ["usb:0403:6001", "usb:0403:6001:aa:bb", "usb:0403:6001:if03", "usb:0403:6001:A:if10"])
def test_an_identity_reads_as_it_is_written(url):
    assert str(UsbIdentity.of(url)) == url


@pytest.fixture
def names(tmp_path):
    """A fake /dev/serial in which links can be made."""

    def make(kind, name, device):
        (tmp_path / kind).mkdir(exist_ok=True)
        (tmp_path / kind / name).symlink_to(device)

    make.root = tmp_path
    return make


@pytest.mark.parametrize(
    ("ports", "links", "name"),
    [
        ([ONE], [("by-id", "usb-FTDI_A1")], "by-id/usb-FTDI_A1"),
        ([ONE], [("by-path", "pci-1")], "usb:0403:6001:A1"),
        ([Port("/dev/ttyUSB0")], [], "usb:0403:6001"),
        (
            [Port("/dev/ttyUSB0"), Port("/dev/ttyUSB1", location="1-2")],
            [("by-id", "usb-x"), ("by-path", "p")],
            "by-path/p",
        ),
        ([Port("/dev/ttyUSB0"), Port("/dev/ttyUSB1", location="1-2")], [], None),
        ([], [], None),
    ],
)
def test_the_name_that_stays(names, ports, links, name):
    for kind, link in links:
        names(kind, link, "/dev/ttyUSB0")
    found = lasting_name("/dev/ttyUSB0", listing(*ports), names.root)

    assert found == (str(names.root / name) if name and name.startswith("by-") else name)


@pytest.mark.edge(
    "EDGE-090",
    "A port name that may change at the next start is refused, with the line to write instead.",
)
@pytest.mark.parametrize("device", ["/dev/ttyUSB0", "/dev/ttyACM12", "serial:/dev/ttyUSB3"])
def test_a_numbered_port_is_refused_in_the_configuration_with_the_line_to_write(tmp_path, names, device, monkeypatch):
    names("by-id", "usb-FTDI_A1", NUMBERED.match(device)[1])
    monkeypatch.setattr("edge.links.usb.NAMES", names.root)
    path = tmp_path / "gateway.toml"
    path.write_text(GOOD.replace("/dev/serial/by-id/a", device))

    with pytest.raises(
        ConfigRefused, match=f'line 11: .* another adapter .*write url = "{names.root}/by-id/usb-FTDI_A1"'
    ):
        load(path)


def test_without_a_device_the_refusal_says_where_its_name_will_stand(tmp_path):
    path = tmp_path / "gateway.toml"
    path.write_text(GOOD.replace("/dev/serial/by-id/a", "/dev/ttyUSB99"))
    with pytest.raises(ConfigRefused, match="`ls /dev/serial/by-id` shows once it is plugged in"):
        load(path)


class Desk:
    """One adapter that can be unplugged and comes back under another number."""

    def __init__(self, root):
        self.link, self.far, self.last = root / "usb-FTDI_A1", None, None

    def plug_in(self):
        """Under a number it did not have before."""
        fresh = [PtyFar()]
        while fresh[-1].path == self.last:
            fresh.append(PtyFar())
        *spare, self.far = fresh
        self.link.symlink_to(self.far.path)
        self.last = self.far.path
        for one in spare:
            one.close()

    def unplug(self):
        self.link.unlink()
        self.far.close()
        self.far = None

    def ports(self):
        return [Port(self.far.path, serial_number="A1")] if self.far else []


async def until(found, seconds=5):
    async with asyncio.timeout(seconds):
        while not found():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


class Notes:
    """What a keeper would write down."""

    def __init__(self):
        self.heard, self.told = [], []

    def now(self):
        return Clock().now()

    async def write(self, said, instrument, fitting, *_, once=None):
        self.heard.append(said.raw)

    async def tell(self, dev, before, state, why):
        self.told.append((before, state))


@pytest.mark.edge("EDGE-091", "A USB adapter that is pulled out and comes back under another number goes on by itself.")
@pytest.mark.parametrize("by", ["identity", "by-id"])
async def test_an_adapter_pulled_out_is_lost_once_and_found_again_under_another_number(tmp_path, monkeypatch, by):
    desk, notes = Desk(tmp_path), Notes()
    desk.plug_in()
    monkeypatch.setattr("edge.links.usb.comports", desk.ports)
    url = "usb:0403:6001:A1" if by == "identity" else str(desk.link)
    one = Supervisor([InstrumentSettings("a", "lines", url)], lambda _: Fitting(LineDriver, "lines", "1"), notes)
    one.keepers[0]._backoff.next = lambda: 0.02
    task = asyncio.ensure_future(one.run())
    for n in (1, 2):
        await until(lambda n=n: len(notes.told) == 2 * n - 1)
        os.write(desk.far.fd, b"hello\n")
        await until(lambda n=n: len(notes.heard) == n)
        desk.unplug()
        await until(lambda n=n: len(notes.told) == 2 * n)
        await asyncio.sleep(0.1)
        desk.plug_in()
    await until(lambda: len(notes.told) == 5)
    await stop(task)
    desk.unplug()

    back, gone = ("lost", "connected"), ("connected", "lost")
    assert notes.told == [("starting", "connected"), gone, back, gone, back]
