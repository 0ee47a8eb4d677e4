"""Takes parcels in: one transaction, each table one statement with one text parameter.

A row that is there already, by its place in the outbox or by its reading_id, is left as it is; that is what
makes every resend harmless. Progress moves in the same transaction, so an acknowledgement never says more
than the database has.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import TextClause, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cloud.kernel.facts import TELL, Fact, told
from cloud.kernel.tenancy import current_tenant
from cloud.readings.choices import LONGEST_SEAT
from cloud.readings.cursors import Progress
from cloud.readings.models import ClockFix
from cloud.readings.parcels import CAPTURE, DEAD, FIELD, ORDERED, READING, RECORD, SHARED, Parcel
from cloud.worklist import services as worklist
from protocols.envelope import Event, Malformed, clocks

Key = tuple[int, int]  # gateway_id, epoch


def _said(columns: Sequence[tuple[str, str]]) -> str:
    """The parameter ``:rows`` as a relation. OFFSET 0 keeps the planner from splitting a line once a column."""
    cells = ", ".join(f"NULLIF(f[{n}], '')::{kind} AS {name}" for n, (name, kind) in enumerate(columns, 1))
    lines = f"string_to_table(:rows, '{RECORD}') AS line"
    return f"SELECT {cells} FROM (SELECT string_to_array(line, '{FIELD}') AS f FROM {lines} OFFSET 0) AS lines"  # noqa: S608


_SHARED = ", ".join(name for name, _ in SHARED)

_FRESH = f"""
        INSERT INTO readings_reading (tenant_id, {_SHARED}, reading_id, kind, body)
        SELECT :tenant, {_SHARED}, reading_id, kind, body FROM said
        ON CONFLICT DO NOTHING RETURNING reading_id
    """  # noqa: S608
_WHO = """
        FROM fresh JOIN said USING (reading_id)
        LEFT JOIN people_patient named ON named.record_number = said.record_number
        LEFT JOIN fleet_instrument place
            ON said.timely AND place.gateway_id = said.gateway_id AND place.dev = said.dev
        LEFT JOIN readings_seat seated
            ON seated.store_id = said.store_id AND seated.lane = place.lane
            AND said.captured_at >= seated.seated_at
            AND (seated.left_at IS NULL OR said.captured_at < seated.left_at)
            AND said.captured_at < seated.seated_at + :longest
    """
# A record number that the instrument sent decides; the chair decides when it sent none; when both speak and
# disagree, or the number is nobody's, the reading goes to the tray with the reason. DISTINCT because a repeated
# message may wait for the same commit as its first copy: the reading goes in once, and so does its filing.
TAKE_READINGS = text(
    f"""
    WITH said AS MATERIALIZED ({_said(READING)}), fresh AS ({_FRESH}), known AS (
        SELECT said.reading_id, said.record_number, COALESCE(named.merged_into, named.id) AS named,
            seated.patient_id AS seated {_WHO}
    )
    INSERT INTO readings_filing (tenant_id, reading_id, patient_id, how, why)
    SELECT DISTINCT ON (reading_id) :tenant, reading_id,
        CASE WHEN record_number IS NULL THEN seated WHEN seated IS NULL OR seated = named THEN named END,
        CASE WHEN record_number IS NULL THEN 'chair' ELSE 'record_number' END,
        CASE WHEN record_number IS NULL THEN NULL
             WHEN named IS NULL THEN 'unknown_record_number'
             WHEN seated <> named THEN 'chair_contradicts_record_number' END
    FROM known WHERE seated IS NOT NULL OR record_number IS NOT NULL
    ORDER BY reading_id
    RETURNING patient_id
    """  # noqa: S608  (column lists are constants of this room)
)

# What names an order is that order's patient's, by the study UID we issued or the accession number; whatever speaks
# against it (the chair as well) puts it into the tray with the reason. A study UID that is none of ours is what any
# instrument makes up that was given no order: without an accession number it says nothing.
TAKE_ORDERED = text(
    f"""
    WITH said AS MATERIALIZED ({_said(ORDERED)}), fresh AS ({_FRESH}), known AS (
        SELECT said.reading_id, said.record_number, said.accession, said.born, said.store_id,
            COALESCE(named.merged_into, named.id) AS named, seated.patient_id AS seated,
            by_number.id AS numbered, ordered.id AS order_id, ordered.store_id AS wanted_in,
            COALESCE(person.merged_into, person.id) AS wanted_of,
            COALESCE(survivor.birth_date, person.birth_date) AS birth
        {_WHO}
        LEFT JOIN worklist_order by_number ON by_number.accession = said.accession
        LEFT JOIN worklist_order by_study ON by_study.study_uid = said.study_uid
        LEFT JOIN worklist_order ordered ON ordered.id = COALESCE(by_study.id, by_number.id)
        LEFT JOIN people_patient person ON person.id = ordered.patient_id
        LEFT JOIN people_patient survivor ON survivor.id = person.merged_into
    ), judged AS (
        SELECT *, order_id IS NOT NULL OR accession IS NOT NULL AS by_order, CASE
            WHEN order_id IS NULL AND accession IS NOT NULL THEN 'order_not_known'
            WHEN order_id IS NULL AND record_number IS NOT NULL AND named IS NULL THEN 'unknown_record_number'
            WHEN order_id IS NULL AND record_number IS NOT NULL AND seated <> named
                THEN 'chair_contradicts_record_number'
            WHEN order_id IS NULL THEN NULL
            WHEN accession IS NOT NULL AND numbered IS DISTINCT FROM order_id THEN 'order_contradicts_itself'
            WHEN wanted_in <> store_id THEN 'order_of_another_store'
            WHEN record_number IS NOT NULL AND named IS DISTINCT FROM wanted_of THEN 'order_contradicts_record_number'
            WHEN born <> birth THEN 'order_contradicts_birth_date'
            WHEN seated <> wanted_of THEN 'chair_contradicts_order'
        END AS why
        FROM known
    ), filed AS (
        INSERT INTO readings_filing (tenant_id, reading_id, patient_id, how, why)
        SELECT DISTINCT ON (reading_id) :tenant, reading_id,
            CASE WHEN why IS NULL THEN COALESCE(wanted_of, named, seated) END,
            CASE WHEN by_order THEN 'order' WHEN record_number IS NULL THEN 'chair' ELSE 'record_number' END, why
        FROM judged WHERE by_order OR seated IS NOT NULL OR record_number IS NOT NULL
        ORDER BY reading_id
        RETURNING reading_id, patient_id
    )
    SELECT DISTINCT reading_id, filed.patient_id, CASE WHEN why IS NULL THEN judged.order_id END AS order_id
    FROM filed JOIN judged USING (reading_id)
    ORDER BY order_id, reading_id
    """  # noqa: S608
)

TAKE_CAPTURES = text(
    f"""
    INSERT INTO readings_capture (tenant_id, {_SHARED}, sha256, dialect, data, why, offset_at)
    SELECT :tenant, {_SHARED}, sha256, dialect, decode(coalesce(data, ''), 'base64'), why, offset_at
    FROM ({_said(CAPTURE)}) AS said
    ON CONFLICT DO NOTHING
    """  # noqa: S608
)

TAKE_DEAD = text(
    f"""
    INSERT INTO readings_dead_letter (tenant_id, gateway_id, store_id, epoch, seq, reason, sha256, payload)
    SELECT :tenant, gateway_id, store_id, epoch, seq, reason, sha256, decode(coalesce(payload, ''), 'base64')
    FROM ({_said(DEAD)}) AS said
    ON CONFLICT DO NOTHING
    """  # noqa: S608
)

# Locked in key order, so that two writers with the same gateways never wait for each other in a ring.
_KEYS = "SELECT g, e FROM jsonb_to_recordset(CAST(:keys AS jsonb)) AS k(g bigint, e bigint)"
LOCK_CURSORS = text(
    f"""
    SELECT gateway_id, epoch, hwm, ahead FROM readings_cursor
    WHERE (gateway_id, epoch) IN ({_KEYS}) ORDER BY gateway_id, epoch FOR UPDATE
    """  # noqa: S608
)
OPEN_CURSORS = text(
    f"""
    INSERT INTO readings_cursor (tenant_id, gateway_id, epoch, hwm)
    SELECT :tenant, g, e, 0 FROM ({_KEYS}) AS k ORDER BY g, e ON CONFLICT DO NOTHING
    """  # noqa: S608
)
MOVE_AND_TELL = text(
    f"""
    WITH moved AS (
        UPDATE readings_cursor c SET hwm = m.hwm, ahead = m.ahead, moved_at = now()
        FROM jsonb_to_recordset(CAST(:moves AS jsonb)) AS m(g bigint, e bigint, hwm bigint, ahead jsonb)
        WHERE c.gateway_id = m.g AND c.epoch = m.e
    )
    {TELL}
    """  # noqa: S608
)


def take(session: Session, tenant_id: int, parcels: Sequence[Parcel]) -> dict[Key, Progress]:
    """Take parcels of one chain in and answer how far each outbox is safe once this transaction is kept."""
    progress = _locked(session, tenant_id, {(p.sender.gateway_id, p.epoch) for p in parcels if p.epoch is not None})
    _insert(session, TAKE_CAPTURES, tenant_id, (row.fields for p in parcels for row in p.captures))
    readings = (row.fields for p in parcels for row in p.readings)
    filed = _insert(session, TAKE_READINGS, tenant_id, readings, longest=LONGEST_SEAT)
    filed = [*filed, *_take_ordered(session, tenant_id, parcels)]
    _insert(session, TAKE_DEAD, tenant_id, (row for p in parcels for row in _dead_rows(p)))
    for parcel in parcels:
        if parcel.epoch is not None:
            key = (parcel.sender.gateway_id, parcel.epoch)
            progress[key] = progress[key].with_rows(parcel.rows)
    facts = _facts(tenant_id, parcels, {row.patient_id for row in filed if row.patient_id})
    moves = [{"g": g, "e": e, "hwm": p.hwm, "ahead": p.islands} for (g, e), p in progress.items()]
    session.execute(MOVE_AND_TELL, {"moves": _json(moves), "facts": told(facts)})
    return progress


def _take_ordered(session: Session, tenant_id: int, parcels: Sequence[Parcel]) -> list[Any]:
    """Those that name an order; the order is done with the first that comes home."""
    rows = (row.fields for p in parcels for row in p.ordered)
    filed = list(_insert(session, TAKE_ORDERED, tenant_id, rows, longest=LONGEST_SEAT))
    for row in filed:
        if row.order_id is not None:
            worklist.arrive(session, row.order_id, row.reading_id)
    return filed


def note_clock_fix(session: Session, gateway_id: int, event: Event) -> None:
    """Keep that a gateway's clock was synced, beside what it told before. Raises envelope.Malformed."""
    fix, at = _fix(event), datetime.fromisoformat(event.at)
    if at.tzinfo is None or not 1970 <= at.year < 9999:
        raise Malformed("the moment of a clock fix lacks a zone, or lies beyond any calendar")
    said = {"boot": fix.boot, "mono_ns": fix.mono_ns, "at": at, "offset_ms": fix.offset_ms, "err_ms": fix.err_ms}
    statement = insert(ClockFix).values(tenant_id=current_tenant(), gateway_id=gateway_id, **said)
    session.execute(statement.on_conflict_do_nothing())


