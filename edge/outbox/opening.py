"""Opens the outbox file whatever has happened to it.

What is guaranteed, for any bytes the files may hold:

- The outbox opens, and every row it then hands out is exactly as it was once written (each carries a checksum).
- Files as a crash or a power cut leaves them: every committed row is there, and nothing of an uncommitted one.
- A write-ahead log cut short: every row whose commit lies before the cut is there. A torn log: besides those, every
  committed row behind the tear that stands on an undamaged frame.
- A damaged main file: every row on an undamaged page (with its overflow pages) is there. Rows on destroyed pages
  are gone; the damaged files are kept beside for a person to look at.
- Whenever numbers could have been used twice (salvage, or a power cut on a card that only pretends to sync) the rows
  that wait begin a new epoch. So a row may be sent twice under two numbers, which the cloud recognises by its
  ``reading_id``, but no row can hide behind the number of another.
"""

import contextlib
import shutil
import sqlite3
from pathlib import Path
from typing import Any

from edge import disk
from edge.outbox import scan
from edge.outbox.journal import Journal, draw_epoch
from edge.outbox.rows import Row
from edge.outbox.schema import connect, create, is_empty

KEEP_DAMAGED = 2
SIDES = ("", "-wal", "-shm")


def open_journal(path: Path, boot: str) -> Journal:
    """The journal at ``path``, created, checked or salvaged; ``journal.notes`` says what had to be mended."""
    finished = _with(path, ".salvaged")
    if finished.exists():  # the power went while the salvaged file was being put in place
        _put_in_place(finished, path)
    try:
        return _checked(path, boot)
    except sqlite3.DatabaseError as damage:
        if not _is_damage(damage):
            raise
        return _salvaged(path, boot, damage)


def _is_damage(failure: sqlite3.DatabaseError) -> bool:
    """A full disk or a missing permission is no reason to take the file apart."""
    code = getattr(failure, "sqlite_errorcode", None)
    return code is None or code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


def _checked(path: Path, boot: str) -> Journal:
    db = connect(path)
    try:
        return _journal(db, path, boot)
    except BaseException:
        db.close()
        raise


def _journal(db: sqlite3.Connection, path: Path, boot: str) -> Journal:
    if is_empty(db):
        if path.stat().st_size > 0 and scan.rows_in(path):
            raise sqlite3.DatabaseError("the tables are gone but rows are left")
        create(db)
    verdict = [line for (line,) in db.execute("PRAGMA quick_check(3)")]
    if verdict != ["ok"]:
        raise sqlite3.DatabaseError(f"quick_check: {verdict[0]}")
    journal = Journal(db)
    db.execute("BEGIN IMMEDIATE")
    _mend(journal, path, boot)
    journal.flush()
    db.execute("COMMIT")
    return journal


def _mend(journal: Journal, path: Path, boot: str) -> None:
    """Before anything new is numbered: see that no number can mean two rows."""
    torn = [] if journal.meta("clean_shutdown") else scan.committed_in_wal(path, journal.last)
    rotten = journal.damaged()
    if torn or rotten:
        journal.bury(rotten, "the disk gave back other bytes than were written")
        journal.notes.append({"code": "outbox_mended", "behind_tear": len(torn), "rotten": len(rotten)})
    power_cut = not journal.meta("clean_shutdown") and journal.meta("boot") not in (None, boot)
    if torn or rotten or power_cut or not journal.epoch:
        journal.renumber()
        journal.put(row.draft for row in torn)
    journal.set_meta("clean_shutdown", 0)
    journal.set_meta("boot", boot)


def _salvaged(path: Path, boot: str, damage: Exception) -> Journal:
    rows = [row for row in scan.rows_in(path) if row.seq > _last_known_hwm(path)]
    fresh = _with(path, ".new")
    _remove(fresh)
    _build(fresh, rows, boot)
    finished = _with(path, ".salvaged")
    fresh.replace(finished)
    _put_in_place(finished, path)
    journal = _checked(path, boot)
    journal.notes.append({"code": "outbox_salvaged", "kept": len(rows), "why": str(damage)})
    return journal


def _build(fresh: Path, rows: list[Row], boot: str) -> None:
    with contextlib.closing(connect(fresh)) as db:
        create(db)
        db.execute("BEGIN IMMEDIATE")
        journal = Journal(db)
        journal.set_meta("epoch", draw_epoch())
        journal.set_meta("clean_shutdown", 1)
        journal.set_meta("boot", boot)
        journal.put(row.draft for row in rows)
        journal.flush()
        db.execute("COMMIT")


def _last_known_hwm(path: Path) -> int:
    """What the damaged file still says, read from a copy; 0 sends everything once more."""
    copy = _with(path, ".copy")
    try:
        for side in SIDES[:2]:
            if _with(path, side).exists():
                shutil.copyfile(_with(path, side), _with(copy, side))
        with contextlib.closing(sqlite3.connect(copy)) as db:
            return int(db.execute("SELECT value FROM meta WHERE key='hwm'").fetchone()[0])
    except (sqlite3.Error, TypeError, ValueError, OSError):
        return 0
    finally:
        _remove(copy)


def _put_in_place(finished: Path, path: Path) -> None:
    """Damaged files aside, the log first: an old log must never be applied to the new file."""
    number = 1 + max((int(p.suffix[1:]) for p in _damaged(path)), default=0)
    for side in ("-wal", "-shm", ""):
        if _with(path, side).exists():
            _with(path, side).replace(_with(path, f".damaged{side}.{number}"))
    finished.replace(path)
    disk.settle(path.parent)
    for old in _damaged(path):
        if int(old.suffix[1:]) <= number - KEEP_DAMAGED:
            old.unlink()


def _damaged(path: Path) -> list[Path]:
    return [p for p in path.parent.glob(f"{path.name}.damaged*") if p.suffix[1:].isdigit()]


def _with(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _remove(path: Path) -> None:
    for side in SIDES:
        _with(path, side).unlink(missing_ok=True)


def notes_as_data(journal: Journal) -> list[dict[str, Any]]:
    """What had to be mended, taken once."""
    notes, journal.notes = journal.notes, []
    return notes
