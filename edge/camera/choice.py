"""What the next picture shows, as somebody chose it; forgotten when nobody has been at the lamp for a while."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from edge.refusals import OrderRefused
from protocols.slit_lamp_camera.choices import ILLUMINATIONS, MAGNIFICATIONS

Eye = Literal["right", "left"]
EYE_S = 600.0  # the next patient's first picture must not be of the last one's eye
NO_EYE = "no eye is chosen: choose one on the gateway's page or press the foot switch twice"
_KNOWN = {"eye": ("right", "left"), "magnification": MAGNIFICATIONS, "illumination": tuple(ILLUMINATIONS)}


@dataclass
class Choice:
    """Eye, magnification and illumination; the empty word unsets one."""

    now: Callable[[], float] = time.monotonic
    magnification: str | None = None
    illumination: str | None = None
    _eye: Eye | None = None
    _used: float = 0.0

    @property
    def eye(self) -> Eye | None:
        """The eye, as long as somebody works here."""
        return self._eye if self.now() - self._used < EYE_S else None

    def choose(self, **chosen: str) -> None:
        """All of them or none. Raises OrderRefused."""
        for name, value in chosen.items():
            if value and value not in _KNOWN.get(name, ()):
                raise OrderRefused(f"{name} cannot be {value!r}")
        for name, value in chosen.items():
            setattr(self, "_eye" if name == "eye" else name, value or None)
        self._used = self.now()

    def toggle(self) -> None:
        """The other eye; right where none was chosen."""
        self._eye = "left" if self.eye == "right" else "right"
        self._used = self.now()

    def forget(self) -> None:
        """The next patient."""
        self._eye = None

    def of_a_picture(self) -> Eye:
        """The eye of a picture taken now. Raises OrderRefused where none is chosen."""
        eye = self.eye
        if eye is None:
            raise OrderRefused(NO_EYE)
        self._used = self.now()
        return eye
