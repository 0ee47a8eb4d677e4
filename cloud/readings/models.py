"""Tables of the readings room. Apart from a seat being left and a cursor moving on, rows are only ever added."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to, current_tenant


class Arrived:
    """A row of a gateway's outbox. ``(tenant, gateway, epoch, seq)`` is the idempotency key.

    The gateway's foreign key stands on the cursor, which every transaction that adds such rows locks first;
    here it would be checked anew for every row, a sixth of what a row costs.
    """

    tenant_id: Mapped[int] = mapped_column(Integer, primary_key=True, default=current_tenant)
    gateway_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    epoch: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    store_id: Mapped[int] = mapped_column(BigInteger)
    captured_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    arrived_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    boot: Mapped[str] = mapped_column(String(40))
    mono_ns: Mapped[int] = mapped_column(BigInteger)
    clock_state: Mapped[str] = mapped_column(String(10))
    clock_err_ms: Mapped[int | None] = mapped_column(Integer)
    dev: Mapped[str] = mapped_column(String(60))
    driver: Mapped[str] = mapped_column(String(80))


class Reading(Arrived, Base):
    """A normalized reading; ``body`` is its JSON text exactly as the gateway made it.

    ``reading_id`` is unique within the chain too: a salvaged outbox re-sends old readings in a new epoch.
    """

    __tablename__ = "readings_reading"
    __table_args__ = (
        Index("uq_readings_reading_reading_id", "tenant_id", "reading_id", unique=True),
        Index("ix_readings_reading_store", "tenant_id", "store_id", "arrived_at"),
    )

    reading_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)


class Capture(Arrived, Base):
    """What the instrument said, byte for byte; ``why`` is present when nothing could be read from it."""

    __tablename__ = "readings_capture"
    __table_args__ = (
        Index("ix_readings_capture_sha256", "tenant_id", "sha256"),
        # a salvaged outbox re-sends old bytes in a new epoch; the moment they were heard tells
        Index("uq_readings_capture_heard", "tenant_id", "gateway_id", "boot", "mono_ns", "sha256", unique=True),
    )

    sha256: Mapped[str] = mapped_column(String(64))
    dialect: Mapped[str] = mapped_column(String(60))
    data: Mapped[bytes] = mapped_column(LargeBinary)
    why: Mapped[str | None] = mapped_column(Text)
    offset_at: Mapped[int | None] = mapped_column(Integer)


class Cursor(Base):
    """How far a gateway's outbox is safe: every row up to ``hwm``, and the islands in ``ahead`` beyond a gap."""

    __tablename__ = "readings_cursor"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "gateway_id"], ["fleet_gateway.tenant_id", "fleet_gateway.id"]),
    )

    tenant_id: Mapped[int] = mapped_column(Integer, primary_key=True, default=current_tenant)
    gateway_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    epoch: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    hwm: Mapped[int] = mapped_column(BigInteger, default=0)
    ahead: Mapped[list[list[int]]] = mapped_column(JSONB, server_default=text("'[]'"))
    moved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class ClockFix(TenantOwned, Base):
    """The clock of a gateway's boot was synced: ``at`` was the true time at ``mono_ns`` of its monotonic clock.

    ``offset_ms`` is by how much the time told before was moved then, ``err_ms`` the largest error of ``at``.
    """

    __tablename__ = "readings_clock_fix"
    __table_args__ = (
        belongs_to("gateway_id", "fleet_gateway"),
        Index("uq_readings_clock_fix_boot", "tenant_id", "gateway_id", "boot", "mono_ns", unique=True),
    )

    gateway_id: Mapped[int] = mapped_column(BigInteger)
    boot: Mapped[str] = mapped_column(String(40))
    mono_ns: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    offset_ms: Mapped[int] = mapped_column(BigInteger)
    err_ms: Mapped[int | None] = mapped_column(Integer)
    arrived_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class DeadLetter(TenantOwned, Base):
    """Something that arrived and could not be taken; kept whole for a person, counted as handled."""

    __tablename__ = "readings_dead_letter"
    __table_args__ = (
        belongs_to("gateway_id", "fleet_gateway"),
        Index("uq_readings_dead_letter_payload", "tenant_id", "gateway_id", "sha256", unique=True),
    )

    gateway_id: Mapped[int] = mapped_column(BigInteger)
    store_id: Mapped[int] = mapped_column(BigInteger)
    epoch: Mapped[int | None] = mapped_column(BigInteger)
    seq: Mapped[int | None] = mapped_column(BigInteger)
    arrived_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    reason: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    payload: Mapped[bytes] = mapped_column(LargeBinary)


class Replay(TenantOwned, Base):
    """What became of a dead letter: taken on another try, refused again with a reason, or set aside by a person."""

    __tablename__ = "readings_replay"
    __table_args__ = (
        belongs_to("letter_id", "readings_dead_letter"),
        belongs_to("by", "accounts_staff"),
        Index("ix_readings_replay_letter", "tenant_id", "letter_id", "id"),
        CheckConstraint("outcome IN ('taken', 'refused', 'aside')", name="outcome"),
    )

    letter_id: Mapped[int] = mapped_column(BigInteger)
    outcome: Mapped[str] = mapped_column(String(10))
    why: Mapped[str | None] = mapped_column(Text)
    by: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Seat(TenantOwned, Base):
    """A patient in the chair of a lane: while seated, that lane's readings are proposed to them."""

    __tablename__ = "readings_seat"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("patient_id", "people_patient"),
        Index(
            "uq_readings_seat_taken",
            "tenant_id",
            "store_id",
            "lane",
            unique=True,
            postgresql_where=text("left_at IS NULL"),
        ),
        Index("ix_readings_seat_when", "tenant_id", "store_id", "lane", "seated_at"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    lane: Mapped[str] = mapped_column(String(60))
    patient_id: Mapped[int] = mapped_column(BigInteger)
    seated_by: Mapped[int] = mapped_column(BigInteger)
    seated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    left_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Filing(TenantOwned, Base):
    """Whose reading it is, as of this row; the latest filing of a reading holds, no patient means the tray."""

    __tablename__ = "readings_filing"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "reading_id"], ["readings_reading.tenant_id", "readings_reading.reading_id"]
        ),
        belongs_to("patient_id", "people_patient"),
        Index("ix_readings_filing_reading", "tenant_id", "reading_id"),
        Index("ix_readings_filing_patient", "tenant_id", "patient_id"),
    )

    reading_id: Mapped[UUID] = mapped_column(Uuid)
    patient_id: Mapped[int | None] = mapped_column(BigInteger)
    how: Mapped[str] = mapped_column(String(20))
    by: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    why: Mapped[str | None] = mapped_column(String(500))


class Decision(TenantOwned, Base):
    """What a clinician said of a filed reading; the latest decision of a filing holds."""

    __tablename__ = "readings_decision"
    __table_args__ = (
        belongs_to("filing_id", "readings_filing"),
        Index("ix_readings_decision_filing", "tenant_id", "filing_id"),
    )

    filing_id: Mapped[int] = mapped_column(BigInteger)
    verdict: Mapped[str] = mapped_column(String(20))
    by: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    why: Mapped[str | None] = mapped_column(String(500))
