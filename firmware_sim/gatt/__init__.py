"""Bluetooth health devices. The radio itself is in ``peripheral``, ``ether`` and ``bluez``, over Google's bumble."""

from datetime import datetime

from firmware_sim.gatt.check_up import DEVICES, Cuff, GlucoseMeter, Measured, Oximeter, Scale, Thermometer
from firmware_sim.patients import Patient
from firmware_sim.wires import null_modem

INSTRUMENTS = DEVICES
PRESSED = datetime(2026, 3, 4, 9, 30)

__all__ = ["INSTRUMENTS", "Cuff", "GlucoseMeter", "Measured", "Oximeter", "Scale", "Thermometer", "example"]


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """What the model says."""
    made = next(one for one in DEVICES.values() if one.name == model)(null_modem()[0], seed=model)
    said: bytes = made._say(made._look(Patient.by_chance_of(model)), 1, PRESSED)
    return said
