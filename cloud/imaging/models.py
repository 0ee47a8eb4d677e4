"""Pictures of readings: what was derived of them, marks beside them. The pictures themselves are blobs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Original(TenantOwned, Base):
    """A blob that a gateway brought and how far its pictures are; the row is made with the blob's, by a trigger.

    ``about`` is what the deriving process found out (``cloud.imaging.deriving.shape.About``), ``rule`` by which rule.
    """

    __tablename__ = "imaging_original"
    __table_args__ = (
        UniqueConstraint("tenant_id", "sha256"),
        Index("ix_imaging_original_due", "tenant_id", "id", postgresql_where=text("state IN ('due', 'working')")),
        Index("ix_imaging_original_rule", "rule", "id", postgresql_where=text("state IN ('ready', 'failed')")),
    )

    sha256: Mapped[str] = mapped_column(String(64))
    rule: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    state: Mapped[str] = mapped_column(String(20))
    why: Mapped[str | None] = mapped_column(String(40))
    about: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    attempts: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    taken_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Rendition(TenantOwned, Base):
    """A picture derived of an original: a blob of its own, to be thrown away and made again at will."""

    __tablename__ = "imaging_rendition"
    __table_args__ = (
        belongs_to("original_id", "imaging_original"),
        UniqueConstraint("tenant_id", "original_id", "kind", "number"),
    )

    original_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(120))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)


class Mark(TenantOwned, Base):
    """What somebody drew beside a picture; ended, never changed. Points are fractions of width and height."""

    __tablename__ = "imaging_mark"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "reading_id"], ["readings_reading.tenant_id", "readings_reading.reading_id"]
        ),
        belongs_to("by", "accounts_staff"),
        belongs_to("ended_by", "accounts_staff"),
        Index("ix_imaging_mark_reading", "tenant_id", "reading_id"),
    )

    reading_id: Mapped[UUID] = mapped_column(Uuid)
    frame: Mapped[int] = mapped_column(Integer)
    shape: Mapped[str] = mapped_column(String(20))
    points: Mapped[list[list[float]]] = mapped_column(JSONB)
    words: Mapped[str | None] = mapped_column(String(200))
    by: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    ended_by: Mapped[int | None] = mapped_column(BigInteger)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
