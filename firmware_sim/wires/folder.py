"""A shared folder, written into as instruments do: under the final name, in pieces, with pauses between them."""

import asyncio
from pathlib import Path
from typing import Literal

from firmware_sim.wires.mailbox import Mailbox

Manner = Literal["direct", "slow", "rename", "partial"]
MANNERS: dict[Manner, str] = {
    "direct": "under the final name, in quick pieces",
    "slow": "the same, with long pauses in the middle",
    "rename": "under a temporary name first",
    "partial": "half of it, then switched off",
}
PIECES = 4
PAUSES_S: dict[Manner, float] = {"direct": 0.02, "slow": 1.5, "rename": 0.02, "partial": 0.02}


class FolderWire:
    """An instrument's way to a share. Nothing is ever heard on it."""

    def __init__(self, folder: Path, manner: Manner = "direct") -> None:
        self.folder, self.manner = folder, manner
        self._mailbox = Mailbox()
        folder.mkdir(parents=True, exist_ok=True)

    def __aiter__(self) -> Mailbox:
        return self._mailbox

    async def put(self, name: str, data: bytes) -> None:
        """Write one file in this wire's manner."""
        final = self.folder / name
        first = final.with_name(f"{name}.tmp") if self.manner == "rename" else final
        size = max(1, -(-len(data) // PIECES))
        pieces = [data[at : at + size] for at in range(0, len(data), size)]
        await self._in_pieces(first, pieces[: PIECES // 2] if self.manner == "partial" else pieces)
        if first != final:
            first.rename(final)

    async def write(self, data: bytes) -> None:
        """Bytes without a name are no file: nobody hears them."""

    async def aclose(self) -> None:
        """Write no more."""
        self._mailbox.close()

    async def unplug(self) -> None:
        """The share is gone."""
        self.folder.rename(self._elsewhere())

    async def replug(self) -> None:
        """The share is back, with everything that was in it."""
        self._elsewhere().rename(self.folder)

    def _elsewhere(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.away")

    async def _in_pieces(self, path: Path, pieces: list[bytes]) -> None:
        mode = "wb"
        for piece in pieces:
            with open(path, mode) as file:  # noqa: ASYNC230, PTH123 - a few bytes, and an instrument waits as well
                file.write(piece)
            mode = "ab"
            await asyncio.sleep(PAUSES_S[self.manner])
