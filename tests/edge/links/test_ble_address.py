"""Addresses of Bluetooth links, and what a gateway without one never loads."""

import subprocess
import sys

import pytest

from edge.links import LinkRefused
from edge.links.ble_address import BleAddress
from edge.links.opening import address

DEVICE = "AA:BB:CC:DD:EE:FF"
LOADED = """
import sys
from edge.config import load
from edge import gateway, config
import edge.links.opening, edge.supervisor, edge.diagnostics.checks
from edge.supervisor.families import fit
from edge.supervisor import InstrumentSettings
edge.links.opening.address("socket://a:1")
fit(InstrumentSettings("x", "nidek_frame", "/dev/x"))
print([name for name in ("bleak", "dbus_fast", "bumble", "edge.links.radio") if name in sys.modules])
"""


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (f"ble://{DEVICE}?profile=weight", ("ble", DEVICE, "weight", None, True)),
        (f"ble://{DEVICE.lower()}?profile=glucose&bond=no", ("ble", DEVICE, "glucose", None, False)),
        (f"ble-serial://{DEVICE}", ("ble-serial", DEVICE, "nus", None, False)),
        (f"ble-serial://{DEVICE}?service=ffe0&adapter=hci1&bond=yes", ("ble-serial", DEVICE, "ffe0", "hci1", True)),
    ],
)
def test_an_address_says_which_device_and_what_of_it(url, told):
    found = BleAddress.of(url)

    assert (found.kind, found.device, found.wanted, found.adapter, found.bond) == told
    assert address(url) == (told[0], url)


@pytest.mark.parametrize(
    "url",
    [
        f"ble://{DEVICE}",
        f"ble://{DEVICE}?profile=heart",
        f"ble://{DEVICE}?profile=weight&x=1",
        f"ble://{DEVICE}/x?profile=weight",
        "ble://AA:BB?profile=weight",
        "ble://?profile=weight",
        f"ble-serial://{DEVICE}?service=spp",
        f"ble-serial://{DEVICE}?adapter=eth0",
        f"ble-serial://{DEVICE}?profile=weight",
        f"ble://{DEVICE}?profile=weight&bond=perhaps",
    ],
)
def test_an_address_nobody_can_open_is_refused_with_what_to_write(url):
    with pytest.raises(
        LinkRefused, match=r"not the address of a Bluetooth device.*profiles: blood_pressure"
    ) as refusal:
        address(url)
    assert refusal.value.lasting


@pytest.mark.edge("EDGE-384", "A gateway without Bluetooth instruments loads nothing of Bluetooth.")
def test_a_gateway_without_bluetooth_loads_nothing_of_it():
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, timeout=60, check=False)

    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr
