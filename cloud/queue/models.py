"""Tables of the queue. A state changes with who, through what, why and when beside it; a trigger keeps each."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Index,
    Integer,
    SmallInteger,
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


class Drawn(Base):
    """Which state may follow which: what the trigger reads, the same for every chain.

    ``machines`` draws it, the migration writes it, nobody changes it.
    """

    __tablename__ = "queue_drawn"

    machine: Mapped[str] = mapped_column(String(10), primary_key=True)
    was: Mapped[str] = mapped_column(String(18), primary_key=True)
    becomes: Mapped[str] = mapped_column(String(18), primary_key=True)


class Station(TenantOwned, Base):
    """Where something is done, with a line of its own. ``calls`` counts those of ``called_on``, the store's day.

    ``paid_first``: nobody is served before what they owe is paid.
    """

    __tablename__ = "queue_station"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        Index("ix_queue_station_store", "tenant_id", "store_id"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    sort: Mapped[str] = mapped_column(String(12))
    names: Mapped[dict[str, str]] = mapped_column(JSONB)
    place: Mapped[int] = mapped_column(SmallInteger, default=0)
    paid_first: Mapped[bool] = mapped_column(Boolean, default=False)
    closed: Mapped[bool] = mapped_column(Boolean, default=False)
    calls: Mapped[int] = mapped_column(Integer, default=0)
    called_on: Mapped[date | None] = mapped_column(Date)


class Desk(TenantOwned, Base):
    """A door or counter of a station, as people read it on a screen; ``number`` is what a voice says."""

    __tablename__ = "queue_desk"
    __table_args__ = (
        belongs_to("station_id", "queue_station"),
        Index("ix_queue_desk_station", "tenant_id", "station_id"),
    )

    station_id: Mapped[int] = mapped_column(BigInteger)
    names: Mapped[dict[str, str]] = mapped_column(JSONB)
    number: Mapped[int | None] = mapped_column(SmallInteger)
    closed: Mapped[bool] = mapped_column(Boolean, default=False)


class Kind(TenantOwned, Base):
    """A kind of registration in a store: its letter, its fee in minor units, how many a day, where one begins.

    ``free_days``: so long after one that was paid, the next of this kind costs nothing.
    """

    __tablename__ = "queue_kind"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("first_id", "queue_station"),
        UniqueConstraint("tenant_id", "store_id", "code"),
        CheckConstraint("letter ~ '^[A-Z]$'", name="a_letter"),
        CheckConstraint("fee >= 0", name="no_negative_fee"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    code: Mapped[str] = mapped_column(String(20))
    names: Mapped[dict[str, str]] = mapped_column(JSONB)
    letter: Mapped[str] = mapped_column(String(1))
    first_id: Mapped[int] = mapped_column(BigInteger)
    priority: Mapped[int] = mapped_column(SmallInteger, default=0)
    fee: Mapped[int] = mapped_column(Integer, default=0)
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    quota: Mapped[int | None] = mapped_column(Integer)
    free_days: Mapped[int] = mapped_column(SmallInteger, default=0)
    kiosk: Mapped[bool] = mapped_column(Boolean, default=False)
    closed: Mapped[bool] = mapped_column(Boolean, default=False)


class Lease(TenantOwned, Base):
    """Numbers of a letter that one giver alone may give on a day: the cloud (no gateway) or a gateway.

    ``given`` is the last that was; before the first it is ``first - 1``.
    """

    __tablename__ = "queue_lease"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("gateway_id", "fleet_gateway"),
        UniqueConstraint("tenant_id", "store_id", "day", "letter", "first"),
        CheckConstraint("first >= 1 AND last <= 999 AND given BETWEEN first - 1 AND last", name="within"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    gateway_id: Mapped[int | None] = mapped_column(BigInteger)
    day: Mapped[date] = mapped_column(Date)
    letter: Mapped[str] = mapped_column(String(1))
    first: Mapped[int] = mapped_column(SmallInteger)
    last: Mapped[int] = mapped_column(SmallInteger)
    given: Mapped[int] = mapped_column(SmallInteger)


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
    """What was said of what somebody owes: paid, passed as an emergency, given back. Minor units."""

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
    by: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Screen(TenantOwned, Base):
    """A page that somebody may open without signing in: a waiting-room screen or a kiosk of a store.

    ``digest`` is that of its token; ``sort`` is ``screen`` or ``kiosk``; ``stations`` those it shows, all where empty.
    """

    __tablename__ = "queue_screen"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("by", "accounts_staff"),
        UniqueConstraint("digest"),
        Index("ix_queue_screen_store", "tenant_id", "store_id"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    sort: Mapped[str] = mapped_column(String(6))
    name: Mapped[str] = mapped_column(String(60))
    digest: Mapped[str] = mapped_column(String(64))
    stations: Mapped[list[int]] = mapped_column(JSONB, default=list)
    ended: Mapped[bool] = mapped_column(Boolean, default=False)
    by: Mapped[int] = mapped_column(BigInteger)
    seen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Saying(TenantOwned, Base):
    """What screens and voices may say: ``who`` is ``number``, ``masked`` or ``surname``; in which languages."""

    __tablename__ = "queue_saying"
    __table_args__ = (belongs_to("store_id", "accounts_store"), UniqueConstraint("tenant_id", "store_id"))

    store_id: Mapped[int] = mapped_column(BigInteger)
    who: Mapped[str] = mapped_column(String(8), default="number")
    languages: Mapped[list[str]] = mapped_column(JSONB)


class Call(TenantOwned, Base):
    """Somebody was called. ``uid`` is what callers know it by, the same for every turn; ``who`` what they may say.

    ``orders`` are those given to the store's gateways; ``away``: there was one with callers that could not be reached.
    ``shown_at`` is the first moment a screen had drawn it.
    """

    __tablename__ = "queue_call"
    __table_args__ = (
        belongs_to("step_id", "queue_step"),
        belongs_to("store_id", "accounts_store"),
        belongs_to("desk_id", "queue_desk"),
        belongs_to("by", "accounts_staff"),
        Index("ix_queue_call_store", "tenant_id", "store_id", "id"),
        Index("ix_queue_call_step", "tenant_id", "step_id", "id"),
    )

    step_id: Mapped[int] = mapped_column(BigInteger)
    store_id: Mapped[int] = mapped_column(BigInteger)
    desk_id: Mapped[int | None] = mapped_column(BigInteger)
    uid: Mapped[UUID] = mapped_column(Uuid)
    turn: Mapped[int] = mapped_column(SmallInteger)
    who: Mapped[str] = mapped_column(String(60), default="")
    orders: Mapped[list[int]] = mapped_column(JSONB, default=list)
    away: Mapped[bool] = mapped_column(Boolean, default=False)
    by: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    shown_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Press(TenantOwned, Base):
    """Somebody pressed a call button. ``press`` is its own name, so that one that is told twice is carried out once.

    ``outcome`` is what became of it: ``called``, ``ticket``, ``nobody``, ``late``, ``unknown``, ``refused``.
    """

    __tablename__ = "queue_press"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("gateway_id", "fleet_gateway"),
        UniqueConstraint("tenant_id", "press"),
        Index("ix_queue_press_store", "tenant_id", "store_id", "id"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    gateway_id: Mapped[int] = mapped_column(BigInteger)
    press: Mapped[str] = mapped_column(String(40))
    dev: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(60))
    outcome: Mapped[str] = mapped_column(String(8))
    pressed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
