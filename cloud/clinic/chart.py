"""What stands around every page of a patient's record: whose it is, who else is there; and that somebody looked."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.accounts.queries import Person
from cloud.clinic import grid, queries
from cloud.clinic.grid import Reader
from cloud.clinic.models import Encounter
from cloud.clinic.wording import Sources
from cloud.kernel.clock import now
from cloud.people import queries as people
from cloud.readings import services as readings
from cloud.web import times
from cloud.web.frame import current_frame
from cloud.web.languages import current_language


@dataclass(frozen=True, slots=True)
class Chart:
    """An opened chart: ``id`` of the open record, ``ids`` with those it absorbed, and what the page around it shows."""

    id: int
    ids: tuple[int, ...]
    around: dict[str, Any]


def opened(session: Session, patient_id: int, person: Person) -> Chart:
    """Open a chart, which is written down. Raises NoSuchPatient."""
    patient = people.patient(session, patient_id)
    readings.looked(session, patient_id=patient.id, by=person.staff_id)
    others = accounts.names(session, set(queries.present(session, patient.id, person.staff_id)))
    around = {
        **{"patient": patient, "banner": people.banner(session, patient, person.roles)},
        **{"others": sorted(others.values()), "today": times.in_store(now()).date()},
        **{"may": person.may, "me_id": person.staff_id, "language": current_language()},
    }
    return Chart(patient.id, people.ids_of(session, patient.id), around)


def reader(sources: Sources, visit: Encounter | None = None) -> Reader:
    """How the person in front of the page reads values."""
    return Reader(current_frame().notation, current_language(), sources, visit.began_at if visit else None)


def template_title(visit: Encounter) -> str:
    """What the visit's template is called; its code where the catalogue no longer has it."""
    return grid.template_title(visit.template, current_language())
