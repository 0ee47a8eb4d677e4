"""A pressure as a CT writes it: a number, one in brackets that it doubts, OVER, ERR, or nothing."""

import re
from decimal import Decimal
from typing import NamedTuple

from protocols.readings import IopReading, TonometryEye
from protocols.sheet import Margin
from protocols.topcon_ct.grammar import READING

_NUMBER = re.compile(r"(\d{1,2}(?:\.\d)?)")
_DOUBTED = re.compile(r"[(\[<] *(\d{1,2}(?:\.\d)?) *[)\]>]")
_WORDS = ("OVER", "ERR")


class Pressure(NamedTuple):
    """mmHg, doubted or not; or the word that stands in its place."""

    mmhg: Decimal | None = None
    doubted: bool = False
    word: str | None = None


def eye(side: str, text: str, margin: Margin) -> TonometryEye | None:
    """The average, behind three readings where they are sent; absent when nothing stands there."""
    *texts, average = _cut(text) if len(text) > READING * 2 else [text]
    fields = [_pressure(side, one, margin) for one in (*texts, average)]
    if not any(fields):
        return None
    *readings, chosen = fields
    if chosen and chosen.doubted:
        margin.note("doubtful_average", f"The average of the {side} eye is of readings that the instrument doubts.")
    return TonometryEye(
        iop_mmhg=chosen.mmhg if chosen else None,
        error=chosen.word if chosen else None,
        readings=tuple(_reading(one) for one in readings if one),
    )


def _cut(text: str) -> list[str]:
    return [text[at : at + READING] for at in range(0, len(text), READING)]


def _reading(one: Pressure) -> IopReading:
    return IopReading(iop_mmhg=one.mmhg, doubtful=one.doubted, error=one.word)


def _pressure(side: str, text: str, margin: Margin) -> Pressure | None:
    said = text.strip()
    if not said:
        return None
    if said in _WORDS:
        return Pressure(word=said)
    found, doubted = _NUMBER.fullmatch(said), _DOUBTED.fullmatch(said)
    number = found or doubted
    if number is None:
        margin.unreadable(side, text)
        return None
    return Pressure(mmhg=Decimal(number[1]), doubted=doubted is not None)
