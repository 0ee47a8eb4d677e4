"""What gathers while a value is read: figures, doubts, notes, and what has no key."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from protocols.gatt.block import Block
from protocols.gatt.numbers import WHY, NoValue, Number
from protocols.gatt.profiles import ABOUT
from protocols.gatt.taking import Moment
from protocols.readings import UNNAMED, Instrument, Integrity, Note, VitalSigns

DIALECT = "gatt"
_MOST = Decimal(100_000)


class Told:
    """One measurement in the making."""

    def __init__(self) -> None:
        self.figures: dict[str, Any] = {}  # Decimal by key of VitalSigns
        self.doubts: list[str] = []
        self.notes: list[Note] = []
        self.extra: dict[str, Any] = {}
        self.measured_at: str | None = None

    def figure(self, key: str, number: Number) -> None:
        """A value under its key, or a note why there is none."""
        if (value := self.number(key, number)) is not None:
            self.figures[key] = value

    def other(self, key: str, number: Number) -> None:
        """A value that the vocabulary has no key for, as text beside it."""
        if (value := self.number(key, number)) is not None:
            self.extra[key] = f"{value:f}"

    def converted(self, key: str, kept: str, number: Number, rule: Callable[[Decimal], Decimal]) -> None:
        """A value in another unit than ours: turned by ``rule``, and beside it as it came, under ``kept``."""
        if (value := self.number(kept, number)) is not None:
            self.figures[key] = rule(value)
            self.extra[kept] = f"{value:f}"
            self.note("unit_converted", "The device measures in another unit; its own figures are kept beside.")

    def number(self, key: str, number: Number) -> Decimal | None:
        """The number, or nothing and a note; what no body can have is none either."""
        if isinstance(number, NoValue):
            self.note("no_value", f"{key}: {WHY[number.said]} ({number.said}).")
            return None
        if not 0 <= number < _MOST or (number and number.adjusted() < -6):
            self.note(
                "implausible_value", f"{key}: the number is none that a person can have; it is kept in the capture."
            )
            return None
        return number

    def note(self, code: str, words: str) -> None:
        """Tell a person, once."""
        if (remark := Note(code=code, text=words)) not in self.notes:
            self.notes.append(remark)

    def user(self, number: int) -> None:
        """Which of the device's own users; FF is one it does not know."""
        if number != 0xFF:
            self.extra["user"] = number

    def flags(self, status: int, names: dict[int, str]) -> None:
        """A doubt for every bit that is set and means one."""
        self.doubts += [name for bit, name in names.items() if status >> bit & 1]

    def at(self, moment: Moment, offset_min: int = 0) -> datetime | None:
        """When, by the device's clock, which is often wrong: whoever reads compares with the time of arrival."""
        when = moment.when()
        if when is None:
            why = "no calendar has it" if moment.known else "its clock was never set"
            self.note("clock_unset", f"The device's time is not used: {why}.")
            self.extra["device_time"] = moment.raw.hex().upper()
            return None
        self.measured_at = (when + timedelta(minutes=offset_min)).isoformat()
        return when

    def reading(self, block: Block) -> VitalSigns:
        """Whole."""
        return VitalSigns(
            instrument=instrument(block),
            integrity=Integrity(checksum="none", raw_sha256=hashlib.sha256(bytes(block)).hexdigest()),
            measured_at=self.measured_at,
            notes=tuple(self.notes),
            extra={"profile": block.profile, **self.extra},
            doubts=tuple(self.doubts),
            **self.figures,
        )


def instrument(block: Block) -> Instrument:
    """Who the device says it is (service 180A); texts end at a NUL."""
    told = {ABOUT[name]: _words(value) for name, value in block.values if name in ABOUT and _words(value)}
    maker, model = told.pop("maker", UNNAMED), told.pop("model", UNNAMED)
    return Instrument(maker=maker, model=model, dialect=DIALECT, **told)


def _words(value: bytes) -> str:
    return "".join(filter(str.isprintable, value.split(b"\0")[0].decode("utf-8", "replace"))).strip()
