"""Takes parcels in: one transaction, each table one statement with one jsonb parameter.

A row that is there already, by its place in the outbox or by its reading_id, is left as it is; that is what
makes every resend harmless. Progress moves in the same transaction, so an acknowledgement never says more
than the database has.
"""

import hashlib
from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import text
from sqlalchemy.orm import Session

from cloud.kernel.facts import Fact, announce
from cloud.readings.cursors import Progress
from cloud.readings.parcels import Parcel

Key = tuple[int, int]  # gateway_id, epoch

_SHARED = "gateway_id, store_id, epoch, seq, captured_at, boot, mono_ns, clock, dev, driver"
_SHARED_TYPES = (
    "gateway_id bigint, store_id bigint, epoch bigint, seq bigint, captured_at timestamptz, boot text, "
    "mono_ns bigint, clock jsonb, dev text, driver text"
)

TAKE_READINGS = text(
    f"""
    WITH said AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r({_SHARED_TYPES},
            reading_id uuid, kind text, record_number text, timely boolean, body jsonb)
    ), fresh AS (
        INSERT INTO readings_reading (tenant_id, {_SHARED}, reading_id, kind, body)
        SELECT :tenant, {_SHARED}, reading_id, kind, body FROM said
        ON CONFLICT DO NOTHING RETURNING reading_id
    ), known AS (
        SELECT said.reading_id, said.record_number, named.id AS named, seated.patient_id AS seated
        FROM fresh JOIN said USING (reading_id)
        LEFT JOIN people_patient named ON named.record_number = said.record_number
        LEFT JOIN fleet_instrument place
            ON said.timely AND place.gateway_id = said.gateway_id AND place.dev = said.dev
        LEFT JOIN readings_seat seated
            ON seated.store_id = said.store_id AND seated.lane = place.lane
            AND said.captured_at >= seated.seated_at
            AND (seated.left_at IS NULL OR said.captured_at < seated.left_at)
    )
    INSERT INTO readings_filing (tenant_id, reading_id, patient_id, how, why)
    SELECT :tenant, reading_id,
        CASE WHEN record_number IS NULL THEN seated WHEN seated IS NULL OR seated = named THEN named END,
        CASE WHEN record_number IS NULL THEN 'chair' ELSE 'record_number' END,
        CASE WHEN record_number IS NULL THEN NULL
             WHEN named IS NULL THEN 'unknown_record_number'
             WHEN seated <> named THEN 'chair_contradicts_record_number' END
    FROM known WHERE seated IS NOT NULL OR record_number IS NOT NULL
    RETURNING patient_id
    """  # noqa: S608  (column lists are constants of this module)
)

TAKE_CAPTURES = text(
    f"""
    INSERT INTO readings_capture (tenant_id, {_SHARED}, sha256, dialect, data, why, offset_at)
    SELECT :tenant, {_SHARED}, sha256, dialect, decode(data, 'base64'), why, offset_at
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r({_SHARED_TYPES},
        sha256 text, dialect text, data text, why text, offset_at integer)
    ON CONFLICT DO NOTHING
    """  # noqa: S608
)

TAKE_DEAD = text(
    """
    INSERT INTO readings_dead_letter (tenant_id, gateway_id, store_id, epoch, seq, reason, sha256, payload)
    SELECT :tenant, gateway_id, store_id, epoch, seq, reason, sha256, decode(payload, 'base64')
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(gateway_id bigint, store_id bigint, epoch bigint,
        seq bigint, reason text, sha256 text, payload text)
    ON CONFLICT DO NOTHING
    """
)

