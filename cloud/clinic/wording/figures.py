"""A value of the record in the trade's words, and where it came from in one sentence. Shown only, never stored."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from flask_babel import gettext as _
from markupsafe import Markup

from cloud.clinic.catalogue import registry
from cloud.clinic.catalogue.shapes import Field, Kind
from cloud.clinic.choices import Quality
from cloud.clinic.places import Place
from cloud.clinic.sheet import Item
from cloud.optics import acuity
from cloud.web import drawing, notation, times
from cloud.web.notation import Notation

WHOLE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Style:
    """How the reader likes values written."""

    notation: Notation
    language: str


def shown(place: Place, item: Item, written: Notation, language: str) -> str:
    """One value as the page shows it; what cannot be read stays as it was typed, what is missing says why."""
    if item.quality in NO_VALUE_WORDS:
        return missing(item)
    if item.value is None:
        return item.entered
    spec = known(place)
    if spec is None:
        return item.entered
    said = _WRITERS[spec.kind](spec, item, Style(written, language))
    return f"{said} ({doubtful(item)})" if doubtful(item) else said


def aligned(place: Place, item: Item, written: Notation, language: str) -> str | Markup:
    """As ``shown``, with unseen room for missing decimals, so that a column stands on its decimal point."""
    text, spec = shown(place, item, written, language), known(place)
    places = _decimals(spec.step) if spec else 0
    if spec is None or spec.kind is not Kind.NUMBER or not places or not re.fullmatch(r"[+−]?\d+(\.\d+)?", text):
        return text
    room = places - len(text.partition(".")[2])
    if room <= 0:
        return text
    pad = ("" if "." in text else ".") + "0" * room
    return Markup('{}<span class="pad" aria-hidden="true">{}</span>').format(text, pad)


def also(place: Place, item: Item) -> str:
    """The same acuity in every other notation of the charts; nothing for what is no acuity or below the chart."""
    spec = known(place)
    if spec is None or spec.kind is not Kind.VA or item.value is None:
        return ""
    return _in_other_notations(item.entered)


@lru_cache(4096)
def _in_other_notations(entered: str) -> str:
    """A practice enters the same few lines all day."""
    try:
        found = acuity.read(entered)
    except acuity.Unreadable:
        return ""
    if found.logmar is None:
        return ""
    said = {one: acuity.shown(found, one) for one in acuity.NOTATIONS if one != found.notation}
    return " = ".join(("logMAR " if one == "logmar" else "") + text for one, text in said.items())


def known(place: Place) -> Field | None:
    """The field's type; None for what a later catalogue no longer has, which stays readable as entered."""
    try:
        return place.spec
    except LookupError:
        return None


def missing(item: Item) -> str:
    """Why there is no value, with what was said about it."""
    return f"{NO_VALUE_WORDS[item.quality]()}: {item.entered}" if item.entered else NO_VALUE_WORDS[item.quality]()


def doubtful(item: Item) -> str:
    """How far the value may be trusted, where that is not entirely."""
    if item.quality is Quality.SUSPECT:
        return str(_("suspect"))
    return str(_("unreliable")) if item.quality is Quality.UNRELIABLE else ""


NO_VALUE_WORDS: dict[Quality, Callable[[], str]] = {
    Quality.UNABLE: lambda: str(_("unable")),
    Quality.REFUSED: lambda: str(_("refused")),
    Quality.NOT_ATTEMPTED: lambda: str(_("not attempted")),
}


def _power(spec: Field, item: Item, style: Style) -> str:
    number = item.value.number if item.value else None
    if spec.code == "sphere":
        return notation.sphere(number, plano=style.notation.plano) or ""
    if spec.code == "cylinder":
        return notation.cylinder(number, ds=style.notation.ds) or ""
    return notation.dioptres(number) or ""


def _axis(spec: Field, item: Item, style: Style) -> str:
    return notation.axis(item.value.number if item.value else None) or ""


