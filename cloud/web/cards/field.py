"""A visual field: its indices, how reliable it was, and the field itself drawn beside a table of its points."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from flask_babel import gettext as _

from cloud.web import maps, notation
from cloud.web.cards.parts import Row, eye_columns, facts, joined, lines, messages
from cloud.web.cards.shape import Card, Drawn, Line, Series
from cloud.web.filters import absent, shown
from cloud.web.maps.field import said
from protocols.readings import FieldPoint, VisualField, VisualFieldEye

SIDES: tuple[Literal["right", "left"], ...] = ("right", "left")
LOOKED: tuple[maps.Looked, ...] = ("sensitivity", "total", "pattern")


def visual_field(reading: VisualField) -> Card:
    """Test and strategy in the title, a drawing for each thing that was measured of each eye."""
    eyes = (reading.right, reading.left)
    drawn = [one for side, eye in zip(SIDES, eyes, strict=True) if eye is not None for one in _maps(side, eye)]
    return Card(
        kind="visual_field",
        title=joined(_("Visual field"), reading.test, reading.strategy),
        columns=eye_columns(),
        lines=[*lines(_indices(), eyes), *_words(eyes), *_losses(eyes), *lines(_reliability(), eyes), *messages(eyes)],
        facts=facts([Row(_("Instrument"), "instrument.model", "said")], reading),
        drawn=drawn,
        tables=[_table(side, eye) for side, eye in zip(SIDES, eyes, strict=True) if eye is not None and eye.points],
        remarks=_remarks(eyes) if drawn else (),
    )


def _indices() -> list[Row]:
    return [
        Row(_("MD (dB)"), "md_db", "measured", always=True, main=True),
        Row(_("MD, p (%)"), "md_p", "measured"),
        Row(_("PSD (dB)"), "psd_db", "measured", main=True),
        Row(_("PSD, p (%)"), "psd_p", "measured"),
        Row(_("VFI (%)"), "vfi_percent", "measured", main=True),
        Row(_("Fovea (dB)"), "foveal_db", "measured"),
    ]


def _reliability() -> list[Row]:
    return [
        Row(_("False positives (%)"), "false_positives_percent", "measured"),
        Row(_("False negatives (%)"), "false_negatives_percent", "measured"),
        Row(_("Duration (s)"), "duration_s", "measured"),
    ]


def _words(eyes: Sequence[VisualFieldEye | None]) -> Iterator[Line]:
    for label, name in (("GHT", "ght"), (_("Stimulus"), "stimulus")):
        told = [getattr(eye, name, None) for eye in eyes]
        if any(told):
            yield Line(label, [shown(one) for one in told], words=True)


def _losses(eyes: Sequence[VisualFieldEye | None]) -> list[Line]:
    """Lost out of asked, as the perimeter counts them."""
    told = [_lost(eye) for eye in eyes]
    return [Line(_("Fixation losses"), [shown(one) for one in told])] if any(told) else []


def _lost(eye: VisualFieldEye | None) -> str | None:
    if eye is None or eye.fixation_losses is None:
        return None
    return f"{eye.fixation_losses} / {'–' if eye.fixation_checks is None else eye.fixation_checks}"


def _maps(side: Literal["right", "left"], eye: VisualFieldEye) -> Iterator[Drawn]:
    whose = _head(side)
    names = {
        "sensitivity": _("Sensitivity (dB)"),
        "total": _("Total deviation (dB)"),
        "pattern": _("Pattern deviation (dB)"),
    }
    for looked in LOOKED:
        if any(said(point, looked) is not None for point in eye.points):
            head = joined(whose, names[looked])
            says = _("%(what)s as the patient sees it; the values stand in the table.", what=head)
            signs = maps.signs() if looked != "sensitivity" else ()
            yield Drawn(head, maps.field(eye.points, looked, side, says), signs)


def _head(side: Literal["right", "left"]) -> str:
    return eye_columns()[SIDES.index(side)].head


def _table(side: Literal["right", "left"], eye: VisualFieldEye) -> Series:
    total, pattern = _("Total deviation (dB)"), _("Pattern deviation (dB)")
    heads = [_("Across (°)"), _("Up (°)"), _("Sensitivity (dB)"), total, _("p (%)"), pattern, _("p (%)")]
    ordered = sorted(eye.points, key=lambda point: (-point.y, point.x))
    return Series(_head(side), heads, [_row(point) for point in ordered])


def _row(point: FieldPoint) -> list[Any]:
    figures = (point.total_deviation_db, point.total_deviation_p, point.pattern_deviation_db, point.pattern_deviation_p)
    found = [notation.measured(point.x), notation.measured(point.y), said(point, "sensitivity")]
    return [absent() if one is None else one for one in (*found, *map(notation.measured, figures))]


def _remarks(eyes: Sequence[VisualFieldEye | None]) -> list[str]:
    told = [_("Drawn as the patient sees it; the blind spot stands where it is expected.")]
    if any(point.seen is False for eye in eyes if eye is not None for point in eye.points):
        told.append(_("“<0”: not seen at the brightest stimulus."))
    return told
