"""What every simulated instrument is to whoever stands before it: Measure, Print, Clear, a scanner and a screen.

``shown`` is what the screen says, in the shared vocabulary, made from what was measured and never by decoding
what was sent: one mapping a reading, with ``kind`` and the keys that the screen shows. A reading in the record
must hold all of it.
"""

import random
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from firmware_sim.patients import Patient
from firmware_sim.wires import Wire

M = TypeVar("M")
Shown = tuple[dict[str, Any], ...]


class NothingMeasured(LookupError):
    """Print was pressed with nothing to print."""


@dataclass(frozen=True, slots=True)
class PrintOut(Generic[M]):
    """What one press of Print did: the exact bytes, what they mean, what the screen shows, and whether they left."""

    measured: M
    raw: bytes
    shown: Shown
    print_number: str
    measured_at: datetime
    sent: bool


class Instrument(ABC, Generic[M]):
    """An instrument that sends as soon as Print is pressed. The same seed and clock give the same bytes."""

    maker: ClassVar[str]
    name: ClassVar[str]
    links: ClassVar[tuple[str, ...]] = ("serial",)  # "folder" for one that writes files into a shared folder

    def __init__(self, wire: Wire, *, seed: int | str = 0, clock: Callable[[], datetime] = datetime.now) -> None:
        self.display = ""
        self.patient_id = ""
        self.history: list[bytes] = []
        self._wire, self._clock, self._number = wire, clock, 0
        self._luck = random.Random(f"{seed}")  # noqa: S311 - noise of an eye, not a secret
        self._measured: M | None = None

    def scan(self, patient_id: str) -> None:
        """What the operator typed or scanned as the patient; stays until the next scan or Clear."""
        self.patient_id = patient_id

    async def measure(self, patient: Patient | None = None) -> M:
        """Measure somebody; without a name, whoever comes by."""
        self._measured = self._look(patient or Patient.by_chance(self._luck))
        return self._measured

    async def print(self) -> PrintOut[M]:
        """Send what was measured. Raises NothingMeasured."""
        if self._measured is None:
            raise NothingMeasured(f"{self.name}: nothing to print; press Measure first")
        at, self._number = self._clock(), self._number % 9999 + 1
        raw = self._say(self._measured, self._number, at)
        sent = await self._send(raw, at)
        return PrintOut(self._measured, raw, self._shown(self._measured), f"{self._number:04}", at, sent)

    def clear(self) -> None:
        """Forget the measurement and the error."""
        self._measured = None
        self.display = self.patient_id = ""

    async def _send(self, raw: bytes, at: datetime) -> bool:
        """Say it on the wire, or write it as a file where the wire is a folder."""
        self.history.append(raw)
        put = getattr(self._wire, "put", None)
        await (put(self._file_name(at), raw) if put else self._wire.write(raw))
        return True

    def _file_name(self, at: datetime) -> str:
        """How this instrument names its files."""
        return f"{self.name}_{at:%Y%m%d%H%M%S}_{self._number:04}.xml"

    @abstractmethod
    def _look(self, patient: Patient) -> M:
        """Measure this patient."""

    @abstractmethod
    def _say(self, measured: M, number: int, at: datetime) -> bytes:
        """The bytes of a print-out."""

    @abstractmethod
    def _shown(self, measured: M) -> Shown:
        """What the screen says, in the shared vocabulary."""
