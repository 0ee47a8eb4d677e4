"""Five devices of a check-up, each with one standard profile; what they say is a block, however it travels.

On a radio (``peripheral``) the block's values are indicated one by one; on any other wire it is said as it is.
"""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.patients import Patient
from firmware_sim.wires import Wire
from protocols.gatt.block import text
from protocols.gatt.numbers import to_flt, to_sfloat
from protocols.gatt.taking import written

Figures = dict[str, Decimal]
ABOUT = {"maker": "2A29", "model": "2A24", "serial": "2A25", "firmware": "2A26"}


@dataclass(frozen=True, slots=True)
class Measured:
    """What the device shows, by our keys; ``doubts`` are bits of its own status."""

    figures: Figures
    status: int = 0


class CheckUp(Instrument[Measured]):
    """``dated`` false is a device without a clock; ``user`` is the number of a user in the device."""

    maker = "any"
    links = ("serial", "ble")
    profile: ClassVar[str]
    serial: ClassVar[str] = "0042"

    def __init__(
        self,
        wire: Wire,
        *,
        dated: bool = True,
        user: int = 0xFF,
        seed: int | str = 0,
        clock: Callable[[], datetime] = datetime.now,
    ) -> None:
        super().__init__(wire, seed=seed, clock=clock)
        self._dated, self._user = dated, user

    def about(self) -> list[tuple[str, bytes]]:
        """What its Device Information service tells."""
        told = {"maker": self.maker, "model": self.name, "serial": self.serial, "firmware": "1.0"}
        return [(ABOUT[key], words.encode()) for key, words in told.items()]

    def _say(self, measured: Measured, number: int, at: datetime) -> bytes:
        return text(self.profile, [*self.about(), *self._values(measured, number, at)])

    def _shown(self, measured: Measured) -> Shown:
        return ({"kind": "vital_signs", **{key: str(value) for key, value in measured.figures.items()}},)

    def _date(self, at: datetime) -> bytes:
        return written(at) if self._dated else b""

    @abstractmethod
    def _values(self, measured: Measured, number: int, at: datetime) -> list[tuple[str, bytes]]: ...

    def _near(self, middle: float, spread: float, step: str) -> Decimal:
        return Decimal(f"{max(self._luck.gauss(middle, spread), middle / 2):.4f}").quantize(Decimal(step))


class Cuff(CheckUp):
    """An upper-arm cuff."""

    name = "Blood pressure monitor"
    profile = "blood_pressure"

    def _look(self, patient: Patient) -> Measured:
        diastolic = self._near(78, 8, "1")
        systolic = diastolic + self._near(45, 8, "1")
        mean = ((systolic + 2 * diastolic) / 3).quantize(Decimal(1))
        names = ("systolic_mmhg", "diastolic_mmhg", "mean_arterial_mmhg", "pulse_bpm")
        return Measured(dict(zip(names, (systolic, diastolic, mean, self._near(70, 8, "1")), strict=True)))

    def _values(self, measured: Measured, number: int, at: datetime) -> list[tuple[str, bytes]]:
        *pressures, pulse = (to_sfloat(value) for value in measured.figures.values())
        flags = 0x1C | 2 * self._dated
        status = measured.status.to_bytes(2, "little")
        parts = (bytes((flags,)), *pressures, self._date(at), pulse, bytes((self._user,)), status)
        return [("2A35", b"".join(parts))]


class GlucoseMeter(CheckUp):
    """A meter that measures mg/dL out of a finger; every record has its number and says what was eaten before."""

    name = "Glucose meter"
    profile = "glucose"

    def _look(self, patient: Patient) -> Measured:
        return Measured({"glucose_mg_dl": self._near(100, 12, "1")})

    def _values(self, measured: Measured, number: int, at: datetime) -> list[tuple[str, bytes]]:
        [value] = measured.figures.values()
        counted = number.to_bytes(2, "little")
        concentration = to_sfloat(value.scaleb(-5)) + b"\x11"
        measurement = b"\x1a" + counted + written(at) + concentration + measured.status.to_bytes(2, "little")
        return [("2A18", measurement), ("2A34", b"\x02" + counted + b"\x03")]


class Scale(CheckUp):
    """A scale that was told how tall somebody is."""

    name = "Weight scale"
    profile = "weight"

    def _look(self, patient: Patient) -> Measured:
        kilos, metres = Decimal("0.005") * int(self._near(14000, 2000, "1")), self._near(1.7, 0.08, "0.001")
        bmi = (kilos / metres**2).quantize(Decimal("0.1"))
        return Measured({"weight_kg": kilos, "bmi": bmi, "height_m": metres})

    def _values(self, measured: Measured, number: int, at: datetime) -> list[tuple[str, bytes]]:
        kilos, bmi, metres = measured.figures.values()
        steps = (kilos / Decimal("0.005"), bmi * 10, metres * 1000)
        weight, *rest = (int(step).to_bytes(2, "little") for step in steps)
        flags = bytes((0x0C | 2 * self._dated,))
        return [("2A9D", flags + weight + self._date(at) + bytes((self._user,)) + b"".join(rest))]


class Thermometer(CheckUp):
    """An ear thermometer."""

    name = "Thermometer"
    profile = "thermometer"

    def _look(self, patient: Patient) -> Measured:
        return Measured({"temperature_c": self._near(36.6, 0.3, "0.1")})

    def _values(self, measured: Measured, number: int, at: datetime) -> list[tuple[str, bytes]]:
        [value] = measured.figures.values()
        return [("2A1C", bytes((4 | 2 * self._dated,)) + to_flt(value) + self._date(at) + b"\x03")]


class Oximeter(CheckUp):
    """A clip on a finger that decides for itself when a measurement is good."""

    name = "Pulse oximeter"
    profile = "oximeter"

    def _look(self, patient: Patient) -> Measured:
        return Measured(
            {"spo2_percent": min(self._near(97, 1, "1"), Decimal(100)), "pulse_bpm": self._near(70, 8, "1")}
        )

    def _values(self, measured: Measured, number: int, at: datetime) -> list[tuple[str, bytes]]:
        spo2, pulse = (to_sfloat(value) for value in measured.figures.values())
        return [("2A5E", bytes((1 * self._dated,)) + spo2 + pulse + self._date(at))]


DEVICES: dict[str, Any] = {
    "ble-cuff": Cuff,
    "ble-glucose": GlucoseMeter,
    "ble-scale": Scale,
    "ble-thermometer": Thermometer,
    "ble-oximeter": Oximeter,
}
