"""Lines between STX and ETB, fields between bars, left before right."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from firmware_sim.tomey_tap.refraction import SIDES, Stage

INDEX = Decimal("337.5")


def message(texts: Iterable[str], end: str) -> bytes:
    """All lines between the first and the last message; ``end`` stands behind each."""
    between = "".join(f"\x02{text}\x17{end}" for text in texts)
    return f"\x01*PC_RCV_S\x04{end}{between}\x01*PC_RCV_E\x04{end}".encode("ascii")


def dioptres(value: Decimal) -> str:
    """A plus is a blank: `` 0.25`` and `` -0.25``."""
    return f"{value:6.2f}" if value < 0 else f"{value:5.2f}"


def pair(tag: str, values: Mapping[str, Any]) -> str:
    """Left and right of a tag; nothing for an eye that is not there."""
    return f"*{tag}|{'|'.join(str(values.get(side, '')) for side in SIDES)}|"


def stage(tag: str, seen: Stage) -> Iterator[str]:
    """A section with what stood there; near powers in small letters behind the far ones."""
    yield f"*{tag}"
    yield from _powers(seen.powers, upper=True)
    if seen.adds:
        yield pair("AD", {side: dioptres(add) for side, add in seen.adds.items()})
    yield acuities(seen.acuities)
    for name, prisms in (("PH", seen.horizontal), ("PV", seen.vertical)):
        fields = {side: f"{prism.base}|{prism.power:5.2f}" for side, prism in prisms.items()}
        yield pair(name, {side: fields.get(side, "|") for side in SIDES})
    if seen.near:
        yield from _powers(seen.near, upper=False)


def acuities(seen: Mapping[str, str]) -> str:
    """Left, both, right."""
    return f"*VA|{'|'.join(seen.get(side, '') for side in ('left', 'both', 'right'))}|"


def _powers(powers: Mapping[str, Any], *, upper: bool) -> Iterator[str]:
    columns = {
        "SP": {side: dioptres(one.sphere) for side, one in powers.items()},
        "CY": {side: dioptres(one.cylinder) for side, one in powers.items()},
        "AX": {side: f"{one.axis:3}" for side, one in powers.items()},
    }
    for tag, values in columns.items():
        yield pair(tag if upper else tag.lower(), values)


def cornea(side: str, value: tuple[Decimal, Decimal, int]) -> Iterator[str]:
    """Two meridians."""
    flat, steep, at = value
    for name, radius, turned in (("R1", flat, at), ("R2", steep, (at + 90) % 180 or 180)):
        yield f"*KM|{name}|{side[0].upper()}|{radius:5.2f}|{INDEX / radius:6.2f}|{turned:3}|"
