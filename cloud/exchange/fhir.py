"""Visits, resources and free times as FHIR R4: Appointment, Schedule, Slot."""

from datetime import datetime
from typing import Any

from cloud.booking.choices import State
from cloud.booking.models import Visit

VISITS, TYPES, RECORDS, STORES = (f"urn:emmetra:{name}" for name in ("visit", "visit-type", "record-number", "store"))
STATUS = {
    State.BOOKED: "booked",
    State.CONFIRMED: "booked",
    State.ARRIVED: "arrived",
    State.IN_PROGRESS: "checked-in",
    State.COMPLETED: "fulfilled",
    State.CANCELLED: "cancelled",
    State.MOVED: "cancelled",
    State.NO_SHOW: "noshow",
}
Json = dict[str, Any]


def appointment(visit: Visit, kind: str, store: tuple[str, str], patient: tuple[str, str]) -> Json:
    """A visit. ``kind`` is the code of its type, ``store`` slug and name, ``patient`` record number and name."""
    return {
        "resourceType": "Appointment",
        "id": str(visit.uid),
        "identifier": [{"system": VISITS, "value": str(visit.uid)}],
        "status": STATUS[State(visit.state)],
        "serviceType": [{"coding": [{"system": TYPES, "code": kind}]}],
        "start": visit.shown_at.isoformat(),
        "end": visit.ends_at.isoformat(),
        "minutesDuration": (visit.ends_at - visit.shown_at).seconds // 60,
        "created": visit.booked_at.isoformat(),
        "participant": [
            _participant("Patient", RECORDS, *patient),
            _participant("Location", STORES, *store),
        ],
    }


def schedule(id_: str, name: str, store: tuple[str, str]) -> Json:
    """A person, a room, a device, or a store as a whole, as a calendar."""
    place = {"type": "Location", "identifier": {"system": STORES, "value": store[0]}, "display": store[1]}
    return {"resourceType": "Schedule", "id": id_, "active": True, "actor": [{"display": name}, place]}


def slot(kind: str, schedule_id: str, begins: datetime, ends: datetime) -> Json:
    """A time at which a visit of a type can begin."""
    return {
        "resourceType": "Slot",
        "id": f"{schedule_id}-{kind}-{int(begins.timestamp())}",
        "schedule": {"reference": f"Schedule/{schedule_id}"},
        "serviceType": [{"coding": [{"system": TYPES, "code": kind}]}],
        "status": "free",
        "start": begins.isoformat(),
        "end": ends.isoformat(),
    }


def bundle(resources: list[Json]) -> Json:
    """What a search found."""
    entries = [{"resource": one, "search": {"mode": "match"}} for one in resources]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}


def _participant(kind: str, system: str, value: str, display: str) -> Json:
    actor = {"type": kind, "identifier": {"system": system, "value": value}, "display": display}
    return {"actor": actor, "required": "required", "status": "accepted"}
