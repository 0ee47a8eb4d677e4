"""Orders about instruments, ports and wires."""

import asyncio
from types import SimpleNamespace

import pytest

from edge.capture import verbs as wires
from edge.capture.verbs import told
from edge.links import null_modem
from edge.refusals import OrderRefused
from edge.supervisor import Fitting, InstrumentSettings, Supervisor
from edge.supervisor.verbs import ports, verbs
from edge.tasks import stop
from edge.uplink import Brought
from protocols.capture import Entry, Head, Recording, load


class Notes:
    """A notebook that nobody reads."""

    def __init__(self):
        self.told = []

    def now(self):
        return SimpleNamespace(ts_gw="2026-11-22T10:00:00.000Z")

    async def tell(self, dev, before, state, why):
        self.told.append((dev, state))

    async def write(self, said, instrument, fitting):
        """Nothing to keep."""


class Silent:
    async def run(self, link, emit):
        async for _ in link:
            pass


@pytest.fixture
async def shop():
    """A supervisor with one instrument on a wire in memory; ``far`` is the instrument's end of the newest."""
    found = SimpleNamespace(fars=[], driver=Silent)

    async def opener(url, line):
        near, far = null_modem()
        found.fars.append(far)
        return near

    settings = [InstrumentSettings("i0", "lines", "socket://10.0.0.1:4001")]
    found.notes = Notes()
    found.supervisor = Supervisor(
        settings, lambda _: Fitting(lambda: found.driver(), "lines", "1"), found.notes, opener
    )
    task = asyncio.ensure_future(found.supervisor.run())
    yield found
    await stop(task)


async def until(condition):
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def adapter(device, vid=None, pid=None, serial=None):
    return SimpleNamespace(device=device, vid=vid, pid=pid, serial_number=serial, location=None)


@pytest.mark.edge("EDGE-164", "The ports of a gateway are listed with identity, serial number, and who uses them.")
def test_ports_are_listed_with_identity_and_who_uses_them():
    plugged = [adapter("/dev/ttyUSB7", 0x0403, 0x6001, "A1"), adapter("/dev/ttyUSB9", 0x067B, 0x2303)]
    used = {"ark": "usb:0403:6001:A1", "tono": "socket://10.0.0.7:4001"}
    assert ports(used, lambda: plugged) == [
        {
            **{"path": "/dev/ttyUSB7", "name": "usb:0403:6001:A1", "usb": "0403:6001"},
            **{"serial": "A1", "used_by": "ark"},
        },
        {"path": "/dev/ttyUSB9", "name": "usb:067b:2303", "usb": "067b:2303"},
        {"path": "socket://10.0.0.7:4001", "used_by": "tono"},
    ]


@pytest.mark.edge("EDGE-165", "One instrument's driver can be begun anew from afar, on a new link.")
async def test_a_driver_is_begun_anew_on_a_new_link(shop):
    await until(lambda: len(shop.fars) == 1)
    assert await verbs(shop.supervisor)["restart_driver"]({"dev": "i0"}) == {"dev": "i0"}
    await until(lambda: len(shop.fars) == 2)
    with pytest.raises(OrderRefused, match="no instrument called 'i9'"):
        await verbs(shop.supervisor)["restart_driver"]({"dev": "i9"})


@pytest.mark.edge("EDGE-167", "A wire is listened to beside its driver; of bytes nobody knows only the shape is told.")
async def test_a_capture_hears_beside_the_driver_and_tells_no_patient(shop):
    await until(lambda: shop.fars)
    listening = asyncio.ensure_future(wires.verbs(shop.supervisor)["capture"]({"dev": "i0", "seconds": 0.4}))
    await asyncio.sleep(0.1)
    await shop.fars[0].write(b"\x02OKAFOR 1980\x03")
    result = await listening
    assert [(one["by"], bytes.fromhex(one["hex"])) for one in result["entries"]] == [
        ("instrument", b"\x02xxxxxx 9999\x03")
    ]
    assert result["bytes"] == 13
    assert shop.supervisor.keepers[0].ears == set()


@pytest.mark.parametrize(
    "args", [{}, {"seconds": 61, "dev": "i0"}, {"seconds": "long"}, {"port": "folder:///etc"}, {"port": "/dev/nothing"}]
)
async def test_what_cannot_be_listened_to_is_refused_in_words(shop, args):
    with pytest.raises(OrderRefused):
        await wires.verbs(shop.supervisor)["capture"]({"seconds": 0.1} | args)


def test_much_that_was_said_travels_as_a_file_and_none_of_it_inline():
    entries = tuple(Entry(t=float(n), by="instrument", hex="61" * 1000) for n in range(40))
    result = told(Recording(Head(emmetra_capture=1, port="p", line="9600 8N1"), entries))
    assert isinstance(result["file"], Brought)
    assert load(result["file"].data).heard == b"x" * 40_000
    assert "entries" not in result
    assert result["bytes"] == 40_000


async def test_instruments_that_stay_the_same_are_not_touched(shop):
    await until(lambda: shop.fars)
    keeper, more = shop.supervisor.keepers[0], InstrumentSettings("i1", "lines", "socket://10.0.0.2:4001")
    await shop.supervisor.become([keeper.settings, more])
    await until(lambda: len(shop.fars) == 2)
    assert shop.supervisor.keepers[0] is keeper
    await shop.supervisor.become([more])
    assert [one.dev for one in shop.supervisor.states()] == ["i1"]
    assert len(shop.fars) == 2
