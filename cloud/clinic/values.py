"""What was typed, read as what its field holds. The text itself is kept as entered; nothing is rounded or turned."""

import json
import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from flask_babel import gettext as _

from cloud.clinic.catalogue import registry
from cloud.clinic.catalogue.shapes import Field, Kind
from cloud.clinic.choices import Side
from cloud.clinic.errors import Unreadable
from cloud.optics import acuity
from cloud.web import drawing

_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_FIGURE = re.compile(r"[+-]?(\d{1,6}(\.\d{0,6})?|\.\d{1,6})")
_PRISM = re.compile(r"(\d{1,2}(?:\.\d{1,2})?)\s*(bi|bo|bu|bd|in|out|up|down)", re.IGNORECASE)
_POLAR = re.compile(r"(\d{1,2}(?:\.\d{1,2})?)\s*@\s*(\d{1,3})")
_BASES = {"bi": "in", "bo": "out", "bu": "up", "bd": "down"}
LONGEST = {Kind.TEXT: 200, Kind.NOTE: 4000, Kind.DRAWING: 60_000}


class Value(NamedTuple):
    """Exactly one of number, code, text or structure; ``base`` is the canonical figure that is compared and plotted."""

    number: Decimal | None = None
    code: str | None = None
    text: str | None = None
    structure: Any = None
    base: Decimal | None = None
    notation: str | None = None


def read(spec: Field, entered: str, side: Side | None = None) -> Value:
    """Read what was entered into this field. Raises Unreadable with words for the person who typed.

    ``side`` is where it stands, if it is known: a drawing names its eye itself, and may not be of the other one.
    """
    text = entered.strip()
    if _UNSEEN.search(text):
        raise Unreadable(_("Leave out characters that cannot be seen."))
    if len(text) > LONGEST.get(spec.kind, 120):
        raise Unreadable(_("This is longer than can be kept here."))
    value = _READERS[spec.kind](spec, text)
    if spec.kind is Kind.DRAWING and side is not None and value.structure["eye"] != side.value:
        raise Unreadable(_("This is a drawing of the other eye."))
    return value


def _figure(text: str) -> Decimal:
    plain = text.replace("−", "-").replace(",", ".").replace(" ", "")
    if not _FIGURE.fullmatch(plain):
        raise Unreadable(_("Enter a number."))
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise Unreadable(_("Enter a number.")) from None


def _within(spec: Field, figure: Decimal) -> Decimal:
    too_low = spec.low is not None and figure < spec.low
    too_high = spec.high is not None and figure > spec.high
    if too_low or too_high:
        raise Unreadable(_("This lies between %(low)s and %(high)s.", low=spec.low, high=spec.high))
    return figure


def _power(spec: Field, text: str) -> Value:
    if text.lower() in ("pl", "plano", "ds", "平光"):
        figure = Decimal(0)
    elif re.fullmatch(r"[+-]?\d{3,4}", plain := text.replace("−", "-")) and abs(int(plain)) >= 25:
        figure = Decimal(plain) / 100  # "-175" is how the trade types −1.75
    else:
        figure = _figure(text)
    _within(spec, figure)
    return Value(number=figure, base=figure)


def _axis(spec: Field, text: str) -> Value:
    figure = _figure(text.removesuffix("°"))
    if figure != figure.to_integral_value() or not 0 <= figure <= 180:
        raise Unreadable(_("An axis is a whole number from 1 to 180."))
    turned = figure or Decimal(180)
    return Value(number=turned, base=turned)


def _number(spec: Field, text: str) -> Value:
    figure = _within(spec, _figure(text))
    return Value(number=figure, base=figure)


def _prism(spec: Field, text: str) -> Value:
    if polar := _POLAR.fullmatch(text):
        if int(polar[2]) > 360:
            raise Unreadable(_("The base lies at 0 to 360 degrees."))
        return Value(structure={"power": polar[1], "base_deg": int(polar[2])})
    parts = [(m[1], _BASES.get(m[2].lower(), m[2].lower())) for m in _PRISM.finditer(text)]
    if not parts or _PRISM.sub("", text).strip(" ,;+/"):
        raise Unreadable(_("Enter power and base, for instance “2 BI” or “2 BI 1 BU” or “3 @ 37”."))
    across = [part for part in parts if part[1] in ("in", "out")]
    along = [part for part in parts if part[1] in ("up", "down")]
    if len(across) > 1 or len(along) > 1:
        raise Unreadable(_("One horizontal and one vertical prism at most."))
    named = {"horizontal": across, "vertical": along}
    return Value(structure={axis: {"power": p[0][0], "base": p[0][1]} for axis, p in named.items() if p})


def _va(spec: Field, text: str) -> Value:
    try:
        found = acuity.read(text)
    except acuity.Unreadable as refusal:
        raise Unreadable(
            _("Enter an acuity, for instance 6/9, 20/30, 0.8, 4.9, logMAR 0.1, CF 1m, HM, LP.")
        ) from refusal
    return Value(text=text, base=found.base, notation=found.notation)


def _choice(spec: Field, text: str) -> Value:
    if spec.option(text) is None:
        raise Unreadable(_("Choose from the list."))
    return Value(code=text)


def _choices(spec: Field, text: str) -> Value:
    chosen = [code.strip() for code in text.split(",") if code.strip()]
    if not chosen or any(spec.option(code) is None for code in chosen):
        raise Unreadable(_("Choose from the list."))
    return Value(structure=[one.code for one in spec.options if one.code in chosen])


def _yes_no(spec: Field, text: str) -> Value:
    if text not in ("yes", "no", "unknown"):
        raise Unreadable(_("Choose yes, no or not known."))
    return Value(code=text)


def _text(spec: Field, text: str) -> Value:
    if not text:
        raise Unreadable(_("Write something, or leave it out."))
    return Value(text=text)


def _date(spec: Field, text: str) -> Value:
    parts = text.split("-")
    try:
        # history is remembered by year or month as often as by day
        date.fromisoformat("-".join([*parts, "01", "01"][:3]) if len(parts) < 3 else text)
    except ValueError:
        raise Unreadable(_("Enter the date as year-month-day, for instance 1984-03-27, or 1984-03, or 1984.")) from None
    return Value(text=text)


def _time(spec: Field, text: str) -> Value:
    try:
        moment = time.fromisoformat(text)
    except ValueError:
        raise Unreadable(_("Enter the time as hours and minutes, for instance 09:40.")) from None
    return Value(text=moment.strftime("%H:%M"))


def _code(spec: Field, text: str) -> Value:
    system, _sep, code = text.partition(":")
    try:
        known = code in registry.codes(system).by_code
    except registry.NoSuchElement:
        known = False
    if not known:
        raise Unreadable(_("Choose a diagnosis from the list."))
    return Value(code=text)


def _drawing(spec: Field, text: str) -> Value:
    try:
        drawn = drawing.read(text)
    except drawing.UnreadableDrawing as refusal:
        raise Unreadable(_("This drawing cannot be read.")) from refusal
    if drawn.canvas != spec.canvas:
        raise Unreadable(_("This drawing cannot be read."))
    return Value(structure=json.loads(text))


_READERS: dict[Kind, Callable[[Field, str], Value]] = {
    Kind.POWER: _power,
    Kind.AXIS: _axis,
    Kind.NUMBER: _number,
    Kind.PRISM: _prism,
    Kind.VA: _va,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.YES_NO: _yes_no,
    Kind.TEXT: _text,
    Kind.NOTE: _text,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.CODE: _code,
    Kind.DRAWING: _drawing,
}
