"""Where people are called: stations, doors, kinds of registration, numbers, what may be said."""

from datetime import date

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    Index,
    Integer,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


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


class Saying(TenantOwned, Base):
    """What screens and voices may say: ``who`` is ``number``, ``masked`` or ``surname``; in which languages."""

    __tablename__ = "queue_saying"
    __table_args__ = (belongs_to("store_id", "accounts_store"), UniqueConstraint("tenant_id", "store_id"))

    store_id: Mapped[int] = mapped_column(BigInteger)
    who: Mapped[str] = mapped_column(String(8), default="number")
    languages: Mapped[list[str]] = mapped_column(JSONB)
