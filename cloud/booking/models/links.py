"""What leads a person to a visit: a patient's link, and an entry of the desk's queue."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, DateTime, Index, String, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Link(TenantOwned, Base):
    """What somebody holds who has no account: good for one purpose, and until it ends. ``digest`` is its token's."""

    __tablename__ = "booking_link"
    __table_args__ = (
        belongs_to("visit_id", "booking_visit"),
        belongs_to("request_id", "booking_request"),
        belongs_to("offer_id", "booking_offer"),
        UniqueConstraint("digest"),
        Index("ix_booking_link_visit", "tenant_id", "visit_id"),
    )

    digest: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(12))
    visit_id: Mapped[int | None] = mapped_column(BigInteger)
    request_id: Mapped[int | None] = mapped_column(BigInteger)
    offer_id: Mapped[int | None] = mapped_column(BigInteger)
    until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Entry(TenantOwned, Base):
    """Something the desk should look at. ``answers`` are pairs of what was asked and what was said."""

    __tablename__ = "booking_entry"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("patient_id", "people_patient"),
        belongs_to("visit_id", "booking_visit"),
        belongs_to("request_id", "booking_request"),
        belongs_to("by", "accounts_staff"),
        Index("ix_booking_entry_store", "tenant_id", "store_id", "state", "at"),
        Index("ix_booking_entry_visit", "tenant_id", "visit_id"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(12))
    patient_id: Mapped[int | None] = mapped_column(BigInteger)
    visit_id: Mapped[int | None] = mapped_column(BigInteger)
    request_id: Mapped[int | None] = mapped_column(BigInteger)
    new: Mapped[bool] = mapped_column(Boolean, default=False)
    answers: Mapped[list[list[str]]] = mapped_column(JSONB, default=list)
    state: Mapped[str] = mapped_column(String(12), default="open")
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    by: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
