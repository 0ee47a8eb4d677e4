"""Questions about imports."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import ColumnElement, Engine, func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from cloud.imports.choices import State
from cloud.imports.errors import NoSuchImport
from cloud.imports.models import Batch, Remembered, Row
from cloud.kernel.database import outside
from cloud.kernel.tenancy import current_tenant

SHOWN, AT_ONCE = 50, 1000


def batch(session: Session, batch_id: int) -> Batch:
    """One import of this chain. Raises NoSuchImport."""
    found = session.get(Batch, (current_tenant(), batch_id))
    if found is None:
        raise NoSuchImport(batch_id)
    return found


def locked(session: Session, batch_id: int, *, wait: bool = True) -> Batch | None:
    """One import, held until the transaction ends; None when it is not there or, without waiting, held already."""
    asked = select(Batch).where(Batch.id == batch_id).with_for_update(skip_locked=not wait)
    return session.scalars(asked.execution_options(populate_existing=True)).first()


def batches(session: Session) -> Sequence[Batch]:
    """The newest imports."""
    return session.scalars(select(Batch).order_by(Batch.id.desc()).limit(SHOWN)).all()


def due(engine: Engine) -> list[tuple[int, int]]:
    """Chain and id of imports the worker has to go on with, over all chains."""
    with outside(engine) as session:
        return [(row.tenant_id, row.batch_id) for row in session.execute(text("SELECT * FROM imports_due()"))]


def remembered(session: Session, headings: Sequence[str]) -> dict[str, str]:
    """The field the chain last chose for each of these headings, by the heading's key."""
    asked = select(Remembered.heading, Remembered.field).where(Remembered.heading.in_(headings))
    return {row.heading: row.field for row in session.execute(asked)}


def last_number(session: Session, batch_id: int) -> int:
    """The line of the last row kept so far, 0 before the first."""
    return session.scalar(select(func.max(Row.number)).where(Row.batch_id == batch_id)) or 0


def unchecked(session: Session, batch_id: int, many: int) -> Sequence[Row]:
    """The next rows without a verdict."""
    return _next(session, batch_id, many, Row.verdict.is_(None))


def unwritten(session: Session, batch_id: int, many: int) -> Sequence[Row]:
    """The next rows of which nothing has become yet."""
    return _next(session, batch_id, many, Row.outcome.is_(None))


def undoable(session: Session, batch_id: int, many: int) -> Sequence[Row]:
    """The next rows that have added or changed somebody."""
    return _next(session, batch_id, many, Row.outcome.in_(("added", "updated")))


def _next(session: Session, batch_id: int, many: int, where: ColumnElement[bool]) -> Sequence[Row]:
    asked = select(Row).where(Row.batch_id == batch_id, where)
    return session.scalars(asked.order_by(Row.number).limit(many)).all()


def earlier(session: Session, batch_id: int, before: int, *, numbers: set[str], whos: set[str]) -> dict[str, int]:
    """The first line that has each of these record numbers (``n …``) or people (``w …``), among rows before one."""
    found = dict[str, int]()
    for letter, column, wanted in (("n", Row.number_key, numbers), ("w", Row.who_key, whos)):
        asked = select(column, func.min(Row.number)).where(Row.batch_id == batch_id, Row.number < before)
        if wanted:
            found |= {
                f"{letter} {key}": line
                for key, line in session.execute(asked.where(column.in_(wanted)).group_by(column))
            }
    return found


def verdicts(session: Session, batch_id: int) -> Mapping[str, int]:
    """How many rows have each verdict."""
    return _counted(session, batch_id, Row.verdict)


def outcomes(session: Session, batch_id: int) -> Mapping[str, int]:
    """How many rows had each outcome."""
    return _counted(session, batch_id, Row.outcome)


def _counted(session: Session, batch_id: int, column: InstrumentedAttribute[str | None]) -> Mapping[str, int]:
    asked = select(column, func.count()).where(Row.batch_id == batch_id).group_by(column)
    return {word: many for word, many in session.execute(asked) if word}


def first(session: Session, batch_id: int, verdict: str, many: int = SHOWN) -> Sequence[Row]:
    """The first rows with a verdict."""
    asked = select(Row).where(Row.batch_id == batch_id, Row.verdict == verdict)
    return session.scalars(asked.order_by(Row.number).limit(many)).all()


def kept(session: Session, batch_id: int, many: int = SHOWN) -> Sequence[Row]:
    """The first rows whose patient stayed when the import was undone."""
    asked = select(Row).where(Row.batch_id == batch_id, Row.outcome == "kept")
    return session.scalars(asked.order_by(Row.number).limit(many)).all()


def refused(session: Session, batch_id: int) -> Iterator[Row]:
    """Every row that is wrong or was not taken in, in the file's order."""
    wrong = (Row.verdict == "bad") | (Row.outcome.in_(("skipped", "kept"))) | (Row.verdict == "likely")
    last = 0
    while rows := session.scalars(
        select(Row).where(Row.batch_id == batch_id, wrong, Row.number > last).order_by(Row.number).limit(AT_ONCE)
    ).all():
        yield from rows
        last = rows[-1].number
        session.expunge_all()


def busy(found: Batch) -> bool:
    """Whether the worker has it."""
    return found.state in {State.READING, State.CHECKING, State.WRITING, State.UNDOING}
