"""A USB bus that exists only here: a backend for pyusb with instruments that can be plugged, pressed and pulled."""

from firmware_sim.usb.bridge import Bridge, UsbWire
from firmware_sim.usb.bus import Bus
from firmware_sim.usb.device import Device
from firmware_sim.usb.foot_switch import FootSwitch

__all__ = ["Bridge", "Bus", "Device", "FootSwitch", "UsbWire"]
