"""A Phoromat 2000: Print tells every stage; what a computer sends stands on the screen and is answered by nothing."""

import asyncio
import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.patients import Patient
from firmware_sim.screens import power
from firmware_sim.tomey_tap.refraction import SIDES, Refracted, Stage, refracted
from firmware_sim.tomey_tap.speech import acuities, cornea, dioptres, message, pair, stage

_NAMES = {"LM": "lensmeter", "AR": "autorefraction", "SJ": "subjective", "FN": "final"}
_BASES = {"I": "in", "O": "out", "U": "up", "D": "down"}
_SENT = re.compile(rb"\x01\*PC_SND_S\x04(.*?)\x01\*PC_SND_E\x04", re.DOTALL)
WORKING_CM = 40


class Phoromat2000(Instrument[Refracted]):
    """``end`` stands behind each message: CR LF, or LF alone. ``tests`` and ``corneas`` tell those as well, ``near``
    the powers for reading. ``asleep`` takes nothing. ``screen`` is what was sent, by section, as it reads it;
    ``taken`` is set once something came.
    """  # noqa: D205

    maker = "Rodenstock"
    name = "Phoromat 2000"
    end = "\r\n"
    tests = corneas = True
    near = False
    asleep = False
    number: ClassVar[str] = "000000001|0"

    def __init__(self, *given: Any, **usual: Any) -> None:
        super().__init__(*given, **usual)
        self.screen: dict[str, dict[str, Any]] = {}
        self.taken = asyncio.Event()
        self._heard = b""

    async def listen(self) -> None:
        """Hear the computer until the wire is gone."""
        async for chunk in self._wire:
            self._heard = b"" if self.asleep else self._heard + chunk
            while found := _SENT.search(self._heard):
                self.screen, self._heard = _understood(found[1].decode("latin-1")), self._heard[found.end() :]
                self.taken.set()

    def _look(self, patient: Patient) -> Refracted:
        return refracted(patient, self._luck, near=self.near)

    def _say(self, measured: Refracted, number: int, at: datetime) -> bytes:
        return message([*self._lines(measured), f"*TIME|{at:%Y/%m/%d %H:%M:%S}"], self.end)

    def _lines(self, seen: Refracted) -> Iterator[str]:
        yield f"*{self.name}|{self.number}"
        yield pair("PD", seen.halves_mm)
        yield f"*WD|{WORKING_CM}|"
        yield "*UN"
        yield acuities(seen.unaided)
        for tag, one in seen.stages.items():
            yield from stage(tag, one)
        if self.corneas:
            yield from (line for side, one in seen.corneas.items() for line in cornea(side, one))
        if self.tests:
            yield "*AV"
            yield f"*NRA|B|{'|'.join(map(dioptres, seen.nra))}|"
            yield f"*CON|f|{'|'.join(map(dioptres, seen.vergence))}|"

    def _shown(self, measured: Refracted) -> Shown:
        unaided = {side: {"va": text} for side, text in measured.unaided.items()}
        shown: list[dict[str, Any]] = [{"kind": "subjective_refraction", "stage": "unaided", **unaided}]
        for tag, one in measured.stages.items():
            shown += _stages(_NAMES[tag], one, measured)
        if self.corneas:
            corneas = {side: _meridians(one) for side, one in measured.corneas.items()}
            shown.append({"kind": "keratometry", **corneas})
        if self.tests:
            shown.append({"kind": "binocular_vision", "tests": _tests(measured)})
        return tuple(shown)


class TAP2000(Phoromat2000):
    """Tomey's own."""

    maker = "Tomey"
    name = "TAP-2000"


def _stages(name: str, seen: Stage, patient: Refracted) -> Iterator[dict[str, Any]]:
    pd = {"pd": {f"far_{side}": str(half) for side, half in patient.halves_mm.items()}}
    top = {"kind": "subjective_refraction", "stage": name}
    both = {"both": {"va": seen.acuities["both"]}} if "both" in seen.acuities else {}
    yield {**top, "distance": "far", **pd, **{side: _eye(seen, side) for side in seen.powers}, **both}
    if seen.near:
        yield {**top, "distance": "near", **{side: power(one) for side, one in seen.near.items()}}


def _eye(seen: Stage, side: str) -> dict[str, Any]:
    prisms = {"horizontal": seen.horizontal[side], "vertical": seen.vertical[side]}
    prism = {way: {"power": str(one.power), "base": _BASES[one.base]} for way, one in prisms.items()}
    add = {"add": str(seen.adds[side])} if side in seen.adds else {}
    return {**power(seen.powers[side]), **add, "prism": prism, "va": seen.acuities[side]}


def _meridians(value: tuple[Decimal, Decimal, int]) -> dict[str, Any]:
    flat, steep, at = value
    return {"r1": {"radius_mm": str(flat), "axis": at}, "r2": {"radius_mm": str(steep)}}


def _tests(seen: Refracted) -> list[dict[str, Any]]:
    nra = dict(zip(("blur", "recovery"), map(str, seen.nra), strict=True))
    vergence = dict(zip(("blur", "break", "recovery"), map(str, seen.vergence), strict=True))
    return [{"name": "nra", "values": nra}, {"name": "vergence", "direction": "out", "values": vergence}]


def _understood(text: str) -> dict[str, dict[str, Any]]:
    """Its own reading of what a computer sends: section, then tag, then left and right as they came."""
    found: dict[str, dict[str, Any]] = {}
    section = ""
    for line in re.findall(r"\x02\*([^\x17]*)\x17", text):
        tag, *fields = line.split("|")
        if not fields:
            section = tag
        elif tag in ("PH", "PV"):
            found.setdefault(section, {})[tag] = dict(
                zip(SIDES, zip(fields[::2], fields[1::2], strict=False), strict=False)
            )
        elif len(fields) == 3 and not fields[2]:
            found.setdefault(section, {})[tag] = dict(zip(SIDES, (one.strip() for one in fields), strict=False))
    return found
