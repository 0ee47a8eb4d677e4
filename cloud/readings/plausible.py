"""What is measured with more instruments than a refraction and can be looked at with a word of caution.

Pure over a reading and the table of limits; the words are for who looks at the card.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from flask_babel import get_locale
from flask_babel import gettext as _

from cloud.readings.limits import Range, limits
from cloud.web.frame import current_frame
from cloud.web.notation import measured
from protocols.readings import Biometry, Oct, Reading, VisualField, VisualFieldEye, VitalSigns

SIDES: tuple[Literal["right", "left"], ...] = ("right", "left")
HUNDRED = 100


class Doubt(NamedTuple):
    """A code for machines and a sentence for people."""

    code: str
    text: str


def of(reading: Reading) -> Iterator[Doubt]:
    """What of its values looks wrong, right eye first, then what is odd about the whole."""
    for side in SIDES:
        eye = getattr(reading, side, None)
        if eye is not None:
            yield from _beyond(eye, current_frame().notation.eye(side))
    if isinstance(reading, VitalSigns):
        yield from _vital(reading)
    if isinstance(reading, Biometry):
        yield from _biometry(reading)
    if isinstance(reading, VisualField):
        yield from _fields(reading)
    if isinstance(reading, Oct):
        yield from _signals(reading)


def _beyond(part: Any, whose: str) -> Iterator[Doubt]:
    for name, believed in limits().values.items():
        value = getattr(part, name, None)
        if value is not None and not believed.holds(value):
            said = {"eye": whose, "what": _named(believed), "value": measured(value), "unit": believed.unit}
            words = _("%(eye)s: %(what)s of %(value)s %(unit)s can hardly be.", **said)
            yield Doubt("implausible", " ".join(words.split()).replace(" .", "."))


def _named(believed: Range) -> str:
    locale = get_locale()
    return believed.words.zh if locale is not None and locale.language == "zh" else believed.words.en


def _vital(reading: VitalSigns) -> Iterator[Doubt]:
    yield from _beyond(reading, _("Patient"))
    upper, lower = reading.systolic_mmhg, reading.diastolic_mmhg
    if upper is not None and lower is not None and upper <= lower:
        yield Doubt("implausible", _("The upper blood pressure is not above the lower one."))
    if reading.doubts:
        yield Doubt("doubted_by_device", _("The device itself doubts this measurement."))


def _biometry(reading: Biometry) -> Iterator[Doubt]:
    eyes = [eye for eye in (reading.right, reading.left) if eye is not None]
    if len({eye.acd_from for eye in eyes if eye.acd_mm is not None and eye.acd_from}) > 1:
        words = _("The two chamber depths begin at different layers of the cornea: do not compare them.")
        yield Doubt("acd_mixed", words)
    for side in SIDES:
        eye = getattr(reading, side)
        if eye is not None and any(one.doubtful for one in eye.readings):
            whose = current_frame().notation.eye(side)
            yield Doubt("doubtful_shot", _("%(eye)s: the instrument marked an axial length as doubtful.", eye=whose))


def _fields(reading: VisualField) -> Iterator[Doubt]:
    for side in SIDES:
        eye = getattr(reading, side)
        if eye is not None:
            yield from _unreliable(eye, current_frame().notation.eye(side))


def _unreliable(eye: VisualFieldEye, whose: str) -> Iterator[Doubt]:
    most = limits().field
    found = (
        (_lost(eye), most.fixation_losses, _("fixation losses")),
        (eye.false_positives_percent, most.false_positives, _("false positives")),
        (eye.false_negatives_percent, most.false_negatives, _("false negatives")),
    )
    for value, limit, what in found:
        if value is not None and value > limit:
            said = {"eye": whose, "value": measured(round(value)), "what": what, "limit": measured(limit)}
            words = _("%(eye)s: %(value)s%% %(what)s, more than %(limit)s%%: the field may not be reliable.", **said)
            yield Doubt("unreliable_field", words)


def _lost(eye: VisualFieldEye) -> Decimal | None:
    if eye.fixation_losses is None or not eye.fixation_checks:
        return None
    return Decimal(eye.fixation_losses * HUNDRED) / eye.fixation_checks


def _signals(reading: Oct) -> Iterator[Doubt]:
    maker = reading.instrument.maker.casefold()
    row = next((one for one in limits().signal if one.maker in maker), None)
    for side in SIDES if row is not None else ():
        eye, strength = getattr(reading, side), getattr(getattr(reading, side), "signal_strength", None)
        if row is not None and eye is not None and strength is not None and strength < row.least:
            said = {"eye": current_frame().notation.eye(side), "value": measured(strength), "of": measured(row.of)}
            words = _("%(eye)s: weak signal, %(value)s of %(of)s: the layers may be found in the wrong place.", **said)
            yield Doubt("weak_signal", words)
