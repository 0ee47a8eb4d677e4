"""What the worker does with imports: one step is one transaction, and leaves off where the next goes on.

A step holds the import's row, so two workers never do the same rows, and a worker that is killed leaves nothing half
done: its step is rolled back, and whoever comes next begins it anew.
"""

import logging
from collections import Counter
from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from cloud.imports import checking, headings, queries, reading, services, writing
from cloud.imports.choices import State
from cloud.imports.dates import orders
from cloud.imports.errors import Unreadable
from cloud.imports.models import Batch, Row
from cloud.imports.reading import Table
from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work

log = logging.getLogger(__name__)

READ, CHECKED, WRITTEN, UNDONE = 5000, 1000, 500, 200  # rows of one step
ATTEMPTS = 3
SAMPLES, SAMPLE_SIGNS = 3, 80
# The file being read: parsing goes on over many steps, and holds for as long as the worker lives.
_open_files: dict[tuple[int, int], Table] = {}
_failed = Counter[tuple[int, int]]()


def work(engine: Engine) -> bool:
    """One step of every import that is due; False when there was nothing to do."""
    worked = [_tried(engine, *one) for one in queries.due(engine)]
    return any(worked)


def _tried(engine: Engine, tenant_id: int, batch_id: int) -> bool:
    """A step; one that fails is tried again, for instance when somebody took a number meanwhile, and then given up."""
    key = tenant_id, batch_id
    try:
        found = step(engine, tenant_id, batch_id)
    except OperationalError:
        raise
    except Exception as trouble:
        # parameters are patients and stay out of the log
        log.error("a step of import %d failed (%s)", batch_id, type(trouble).__name__)
        _failed[key] += 1
        if _failed[key] >= ATTEMPTS:
            _give_up(engine, tenant_id, batch_id)
            del _failed[key]
        return True
    _failed.pop(key, None)
    return found


def _give_up(engine: Engine, tenant_id: int, batch_id: int) -> None:
    """Nothing of the failed step is kept; the import goes back to where a person can decide."""
    back = {State.READING: State.UNREADABLE, State.CHECKING: State.MAPPING}
    with unit_of_work(engine, tenant_id) as session:
        batch = queries.locked(session, batch_id)
        if batch is not None and batch.state in _STEPS:
            batch.state, batch.why = back.get(State(batch.state), State.STOPPED), "failed"
            audit.note(session, by=batch.asked_by, verb="failed", kind="import", subject=batch.id)
            services.tell(session, batch)


def step(engine: Engine, tenant_id: int, batch_id: int) -> bool:
    """The next step of one import; False when another worker has it, or nothing is to be done."""
    with unit_of_work(engine, tenant_id) as session:
        batch = queries.locked(session, batch_id, wait=False)
        if batch is None or batch.state not in _STEPS:
            return False
        _STEPS[State(batch.state)](session, batch)
        session.flush()
        services.tell(session, batch)
    return True


def _read(session: Session, batch: Batch) -> None:
    try:
        table = _table(batch)
    except Unreadable as refusal:
        batch.state, batch.why, batch.content, batch.ended_at = State.UNREADABLE, refusal.code, None, now()
        audit.note(session, by=batch.asked_by, verb="unreadable", kind="import", subject=batch.id, why=refusal.code)
        return
    if not batch.columns:
        _describe(session, batch, table)
    last = queries.last_number(session, batch.id)
    some = [row for row in table.rows[batch.done : batch.done + READ] if row[0] > last]
    session.add_all(Row(batch_id=batch.id, number=number, cells=list(cells)) for number, cells in some)
    batch.done += len(some)
    if batch.done >= len(table.rows):
        batch.state, batch.content, batch.done = State.MAPPING, None, 0
        _open_files.clear()


def _table(batch: Batch) -> Table:
    key = (batch.tenant_id, batch.id)
    if key not in _open_files:
        _open_files.clear()
        _open_files[key] = reading.read(batch.content or b"", batch.most)
    return _open_files[key]


def _describe(session: Session, batch: Batch, table: Table) -> None:
    """What each column is called, looks like, and may mean."""
    batch.spelt, batch.rows, batch.total = table.spelt[:60], len(table.rows), len(table.rows)
    batch.columns = [
        _column(heading, [cells[at] for _n, cells in table.rows]) for at, heading in enumerate(table.headings)
    ]
    known = queries.remembered(session, [headings.key(heading) for heading in table.headings])
    batch.mapping = headings.guess(table.headings, known)


def _column(heading: str, cells: list[str]) -> dict[str, object]:
    filled = [cell for cell in cells if cell]
    samples = [cell[:SAMPLE_SIGNS] for cell in dict.fromkeys(filled[: 10 * SAMPLES])][:SAMPLES]
    return {"heading": heading, "samples": samples, "filled": len(filled), "dates": orders(filled)}


def _check(session: Session, batch: Batch) -> None:
    rows = queries.unchecked(session, batch.id, CHECKED)
    if rows:
        checking.check(session, batch, rows, checking.way_of(session, batch))
    batch.done += len(rows)
    if len(rows) < CHECKED:
        batch.state = State.CHECKED
        audit.note(
            session, by=batch.asked_by, verb="checked", kind="import", subject=batch.id, **_counts(session, batch)
        )


def _counts(session: Session, batch: Batch) -> dict[str, int]:
    return dict(queries.verdicts(session, batch.id))


def _write(session: Session, batch: Batch) -> None:
    rows = queries.unwritten(session, batch.id, WRITTEN)
    if rows:
        writing.write(session, batch, rows)
    batch.done += len(rows)
    if len(rows) < WRITTEN:
        batch.state, batch.ended_at = State.DONE, now()
        counted = dict(queries.outcomes(session, batch.id))
        audit.note(session, by=batch.accepted_by, verb="imported", kind="import", subject=batch.id, **counted)


def _take_back(session: Session, batch: Batch) -> None:
    rows = queries.undoable(session, batch.id, UNDONE)
    writing.take_back(session, batch, rows)
    batch.done += len(rows)
    if len(rows) < UNDONE:
        batch.state, batch.undone_at = State.UNDONE, now()
        counted = dict(queries.outcomes(session, batch.id))
        audit.note(session, by=batch.undone_by, verb="undone", kind="import", subject=batch.id, **counted)


_STEPS: dict[State, Callable[[Session, Batch], None]] = {
    State.READING: _read,
    State.CHECKING: _check,
    State.WRITING: _write,
    State.UNDOING: _take_back,
}
