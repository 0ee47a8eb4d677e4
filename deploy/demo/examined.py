"""What the demo's instruments measured over the years beside refractions: lengths, fields, thickness, corneas.

Sent like any instrument's: under the record number, one batch, filed by it. What is older than the last visit was
accepted; the newest waits. Two stories change instruments on the way, so that the plots have something to mark.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.kernel.ids import uuid7
from cloud.readings import intake, services
from cloud.readings.choices import Verdict
from cloud.readings.parcels import Sender
from cloud.readings.sorting import sort_results

EPOCH = 7_100_000
RECENT = timedelta(days=60)
GRID = {21: range(-9, 10, 6), 15: range(-15, 16, 6), 9: range(-21, 22, 6), 3: range(-27, 22, 6)}
LUMEN, NORTHLIGHT = ("Lumen", "Cube 512"), ("Northlight", "Tomograph 3")


@dataclass(frozen=True, slots=True)
class Measured:
    """One reading: of whom (record number), when, with what, and what it said."""

    whose: str
    day: str
    instrument: tuple[str, str]
    body: dict[str, Any]


def both(names: str, right: str, left: str) -> dict[str, dict[str, str]]:
    """Values of both eyes by the same names: ``both("cct_um iop_mmhg", "545 16", "548 15")``."""
    fields = names.split()
    eyes = {"right": right.split(), "left": left.split()}
    return {side: dict(zip(fields, told, strict=True)) for side, told in eyes.items()}


# day, MD and VFI of the left eye, degrees from the centre to which the nasal step reaches
FIELDS = (
    ("2021-10-11", "-1.32", 98, 0),
    ("2022-10-10", "-1.87", 97, 1),
    ("2023-10-16", "-2.41", 95, 2),
    ("2024-10-14", "-2.66", 94, 3),
    ("2025-10-13", "-3.58", 92, 4),
    ("2026-11-16", "-4.05", 90, 5),
)
# day, instrument, average and quadrants (superior nasal inferior temporal) of both eyes
FIBRES = (
    ("2021-10-11", LUMEN, "92 112 71 118 67", "86 104 70 106 64"),
    ("2022-10-10", LUMEN, "91 111 71 117 66", "84 102 70 103 63"),
    ("2023-10-16", LUMEN, "91 111 70 117 66", "82 100 69 99 62"),
    ("2025-10-13", NORTHLIGHT, "97 118 76 124 72", "84 101 72 100 65"),
    ("2026-11-16", NORTHLIGHT, "96 117 76 123 71", "81 98 71 95 63"),
)
# day, instrument, then thickness, plain and corrected pressure, indices of both eyes
PULSES = (
    ("2022-10-10", "Scheimpflug ST", "516 20.5 19.1 0.42 0.97 92.1 1.09", "559 25.0 21.6 0.09 1.12 104.8 0.98"),
    ("2023-10-16", "Scheimpflug ST", "517 15.5 14.6 0.40 0.96 91.4 1.10", "558 19.5 17.0 0.10 1.11 103.9 0.99"),
    ("2024-10-14", "Scheimpflug ST", "515 14.5 13.8 0.44 0.95 90.2 1.11", "560 19.0 16.4 0.08 1.10 104.1 1.00"),
    ("2026-11-16", "Scheimpflug ST 2", "518 14.0 13.2 0.41 0.96 91.0 1.10", "557 20.5 17.9 0.09 1.13 104.4 0.99"),
)
PULSE = "cct_um iop_mmhg biop_mmhg cbi ssi sp_a1 deformation_mm"


def suspect() -> Iterator[Measured]:
    """A glaucoma suspect: a left field that slowly worsens, nerve fibres by two instruments, a stiff left cornea."""
    for day, md, vfi, reach in FIELDS:
        left = {**_indices(md, vfi), "points": list(_points(reach))}
        body = {"kind": "visual_field", "test": "24-2", "strategy": "SITA-Standard", "left": left}
        yield Measured("H-1005", day, ("Lumen", "Perimeter 3"), body)
    for day, instrument, of_right, of_left in FIBRES:
        eyes = both("average superior nasal inferior temporal", of_right, of_left)
        said = {side: {"rnfl_um": eye, "signal_strength": "8"} for side, eye in eyes.items()}
        yield Measured("H-1005", day, instrument, {"kind": "oct", "scan": "Optic disc", **said})
    for day, model, of_right, of_left in PULSES:
        eyes = both(PULSE, of_right, of_left)
        timed = {side: {**eye, "a1_time_ms": "7.41", "a1_velocity_m_s": "0.13"} for side, eye in eyes.items()}
        yield Measured("H-1005", day, ("Zephyr", model), {"kind": "biomechanics", **timed})


def _indices(md: str, vfi: int) -> dict[str, Any]:
    ght = "Outside normal limits" if vfi < 95 else "Within normal limits"
    return {
        **{"md_db": md, "psd_db": f"{(100 - vfi) * 0.4 + 1.2:.2f}", "vfi_percent": str(vfi), "ght": ght},
        **{"foveal_db": "34", "fixation_losses": 2, "fixation_checks": 15, "false_positives_percent": "4"},
        **{"false_negatives_percent": "6", "duration_s": "318", "stimulus": "III, white"},
    }


def _points(reach: int) -> Iterator[dict[str, Any]]:
    """A left eye's field with a nasal step above, ``reach`` places wide; its blind spot lies to the left."""
    for up in (1, -1):
        for row, across in GRID.items():
            for x in across:
                yield _point(-x, row * up, reach)


