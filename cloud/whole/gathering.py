"""What every room knows of one patient, as parts for machines. Bodies are as they are stored, not written anew."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import true
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.clinic import queries as clinic
from cloud.clinic import recalls
from cloud.people import queries as people
from cloud.people.pages import papers
from cloud.prescriptions import queries as prescriptions
from cloud.readings import queries as readings
from cloud.whole.bundle import Part, json_part

# A file is made in memory: of each kind no more than this, and the manifest says where that was not all.
MOST = {"readings": 5000, "versions": 5000, "changes": 20_000, "recalls": 2000}
VISIT = ("id", "patient_id", "episode_id", "store_id", "template", "template_version", "mode", "began_at", "began_by")
VERSION = ("encounter_id", "number", "act", "reason_code", "reason", "signed_by", "second_by", "signed_at")
CHANGE = ("deed", "version", "kind", "row_id", "field", "before", "after", "why", "undoes", "by", "at")
RECALL = ("id", "encounter_id", "store_id", "due_on", "reason", "made_at")


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose record it is: the open one, ``ids`` with those it absorbed; and with which roles somebody asks."""

    patient: Any
    ids: tuple[int, ...]
    roles: tuple[str, ...]
    today: date


def parts(session: Session, whose: Whose) -> list[Part]:
    """One part for each kind of thing that is known."""
    person = papers.told(whose.patient)
    consents = person.pop("consents")
    return [
        json_part("person", "emmetra.person/1", [person]),
        json_part("consents", "emmetra.consents/1", consents),
        json_part("changes", "emmetra.changes/1", _changes(session, whose), MOST["changes"]),
        json_part("readings", "emmetra.readings/1", _readings(session, whose.ids), MOST["readings"]),
        json_part("examinations", "emmetra.examinations/1", _versions(session, whose.ids), MOST["versions"]),
        json_part("prescriptions", "emmetra.prescriptions/1", _prescriptions(session, whose), limit=prescriptions.MOST),
        json_part("recalls", "emmetra.recalls/1", _recalls(session, whose.ids), MOST["recalls"]),
    ]


def _of(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _changes(session: Session, whose: Whose) -> Sequence[Any]:
    """As far as the asker may see them on the page."""
    found = people.changes(session, whose.patient.id, whose.roles, limit=MOST["changes"])
    return [_of(one, CHANGE) for one in reversed(found)]


def _readings(session: Session, ids: Sequence[int]) -> Sequence[Any]:
    found = readings.heard(session, ids, lambda _captured, _reading: true(), MOST["readings"])
    return [_reading(one) for one in found]


class _Integrity(msgspec.Struct):
    raw_sha256: str = ""


class _Body(msgspec.Struct):
    """Of a reading's body, how it is known that nothing changed it."""

    integrity: _Integrity = msgspec.field(default_factory=_Integrity)


def _reading(row: Any) -> dict[str, Any]:
    """A reading with the digest of the instrument's bytes, and its body as the gateway made it."""
    body = row.body.encode()
    return {
        **_of(row, ("reading_id", "kind", "captured_at", "arrived_at", "store_id", "dev", "driver", "clock_state")),
        "raw_sha256": msgspec.json.decode(body, type=_Body).integrity.raw_sha256,
        **{"body_sha256": hashlib.sha256(body).hexdigest(), "body": msgspec.Raw(body)},
    }


def _versions(session: Session, ids: Sequence[int]) -> Sequence[Any]:
    """Every signed state with its canonical text, of which ``sha256`` was taken: to prove it, hash the text."""
    found = clinic.signed_states(session, ids, MOST["versions"])
    return [
        {
            **{"encounter": _of(visit, VISIT), **_of(version, VERSION)},
            **{"sha256": version.sha256, "previous": version.previous, "canonical": version.body},
        }
        for visit, version in found
    ]


def _prescriptions(session: Session, whose: Whose) -> Sequence[Any]:
    return [
        {
            **{"id": one.id, "kind": one.row.kind, "state": one.state, "issued_at": one.row.issued_at},
            **{"last_day": one.last_day, "replaced_by": one.replaced_by},
            "ending": _of(one.ending, ("state", "reason", "why", "by", "at")) if one.ending else None,
            **{"sha256": one.row.sha256, "canonical": one.row.canonical},
        }
        for one in prescriptions.of_patient(session, whose.patient.id, whose.today)
    ]


def _recalls(session: Session, ids: Sequence[int]) -> Sequence[Any]:
    found = recalls.of_patient(session, ids, limit=MOST["recalls"])
    return [
        {
            **_of(one.recall, RECALL),
            **{"state": one.state.value, "told": _of(one.event, ("at", "by", "why")) if one.event else None},
        }
        for one in found
    ]


def staff(session: Session, made: Sequence[Part]) -> dict[int, str]:
    """The names behind every number of staff in these parts."""
    ids = {found for one in made for found in _numbers(msgspec.json.decode(one.data))}
    return accounts.names(session, ids)


BY = {"by", "signed_by", "second_by", "began_by"}


def _numbers(value: Any) -> Iterable[int]:
    if isinstance(value, dict):
        for name, inside in value.items():
            yield from [inside] if name in BY and isinstance(inside, int) else _numbers(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _numbers(inside)
