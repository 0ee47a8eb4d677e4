"""Made-up programs that write tables, each in another dress, with the map that describes it.

No maker writes these: they are what a table may look like. Figures are written by the map's own marks, so that what a
reader says can be held against ``SHOWN``.
"""

from typing import Any

SHOWN = {"axial_length_mm": "23.45", "cct_um": "545", "iop_mmhg": "15.2", "ch_mmhg": "10.4"}
WHO = ("P-17", "Müller", "Anna", "1980-04-23", "2026-11-20", "14:07:33")

ROWS: dict[str, Any] = {
    "maker": "Acme",
    "model": "Lengths 3",
    "encoding": "cp1252",
    "delimiter": ";",
    "decimal": ",",
    "header": 2,
    "day": "YYYY-MM-DD",
    "time": "hh:mm:ss",
    "missing": ["---"],
    "keep": ["Operator"],
    "ignore": ["#"],
    "only": [{"column": "State", "values": ["ok"]}],
    "eye": {"column": "Eye", "right": ["OD"], "left": ["OS"]},
    "column": [
        {"name": "ID", "key": "patient.id"},
        {"name": "Last", "key": "patient.last_name"},
        {"name": "First", "key": "patient.first_name"},
        {"name": "Born", "key": "patient.birth_date"},
        {"name": "Day", "key": "exam.day"},
        {"name": "Time", "key": "exam.time"},
        {"name": "AL [mm]", "key": "biometry.axial_length_mm", "unit": "mm"},
        {"name": "CCT", "key": "biometry.cct_um", "unit": "mm"},
        {"name": "IOPg", "key": "biomechanics.iop_mmhg", "unit": "mmHg"},
        {"name": "CH", "key": "biomechanics.ch_mmhg", "unit": "mmHg"},
    ],
}
_HEAD = "#;ID;Last;First;Born;Day;Time;Eye;State;Operator;AL [mm];CCT;IOPg;CH"


def table(*rows: str, title: str = "Acme Lengths 3", head: str = _HEAD) -> bytes:
    """A file in the dress of ``ROWS``."""
    return "\r\n".join([title, head, *rows, ""]).encode("cp1252")


def row(eye: str = "OD", state: str = "ok", al: str = "23,45", cct: str = "0,545", number: int = 1) -> str:
    """A line of it."""
    return ";".join([str(number), *WHO, eye, state, "Mia", al, cct, "15,2", "10,4"])


def example() -> bytes:
    """Both eyes of one patient, and a measurement that was thrown away."""
    return table(row(), row("OS", al="23,41", number=2), row("OD", "deleted", al="9,99", number=3))