def _point(x: int, y: int, reach: int) -> dict[str, Any]:
    where = {"x": str(x), "y": str(y)}
    if x == -15 and abs(y) == 3:
        return {**where, "seen": False}
    usual = 31 - int((x * x + y * y) ** 0.5 / 5)
    lost = 4 * reach if y > 0 and x >= 27 - 6 * reach and x > 0 else (x + y) % 3
    seen = {"db": str(usual - lost), "seen": True} if lost < usual else {"seen": False}
    total = {"total_deviation_db": str(-lost), **_chance("total", lost)}
    return {**where, **seen, **total, "pattern_deviation_db": str(1 - lost), **_chance("pattern", lost - 1)}


def _chance(which: str, lost: int) -> dict[str, str]:
    steps = ((9, "0.5"), (7, "1"), (5, "2"), (4, "5"))
    return next(({f"{which}_deviation_p": percent} for least, percent in steps if lost >= least), {})


LENGTHS = (("2026-11-18", "23.87 3.62 3.58 11.9 41.2", "23.96 3.64 3.57 11.9 39.8"),)


def child() -> Iterator[Measured]:
    """The child whose lengths stand in the record comes once more, to a new biometer."""
    for day, right, left in LENGTHS:
        eyes = both("axial_length_mm acd_mm lens_thickness_mm white_to_white_mm snr", right, left)
        for eye in eyes.values():
            eye.update(acd_from="epithelium", cct_um="552", lens_status="phakic")
        yield Measured("H-1006", day, ("Lumen", "Axis 7"), {"kind": "biometry", "method": "optical", **eyes})


def cornea() -> Iterator[Measured]:
    """A left cornea that thins and steepens."""
    for day, kmax, thin in (
        ("2024-06-03", "50.2", "489"),
        ("2025-06-02", "51.4", "482"),
        ("2026-11-17", "52.9", "473"),
    ):
        right = {"k1": {"power_d": "42.9", "axis": 12}, "k2": {"power_d": "44.1", "axis": 102}, "kmax_d": "45.0"}
        left = {"k1": {"power_d": "44.2", "axis": 20}, "k2": {"power_d": "47.6", "axis": 110}, "kmax_d": kmax}
        right |= {"thinnest_um": "536", "cct_um": "541", "q_value": "-0.31", "indices": {"BAD-D": "1.12"}}
        left |= {"thinnest_um": thin, "cct_um": "492", "q_value": "-0.79", "indices": {"BAD-D": "4.61"}}
        body = {"kind": "topography", "surface": "both", "index": "1.3375", "right": right, "left": left}
        yield Measured("H-1004", day, ("Northlight", "Contour"), body)


def macula() -> Iterator[Measured]:
    """A right macula that swells, and the check-up that goes with it."""
    rings = "center inner_superior inner_nasal inner_inferior inner_temporal"
    rings += " outer_superior outer_nasal outer_inferior outer_temporal"
    usual = "264 335 338 331 322 290 307 281 272"
    for day, right in (
        ("2026-05-12", "268 338 341 333 325 291 308 282 273"),
        ("2026-11-17", "398 412 405 396 401 318 322 301 299"),
    ):
        eyes = {side: {"macula_um": eye, "signal_strength": "8"} for side, eye in both(rings, right, usual).items()}
        yield Measured("H-1001", day, NORTHLIGHT, {"kind": "oct", "scan": "Macula 6 x 6 mm", **eyes})
    pressure = {"systolic_mmhg": "148", "diastolic_mmhg": "88", "mean_arterial_mmhg": "108", "pulse_bpm": "74"}
    sugar = {"glucose_mmol_l": "8.9", "doubts": ["movement"]}
    yield Measured("H-1001", "2026-11-17", ("Lumen", "Cuff B"), {"kind": "vital_signs", **pressure, **sugar})


STORIES = (suspect, child, cornea, macula)


def bring(session: Session, sender: Sender, patients: Mapping[str, int], *, by: int) -> list[UUID]:
    """Send everything and accept what is old; ids of the readings in the order they were measured."""
    told = sorted((one for story in STORIES for one in story()), key=lambda one: one.day)
    ids = [uuid7() for _one in told]
    items = [_item(seq, identity, one) for seq, (identity, one) in enumerate(zip(ids, told, strict=True), 1)]
    batch = json.dumps({"v": 1, "epoch": EPOCH, "items": items}).encode()
    intake.take(session, sender.tenant_id, [sort_results(sender, batch, now())])
    for identity, one in zip(ids, told, strict=True):
        if now() - _at(one) > RECENT:
            patient = patients[one.whose]
            services.decide(session, reading_id=identity, patient_id=patient, verdict=Verdict.ACCEPTED, by=by)
    return ids


def _at(one: Measured) -> datetime:
    return datetime.fromisoformat(f"{one.day}T10:10+00:00")


def _item(seq: int, identity: UUID, one: Measured) -> dict[str, Any]:
    (maker, model), at = one.instrument, _at(one).isoformat()
    body = {
        **{"schema": "emmetra.reading/1", "reading_id": str(identity), "patient_ref": {"id": one.whose}},
        "instrument": {"maker": maker, "model": model, "dialect": "sample"},
        "integrity": {"checksum": "none", "raw_sha256": f"{seq:064x}"},
        **{"measured_at": at, "received_at": at},
        **one.body,
    }
    return {
        **{"seq": seq, "kind": "reading", "boot": "b-examined", "ts_gw": at, "mono_ns": seq, "dev": "room-2"},
        **{"clk": {"state": "synced", "err_ms": 3}, "drv": "sample", "drv_v": "1", "body": body},
    }
