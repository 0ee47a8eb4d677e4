"""The elements of an eye; written from the wire page, not from the decoder."""

from collections.abc import Callable
from decimal import Decimal

from firmware_sim.markup import Lines, leaf, node
from firmware_sim.nidek_xml.optics import EyeSeen
from firmware_sim.optics import Curvature, Curvatures, Refraction, contact_lens
from firmware_sim.rounding import to_step
from firmware_sim.tonometer import corrected, kpa

NORMAL_UM, FACTOR = 550, "0.0400"


def document(top: Lines) -> bytes:
    """UTF-16 little endian with its mark, CRLF, tabs."""
    head = ['<?xml version="1.0" encoding="UTF-16"?>', '<?xml-stylesheet type="text/xsl" href="RKT_style.xsl"?>']
    return b"\xff\xfe" + "".join(f"{line}\r\n" for line in [*head, *top]).encode("utf-16-le")


def ar(eye: EyeSeen) -> Lines:
    """Readings, the median, the lenses."""
    series = eye.refraction
    each = zip(series.readings, series.confidences, eye.cataract, strict=True)
    lists = [_reading(at, value, sure, clouded) for at, (value, sure, clouded) in enumerate(each, 1)]
    if eye.failed:
        lists.append(node("ARList", leaf("Error", "COVR "), marks=f'No = "{len(lists) + 1}"'))
    median = node("ARMedian", *_power(series.value), leaf("SE", _se(series.value)))
    trial = node("TrialLens", *_power(series.value))
    contact = node("ContactLens", *_power(contact_lens(series.value)), leaf("SE", _se(contact_lens(series.value))))
    return node("AR", *lists, median, trial, contact)


def _reading(at: int, value: Refraction, sure: int, clouded: bool) -> Lines:
    mode = leaf("CataractMode", "ON" if clouded else "")
    return node(
        "ARList",
        *_power(value),
        mode,
        leaf("ConfidenceIndex", sure),
        leaf("SE", _se(value)),
        marks=f'No = "{at}"',
    )


def _power(value: Refraction) -> list[Lines]:
    return [leaf("Sphere", f"{value.sphere:+}"), leaf("Cylinder", f"{value.cylinder:+}"), leaf("Axis", value.axis)]


def _se(value: Refraction) -> str:
    return f"{to_step(value.sphere + value.cylinder / 2, '0.25'):+}"


def va(eye: EyeSeen) -> Lines:
    """Acuity without and with correction."""
    return node("VA", leaf("UCVA", eye.unaided), leaf("BCVA", eye.corrected), leaf("WorkingDistance", "35 cm"))


def sr(eye: EyeSeen) -> Lines:
    """What was found behind the instrument's own chart."""
    add = leaf("ADD", f"{eye.addition:+}")
    return node("SR", *_power(eye.chart), leaf("SE", _se(eye.chart)), add, leaf("WorkingDistance", "35 cm"))


def km(eye: EyeSeen) -> Lines:
    """One ring."""
    return _ring(eye.cornea, "")


def rings(sign: str) -> Callable[[EyeSeen], Lines]:
    """Two rings, told apart by their diameter; the sign before it differs by firmware."""

    def both(eye: EyeSeen) -> Lines:
        inner, outer = (f'condition="{sign}{size}mm"' for size in ("2.4", "3.3"))
        return [*_ring(eye.cornea, inner), *_ring(eye.second_ring, outer)]

    return both


def _ring(series: Curvatures, marks: str) -> Lines:
    lists = [node("KMList", *_cornea(one), marks=f'No = "{at}"') for at, one in enumerate(series.readings, 1)]
    chosen = [node("KMMedian", *_cornea(series.representative))] if series.representative else []
    return node("KM", *lists, *chosen, marks=marks)


def _cornea(value: Curvature) -> list[Lines]:
    across = (value.axis + 89) % 180 + 1
    return [
        node("R1", leaf("Radius", value.r1_mm), leaf("Power", value.k1_d), leaf("Axis", value.axis)),
        node("R2", leaf("Radius", value.r2_mm), leaf("Power", value.k2_d), leaf("Axis", across)),
        node("Average", leaf("Radius", value.mean_mm), leaf("Power", value.mean_d)),
        node("KMCylinder", leaf("Power", value.cylinder_d), leaf("Axis", value.axis)),
    ]


def sizes(eye: EyeSeen) -> Lines:
    """Cornea and pupil."""
    cornea = node("CS", node("CSList", leaf("Size", eye.corneal_diameter_mm), marks='No = "1"'))
    pupil = node("PSList", leaf("Size", eye.pupil_mm), leaf("Lamp", "ON"), marks='No = "1"')
    return [*cornea, *node("PS", pupil)]


def nt(eye: EyeSeen) -> Lines:
    """Puffs, average, and the pressure corrected for the cornea."""
    puffs = [_pressure(node_of("NTList", at), Decimal(one), "0.1") for at, one in enumerate(eye.pressure.puffs, 1)]
    average = eye.pressure.average
    value = corrected(average, eye.thickness.average, normal_um=NORMAL_UM, factor=FACTOR, step="0.1")
    rule = node(
        "CorrectedIOP",
        leaf("Param1", f"{NORMAL_UM}um"),
        leaf("Param2", FACTOR),
        leaf("CCT", f"{eye.thickness.average}um"),
        _pressure(("Measured", ""), average, "0.01"),
        _pressure(("Corrected", ""), value, "0.01"),
    )
    return node("NT", *puffs, _pressure(("NTAverage", ""), average, "0.01"), rule)


def node_of(name: str, at: int) -> tuple[str, str]:
    """A numbered element's name and mark."""
    return name, f'No = "{at}"'


def _pressure(named: tuple[str, str], value: Decimal, step: str) -> Lines:
    return node(named[0], leaf("mmHg", value), leaf("kPa", kpa(value, step)), marks=named[1])


def pachy(eye: EyeSeen) -> Lines:
    """Thickness."""
    series = enumerate(eye.thickness.series, 1)
    lists = [node("PACHYList", leaf("Thickness", one), marks=f'No = "{at}"') for at, one in series]
    return node("PACHY", *lists, node("PACHYAverage", leaf("Thickness", eye.thickness.average)))


def pd(distance: int | None) -> Lines:
    """Far and near; the near one by similar triangles to the eyes' centres of rotation at 40 cm."""
    if distance is None:
        return []
    near = round(distance * 40 / 42.5)
    return node("PD", node("PDList", leaf("FarPD", distance), leaf("NearPD", near), marks='No = "1"'))
