"""What a person does with an import: bring a file, say what its columns are, accept, stop, undo."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cloud.imports import headings, queries
from cloud.imports.choices import BEFORE_WRITING, UNDOABLE, State
from cloud.imports.errors import NoSuchImport, NotNow
from cloud.imports.models import Batch, Remembered, Row
from cloud.kernel import audit, facts
from cloud.kernel.clock import now
from cloud.kernel.facts import Fact
from cloud.kernel.tenancy import current_tenant


def bring(session: Session, *, file_name: str, content: bytes, most: int, by: int) -> Batch:
    """Keep a file for the worker to read; ``most`` is how many rows it may have."""
    digest = hashlib.sha256(content).hexdigest()
    about = {"file_name": file_name[-255:], "sha256": digest, "size": len(content), "most": most}
    batch = Batch(**about, content=content, state=State.READING, asked_by=by)
    session.add(batch)
    session.flush()
    audit.note(session, by=by, verb="brought", kind="import", subject=batch.id, sha256=digest)
    tell(session, batch)
    return batch


def chart(session: Session, batch_id: int, mapping: Sequence[str], options: Mapping[str, Any], *, by: int) -> Batch:
    """Say which field each column holds and how to read it, remember that, and let the rows be checked.

    Raises NoSuchImport, NotNow.
    """
    batch = _in(session, batch_id, (State.MAPPING, State.CHECKED))
    batch.mapping, batch.options = list(mapping), dict(options)
    again = update(Row).where(Row.tenant_id == batch.tenant_id, Row.batch_id == batch.id, Row.verdict.is_not(None))
    nothing = {"entry": None, "number_key": None, "who_key": None, "verdict": None, "patient_id": None}
    session.execute(again.values(**nothing, problems=[]).execution_options(synchronize_session=False))
    remember(session, [column["heading"] for column in batch.columns], mapping)
    _go(session, batch, State.CHECKING, total=batch.rows)
    audit.note(session, by=by, verb="mapped", kind="import", subject=batch.id, **dict(options))
    return batch


def remember(session: Session, columns: Sequence[str], mapping: Sequence[str]) -> None:
    """The chain's next file with these headings is guessed so."""
    chosen = {headings.key(heading): field for heading, field in zip(columns, mapping, strict=True)}
    rows = [{"heading": heading, "field": field} for heading, field in sorted(chosen.items()) if heading]
    if rows:
        new = insert(Remembered)
        session.execute(
            new.on_conflict_do_update(index_elements=["tenant_id", "heading"], set_={"field": new.excluded.field}),
            [{"tenant_id": current_tenant(), **row} for row in rows],
        )


def accept(session: Session, batch_id: int, *, by: int) -> Batch:
    """Let the good rows be taken in. Raises NoSuchImport, NotNow."""
    batch = _in(session, batch_id, (State.CHECKED,))
    batch.accepted_by, batch.accepted_at = by, now()
    _go(session, batch, State.WRITING, total=batch.rows)
    audit.note(session, by=by, verb="accepted", kind="import", subject=batch.id)
    return batch


def remap(session: Session, batch_id: int, *, by: int) -> Batch:
    """Go back to the columns. Raises NoSuchImport, NotNow."""
    batch = _in(session, batch_id, (State.CHECKED,))
    _go(session, batch, State.MAPPING)
    audit.note(session, by=by, verb="reopened", kind="import", subject=batch.id)
    return batch


def stop(session: Session, batch_id: int, *, by: int) -> Batch:
    """End an import: before anything is written it is cancelled, later what was taken in so far stays.

    Raises NoSuchImport, NotNow.
    """
    batch = _in(session, batch_id, (*BEFORE_WRITING, State.WRITING))
    batch.content, batch.ended_at = None, now()
    _go(session, batch, State.STOPPED if batch.state == State.WRITING else State.CANCELLED, done=batch.done)
    audit.note(session, by=by, verb="stopped", kind="import", subject=batch.id)
    return batch


def undo(session: Session, batch_id: int, *, by: int) -> Batch:
    """Let everything be taken back that this import has added or changed. Raises NoSuchImport, NotNow."""
    batch = _in(session, batch_id, UNDOABLE)
    batch.undone_by = by
    counted = queries.outcomes(session, batch.id)
    _go(session, batch, State.UNDOING, total=counted.get("added", 0) + counted.get("updated", 0))
    audit.note(session, by=by, verb="undoing", kind="import", subject=batch.id)
    return batch


def _in(session: Session, batch_id: int, states: Collection[str]) -> Batch:
    batch = queries.locked(session, batch_id)
    if batch is None:
        raise NoSuchImport(batch_id)
    if batch.state not in states:
        raise NotNow(batch.state)
    return batch


def _go(session: Session, batch: Batch, state: State, *, total: int = 0, done: int = 0) -> None:
    batch.state, batch.total, batch.done = state, total or batch.total, done
    session.flush()
    tell(session, batch)


def tell(session: Session, batch: Batch) -> None:
    """Open pages of this import fetch themselves anew."""
    facts.announce(session, Fact(topic="imports.batch", tenant_id=batch.tenant_id, subject=str(batch.id)))