# Locked in key order, so that two writers with the same gateways never wait for each other in a ring.
LOCK_CURSORS = text(
    """
    SELECT gateway_id, epoch, hwm, ahead FROM readings_cursor
    WHERE (gateway_id, epoch) IN (SELECT * FROM jsonb_to_recordset(CAST(:keys AS jsonb)) AS k(g bigint, e bigint))
    ORDER BY gateway_id, epoch FOR UPDATE
    """
)
OPEN_CURSORS = text(
    """
    INSERT INTO readings_cursor (tenant_id, gateway_id, epoch, hwm)
    SELECT :tenant, g, e, 0 FROM jsonb_to_recordset(CAST(:keys AS jsonb)) AS k(g bigint, e bigint) ORDER BY g, e
    ON CONFLICT DO NOTHING
    """
)
MOVE_CURSORS = text(
    """
    UPDATE readings_cursor c SET hwm = m.hwm, ahead = m.ahead, moved_at = now()
    FROM jsonb_to_recordset(CAST(:moves AS jsonb)) AS m(g bigint, e bigint, hwm bigint, ahead jsonb)
    WHERE c.gateway_id = m.g AND c.epoch = m.e
    """
)


def take(session: Session, tenant_id: int, parcels: Sequence[Parcel]) -> dict[Key, Progress]:
    """Take parcels of one chain in and answer how far each outbox is safe once this transaction is kept."""
    progress = _locked(session, tenant_id, {(p.sender.gateway_id, p.epoch) for p in parcels if p.epoch is not None})
    _insert(session, TAKE_CAPTURES, tenant_id, [row for p in parcels for row in p.captures])
    patients = _insert(session, TAKE_READINGS, tenant_id, [row for p in parcels for row in p.readings])
    _insert(session, TAKE_DEAD, tenant_id, [row for p in parcels for row in _dead_rows(p)])
    for parcel in parcels:
        if parcel.epoch is not None:
            key = (parcel.sender.gateway_id, parcel.epoch)
            progress[key] = progress[key].with_rows(parcel.rows)
    _move(session, progress)
    _tell(session, tenant_id, parcels, patients)
    return progress


def _locked(session: Session, tenant_id: int, keys: set[Key]) -> dict[Key, Progress]:
    if not keys:
        return {}
    told = _json([{"g": gateway, "e": epoch} for gateway, epoch in sorted(keys)])
    found = session.execute(LOCK_CURSORS, {"keys": told}).all()
    if len(found) < len(keys):
        session.execute(OPEN_CURSORS, {"tenant": tenant_id, "keys": told})
        found = session.execute(LOCK_CURSORS, {"keys": told}).all()
    return {(row.gateway_id, row.epoch): Progress(row.hwm, tuple((a, b) for a, b in row.ahead)) for row in found}


def _move(session: Session, progress: dict[Key, Progress]) -> None:
    moves = [{"g": g, "e": e, "hwm": p.hwm, "ahead": p.islands} for (g, e), p in progress.items()]
    if moves:
        session.execute(MOVE_CURSORS, {"moves": _json(moves)})


def _insert(session: Session, statement: object, tenant_id: int, rows: Sequence[object]) -> set[int | None]:
    if not rows:
        return set()
    result = session.execute(statement, {"tenant": tenant_id, "rows": _json(rows)})  # type: ignore[call-overload]
    return {row[0] for row in result} if result.returns_rows else set()


def _dead_rows(parcel: Parcel) -> Iterable[dict[str, object]]:
    sender = parcel.sender
    for dead in parcel.dead:
        digest = hashlib.sha256(dead.payload).hexdigest()
        yield {
            **{"gateway_id": sender.gateway_id, "store_id": sender.store_id, "epoch": dead.epoch, "seq": dead.seq},
            **{"reason": dead.reason, "sha256": digest, "payload": dead.payload},
        }


def _tell(session: Session, tenant_id: int, parcels: Sequence[Parcel], patients: set[int | None]) -> None:
    for store_id in sorted({p.sender.store_id for p in parcels}):
        announce(session, Fact(topic="readings.store", tenant_id=tenant_id, store_id=store_id))
    for patient_id in sorted(p for p in patients if p is not None):
        announce(session, Fact(topic="readings.patient", tenant_id=tenant_id, subject=str(patient_id)))


def _json(rows: object) -> str:
    return msgspec.json.encode(rows).decode()
