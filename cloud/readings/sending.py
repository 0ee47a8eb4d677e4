"""What of a record may go into a phoropter, and sending it there.

Data is laid ready in the phoropter, and its operator takes it over; nothing moves by remote control.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from cloud.fleet import queries as fleet
from cloud.fleet import services as orders
from cloud.people import queries as people
from cloud.readings import queries
from cloud.readings.choices import Verdict
from cloud.readings.errors import NoSuchReading, NotSendable, TwoOfAKind
from cloud.readings.queries import Shown
from protocols import readings
from protocols.readings import Autorefraction, Lensmetry, Reading, SubjectiveRefraction

VERB = "to_phoropter"
STAGES = frozenset({"final", "previous", "lensmeter", "autorefraction"})


def fits(reading: Reading) -> bool:
    """Whether a phoropter has a place for this; near powers stand in no input, the addition goes with the far ones."""
    if isinstance(reading, SubjectiveRefraction):
        return reading.stage in STAGES and reading.distance != "near"
    return isinstance(reading, Autorefraction | Lensmetry)


def sendable(one: Shown, patient_id: int) -> bool:
    """Only what is this patient's, and nobody rejected."""
    return one.patient_id == patient_id and one.state != Verdict.REJECTED and fits(one.reading)


def proposed(shown: Iterable[Shown], since: datetime) -> list[UUID]:
    """The newest lensmetry and the newest autorefraction by day since then; ``shown`` is newest first."""
    recent = [one for one in shown if one.captured_at >= since]
    lenses = [one.id for one in recent if isinstance(one.reading, Lensmetry)]
    objective = [
        one.id for one in recent if isinstance(one.reading, Autorefraction) and one.reading.condition != "night"
    ]
    return [*lenses[:1], *objective[:1]]


def send(
    session: Session, *, patient_id: int, store_id: int, instrument_id: int, reading_ids: Sequence[UUID], by: int
) -> None:
    """Order these readings of this patient into a phoropter of this store.

    Raises:
        NoSuchPatient, NoSuchPhoropter, NoSuchReading: nobody or nothing of this chain and store.
        NotSendable: nothing was chosen, or something is another patient's, rejected, or nothing for a phoropter.
        TwoOfAKind: the phoropter has one place for each kind.
        OrderUnderWay: the phoropter has an order that is not settled yet.
    """
    patient = people.patient(session, patient_id)
    instrument = fleet.phoropter(session, store_id, instrument_id)
    chosen = [queries.one(session, one) for one in dict.fromkeys(reading_ids)]
    if not chosen or not all(sendable(one, patient_id) for one in chosen):
        raise NotSendable
    if len({_place(one.reading) for one in chosen}) < len(chosen):
        raise TwoOfAKind
    args = {"dev": instrument.dev, "patient_id": patient.record_number, "readings": [_told(one) for one in chosen]}
    told = msgspec.json.encode(args).decode()
    ids = [str(one.id) for one in chosen]
    orders.order(session, instrument=instrument, verb=VERB, args=told, patient_id=patient_id, readings=ids, by=by)


def still_good(session: Session, patient_id: int, reading_ids: Iterable[str]) -> bool:
    """Whether everything an order holds may still be sent: somebody may have decided while it waited."""
    try:
        return all(sendable(queries.one(session, UUID(one)), patient_id) for one in reading_ids)
    except NoSuchReading:
        return False


def _place(reading: Reading) -> tuple[object, ...]:
    names = ("stage", "distance", "light", "condition")
    return (readings.kind(reading), *(getattr(reading, name, None) for name in names))


def _told(one: Shown) -> msgspec.Raw:
    """The reading without what its own instrument knew of the patient; whose it is stands beside it."""
    return msgspec.Raw(readings.to_json(msgspec.structs.replace(one.reading, patient_ref=None)))
