"""A row in every table of the clinic room, as its services make them; read by tests/cloud/rows.py."""

from sqlalchemy.orm import Session

from cloud.clinic import drafting, recalls
from cloud.clinic.choices import RecallState
from cloud.kernel.clock import now
from tests.cloud.clinic import history_here as history
from tests.cloud.people_here import Place, Someone

FLAME = (
    '{"version":1,"canvas":"fundus","eye":"R","doodles":[{"code":"flame_haemorrhage","x":0.35,"y":-0.2,"size":0.08}]}'
)


def fill(session: Session, place: Place, by: Someone, patient: int) -> None:
    """One row in each table."""
    where = {"patient_id": patient, "store_id": place.id, "by": by.id}
    values = {"manifest.1.sphere.R": "-1.00", "fundus_drawing.1.drawing.R": FLAME, **history.RECALL}
    history.visit(session, **where, when=now(), values=values)
    due = recalls.of_patient(session, [patient])[0]
    recalls.note(session, recall_id=due.recall.id, state=RecallState.BOOKED, by=by.id, why=None)
    given_up = drafting.begin(session, template=history.WHOLE, **where)
    drafting.discard(session, encounter_id=given_up.id, by=by.id, why="begun for the wrong patient")
    history.open_draft(session, **where)
    drafting.here(session, patient_id=patient, by=by.id)
