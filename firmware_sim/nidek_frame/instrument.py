"""What all NIDEK instruments share: the handshake, the error on the screen, the frame around the blocks."""

import asyncio
from abc import abstractmethod
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeVar

from firmware_sim import instrument
from firmware_sim.nidek_frame.speech import REQUEST_TO_SEND, permission, transmission
from firmware_sim.wires import Wire

Mode = Literal["NIDEK", "NCP10"]
M = TypeVar("M")

COMMUNICATION_ERROR = "COMMUNICATION ERROR"


class Instrument(instrument.Instrument[M]):
    """In mode ``NIDEK`` it asks before it sends and shows its own error after ``patience`` seconds without the
    right answer; in mode ``NCP10`` it just sends.
    """  # noqa: D205

    maker = "NIDEK"
    device_code: ClassVar[str]

    def __init__(
        self,
        wire: Wire,
        *,
        mode: Mode = "NIDEK",
        cr_code: bool = False,
        checksum: bool = True,
        patience: float = 3.0,
        first_number: int = 1,
        **usual: Any,
    ) -> None:
        super().__init__(wire, **usual)
        self._mode, self._cr, self._checksum, self._patience = mode, cr_code, checksum, patience
        self._number = first_number - 1

    def _say(self, measured: M, number: int, at: datetime) -> bytes:
        return transmission(self._blocks(measured, f"{number:04}", at), cr=self._cr, checksum=self._checksum)

    async def _send(self, raw: bytes, at: datetime) -> bool:
        if self._mode == "NIDEK" and not await self._permitted():
            self.display = COMMUNICATION_ERROR
            return False
        self.display = ""
        return await super()._send(raw, at)

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
    def _blocks(self, measured: M, number: str, at: datetime) -> list[bytes]:
        """The blocks of the print-out."""
