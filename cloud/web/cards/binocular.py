"""Binocular vision: one row a test, far and near side by side."""

from collections.abc import Sequence

from flask_babel import gettext as _

from cloud.web import notation
from cloud.web.cards.parts import joined
from cloud.web.cards.shape import Card, Cell, Column, Line
from cloud.web.filters import absent
from cloud.web.frame import current_frame
from protocols.readings import BinocularTest, BinocularVision

# In the order in which they are read out; other figures follow as they came.
ORDER = ("power", "value", "blur", "break", "recovery")


def binocular_vision(reading: BinocularVision) -> Card:
    """Tests in the order the instrument sent them; the same test far and near is one row."""
    distances = [way for way in ("far", "near", None) if any(test.distance == way for test in reading.tests)]
    rows: dict[str, list[BinocularTest]] = {}
    for test in reading.tests:
        rows.setdefault(_label(test), []).append(test)
    return Card(
        kind="binocular_vision",
        title=_("Binocular vision"),
        columns=[_column(way) for way in distances],
        lines=[Line(label, [_cell(tests, way) for way in distances]) for label, tests in rows.items()],
    )


def _column(way: str | None) -> Column:
    return {
        "far": Column(_("Far"), _("measured far")),
        "near": Column(_("Near"), _("measured near")),
    }.get(way or "", Column(_("Result"), _("no distance said")))


def _label(test: BinocularTest) -> str:
    what = joined(_names().get(test.name, test.name), _directions().get(test.direction or ""), _eye(test))
    figures = " / ".join(_figures().get(name, name) for name in _told(test) if name != "value")
    unit = _units().get(test.unit or "", test.unit)
    heading = joined(figures, unit)
    return f"{what} ({heading})" if heading else what


def _eye(test: BinocularTest) -> str | None:
    return current_frame().notation.eye(test.eye) if test.eye else None


def _told(test: BinocularTest) -> list[str]:
    return sorted(test.values, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))


def _cell(tests: Sequence[BinocularTest], way: str | None) -> Cell:
    said = "; ".join(_result(test) for test in tests if test.distance == way)
    return said or absent()


def _result(test: BinocularTest) -> str:
    figures = " / ".join(_figure(test, name) for name in _told(test))
    return f"{figures} {_words().get(test.words or '', test.words or '')}".strip()


def _figure(test: BinocularTest, name: str) -> str:
    write = notation.dioptres if test.unit == "D" else notation.measured
    return write(test.values[name]) or ""


def _names() -> dict[str, str]:
    return {
        "nra": _("NRA"),
        "pra": _("PRA"),
        "npc": _("Near point of convergence"),
        "npa": _("Near point of accommodation"),
        "vergence": _("Vergence"),
        "phoria": _("Phoria"),
        "stereo": _("Stereopsis"),
        "worth": _("Worth four dots"),
        "dominant": _("Dominant eye"),
        "ac_a": _("AC/A"),
        "aniseikonia": _("Aniseikonia"),
    }


def _directions() -> dict[str, str]:
    return {"in": _("base in"), "out": _("base out"), "up": _("base up"), "down": _("base down")}


def _figures() -> dict[str, str]:
    return {
        "power": _("power"),
        "blur": _("blur"),
        "break": _("break"),
        "recovery": _("recovery"),
    }


def _units() -> dict[str, str]:
    return {"pd": "Δ", "deg": "°", "pct": "%", "s": _("seconds of arc")}


def _words() -> dict[str, str]:
    notation_of = current_frame().notation
    return {"EXO": _("exo"), "ESO": _("eso"), "R": notation_of.eye("right"), "L": notation_of.eye("left")}
