"""Taking in the good rows of a file, and taking them back."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from cloud.imports import queries
from cloud.imports.choices import Existing, Likely, Outcome, Verdict
from cloud.imports.models import Batch, Row
from cloud.people import queries as people
from cloud.people import services
from cloud.people.errors import NoSuchPatient
from cloud.people.services import Arrival


def source(batch: Batch) -> str:
    """How an import is named in the history of a person."""
    return f"import {batch.id}"


def write(session: Session, batch: Batch, rows: Sequence[Row]) -> None:
    """Take in what may be; each of these rows gets its outcome."""
    taken = people.by_number(session, {row.number_key for row in rows if row.number_key})
    new = [row for row in rows if _comes_in(batch, row) and row.number_key not in taken]
    ids = services.take_in(session, [_arrival(row) for row in new], by=batch.accepted_by, source=source(batch))
    for row, patient_id in zip(new, ids, strict=True):
        row.patient_id, row.outcome = patient_id, Outcome.ADDED
    for row in rows:
        if row.outcome is None:
            _update_or_skip(session, batch, row, taken)
    session.flush()


def _comes_in(batch: Batch, row: Row) -> bool:
    taken = row.verdict == Verdict.LIKELY and batch.options.get("likely") == Likely.TAKE
    return row.verdict == Verdict.NEW or taken


def _arrival(row: Row) -> Arrival:
    told = row.entry or {}
    return Arrival(told["person"], [(kind, value) for kind, value in told["contacts"]], told["tags"])


def _update_or_skip(session: Session, batch: Batch, row: Row, taken: dict[str, int]) -> None:
    wanted = row.verdict == Verdict.SAME and batch.options.get("existing") == Existing.UPDATE
    patient_id = taken.get(row.number_key or "")
    if not wanted or patient_id is None:
        row.outcome, row.why = Outcome.SKIPPED, _why_skipped(row)
        return
    about = {"by": batch.accepted_by, "why": source(batch)}
    row.before = services.bring_up_to_date(session, patient_id, _arrival(row), **about)  # type: ignore[arg-type]
    row.patient_id, row.outcome = patient_id, Outcome.UPDATED


def _why_skipped(row: Row) -> str:
    """In a code of ``wording.WHY``."""
    reasons = {Verdict.BAD: "bad", Verdict.LIKELY: "likely", Verdict.SAME: "there"}
    return reasons.get(Verdict(row.verdict or "bad"), "taken_since")


def take_back(session: Session, batch: Batch, rows: Sequence[Row]) -> None:
    """Take back what these rows have added or changed; who was used since stays, with the reason."""
    for row in rows:
        why = _undo(session, batch, row)
        row.outcome, row.why = (Outcome.KEPT, why[:60]) if why else (Outcome.TAKEN_BACK, None)
    session.flush()


def _undo(session: Session, batch: Batch, row: Row) -> str:
    """Why it could not be undone, in a code of ``wording.KEPT``; empty when it was."""
    assert row.patient_id is not None  # noqa: S101 - a row with these outcomes names whom
    if row.outcome == Outcome.ADDED:
        why = services.take_back(session, row.patient_id, by=batch.undone_by, source=source(batch))
        if not why:
            session.expire(row, ["patient_id"])
        return why
    about = {"by": batch.undone_by, "why": f"{source(batch)} undone"}
    try:
        return "" if services.put_back(session, row.before or {}, **about) else "edited"  # type: ignore[arg-type]
    except NoSuchPatient:
        return "gone"


def all_written(session: Session, batch: Batch) -> bool:
    """Whether every row has its outcome."""
    return not queries.unwritten(session, batch.id, 1)