def _fix(event: Event) -> clocks.ClockFix:
    try:
        return msgspec.convert(event.data, clocks.ClockFix)
    except msgspec.ValidationError as refusal:
        raise Malformed(str(refusal)) from None


def _locked(session: Session, tenant_id: int, keys: set[Key]) -> dict[Key, Progress]:
    if not keys:
        return {}
    told = _json([{"g": gateway, "e": epoch} for gateway, epoch in sorted(keys)])
    found = session.execute(LOCK_CURSORS, {"keys": told}).all()
    if len(found) < len(keys):
        session.execute(OPEN_CURSORS, {"tenant": tenant_id, "keys": told})
        found = session.execute(LOCK_CURSORS, {"keys": told}).all()
    return {(row.gateway_id, row.epoch): Progress(row.hwm, tuple((a, b) for a, b in row.ahead)) for row in found}


def _insert(
    session: Session, statement: TextClause, tenant_id: int, rows: Iterable[Sequence[str]], **also: object
) -> Iterable[Any]:
    lines = RECORD.join(map(FIELD.join, rows))
    return session.execute(statement, {"tenant": tenant_id, "rows": lines, **also}) if lines else ()


def _dead_rows(parcel: Parcel) -> Iterator[tuple[str, ...]]:
    sender = parcel.sender
    for dead in parcel.dead:
        yield (
            *(str(sender.gateway_id), str(sender.store_id), str(dead.epoch or ""), str(dead.seq or "")),
            *(dead.reason, hashlib.sha256(dead.payload).hexdigest(), base64.b64encode(dead.payload).decode()),
        )


def _facts(tenant_id: int, parcels: Sequence[Parcel], patients: set[int]) -> Iterator[Fact]:
    for store_id in sorted({p.sender.store_id for p in parcels}):
        yield Fact(topic="readings.store", tenant_id=tenant_id, store_id=store_id)
    for patient_id in sorted(patients):
        yield Fact(topic="readings.patient", tenant_id=tenant_id, subject=str(patient_id))


def _json(rows: object) -> str:
    return msgspec.json.encode(rows).decode()
