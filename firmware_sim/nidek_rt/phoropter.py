"""RT-5100 and RT-3100: what stands in them is printed; lensmeter and autorefractor data is taken from a computer."""

import asyncio
from datetime import datetime
from typing import Any, ClassVar

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.nidek_rt.input import understood
from firmware_sim.nidek_rt.measured import Refracted, refracted
from firmware_sim.nidek_rt.printing import PARTS, lines, screen
from firmware_sim.nidek_rt.speech import BITS, INVITATION, REQUEST_TO_SEND, date, transmission
from firmware_sim.patients import Patient
from firmware_sim.wires import Wire

PIECE = 8  # bytes between two pauses at 2400 baud


class RT5100(Instrument[Refracted]):
    """``parts`` is what Print sends (``unaided lm ar subj final``, and ``tests km nt`` where there are any).

    ``asleep`` answers nothing. While ``refracting`` it takes data only with ``pass_input`` ("Input sequence from PC"
    = Pass), and then the data waits in ``memory`` under IN+LM and IN+AR; otherwise it stands on the ``screen`` at
    once. ``baud`` paces what is printed; ``hdr`` is the AR port parameter of that name.
    """

    maker = "NIDEK"
    name = "RT-5100"
    padding: ClassVar[str] = " "

    def __init__(
        self,
        wire: Wire,
        *,
        parts: tuple[str, ...] = PARTS,
        hdr: bool = False,
        near_lines: bool = False,
        baud: int | None = None,
        working_cm: int = 40,
        **usual: Any,
    ) -> None:
        super().__init__(wire, **usual)
        self.parts, self.near_lines, self.baud, self.working_cm = parts, near_lines, baud, working_cm
        self.asleep = self.refracting = self.pass_input = False
        self.memory: dict[str, Any] = {}
        self.screen: dict[str, Any] = {}
        self._hdr, self._heard = hdr, b""

    async def listen(self) -> None:
        """Hear the computer until the wire is gone."""
        async for chunk in self._wire:
            self._heard += chunk
            await self._answer()

    async def _answer(self) -> None:
        if self.asleep:
            self._heard = b""
        while REQUEST_TO_SEND in self._heard or (b"\x01D" in self._heard and b"\x04" in self._heard):
            message, _, self._heard = self._heard.partition(b"\x04")
            if not self._willing:
                continue
            if message.endswith(REQUEST_TO_SEND[:-1]):
                await self._wire.write(INVITATION)
            elif b"\x01D" in message:
                self._take(message[message.rindex(b"\x01D") :])

    @property
    def _willing(self) -> bool:
        return not self.refracting or self.pass_input

    def _take(self, message: bytes) -> None:
        found = understood(message)
        if found is None:
            self.display = "COMMUNICATION ERROR"
            return
        self.memory = found
        if not self.refracting:
            self.screen = {"mode": "SUBJ"} | found
            self.patient_id = found.get("patient", self.patient_id)

    def _look(self, patient: Patient) -> Refracted:
        return refracted(patient, self._luck, near_lines=self.near_lines)

    def _say(self, measured: Refracted, number: int, at: datetime) -> bytes:
        day = date(at, self.padding)
        items = list(lines(measured, self.parts, self.working_cm))
        if self._hdr:
            return transmission(f"NIDEK_{self.name}", [f"ID{self.patient_id:<12}", f"DA{day} SN0001", *items])
        return transmission(f"NIDEK {self.name} ID{self.patient_id:<12} DA{day}", items)

    def _shown(self, measured: Refracted) -> Shown:
        return tuple(screen(measured, self.parts, self.working_cm))

    async def _send(self, raw: bytes, at: datetime) -> bool:
        if self.baud is None:
            return await super()._send(raw, at)
        self.history.append(raw)
        for start in range(0, len(raw), PIECE):
            await asyncio.sleep(PIECE * BITS / self.baud)
            await self._wire.write(raw[start : start + PIECE])
        return True


class RT3100(RT5100):
    """The older one pads its dates with zeros."""

    name = "RT-3100"
    padding = "0"
