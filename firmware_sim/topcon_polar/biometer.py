"""Axial length and corneal radii of both eyes, in UTF-16."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.markup import Lines, leaf, node
from firmware_sim.patients import Eye, Patient
from firmware_sim.rounding import to_step


@dataclass(frozen=True, slots=True)
class Lengths:
    """One eye in millimetres and degrees."""

    flat: Decimal
    steep: Decimal
    angle: int
    axial: Decimal
    white: Decimal


@dataclass(frozen=True, slots=True)
class Both:
    """Each eye, or the one there is."""

    right: Lengths | None
    left: Lengths | None


class Polar(Instrument[Both]):
    """Radii, never powers."""

    maker = "Topcon"
    name = "MYAH"
    links = ("folder",)

    def _look(self, patient: Patient) -> Both:
        return Both(*(self._lengths(eye) if eye else None for eye in (patient.right, patient.left)))

    def _lengths(self, eye: Eye) -> Lengths:
        axial = to_step(23.4 - eye.sphere * 0.38, "0.01")
        flat, steep, white = (to_step(value, "0.01") for value in (eye.flat_mm, eye.steep_mm, eye.corneal_diameter_mm))
        return Lengths(flat, steep, round(eye.flat_axis) % 180, axial, white)

    def _eyes(self, measured: Both) -> list[tuple[str, Lengths]]:
        return [(name, eye) for name, eye in (("OD", measured.right), ("OS", measured.left)) if eye]

    def _say(self, measured: Both, number: int, at: datetime) -> bytes:
        who = node("Patient", leaf("ID", self.patient_id), leaf("LastName", "Doe"), leaf("BirthDate", "1980-04-23"))
        eyes = [_eye(name, eye, at) for name, eye in self._eyes(measured)]
        lines = ['<?xml version="1.0" encoding="utf-16"?>', *node("XMLDataPolarExportation", who, *eyes)]
        return ("\r\n".join(lines) + "\r\n").encode("utf-16")

    def _shown(self, measured: Both) -> Shown:
        shown = []
        for name, eye in self._eyes(measured):
            side = {"OD": "right", "OS": "left"}[name]
            k1, k2 = {"radius_mm": str(eye.flat), "axis": eye.angle}, {"radius_mm": str(eye.steep)}
            white = {"white_to_white_mm": str(eye.white)}
            shown.append({"kind": "biometry", side: {"axial_length_mm": str(eye.axial), "k1": k1, "k2": k2} | white})
            shown.append({"kind": "topography", side: {"k1": k1, "k2": k2} | white})
        return tuple(shown)


def _eye(name: str, eye: Lengths, at: datetime) -> Lines:
    data = node(
        "Data",
        *(leaf("FlatK", eye.flat), leaf("FlatAngle", eye.angle), leaf("SteepK", eye.steep)),
        *(leaf("SteepAngle", (eye.angle + 90) % 180), leaf("AxialLength", eye.axial), leaf("WTW", eye.white)),
        node("CornealHeight", leaf("Cols", 2), leaf("Rows", 1), leaf("MissingDataValue", -1)),
    )
    return node("PatientEyeData", leaf("Eye", name), leaf("Date", f"{at:%Y-%m-%d %H:%M:%S}"), data)
