"""Which picture a result has: crosses, curves and ranges, each with the table that says the same."""

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from cloud.calculators.pictures import (
    MIDDLE,
    REACH,
    Bar,
    Picture,
    Text,
    across,
    line,
    number_line,
    plot,
    same,
    ticks,
    upward,
)
from cloud.optics import near, vertex
from cloud.optics.exact import working
from cloud.optics.reference import table
from cloud.optics.refraction import Refraction, signed
from cloud.optics.rule import Derived
from cloud.optics.words import Words


def picture(name: str, derived: Derived[Any]) -> Picture | None:
    """The picture of a result; None for rules without one and for results that are none."""
    draw = PICTURES.get(name)
    return draw(derived) if draw and derived.value is not None else None


def _cross(derived: Derived[Any]) -> Picture:
    """The power cross: what the lens does along each meridian."""
    lens: Refraction = derived.value
    turn = float(lens.axis or 180)
    along, over = lens.meridians
    strokes, texts, rows = [], [], []
    for angle, power in ((turn, along), (turn + 90 if turn <= 90 else turn - 90, over)):
        x, y = math.cos(math.radians(angle)), -math.sin(math.radians(angle))
        ends = [(round(MIDDLE * 2 + s * x * REACH, 1), round(MIDDLE + s * y * REACH, 1)) for s in (-1, 1)]
        strokes.append(line(ends, "main"))
        words = f"{signed(power)} @ {int(angle):03d}"
        texts.append(
            Text(round(MIDDLE * 2 + x * (REACH + 64), 1), round(MIDDLE + 5 + y * (REACH + 22), 1), same(words))
        )
        rows.append((same(f"{int(angle):03d}"), same(signed(power))))
    heads = (Words("Meridian, degrees", "子午线（度）"), Words("Power, D", "屈光力（D）"))
    circle = (MIDDLE * 2.0, float(MIDDLE), float(REACH))
    title = Words("Power cross", "光学十字")
    return Picture(title, MIDDLE * 4, MIDDLE * 2, tuple(strokes), tuple(texts), (), circle, heads, tuple(rows))


def _prism(derived: Derived[Any]) -> Picture:
    """Where the base points, as the examiner sees it."""
    value, given = derived.value, derived.inputs
    side = 1 if given["eye"] == "right" else -1
    h = Decimal(getattr(value, "horizontal", given.get("horizontal", 0)))
    v = Decimal(getattr(value, "vertical", given.get("vertical", 0)))
    size = float(max(abs(h), abs(v), Decimal("0.01"))) * 1.25
    x, y = MIDDLE * 2 + side * float(h) / size * REACH, MIDDLE - float(v) / size * REACH
    tip = (round(x, 1), round(y, 1))
    strokes = (
        line([(MIDDLE * 2 - REACH, MIDDLE), (MIDDLE * 2 + REACH, MIDDLE)], "grid"),
        line([(MIDDLE * 2, MIDDLE - REACH), (MIDDLE * 2, MIDDLE + REACH)], "grid"),
        line([(MIDDLE * 2, MIDDLE), tip], "main"),
    )
    near_right, near_left = ("in", "out") if side == 1 else ("out", "in")
    sides = {"in": Words("in (nasal)", "内（鼻侧）"), "out": Words("out (temporal)", "外（颞侧）")}
    texts = (
        Text(MIDDLE * 2 + REACH + 8, MIDDLE + 5, sides[near_right], "start"),
        Text(MIDDLE * 2 - REACH - 8, MIDDLE + 5, sides[near_left], "end"),
        Text(MIDDLE * 2, MIDDLE - REACH - 8, Words("up", "上")),
        Text(MIDDLE * 2, MIDDLE + REACH + 18, Words("down", "下")),
    )
    heads = (Words("Direction", "方向"), Words("Prism, Δ", "棱镜度（Δ）"))
    rows = (
        (Words("horizontal (in +)", "水平（内 +）"), same(signed(h))),
        (Words("vertical (up +)", "垂直（上 +）"), same(signed(v))),
    )
    circle = (MIDDLE * 2.0, float(MIDDLE), float(REACH))
    title = Words("Base as the examiner sees it", "底向（检查者视角）")
    return Picture(title, MIDDLE * 4, MIDDLE * 2, strokes, texts, (tip,), circle, heads, rows)


def _vertex(derived: Derived[Any]) -> Picture:
    """The power that does the same, from the cornea to 20 mm."""
    power, here = derived.inputs["power"], derived.inputs["vertex_mm"]
    with working():
        curve = [(Decimal(mm), vertex.moved(power, here, Decimal(mm))) for mm in range(0, 21, 2)]
    values = [float(value) for _mm, value in curve]
    room = max((max(values) - min(values)) * 0.15, 0.05)
    x, y = across(0, 20), upward(min(values) - room, max(values) + room)
    marks = ticks(min(values) - room, max(values) + room)
    axes = (Words("Distance from the cornea, mm", "距角膜（mm）"), Words("Equivalent power, D", "等效度数（D）"))
    points = [(x.at(mm), y.at(value)) for mm, value in curve]
    dots = [(x.at(0), y.at(derived.value.power)), (x.at(here), y.at(power))]
    rows = [(same(mm), same(signed(value, 3))) for mm, value in curve]
    title = Words("The same effect at other distances", "不同镜眼距的等效度数")
    return plot(title, axes, (x, y), (range(0, 21, 4), marks), [line(points, "main")], dots, rows)


