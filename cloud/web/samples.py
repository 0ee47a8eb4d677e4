"""Invented people and readings for the components page."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from cloud.web.frame import Tab
from cloud.web.samples_charted import SPARK, charted
from cloud.web.samples_plotted import plotted
from protocols.readings import Note, Reading, from_json

NOW = datetime(2026, 11, 21, 6, 3, 22, tzinfo=UTC)
READINGS = Path(__file__).with_name("samples.json")
DRAWINGS = Path(__file__).with_name("samples_drawn.json")


@dataclass(frozen=True)
class Caution:
    """An alert in the banner."""

    kind: str
    text: str


@dataclass(frozen=True)
class Person:
    """What the patient banner asks of a patient."""

    family_name: str
    given_name: str
    birth_date: date | None
    record_number: str
    language: str = ""
    alerts: tuple[Caution, ...] = ()
    href: str = ""
    native_name: str = ""
    preferred_name: str = ""
    birth_year: int | None = None
    also_numbered: tuple[str, ...] = ()
    interpreter: bool = False
    allergy_state: str = "not_asked"
    allergies: tuple[str, ...] = ()
    consents: tuple[tuple[str, str], ...] = ()
    status: str = "active"
    deceased_on: date | None = None


PEOPLE = (
    Person(
        *("Hartmann", "Clara", date(1961, 3, 9), "P-104233", "en"),
        alerts=(Caution("clinical", "Narrow angle, right"), Caution("vip", "Judge of the lens prize")),
        allergy_state="listed",
        allergies=("Penicillin (rash)", "Latex"),
        consents=(("reminders", "given"), ("recalls", "given"), ("marketing", "refused"), ("research", "withdrawn")),
    ),
    Person(
        *("欧阳", "明月", date(2016, 9, 1), "P-104871", "zh", (), "#"),
        preferred_name="月月",
        interpreter=True,
        also_numbered=("P-99812",),
    ),
    Person(*("Lindqvist", "Per", None, "P-100017"), birth_year=1931, status="deceased", deceased_on=date(2026, 3, 3)),
)
TABS = (Tab("Overview", "#"), Tab("Readings", "#", True), Tab("Details", "#"))
PEOPLE_WAITING = (
    {"time": "14:03", "name": "Hartmann, Clara", "sphere": "-1.75", "iop": "15"},
    {"time": "14:09", "name": "欧阳明月", "sphere": "+0.25", "iop": None},
    {"time": "14:11", "name": "Okonkwo, Ada", "sphere": "0", "iop": "21.5"},
)
RAW = b"\x02R S-01.25 C-00.50 A090\x1765\r\n" + bytes(range(0, 64, 3))


def doubts() -> tuple[Note, ...]:
    """Two reasons to look twice."""
    return (
        Note(code="record_contradicts_chair", text=_("The record number is not the one of the patient in this lane.")),
        Note(code="clock_drift", text=_("The instrument's clock is 14 minutes behind the gateway.")),
    )


def readings() -> dict[str, Reading]:
    """Every kind, with what is rare in it."""
    return {name: from_json(json.dumps(one).encode()) for name, one in json.loads(READINGS.read_bytes()).items()}


def everything() -> Mapping[str, Any]:
    """All that the page shows."""
    return {
        "now": NOW,
        "today": date(2026, 11, 21),
        "people": PEOPLE,
        "tabs": TABS,
        "doubts": doubts(),
        "waiting": PEOPLE_WAITING,
        "raw": RAW,
        "readings": readings(),
        "charts": charted(),
        "spark": SPARK,
        "plots": plotted(),
        "drawings": json.loads(DRAWINGS.read_bytes()),
    }
