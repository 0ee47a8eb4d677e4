"""The outbox file: tables and how SQLite is told to be careful."""

import sqlite3
from pathlib import Path

PAGE = 4096
VERSION = 1

# The columns of results are the fields of Row, in their order.
TABLES = """
CREATE TABLE results (seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, dev TEXT NOT NULL,
    drv TEXT NOT NULL, drv_v TEXT NOT NULL, ts_gw TEXT NOT NULL, mono_ns INTEGER NOT NULL,
    clk TEXT NOT NULL, boot TEXT NOT NULL, crc INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE dead (id INTEGER PRIMARY KEY, epoch INTEGER, seq INTEGER, reason TEXT, at REAL,
    kind TEXT, dev TEXT, drv TEXT, drv_v TEXT, ts_gw TEXT, body BLOB);
CREATE TABLE bulletin (id INTEGER PRIMARY KEY AUTOINCREMENT, cls TEXT NOT NULL, at REAL NOT NULL, body BLOB NOT NULL);
CREATE TABLE raw (sha TEXT PRIMARY KEY, at REAL NOT NULL, body BLOB NOT NULL);
CREATE TABLE command (id TEXT PRIMARY KEY, at REAL NOT NULL, body BLOB NOT NULL);
CREATE TABLE meta (key TEXT PRIMARY KEY, value);
"""

PRAGMAS = f"""
PRAGMA page_size={PAGE};
PRAGMA auto_vacuum=INCREMENTAL;
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
PRAGMA wal_autocheckpoint=4000;
PRAGMA journal_size_limit=16777216;
PRAGMA busy_timeout=5000;
PRAGMA cache_size=-1024;
PRAGMA temp_store=MEMORY;
"""


def connect(path: Path) -> sqlite3.Connection:
    """Open the file with every precaution; transactions are begun by hand."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        db.executescript(PRAGMAS)
    except sqlite3.DatabaseError:
        db.close()
        raise
    return db


def create(db: sqlite3.Connection) -> None:
    """Lay out an empty file; a power cut leaves all of it or nothing."""
    db.executescript(f"BEGIN IMMEDIATE; {TABLES} PRAGMA user_version={VERSION}; COMMIT;")


def is_empty(db: sqlite3.Connection) -> bool:
    """No table yet."""
    return bool(db.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,))