def _add_by_age(derived: Derived[Any]) -> Picture:
    """The table's bands, and the age that was asked for."""
    edition = derived.edition or table("starting_add").edition()
    x, y = across(38, 70), upward(0, 3.5)
    strokes, rows = [], []
    for band in edition.data["band"]:
        end = band.get("to_age", Decimal(70))
        for side in ("least", "most"):
            strokes.append(line([(x.at(band["from_age"]), y.at(band[side])), (x.at(end), y.at(band[side]))], "main"))
        rows.append((same(f"{band['from_age']}–{end}"), same(f"{signed(band['least'])} … {signed(band['most'])}")))
    here, found = x.at(derived.inputs["age"]), derived.value
    dots = [(here, y.at(found.add_from)), (here, y.at(found.add_to))]
    axes = (Words("Age, years", "年龄（岁）"), Words("Addition, D", "近附加（D）"))
    title = Words("Starting addition by age", "年龄与起始近附加")
    return plot(title, axes, (x, y), (range(40, 71, 5), (0, 1, 2, 3)), strokes, dots, rows)


def _amplitude(derived: Derived[Any]) -> Picture:
    """Hofstetter's three lines from 5 to 60 years, and where this person is."""
    x, y, ages = across(5, 60), upward(0, 25), range(5, 61, 5)
    with working():
        lines = [near.expected(Decimal(age)) for age in ages]
    names = (("minimum", "dash"), ("mean", "main"), ("maximum", "dash"))
    strokes = [
        line([(x.at(age), y.at(getattr(at, name))) for age, at in zip(ages, lines, strict=True)], look)
        for name, look in names
    ]
    age, measured = derived.inputs["age"], derived.inputs.get("amplitude", derived.value.mean)
    rows = [
        (same(a), *(same(f"{getattr(at, name):.1f}") for name, _look in names))
        for a, at in zip(ages, lines, strict=True)
    ]
    axes = (Words("Age, years", "年龄（岁）"), Words("Amplitude, D", "调节幅度（D）"))
    heads = (axes[0], Words("Minimum", "最小"), Words("Mean", "平均"), Words("Maximum", "最大"))
    title = Words("Amplitude of accommodation by age", "年龄与调节幅度")
    dots = [(x.at(age), y.at(measured))]
    return plot(title, axes, (x, y), (range(10, 61, 10), range(0, 26, 5)), strokes, dots, rows, (), heads)


def _sheard(derived: Derived[Any]) -> Picture:
    """The compensating range beside twice the phoria."""
    phoria, reserve = derived.inputs["phoria"], derived.inputs["reserve"]
    bars = [
        Bar(Words("Compensating range", "代偿性融像范围"), Decimal(0), reserve, "bar"),
        Bar(
            Words("Range asked for (twice the phoria)", "所需范围（隐斜的两倍）"), Decimal(0), 2 * abs(phoria), "hollow"
        ),
    ]
    return number_line(
        Words("Sheard's criterion", "Sheard 准则"), "Δ", bars, [(Words("Phoria", "隐斜量"), abs(phoria))]
    )


def _percival(derived: Derived[Any]) -> Picture:
    """The vergence range with its middle third; demand is at zero."""
    low, high = -derived.inputs["base_in"], derived.inputs["base_out"]
    with working():
        third = (high - low) / 3
    bars = [
        Bar(Words("Vergence range (BI −, BO +)", "融像范围（BI −，BO +）"), low, high, "bar"),
        Bar(Words("Middle third", "中间三分之一"), _tenth(low + third), _tenth(high - third), "hollow"),
    ]
    return number_line(
        Words("Percival's criterion", "Percival 准则"), "Δ", bars, [(Words("Demand", "集合需求"), Decimal(0))]
    )


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"))


def _relative(derived: Derived[Any]) -> Picture:
    """Relative accommodation with its middle."""
    low, high = sorted((derived.inputs["pra"], derived.inputs["nra"]))
    bars = [Bar(Words("From PRA to NRA", "PRA 至 NRA"), low, high, "bar")]
    dots = [(Words("Middle: change of the addition", "中点：附加光调整"), derived.value.add_change)]
    return number_line(Words("Relative accommodation", "相对调节"), "D", bars, dots)


def _norm(derived: Derived[Any]) -> Picture:
    """The finding over the range of its norm."""
    found, value = derived.inputs["found"], derived.value
    low = value.norm_from if value.norm_from is not None else min(found, value.norm_to, Decimal(0))
    high = value.norm_to if value.norm_to is not None else max(found, value.norm_from)
    title = derived.edition.title if derived.edition else Words("Norm", "正常值")
    bars = [Bar(Words("Norm", "正常范围"), low, high, "bar")]
    return number_line(title, "D, Δ, cm, cpm", bars, [(Words("Found", "检查值"), found)])


PICTURES: Mapping[str, Callable[[Derived[Any]], Picture]] = {
    "cross": _cross,
    "prism": _prism,
    "vertex": _vertex,
    "add_by_age": _add_by_age,
    "amplitude": _amplitude,
    "sheard": _sheard,
    "percival": _percival,
    "relative": _relative,
    "norm": _norm,
}
