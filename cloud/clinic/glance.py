"""The patient at a glance: what stands newest of the things one asks for first, known diagnoses, and the recall."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from cloud.clinic import queries, recalls, visits, wording
from cloud.clinic.models import Encounter, Observation
from cloud.clinic.recalls import Due
from cloud.clinic.visits import Newest

REFRACTIONS = ("final", "manifest", "cycloplegic", "trial_frame")
SHOWN = ("glasses", "visual_acuity", "iop", "target_iop", "biometry")
OVER = frozenset({"resolved", "inactive"})


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A diagnosis as it was last stated: in words, of which eye, how certain, when and where."""

    words: str
    eye: str
    status: str
    since: str
    at: datetime
    encounter_id: int
    over: bool  # last stated as resolved or inactive


@dataclass(frozen=True, slots=True)
class Glance:
    """``newest`` by element in the order of the page; refractions are cut down to the last one."""

    newest: dict[str, Newest]
    diagnoses: Sequence[Diagnosis]
    recall: Due | None
    overdue: bool

    @property
    def empty(self) -> bool:
        """Whether nothing is known yet."""
        return not (self.newest or self.diagnoses or self.recall)


def of(session: Session, patient_ids: Sequence[int], language: str, today: date) -> Glance:
    """What is known of a patient, in three questions."""
    found = visits.newest(session, patient_ids, (*SHOWN, *REFRACTIONS))
    last = _last([found[code] for code in REFRACTIONS if code in found])
    order = [code for code in ("glasses", *REFRACTIONS, *SHOWN[1:]) if code in found]
    kept = {code: found[code] for code in order if code not in REFRACTIONS or found[code].encounter.id == last}
    open_ = [one for one in recalls.of_patient(session, patient_ids) if not one.ended]
    due = min(open_, key=lambda one: one.recall.due_on, default=None)
    known = diagnoses(queries.recorded(session, patient_ids, ["diagnosis"]), language)
    return Glance(kept, known, due, due is not None and due.recall.due_on < today)


def _last(refractions: Collection[Newest]) -> int | None:
    """The visit of the last refraction; the earlier named kind wins where two visits began at once."""
    newest = max(refractions, key=lambda one: one.encounter.began_at, default=None)
    return newest.encounter.id if newest else None


def diagnoses(recorded: Sequence[tuple[Encounter, Observation]], language: str) -> list[Diagnosis]:
    """Each diagnosis once per eye, as its newest visit states it; those that are over come last."""
    stated: dict[tuple[int, int], dict[str, Observation]] = {}
    visits_by_key: dict[tuple[int, int], Encounter] = {}
    for visit, row in recorded:
        stated.setdefault((visit.id, row.n), {})[row.field] = row
        visits_by_key[visit.id, row.n] = visit
    found: dict[tuple[str, str], Diagnosis] = {}
    for key, rows in stated.items():
        if "code" in rows:
            one = _diagnosis(rows, visits_by_key[key], language)
            found.setdefault((rows["code"].entered, one.eye), one)
    return sorted(found.values(), key=lambda one: one.over)


def _diagnosis(rows: dict[str, Observation], visit: Encounter, language: str) -> Diagnosis:
    said = {field: row.entered for field, row in rows.items()}
    eye, status = (said.get(field, "") for field in ("eye", "status"))
    return Diagnosis(
        words=wording.diagnosis(said["code"], language),
        eye=wording.choice_words("diagnosis", "eye", eye, language) if eye != "none" else "",
        status=wording.choice_words("diagnosis", "status", status, language),
        over=status in OVER,
        since=said.get("onset", ""),
        at=visit.began_at,
        encounter_id=visit.id,
    )