def _number(spec: Field, item: Item, style: Style) -> str:
    """As measured; two decimals where the field steps so finely, and a plus where it may be negative."""
    number = item.value.number if item.value else None
    fine = _decimals(spec.step) >= 2
    text = (notation.magnitude(number) if fine else notation.measured(number)) or ""
    if number is None or spec.low is None or spec.low >= 0:
        return text
    figure = text.lstrip(notation.MINUS)
    return f"{notation.MINUS if number < 0 else '+' if number > 0 else ''}{figure}"


def _decimals(step: Decimal | None) -> int:
    exponent = step.normalize().as_tuple().exponent if step is not None else 0
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _prism(spec: Field, item: Item, style: Style) -> str:
    said = item.value.structure if item.value else None
    if not isinstance(said, dict):
        return item.entered
    if "base_deg" in said:
        return f"{notation.magnitude(said['power'])} @ {notation.axis(said['base_deg'])}"
    parts = [said[axis] for axis in ("horizontal", "vertical") if axis in said]
    return ", ".join(_component(part["power"], part["base"], style) for part in parts)


def _component(power: str, base: str, style: Style) -> str:
    if style.notation.base == "letter":
        return notation.prism(power, base, style="letter") or ""
    words = {"in": _("base in"), "out": _("base out"), "up": _("base up"), "down": _("base down")}
    return f"{notation.magnitude(power)} {words[base]}"


def _as_entered(spec: Field, item: Item, style: Style) -> str:
    return item.entered.strip()


def _choice(spec: Field, item: Item, style: Style) -> str:
    return _option(spec, item.value.code or "" if item.value else "", style)


def _choices(spec: Field, item: Item, style: Style) -> str:
    chosen = item.value.structure if item.value else None
    between = "、" if style.language == "zh" else ", "
    return between.join(_option(spec, code, style) for code in chosen or ())


def _option(spec: Field, code: str, style: Style) -> str:
    """The choice in words; one that a later catalogue no longer has is shown by its code."""
    chosen = spec.option(code)
    return chosen.words.said(style.language) if chosen else code


def choice_words(element: str, field: str, code: str, language: str) -> str:
    """What a choice is called, known by its element and field; the code where the catalogue has none."""
    try:
        chosen = registry.field(element, field).option(code)
    except LookupError:
        chosen = None
    return chosen.words.said(language) if chosen else code


def _yes_no(spec: Field, item: Item, style: Style) -> str:
    words = {"yes": _("yes"), "no": _("no"), "unknown": _("not known")}
    code = (item.value.code if item.value else None) or ""
    return str(words.get(code, code))


def _date(spec: Field, item: Item, style: Style) -> str:
    """A day in the reader's way; a month or a year alone as it was told."""
    text = item.entered.strip()
    return times.day(date.fromisoformat(text)) if WHOLE_DAY.fullmatch(text) else text


def _coded(spec: Field, item: Item, style: Style) -> str:
    return diagnosis((item.value.code if item.value else None) or item.entered, style.language)


def diagnosis(coded: str, language: str) -> str:
    """Words and code of ``icd10:H52.1``; the code alone where the list does not know it."""
    system, _sep, code = coded.partition(":")
    try:
        row = registry.codes(system).by_code[code]
    except LookupError:
        return code or coded
    return f"{row.title.said(language)} ({code})"


def _drawing(spec: Field, item: Item, style: Style) -> str:
    drawn = drawn_of(item)
    if drawn is None:
        return str(_("drawing that cannot be read"))
    return drawing.text(drawn, "zh" if style.language == "zh" else "en")


def drawn_of(item: Item) -> drawing.Drawing | None:
    """The drawing at a place, if it is one."""
    try:
        return drawing.read(item.value.structure) if item.value else None
    except drawing.UnreadableDrawing:
        return None


_WRITERS: dict[Kind, Callable[[Field, Item, Style], str]] = {
    Kind.POWER: _power,
    Kind.AXIS: _axis,
    Kind.NUMBER: _number,
    Kind.PRISM: _prism,
    Kind.VA: _as_entered,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.YES_NO: _yes_no,
    Kind.TEXT: _as_entered,
    Kind.NOTE: _as_entered,
    Kind.DATE: _date,
    Kind.TIME: _as_entered,
    Kind.CODE: _coded,
    Kind.DRAWING: _drawing,
}
