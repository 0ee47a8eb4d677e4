"""What all NIDEK instruments share: the buttons, the handshake, the counter and the clock."""

import asyncio
import random
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, Literal, TypeVar

from firmware_sim.nidek_frame.speech import REQUEST_TO_SEND, permission, transmission
from firmware_sim.patients import Patient
from firmware_sim.wires import Wire

Mode = Literal["NIDEK", "NCP10"]
M = TypeVar("M")

COMMUNICATION_ERROR = "COMMUNICATION ERROR"


class NothingMeasured(LookupError):
    """Print was pressed with nothing to print."""


@dataclass(frozen=True, slots=True)
class PrintOut(Generic[M]):
    """What one press of Print did: the exact bytes, what they mean, and whether they left the instrument."""

    measured: M
    raw: bytes
    print_number: str
    measured_at: datetime
    sent: bool


class Instrument(ABC, Generic[M]):
    """Buttons Measure, Print and Clear.

    In mode ``NIDEK`` it asks before it sends and shows its own error after ``patience`` seconds without the
    right answer; in mode ``NCP10`` it just sends. The same seed and clock give the same bytes.
    """

    name: ClassVar[str]
    device_code: ClassVar[str]

    def __init__(
        self,
        wire: Wire,
        *,
        seed: int | str = 0,
        mode: Mode = "NIDEK",
        cr_code: bool = False,
        checksum: bool = True,
        clock: Callable[[], datetime] = datetime.now,
        patience: float = 3.0,
        first_number: int = 1,
    ) -> None:
        self.display = ""
        self.history: list[bytes] = []
        self._wire, self._mode, self._cr, self._checksum = wire, mode, cr_code, checksum
        self._clock, self._patience, self._number = clock, patience, first_number
        self._luck = random.Random(f"{seed}")  # noqa: S311 - noise of an eye, not a secret
        self._measured: M | None = None
        self.patient_id = ""

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
        at, number = self._clock(), f"{self._number:04}"
        self._number = self._number % 9999 + 1
        raw = transmission(self._blocks(self._measured, number, at), cr=self._cr, checksum=self._checksum)
        sent = await self._send(raw)
        return PrintOut(self._measured, raw, number, at, sent)

    def clear(self) -> None:
        """Forget the measurement and the error."""
        self._measured = None
        self.display = self.patient_id = ""

    async def _send(self, raw: bytes) -> bool:
        if self._mode == "NIDEK" and not await self._permitted():
            self.display = COMMUNICATION_ERROR
            return False
        self.display = ""
        self.history.append(raw)
        await self._wire.write(raw)
        return True

    async def _permitted(self) -> bool:
        """Ask once; an instrument that gets no answer repeats nothing."""
        await self._wire.write(REQUEST_TO_SEND)
        heard = b""
        try:
            async with asyncio.timeout(self._patience):
                async for chunk in self._wire:
                    heard += chunk
                    if permission(self.device_code) in heard:
                        return True
        except TimeoutError:
            pass
        return False

    @abstractmethod
    def _look(self, patient: Patient) -> M:
        """Measure this patient."""

    @abstractmethod
    def _blocks(self, measured: M, number: str, at: datetime) -> list[bytes]:
        """The blocks of the print-out."""
