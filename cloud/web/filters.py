"""Filters and globals for templates: notation by the chain's setting, absence made visible."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from jinja2 import Undefined
from markupsafe import Markup

from cloud.web import notation, times
from cloud.web.frame import current_frame
from cloud.web.languages import current_language

Shown = str | Markup


def absent() -> Markup:
    """The mark of what was not measured: a dash for the eye, words for the ear."""
    return Markup(
        '<span class="absent"><span aria-hidden="true">–</span><span class="visually-hidden">{}</span></span>'
    ).format(_("not measured"))


def shown(text: str | None) -> Shown:
    """The text, or the mark of absence."""
    return absent() if text is None else text


def sphere(value: Any) -> Shown:
    """Sphere in the chain's notation."""
    return shown(notation.sphere(_given(value), plano=current_frame().notation.plano))


def cylinder(value: Any) -> Shown:
    """Cylinder in the chain's notation."""
    return shown(notation.cylinder(_given(value), ds=current_frame().notation.ds))


def prism(component: Any) -> Shown:
    """A prism component, something with ``power`` and ``base``."""
    if component is None or isinstance(component, Undefined):
        return absent()
    words = {"in": _("base in"), "out": _("base out"), "up": _("base up"), "down": _("base down")}
    style = current_frame().notation.base
    if style == "letter" or component.base is None:
        return shown(notation.prism(component.power, component.base, style=style))
    return f"{shown(notation.magnitude(component.power))} {words[component.base]}"


def polar(whole: Any) -> Shown:
    """A prism as power and direction of its base, ``1.50 @ 270``; the direction is 0 to 360 degrees."""
    return _at(notation.magnitude(getattr(whole, "power", None)), getattr(whole, "base_deg", None))


def radius_at(meridian: Any) -> Shown:
    """A meridian's radius with its axis, ``7.84 @ 175``."""
    return _at(notation.magnitude(getattr(meridian, "radius_mm", None)), getattr(meridian, "axis", None))


def power_at(meridian: Any) -> Shown:
    """A meridian's power with its axis, ``43.00 @ 175``."""
    return _at(notation.magnitude(getattr(meridian, "power_d", None)), getattr(meridian, "axis", None))


def cylinder_at(corneal: Any) -> Shown:
    """Corneal astigmatism with its axis, ``−1.00 @ 175``."""
    return _at(notation.dioptres(getattr(corneal, "power_d", None)), getattr(corneal, "axis", None))


def _at(figure: str | None, direction: int | None) -> Shown:
    return shown(figure if figure is None or direction is None else f"{figure} @ {notation.axis(direction)}")


def yes(value: Any) -> Shown:
    """``yes`` when a mark is set, else nothing at all."""
    return _("yes") if value is True else ""


def said(value: Any) -> Shown:
    """Words somebody or something said, else nothing at all."""
    return str(value) if value else ""


def aligned(value: Any, places: int = 1) -> Shown:
    """As measured, with unseen room for missing decimals, so that a column stands on its decimal point."""
    text = shown(notation.measured(_given(value)))
    missing = places - len(text.partition(".")[2])
    if isinstance(text, Markup) or missing <= 0:
        return text
    room = ("" if "." in text else ".") + "0" * missing
    return Markup('{}<span class="pad" aria-hidden="true">{}</span>').format(text, room)


def axis_text(value: Any) -> Shown:
    """Three digits."""
    return shown(notation.axis(_given(value)))


def _given(value: Any) -> notation.Value:
    return None if isinstance(value, Undefined) else value


def _plain(write: Callable[[notation.Value], str | None]) -> Callable[[Any], Shown]:
    return lambda value: shown(write(_given(value)))


def _timed(write: Callable[..., str]) -> Callable[..., Shown]:
    def filtered(moment: Any, *how: Any, **named: Any) -> Shown:
        nothing = moment is None or isinstance(moment, Undefined)
        return absent() if nothing else write(moment, *how, **named)

    return filtered


FILTERS: dict[str, Callable[..., Shown]] = {
    "sphere": sphere,
    "cylinder": cylinder,
    "axis": axis_text,
    "prism": prism,
    "polar": polar,
    "radius_at": radius_at,
    "power_at": power_at,
    "cylinder_at": cylinder_at,
    "dioptres": _plain(notation.dioptres),
    "signed": _plain(notation.signed),
    "radius": _plain(notation.magnitude),
    "power": _plain(notation.magnitude),
    "iop": _plain(notation.measured),
    "mm": _plain(notation.measured),
    "measured": _plain(notation.measured),
    "text": lambda value: absent() if value is None else str(value),
    "yes": yes,
    "said": said,
    "moment": lambda value: said(value).replace("T", " "),
    "aligned": aligned,
    "ago": _timed(times.ago),
    "clock": _timed(times.clock),
    "day": _timed(times.day),
    "when": _timed(times.when),
}


def person_name(person: Any, language: str | None = None) -> str:
    """Family name first in Chinese (that of the page, or ``language``); no space when the name itself is Chinese."""
    family, given = person.family_name, person.given_name
    if any("\u4e00" <= letter <= "\u9fff" for letter in family):
        return f"{family}{given}"
    parts = (family, given) if (language or current_language()) == "zh" else (given, family)
    return " ".join(part for part in parts if part)


def age(born: date, today: date | None = None) -> int:
    """Completed years, today as the store's calendar has it."""
    return times.age(born, today or times.in_store(datetime.now(UTC)).date())


def hex_lines(data: bytes) -> list[str]:
    """Offset, sixteen bytes, and what of them can be read."""
    return [_hex_line(at, data[at : at + 16]) for at in range(0, len(data), 16)]


def _hex_line(at: int, row: bytes) -> str:
    readable = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in row)
    return f"{at:04x}  {row.hex(' '):<47}  {readable}"


_CONTROL = (
    "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US"
)
_NAMES = _CONTROL.split()
_ENDS = frozenset(b"\n\r\x04\x17")


def text_lines(data: bytes) -> list[str]:
    """What can be read, control characters by name, a new line after each that ends one; other bytes in hex."""
    lines, line = list[str](), ""
    for at, byte in enumerate(data):
        line += _readable(byte)
        if byte in _ENDS and data[at + 1 : at + 2] != b"\n":
            lines.append(line)
            line = ""
    return [*lines, line] if line else lines


def _readable(byte: int) -> str:
    if byte < 0x20:
        return f"<{_NAMES[byte]}>"
    return chr(byte) if byte < 0x7F else f"\\x{byte:02x}"


def install_filters(app: Flask) -> None:
    """Give every template the filters."""
    app.jinja_env.filters.update(FILTERS, person_name=person_name, age=age, hex_lines=hex_lines, text_lines=text_lines)
