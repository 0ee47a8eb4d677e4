"""Who is here, how far they are, what is done for them, every hand-off of it, what they owe."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, DateTime, Index, Integer, SmallInteger, String, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Drawn(Base):
    """Which state may follow which: what the trigger reads, the same for every chain.

    ``machines`` draws it, the migration writes it, nobody changes it.
    """

    __tablename__ = "queue_drawn"

    machine: Mapped[str] = mapped_column(String(10), primary_key=True)
    was: Mapped[str] = mapped_column(String(18), primary_key=True)
    becomes: Mapped[str] = mapped_column(String(18), primary_key=True)


class Stay(TenantOwned, Base):
    """Somebody's time in a store on a day. Without a patient it is whoever holds the ticket.

    ``digest`` is that of the token which opens one's own place in the queue on a phone. ``fee`` is what the
    registration costs, in minor units; ``by`` to ``moved_at`` are of the last move.
    """

    __tablename__ = "queue_stay"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("patient_id", "people_patient"),
        belongs_to("visit_id", "booking_visit"),
        belongs_to("kind_id", "queue_kind"),
        belongs_to("by", "accounts_staff"),
        UniqueConstraint("tenant_id", "store_id", "day", "ticket"),
        UniqueConstraint("digest"),
        Index("ix_queue_stay_day", "tenant_id", "store_id", "day"),
        Index("ix_queue_stay_patient", "tenant_id", "patient_id", "day"),
        Index(
            "uq_queue_stay_visit", "tenant_id", "visit_id", unique=True, postgresql_where=text("state <> 'cancelled'")
        ),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    day: Mapped[date] = mapped_column(Date)
    ticket: Mapped[str] = mapped_column(String(4))
    patient_id: Mapped[int | None] = mapped_column(BigInteger)
    visit_id: Mapped[int | None] = mapped_column(BigInteger)
    kind_id: Mapped[int] = mapped_column(BigInteger)
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    arrived_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    source: Mapped[str] = mapped_column(String(8))
    priority: Mapped[int] = mapped_column(SmallInteger, default=0)
    fee: Mapped[int] = mapped_column(Integer, default=0)
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    digest: Mapped[str] = mapped_column(String(64))
    machine: Mapped[str] = mapped_column(String(10), default="stay")
    state: Mapped[str] = mapped_column(String(12), default="here")
    by: Mapped[int | None] = mapped_column(BigInteger)
    through: Mapped[str] = mapped_column(String(8))
    why: Mapped[str | None] = mapped_column(String(200))
    moved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Step(TenantOwned, Base):
    """One station's part of a stay. ``staff_id`` is whom it is for alone, ``desk_id`` where it is or was done.

    ``turn`` counts the calls that were made; ``not_before`` is the number of the station's call it waits for.
    """

    __tablename__ = "queue_step"
    __table_args__ = (
        belongs_to("stay_id", "queue_stay"),
        belongs_to("station_id", "queue_station"),
        belongs_to("desk_id", "queue_desk"),
        belongs_to("staff_id", "accounts_staff"),
        belongs_to("served_by", "accounts_staff"),
        belongs_to("by", "accounts_staff"),
        Index("ix_queue_step_stay", "tenant_id", "stay_id", "id"),
        Index(
            "ix_queue_step_line",
            "tenant_id",
            "station_id",
            postgresql_where=text(
                "state NOT IN ('done', 'skipped', 'moved', 'left', 'cancelled', 'discharged', 'planned')"
            ),
        ),
    )

    stay_id: Mapped[int] = mapped_column(BigInteger)
    station_id: Mapped[int] = mapped_column(BigInteger)
    desk_id: Mapped[int | None] = mapped_column(BigInteger)
    staff_id: Mapped[int | None] = mapped_column(BigInteger)
    served_by: Mapped[int | None] = mapped_column(BigInteger)
    queued_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    not_before: Mapped[int] = mapped_column(Integer, default=0)
    turn: Mapped[int] = mapped_column(SmallInteger, default=0)
    machine: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(14))
    by: Mapped[int | None] = mapped_column(BigInteger)
    through: Mapped[str] = mapped_column(String(8))
    why: Mapped[str | None] = mapped_column(String(200))
    moved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Task(TenantOwned, Base):
    """What is to be done for somebody: an examination at the check-up station, a medicine at the dispensary.

    ``order_id`` is the examination on the worklist. ``told`` is what people wrote down on the way (lot, expiry, words),
    by the state in which they did. ``picked_by`` has nothing to say in the second check.
    """

    __tablename__ = "queue_task"
    __table_args__ = (
        belongs_to("stay_id", "queue_stay"),
        belongs_to("patient_id", "people_patient"),
        belongs_to("store_id", "accounts_store"),
        belongs_to("order_id", "worklist_order"),
        belongs_to("asked_by", "accounts_staff"),
        belongs_to("picked_by", "accounts_staff"),
        belongs_to("by", "accounts_staff"),
        Index("ix_queue_task_stay", "tenant_id", "stay_id"),
        Index("ix_queue_task_patient", "tenant_id", "patient_id", "id"),
        Index(
            "ix_queue_task_open",
            "tenant_id",
            "store_id",
            postgresql_where=text(
                "state NOT IN ('closed', 'cancelled', 'refused', 'expired', 'restocked', 'destroyed')"
            ),
        ),
        Index(
            "ix_queue_task_going",
            "tenant_id",
            "store_id",
            postgresql_where=text("state IN ('ordered', 'awaiting_payment', 'authorised', 'queued', 'in_progress')"),
        ),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    stay_id: Mapped[int | None] = mapped_column(BigInteger)
    patient_id: Mapped[int] = mapped_column(BigInteger)
    order_id: Mapped[int | None] = mapped_column(BigInteger)
    what: Mapped[str] = mapped_column(String(200))
    amount: Mapped[int] = mapped_column(Integer, default=0)
    told: Mapped[dict[str, dict[str, str]]] = mapped_column(JSONB, default=dict)
    asked_by: Mapped[int] = mapped_column(BigInteger)
    picked_by: Mapped[int | None] = mapped_column(BigInteger)
    machine: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(18))
    by: Mapped[int | None] = mapped_column(BigInteger)
    through: Mapped[str] = mapped_column(String(8))
    why: Mapped[str | None] = mapped_column(String(200))
    moved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Move(TenantOwned, Base):
    """A hand-off, as it happened: ``subject`` of the ``machine`` became something else. Written by the database alone.

    ``at`` is when it was done (by the gateway's clock where it was offline), ``kept_at`` when this row was written.
    """

    __tablename__ = "queue_move"
    __table_args__ = (
        belongs_to("stay_id", "queue_stay"),
        belongs_to("by", "accounts_staff"),
        Index("ix_queue_move_stay", "tenant_id", "stay_id", "id"),
        Index("ix_queue_move_subject", "tenant_id", "machine", "subject", "id"),
    )

    stay_id: Mapped[int | None] = mapped_column(BigInteger)
    machine: Mapped[str] = mapped_column(String(10))
    subject: Mapped[int] = mapped_column(BigInteger)
    was: Mapped[str] = mapped_column(String(18))
    becomes: Mapped[str] = mapped_column(String(18))
    desk_id: Mapped[int | None] = mapped_column(BigInteger)
    by: Mapped[int | None] = mapped_column(BigInteger)
    through: Mapped[str] = mapped_column(String(8))
    why: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    kept_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Clearing(TenantOwned, Base):
    """What was said of what somebody owes: paid, passed as an emergency, given back. Minor units.

    Nobody's (``by``) is what was said at a gateway without the internet; ``why`` has the name somebody gave there.
    """

    __tablename__ = "queue_clearing"
    __table_args__ = (
        belongs_to("stay_id", "queue_stay"),
        belongs_to("task_id", "queue_task"),
        belongs_to("by", "accounts_staff"),
        Index("ix_queue_clearing_stay", "tenant_id", "stay_id", "id"),
    )

    stay_id: Mapped[int] = mapped_column(BigInteger)
    task_id: Mapped[int | None] = mapped_column(BigInteger)
    what: Mapped[str] = mapped_column(String(10))
    amount: Mapped[int] = mapped_column(Integer)
    currency: Mapped[str] = mapped_column(String(3))
    why: Mapped[str | None] = mapped_column(String(200))
    by: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
