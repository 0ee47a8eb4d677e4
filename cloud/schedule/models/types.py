"""Types of visit: what they take, who may have them, and how."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Index, Integer, SmallInteger, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Type(TenantOwned, Base):
    """A type of visit. ``names``, ``preparation`` and ``policy`` are texts by language.

    ``shown`` are the minutes a patient is told; what is reserved is the sum of the segments. The patient is asked to
    come ``before`` minutes after the first reservation begins. ``grid``: ``{"kind": "clock"|"listed"|"packed", "every",
    "offset", "times"}`` in minutes. ``lead`` and ``cut_off`` are minutes before the visit, ``horizon`` days ahead.
    ``deposit`` is in minor units of ``currency``.
    """

    __tablename__ = "schedule_type"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        CheckConstraint("mod(before, 5) = 0", name="before_in_quanta"),
    )

    code: Mapped[str] = mapped_column(String(40))
    names: Mapped[dict[str, str]] = mapped_column(JSONB)
    preparation: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    policy: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    colour: Mapped[str] = mapped_column(String(20), default="azure")
    shown: Mapped[int] = mapped_column(SmallInteger)
    before: Mapped[int] = mapped_column(SmallInteger, default=0)
    grid: Mapped[dict[str, Any]] = mapped_column(JSONB)
    lead: Mapped[int] = mapped_column(Integer, default=0)
    horizon: Mapped[int] = mapped_column(Integer, default=90)
    cut_off: Mapped[int] = mapped_column(Integer, default=0)
    age_from: Mapped[int | None] = mapped_column(SmallInteger)
    age_to: Mapped[int | None] = mapped_column(SmallInteger)
    deposit: Mapped[int] = mapped_column(Integer, default=0)
    currency: Mapped[str | None] = mapped_column(String(3))
    examinations: Mapped[list[str]] = mapped_column(ARRAY(String(40)), default=list)
    red_flags: Mapped[bool] = mapped_column(Boolean, default=False)
    hidden: Mapped[bool] = mapped_column(Boolean, default=False)
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class Segment(TenantOwned, Base):
    """One stretch of a visit, ``gap_least`` to ``gap_most`` minutes after the one before."""

    __tablename__ = "schedule_segment"
    __table_args__ = (
        belongs_to("type_id", "schedule_type"),
        UniqueConstraint("tenant_id", "type_id", "number"),
        CheckConstraint("minutes > 0 AND mod(minutes, 5) = 0", name="minutes_in_quanta"),
        CheckConstraint("0 <= gap_least AND gap_least <= gap_most", name="gap_in_order"),
    )

    type_id: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[int] = mapped_column(SmallInteger)
    names: Mapped[dict[str, str]] = mapped_column(JSONB)
    minutes: Mapped[int] = mapped_column(SmallInteger)
    gap_least: Mapped[int] = mapped_column(SmallInteger, default=0)
    gap_most: Mapped[int] = mapped_column(SmallInteger, default=0)


class Need(TenantOwned, Base):
    """``count`` resources with a skill; needs of a visit with one ``same`` are met by one and the same."""

    __tablename__ = "schedule_need"
    __table_args__ = (
        belongs_to("segment_id", "schedule_segment"),
        Index("ix_schedule_need_segment", "tenant_id", "segment_id"),
        CheckConstraint("count > 0", name="somebody"),
    )

    segment_id: Mapped[int] = mapped_column(BigInteger)
    skill: Mapped[str] = mapped_column(String(40))
    count: Mapped[int] = mapped_column(SmallInteger, default=1)
    same: Mapped[str | None] = mapped_column(String(20))


class Length(TenantOwned, Base):
    """Another length of a segment, for a resource, for new or existing patients, or for both together."""

    __tablename__ = "schedule_length"
    __table_args__ = (
        belongs_to("segment_id", "schedule_segment"),
        belongs_to("resource_id", "schedule_resource"),
        Index("ix_schedule_length_segment", "tenant_id", "segment_id"),
        CheckConstraint("minutes > 0 AND mod(minutes, 5) = 0", name="minutes_in_quanta"),
    )

    segment_id: Mapped[int] = mapped_column(BigInteger)
    resource_id: Mapped[int | None] = mapped_column(BigInteger)
    who: Mapped[str] = mapped_column(String(10), default="both")
    minutes: Mapped[int] = mapped_column(SmallInteger)


class Offered(TenantOwned, Base):
    """In which store a type can be had, by which channel, and what becomes of new and of existing patients there."""

    __tablename__ = "schedule_offered"
    __table_args__ = (
        belongs_to("type_id", "schedule_type"),
        belongs_to("store_id", "accounts_store"),
        UniqueConstraint("tenant_id", "type_id", "store_id", "channel"),
        Index("ix_schedule_offered_store", "tenant_id", "store_id"),
    )

    type_id: Mapped[int] = mapped_column(BigInteger)
    store_id: Mapped[int] = mapped_column(BigInteger)
    channel: Mapped[str] = mapped_column(String(10))
    new: Mapped[str] = mapped_column(String(10), default="book")
    existing: Mapped[str] = mapped_column(String(10), default="book")


class Quota(TenantOwned, Base):
    """At most so many visits a day or a week; whatever is not named counts all."""

    __tablename__ = "schedule_quota"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("type_id", "schedule_type"),
        belongs_to("resource_id", "schedule_resource"),
        Index("ix_schedule_quota_store", "tenant_id", "store_id"),
        CheckConstraint("most >= 0", name="not_less_than_none"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    type_id: Mapped[int | None] = mapped_column(BigInteger)
    resource_id: Mapped[int | None] = mapped_column(BigInteger)
    who: Mapped[str] = mapped_column(String(10), default="both")
    per: Mapped[str] = mapped_column(String(4))
    most: Mapped[int] = mapped_column(SmallInteger)
