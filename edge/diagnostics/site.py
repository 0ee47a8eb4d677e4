"""What a check may look at: the configuration, the running gateway's own word, and this machine."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edge.clock import Clock
from edge.config import GatewayConfig
from edge.identity import Identity, Papers
from edge.supervisor import Fit
from edge.supervisor.families import fit as fit_family


@dataclass(frozen=True)
class Site:
    """``status`` is what the running gateway says of itself, None when none runs; ``root`` is / but in tests."""

    config: GatewayConfig
    clock: Clock
    status: dict[str, Any] | None = None
    root: Path = Path("/")
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    now: Callable[[], float] = time.time
    fit: Fit = fit_family

    @property
    def running(self) -> bool:
        """Whether a gateway runs here."""
        return self.status is not None

    @property
    def connected(self) -> bool:
        """Whether it has a connection to the broker."""
        return self.status is not None and self.status["broker"]["state"] == "connected"

    @property
    def alarms(self) -> dict[str, str]:
        """What it says is wrong."""
        return dict(self.status["alarms"]) if self.status else {}

    def told_of(self, instrument: str) -> dict[str, Any] | None:
        """What the running gateway says of one instrument."""
        named: list[dict[str, Any]] = self.status["instruments"] if self.status else []
        return next((one for one in named if one["name"] == instrument), None)

    def papers(self) -> Identity | None:
        """The papers of an enrolled gateway."""
        return Papers(self.config.data).current()

    def read(self, path: str) -> str | None:
        """A file of the system below ``root``, or None where there is none to read."""
        try:
            return (self.root / path).read_text("utf-8", "replace").strip()
        except OSError:
            return None
