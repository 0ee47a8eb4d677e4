"""What a driver family says about itself in ``manifest.toml``; read without importing the driver."""

from typing import Any, Literal

import msgspec

from edge.links.settings import LineSettings, Parity

Grade = Literal["verified", "documented", "reported"]
LinkKind = Literal[
    "serial", "socket", "rfc2217", "folder", "dicom", "files", "http-server", "ble", "usb-bulk", "camera", "pictures"
]
STEPS = ("Heard", "Trusted", "At home", "Family")


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all entries: a misspelt key is an error, not a silence."""


class Line(Entry, frozen=True, kw_only=True):
    """Line settings of a group of models, and how well they are known."""

    baud: int
    bits: Literal[5, 6, 7, 8]
    parity: Parity
    stop: float
    grade: Grade
    source: str

    def settings(self) -> LineSettings:
        """The same, as a link wants them."""
        return LineSettings(baud=self.baud, bits=self.bits, parity=self.parity, stop=self.stop)


class Model(Entry, frozen=True, kw_only=True):
    """One model. ``verified``: a real capture replays in the tests; ``documented``: built from the maker's
    manual; ``reported``: built from second-hand facts. ``settings`` are defaults for the driver.
    """  # noqa: D205

    model: str
    maker: str
    grade: Grade
    kinds: tuple[str, ...]
    line: str | None = None
    settings: dict[str, Any] = {}
    captures: tuple[str, ...] = ()
    remark: str | None = None


class Quality(Entry, frozen=True, kw_only=True):
    """One line of the ledger: done (which file or test proves it), still to do, or exempt because."""

    done: str | None = None
    todo: str | None = None
    exempt: str | None = None

    @property
    def state(self) -> str:
        """Which of the three it is."""
        return next(key for key in ("done", "todo", "exempt") if getattr(self, key) is not None)


class Manifest(Entry, frozen=True, kw_only=True):
    """A driver family; ``mapped`` are the kinds it reads where the gateway was given a map of what is written."""

    family: str
    name: str
    version: str
    dialect: str
    links: tuple[LinkKind, ...]
    recognised: str
    models: tuple[Model, ...]
    quality: dict[str, dict[str, Quality]]
    relabels: tuple[str, ...] = ()
    mapped: tuple[str, ...] = ()
    lines: dict[str, Line] = {}
    options: dict[str, str] = {}

    def model(self, name: str) -> Model | None:
        """The model of this name, else the one whose name begins it: suffixes (P, PD, a, s) vary."""
        wanted = name.casefold()
        known = [model for model in self.models if wanted.startswith(model.model.casefold())]
        return max(known, key=lambda model: len(model.model), default=None)

    def line(self, model: Model) -> LineSettings | None:
        """How the line of this model is set at the factory, when anybody has told."""
        return self.lines[model.line].settings() if model.line else None
