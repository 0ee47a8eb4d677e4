"""Tables of the imports room."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, deferred, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Batch(TenantOwned, Base):
    """One file brought in: who, when, what it is called and hashes to, how it is read, and how far it is.

    ``columns`` describes each column: heading, samples, and how many of its cells are dates in which order.
    ``mapping`` names a field for each column, empty for those left out. ``total`` and ``done`` count rows of the
    present state. ``content`` is emptied once the rows are read.
    """

    __tablename__ = "imports_batch"
    __table_args__ = (
        belongs_to("asked_by", "accounts_staff"),
        belongs_to("accepted_by", "accounts_staff"),
        belongs_to("undone_by", "accounts_staff"),
        Index(
            "ix_imports_batch_due",
            "state",
            postgresql_where=text("state IN ('reading', 'checking', 'writing', 'undoing')"),
        ),
    )

    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(Integer)
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    most: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(20))
    why: Mapped[str | None] = mapped_column(String(60))
    spelt: Mapped[str | None] = mapped_column(String(60))
    columns: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    mapping: Mapped[list[str]] = mapped_column(JSONB, default=list)
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    rows: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    done: Mapped[int] = mapped_column(Integer, default=0)
    asked_by: Mapped[int] = mapped_column(BigInteger)
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    accepted_by: Mapped[int | None] = mapped_column(BigInteger)
    accepted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    undone_by: Mapped[int | None] = mapped_column(BigInteger)
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Row(TenantOwned, Base):
    """A row of a file as it was written, what a dry run found, and what became of it.

    ``number`` is its line as a spreadsheet counts, the headings being line 1. ``number_key`` and ``who_key`` are what
    rows of one file are compared by. ``before`` holds what an update replaced.
    """

    __tablename__ = "imports_row"
    __table_args__ = (
        UniqueConstraint("tenant_id", "batch_id", "number"),
        belongs_to("batch_id", "imports_batch"),
        # a patient who is taken back leaves the row behind
        ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["people_patient.tenant_id", "people_patient.id"],
            ondelete="SET NULL (patient_id)",
        ),
        Index("ix_imports_row_patient", "tenant_id", "patient_id"),
        Index("ix_imports_row_number_key", "tenant_id", "batch_id", "number_key"),
        Index("ix_imports_row_who_key", "tenant_id", "batch_id", "who_key"),
    )

    batch_id: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[int] = mapped_column(Integer)
    cells: Mapped[list[str]] = mapped_column(JSONB)
    entry: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    number_key: Mapped[str | None] = mapped_column(String(40))
    who_key: Mapped[str | None] = mapped_column(String(220))
    verdict: Mapped[str | None] = mapped_column(String(20))
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    patient_id: Mapped[int | None] = mapped_column(BigInteger)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    outcome: Mapped[str | None] = mapped_column(String(20))
    why: Mapped[str | None] = mapped_column(String(60))


class Remembered(TenantOwned, Base):
    """Which field a chain last chose for a heading."""

    __tablename__ = "imports_remembered"
    __table_args__ = (
        UniqueConstraint("tenant_id", "heading"),
        ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"]),
    )

    heading: Mapped[str] = mapped_column(String(100))
    field: Mapped[str] = mapped_column(String(20))
