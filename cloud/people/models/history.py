"""Everything that was changed about a person, and which records were found to be one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Index, Integer, String, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Change(TenantOwned, Base):
    """One field of one row before and after; what was saved together shares ``deed`` and ``version``.

    ``kind`` names the row (person, contact, tie ...), ``row_id`` which. ``undoes`` is the change this one takes back.
    """

    __tablename__ = "people_change"
    __table_args__ = (
        belongs_to("patient_id", "people_patient"),
        belongs_to("undoes", "people_change"),
        Index("ix_people_change_patient", "tenant_id", "patient_id", "version"),
    )

    patient_id: Mapped[int] = mapped_column(BigInteger)
    deed: Mapped[UUID] = mapped_column(Uuid)
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    row_id: Mapped[int] = mapped_column(BigInteger)
    field: Mapped[str] = mapped_column(String(40))
    before: Mapped[Any] = mapped_column(JSONB)
    after: Mapped[Any] = mapped_column(JSONB)
    why: Mapped[str | None] = mapped_column(String(500))
    undoes: Mapped[int | None] = mapped_column(BigInteger)
    by: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Distinct(TenantOwned, Base):
    """Somebody looked at two records and said they are two people; ``one_id`` is the lower id."""

    __tablename__ = "people_distinct"
    __table_args__ = (
        belongs_to("one_id", "people_patient"),
        belongs_to("other_id", "people_patient"),
        Index("ix_people_distinct_pair", "tenant_id", "one_id", "other_id"),
    )

    one_id: Mapped[int] = mapped_column(BigInteger)
    other_id: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Merge(TenantOwned, Base):
    """Two records found to be one person. ``snapshot`` holds both rows before and after, to go back exactly."""

    __tablename__ = "people_merge"
    __table_args__ = (
        belongs_to("survivor_id", "people_patient"),
        belongs_to("absorbed_id", "people_patient"),
        Index("ix_people_merge_survivor", "tenant_id", "survivor_id"),
        Index("ix_people_merge_absorbed", "tenant_id", "absorbed_id"),
    )

    survivor_id: Mapped[int] = mapped_column(BigInteger)
    absorbed_id: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(500))
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSONB)
    by: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    undone_by: Mapped[int | None] = mapped_column(BigInteger)
    undo_reason: Mapped[str | None] = mapped_column(String(500))
