"""DICOM as the gateway sees it: the program beside it and what it takes over; nothing where none is configured."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from edge.alarms import Alarms
from edge.clock import Clock
from edge.dicom.child import Child
from edge.dicom.settings import DicomSettings
from edge.dicom.takeover import Take, TakeOver, Tell
from edge.tasks import until_one_ends
from protocols.envelope import InstrumentState


class Beside:
    """The child and the takeover, or neither."""

    def __init__(
        self,
        config: Path,
        data: Path,
        settings: DicomSettings | None,
        take: Take,
        alarms: Alarms,
        clock: Clock,
        tell: Tell | None = None,
    ) -> None:
        self._child: Child | None = None
        if settings is not None:
            self._child = Child(config, settings, alarms, clock)
            self._takeover = TakeOver(data, settings, take, alarms, tell)
            self._child.arrived = self._takeover.call

    def on_change(self, changed: Callable[[], None]) -> None:
        """Whom to tell that devices can or cannot call."""
        if self._child is not None:
            self._child.changed = changed

    async def run(self) -> None:
        """Until cancelled."""
        if self._child is None:
            await asyncio.Event().wait()
        else:
            await until_one_ends(self._child.run(), self._takeover.run())

    def states(self) -> list[InstrumentState]:
        """Each configured device, for the birth."""
        return self._child.states() if self._child else []

    def status(self) -> dict[str, Any] | None:
        """For `emmetra gateway status`; None where DICOM is not configured."""
        return {**self._child.status(), "queue": dict(self._takeover.queue)} if self._child else None
