"""How the items of an eye are read: by the source they stand under and their first letter."""

from collections.abc import Callable
from typing import Any

from protocols.nidek_rt import figures
from protocols.nidek_rt.figures import Keys

Shape = Callable[[str], Keys]


def shape(source: str, letter: str) -> Shape | None:
    """What reads an item of this first letter under this source, in whichever light; nothing when unknown there."""
    return _SHAPES.get(source.upper(), {}).get(letter)


def joined(known: dict[str, Any], values: Keys) -> bool:
    """Add what is new; whether nothing contradicts. The extended form of an acuity says the same and more."""
    agreed = True
    for key, value in values.items():
        before: Any = known.setdefault(key, value)
        if key.startswith("va") and _extends(value, before):
            known[key] = value
        elif before != value and not (key.startswith("va") and _extends(before, value)):
            agreed = False
    return agreed


def _extends(longer: str, shorter: str) -> bool:
    return longer.startswith(shorter) and longer[len(shorter) :][:1] in ("", "+", "-")


def _addition(text: str) -> Keys:
    value = figures.dioptres(text)
    return {} if value is None else {"add": value}


def _acuity(key: str, width: int) -> Shape:
    def read(text: str) -> Keys:
        if len(text.rstrip()) > width:
            raise ValueError("too wide for an acuity")
        value = figures.acuity(text)
        return {} if value is None else {key: value}

    return read


_ANYWHERE: dict[str, Shape] = {
    "A": _addition,
    "P": figures.prism,
    "V": _acuity("va", 5),
    "U": _acuity("va", 7),
    "H": _acuity("va_pinhole", 7),
    "Q": _acuity("va_low_light", 7),
    "Y": _acuity("va_with_add", 5),
    "J": _acuity("va_with_add", 7),
}
_FINAL = {"F": figures.power, "N": figures.power, **_ANYWHERE}
_UNAIDED = {"W": _acuity("va", 5), "M": _acuity("va", 7), "K": _acuity("va_pinhole", 7)}
_SUBJECTIVE = {letter.lower(): read for letter, read in _FINAL.items()}
_SHAPES: dict[str, dict[str, Shape]] = {
    "LM": {" ": figures.power, **_ANYWHERE},
    "RM": {"O": figures.power, **_ANYWHERE},
    "WF": {"O": figures.power, **_ANYWHERE},
    "RT": {**_UNAIDED, **_FINAL, **_SUBJECTIVE},
}
