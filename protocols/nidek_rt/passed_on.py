"""What a phoropter passes on of other instruments: @KM corneal curvature, @NT pressure.

    CR CL   radius R1 5, radius R2 5, axis 3     mm        DR DL   power R1 5, power R2 5     D
    TR TL   4   mmHg ``25.3``                              tR tL   4   kPa ``3.37``

The axis that stands alone is that of R1. RT-5100 manual, item table; TR and TL in a capture (Rufus @70a2597).
"""

from typing import Any

from protocols.nidek_frame.margin import Margin
from protocols.nidek_rt.figures import axis, number
from protocols.nidek_rt.lines import Item
from protocols.readings import KeratometryEye, Meridian, TonometryEye

_EYES = {"R": "right", "L": "left"}


class PassedOn:
    """One of the two sources: the values of each eye, by the instrument's own figures."""

    def __init__(self) -> None:
        self.cornea: dict[str, dict[str, dict[str, Any]]] = {}
        self.pressure: dict[str, dict[str, Any]] = {}
        self.margin = Margin()

    def take(self, item: Item) -> bool:
        """Whether the item belonged here."""
        letter, side = item.tag[:1], _EYES.get(item.tag[1:])
        read = _READ.get((item.source.upper(), letter))
        if side is None or read is None:
            return False
        try:
            read(self, side, item.text)
        except ValueError:
            self.margin.unreadable(item.segment.tag, item.segment.text)
        return True

    def keratometry(self) -> dict[str, Any]:
        """The keys of a keratometry; empty when no cornea was measured."""
        return {
            side: KeratometryEye(r1=_meridian(eye.get("r1")), r2=_meridian(eye.get("r2")))
            for side, eye in self.cornea.items()
        }

    def tonometry(self) -> dict[str, Any]:
        """The keys of a tonometry; empty when no pressure was measured."""
        return {side: TonometryEye(**values) for side, values in self.pressure.items()}

    def radii(self, side: str, text: str) -> None:
        """mm, with the axis of the flatter meridian."""
        self._meridian(side, "r1", radius_mm=number(text[:5]), axis=axis(text[10:]))
        self._meridian(side, "r2", radius_mm=number(text[5:10]))

    def powers(self, side: str, text: str) -> None:
        """Dioptres."""
        if text[10:].strip():
            raise ValueError("more than two powers")
        self._meridian(side, "r1", power_d=number(text[:5]))
        self._meridian(side, "r2", power_d=number(text[5:10]))

    def mmhg(self, side: str, text: str) -> None:
        """The phoropter tells the average alone."""
        self._pressure(side, "iop_mmhg", text)

    def kpa(self, side: str, text: str) -> None:
        """The same in kilopascals."""
        self._pressure(side, "iop_kpa", text)

    def _meridian(self, side: str, name: str, **values: Any) -> None:
        if present := {key: value for key, value in values.items() if value is not None}:
            known = self.cornea.setdefault(side, {}).setdefault(name, {})
            known.update({key: value for key, value in present.items() if key not in known})

    def _pressure(self, side: str, key: str, text: str) -> None:
        if (value := number(text)) is not None:
            self.pressure.setdefault(side, {}).setdefault(key, value)


def _meridian(values: dict[str, Any] | None) -> Meridian | None:
    return Meridian(**values) if values else None


_READ = {
    ("KM", "C"): PassedOn.radii,
    ("KM", "D"): PassedOn.powers,
    ("NT", "T"): PassedOn.mmhg,
    ("NT", "t"): PassedOn.kpa,
}
