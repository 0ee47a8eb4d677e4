"""What the configuration says about a caller: a table ``[callers.NAME]``."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from edge.links import LineSettings
from protocols import escpos, modbus

Kind = Literal["escpos", "cd5220", "alpha", "modbus", "voice", "screen"]
KINDS: tuple[str, ...] = get_args(Kind)
LINES = {"alpha": LineSettings(bits=7, parity="even")}  # the others leave the factory as 9600 8N1
PLAYER = ("aplay", "-q")
ZONE = "store"


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """``zone`` is what can be heard together, ``player`` a program that takes a WAV file as its last word.

    ``languages`` narrows what a call asks for; ``voices`` are espeak-ng's, by language; ``clips`` a folder of phrases
    that somebody spoke.
    """

    zone: str = ZONE
    player: tuple[str, ...] = PLAYER
    languages: tuple[str, ...] = ()
    voices: Mapping[str, str] = field(default_factory=dict)
    repeat: int = 2
    clips: Path | None = None


@dataclass(frozen=True, slots=True)
class PrinterSettings:
    """``asks``: the printer says how it is when asked. ``font`` draws what it has no letters for."""

    model: escpos.Printer = field(default_factory=escpos.Printer)
    asks: bool = True
    font: Path | None = None


@dataclass(frozen=True, slots=True)
class CallerSettings:
    """A caller; ``stations`` are those it serves, all where none is named. ``calls``: it takes part in calls.

    ``behind_printer``: a display on a printer's line. ``label`` is the string file of a sign, ``address`` the sign.
    """

    name: str
    kind: Kind
    url: str = ""
    stations: tuple[str, ...] = ()
    calls: bool = True
    line: LineSettings = field(default_factory=LineSettings)
    printer: PrinterSettings = field(default_factory=PrinterSettings)
    voice: VoiceSettings = field(default_factory=VoiceSettings)
    display: modbus.Display | None = None
    behind_printer: bool = False
    label: str = "1"
    address: str = "00"

    def serves(self, station: str) -> bool:
        """Whether it calls for this station."""
        return self.calls and (not self.stations or station in self.stations)


def settings(name: str, given: Mapping[str, Any], beside: Path) -> CallerSettings:
    """Of a table that was checked; files lie ``beside`` the configuration."""
    kind: Kind = given["kind"]
    line = {key: given[key] for key in LineSettings.__slots__ if key in given}
    return CallerSettings(
        name=name,
        kind=kind,
        url=given.get("url", ""),
        stations=tuple(given.get("for", ())),
        calls=given.get("calls", kind != "escpos"),
        line=replace(LINES.get(kind, LineSettings()), **line),
        printer=_printer(given, beside),
        voice=_voice(given, beside),
        display=_display(given) if kind == "modbus" else None,
        behind_printer=given.get("behind_printer", False),
        label=given.get("label", "1"),
        address=given.get("address", "00"),
    )


def _printer(given: Mapping[str, Any], beside: Path) -> PrinterSettings:
    coding = escpos.Coding(given.get("encoding", escpos.Coding.GB18030))
    told = {key: given[key] for key in ("columns", "fs_amp", "cutter") if key in given}
    font = beside / given["font"] if "font" in given else None
    return PrinterSettings(escpos.Printer(coding=coding, **told), given.get("status", True), font)


def _voice(given: Mapping[str, Any], beside: Path) -> VoiceSettings:
    return VoiceSettings(
        zone=given.get("zone", ZONE),
        player=tuple(given.get("player", PLAYER)),
        languages=tuple(given.get("languages", ())),
        voices=given.get("voice", {}),
        repeat=given.get("repeat", 2),
        clips=beside / given["clips"] if "clips" in given else None,
    )


def _display(given: Mapping[str, Any]) -> modbus.Display:
    return modbus.Display(
        unit=given.get("unit", 1),
        register=given["base"],
        digits=given["digits"],
        coding=modbus.Coding(given.get("form", modbus.Coding.BINARY)),
        function=given.get("function", 6),
    )
