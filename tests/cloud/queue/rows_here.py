"""A row in every table of the queue; read by tests/cloud/rows.py after the booking room's."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.accounts.models import Store
from cloud.kernel.clock import now
from cloud.kernel.hashing import digest
from cloud.kernel.ids import uuid7
from cloud.queue import gates, numbers, queries, services
from cloud.queue.models import Call, Holding, Kept, Press, Screen, Task
from tests.cloud.people_here import Place, Someone


def fill(session: Session, place: Place, by: Someone, patient: int) -> None:
    """One row in each table, or some more."""
    services.furnish(session, place.id)
    kind = queries.kind(session, place.id, "general")
    kind.fee = 100
    stay, step, _token = services.arrive(session, kind, patient_id=patient, by=by.id)
    gates.pay(session, stay, 100, by=by.id)
    numbers.lend(session, place.id, stay.day, "A", place.sender.gateway_id)
    stamp = {"by": by.id, "through": "page", "moved_at": now()}
    gateway = place.sender.gateway_id
    held = {"gateway_id": gateway, "hold": f"h-{place.id}"}
    spare = Store(slug="spare", name="Spare")  # a store has one holding; a test makes another for the first store
    session.add(spare)
    session.flush()
    where = {"store_id": place.id, "stay_id": stay.id, "patient_id": patient}
    session.add_all(
        [
            Call(step_id=step.id, store_id=place.id, uid=uuid7(), turn=1, by=by.id),
            Holding(**held, store_id=spare.id, regained_by=by.id),
            Kept(**held, store_id=place.id, n=1, what="took", body={}, at=now(), stay_id=stay.id, step_id=step.id),
            Press(
                store_id=place.id,
                gateway_id=gateway,
                press=f"p-{place.id}",
                dev="pad",
                key="next:3",
                outcome="called",
                pressed_at=now(),
            ),
            Screen(store_id=place.id, sort="screen", name="Hall", digest=digest(f"screen {place.id}"), by=by.id),
            Task(**where, what="Drops", machine="dispensary", state="prescribed", asked_by=by.id, **stamp),
        ]
    )
    session.flush()
    assert session.scalars(select(Task)).first() is not None
