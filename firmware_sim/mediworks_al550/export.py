"""The export as the maker's tables name its fields; as JSON, or the same tree as XML."""

import json
import random
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from firmware_sim.patients import Eye, Patient


def exported(patient: Mapping[str, Any], seed: int | str = 0, *, xml: bool = False, text_id: bool = False) -> bytes:
    """``patient`` is as it was pulled; ``text_id`` keeps its number a text, as some firmware does."""
    who = Patient.by_chance_of(f"{seed}")
    tree = {
        "DeviceModel": "AL550",
        "Version": "1.2.7",
        "PatientInfo": _person(patient, text_id),
        "Cases": [{"CheckTime": "2024-02-13 14:07:33", "OD": _eye(who.right, "Right"), "OS": _eye(who.left, "Left")}],
    }
    if xml:
        return f'<?xml version="1.0" encoding="utf-8"?>\n<AL550ExportFile>{_xml(tree)}</AL550ExportFile>'.encode()
    return json.dumps(tree, ensure_ascii=False).encode()


def _person(patient: Mapping[str, Any], text_id: bool) -> dict[str, Any]:
    """Numbers that were texts in the list are figures here, through a double as JavaScript has them."""
    number, pid = str(patient.get("patientId", "")), str(patient.get("pid", "0"))
    return {
        "_id": "f3a1",
        "_rev": "1-9c",
        **patient,
        "patientId": number if text_id or not number.isdigit() else int(number),
        "pid": int(f"{float(pid):.16e}".split("e")[0].replace(".", "").ljust(len(pid), "0")) if pid != "0" else 0,
        "status": "checked",
    }


def _eye(eye: Eye | None, name: str) -> dict[str, Any]:
    assert eye is not None  # noqa: S101 - a patient by chance has both
    luck = random.Random(f"{eye}")  # noqa: S311 - an eye, not a secret
    flat, steep = round(eye.flat_mm, 2), round(min(eye.flat_mm, eye.steep_mm), 2)
    front = {
        "K1": round(337.5 / flat, 2),
        "K2": round(337.5 / steep, 2),
        "Kmax": round(337.5 / steep + 0.6, 2),
        "AxisFlat": round(eye.flat_axis) % 180,
        "AxisSteep": (round(eye.flat_axis) + 90) % 180,
        "Rf": flat,
        "Rs": steep,
        "SRI": 0.21,
        "SAI": 0.34,
        "IS": 0.4,
    }
    axial = {"value": [round(luck.uniform(0.4, 25), 3) for _ in range(6)], "fixed": 2, "scale": 1}
    return {
        "EyeType": name,
        "CheckType": "1",
        "TopographyCase": {"Data": {"CorneaFront": front}},
        "AxialCase": {"Data": {"data": axial, "dataFilter": axial, "snrData": [21.5, 23.0]}},
        "WTWCase": {"Data": {"wtw": {"x": 1.0, "y": 2.0, "r": 5.9}}},
    }


def _xml(said: Any) -> str:
    if isinstance(said, Mapping):
        return "".join(
            "".join(f"<{name}>{_xml(each)}</{name}>" for each in (one if isinstance(one, list) else [one]))
            for name, one in said.items()
        )
    return escape(str(said))
