"""Pictures of two of the demo's patients, as a store's instruments would have brought them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from cloud.accounts.queries import find_staff
from cloud.blobs import services as blobs
from cloud.imaging import services as imaging
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.kernel.ids import uuid7
from cloud.people import queries as people
from cloud.readings import intake, services
from cloud.readings.parcels import Sender
from cloud.readings.sorting import sort_results
from firmware_sim.eye_pictures import cameras, files, retina

DICOM, JPEG, PDF = "application/dicom", "image/jpeg", "application/pdf"
EPOCH = 7_000_000
ALICE = "alice@harbour.example"
WHERE = {"c": "harbour", "s": "pier-street", "g": "gw-1"}


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture with what the reading says of it."""

    at: datetime
    data: bytes
    media_type: str
    model: str
    said: dict[str, Any]


def furnish(engine: Engine, *, slices: int = 64) -> list[UUID]:
    """Bring the demo's pictures; the worker derives what pages show. The ids of their readings."""
    tenant_id, staff_id = find_staff(engine, ALICE) or _missing()
    with unit_of_work(engine, tenant_id) as session:
        gateway = session.execute(text("SELECT * FROM fleet_find_gateway(:c, :s, :g)"), WHERE).one()
        sender = Sender(tenant_id, gateway.store_id, gateway.gateway_id)
        grace, mariana = (people.search(session, number, limit=1)[0].id for number in ("H-1001", "H-1004"))
        found = list(filed(session, sender, grace, _macula(slices), by=staff_id))
        return [*found, *filed(session, sender, mariana, _front(), by=staff_id, first=100)]


def _missing() -> NoReturn:
    raise LookupError(ALICE)


def _macula(slices: int) -> Iterator[Taken]:
    """A macula that has swollen within half a year; the fundus beside it, and a report."""
    visits = (datetime(2026, 5, 12, 9, 40, tzinfo=UTC), datetime(2026, 11, 17, 10, 5, tzinfo=UTC))
    for visit, swollen in zip(visits, (0.0, 130.0), strict=True):
        for minutes, (eye, um) in enumerate((("right", swollen), ("left", 0.0))):
            at = visit + timedelta(minutes=minutes)
            macula = retina.Macula(slices, seed=11 if eye == "right" else 12, thickened=um)
            said = {"modality": "OPT", "laterality": eye, "frames": slices, "view": "Macula 6 x 6 mm"}
            yield Taken(at, files.volume(macula, eye, at), DICOM, "Tomograph 3", said)
        colour = cameras.fundus(haemorrhages=9 if swollen else 0)
        at = visit + timedelta(minutes=6)
        said = {"modality": "OP", "laterality": "right", "view": "Posterior pole"}
        yield Taken(at, files.photograph(colour, "right", at), DICOM, "Fundus Camera 2", said)
    at, said = visits[1] + timedelta(minutes=8), {"modality": "OP", "laterality": "right", "view": "Autofluorescence"}
    yield Taken(at, files.deep(cameras.autofluorescence(), "right", at), DICOM, "Autofluorescence 2", said)
    sheet = cameras.fundus(haemorrhages=9)
    yield Taken(visits[1] + timedelta(minutes=9), files.paper(sheet), PDF, "Tomograph 3", {"title": "Macula report"})


def _front() -> Iterator[Taken]:
    at = now() - timedelta(days=1)
    said = {"modality": "SLIT", "laterality": "right", "magnification": "16x", "illumination": "Optic section"}
    yield Taken(at, files.jpeg(cameras.slit_lamp()), JPEG, "Slit Lamp 5", said)


def filed(
    session: Session, sender: Sender, patient_id: int | None, taken: Iterable[Taken], *, by: int, first: int = 1
) -> Iterator[UUID]:
    """Keep pictures and file their readings to a patient (or to nobody), as rows from ``first`` on; reading ids."""
    for seq, one in enumerate(taken, first):
        digest = blobs.put(session, one.data, one.media_type)
        identity = _read(session, sender, one, digest, seq)
        imaging.ask(session, digest)
        if patient_id is not None:
            services.file(session, reading_id=identity, patient_id=patient_id, by=by)
        yield identity


def _read(session: Session, sender: Sender, one: Taken, digest: str, seq: int) -> UUID:
    identity, kind = uuid7(), "document" if one.media_type == PDF else "image"
    body = {
        **{"kind": kind, "schema": "emmetra.reading/1", "reading_id": str(identity)},
        "instrument": {"maker": "Northlight", "model": one.model, "dialect": "dicom"},
        "integrity": {"checksum": "none", "raw_sha256": digest},
        **{"measured_at": one.at.isoformat(), "received_at": one.at.isoformat()},
        "blob": {"sha256": digest, "bytes": len(one.data), "media_type": one.media_type},
        **one.said,
    }
    item = {
        **{"seq": seq, "kind": "reading", "boot": "b-pictures", "ts_gw": one.at.isoformat(), "mono_ns": seq},
        **{"clk": {"state": "synced", "err_ms": 3}, "dev": "camera", "drv": "dicom", "drv_v": "1", "body": body},
    }
    batch = json.dumps({"v": 1, "epoch": EPOCH, "items": [item]}).encode()
    intake.take(session, sender.tenant_id, [sort_results(sender, batch, now())])
    return identity
