"""What is free, counted out once: derived of the schedule and of what is booked, and never the last word."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, DateTime, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Mask(TenantOwned, Base):
    """A resource's day as bits of five minutes from ``begins`` on, the lowest first: its hours, and what is free.

    A row that is there is true while its ``version`` is the schedule's. A trigger of booking_part removes the rows of a
    day with every change to it, in the same transaction; whoever looks next counts them out again.
    """

    __tablename__ = "booking_mask"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("resource_id", "schedule_resource"),
        UniqueConstraint("tenant_id", "resource_id", "on_date"),
        Index("ix_booking_mask_store", "tenant_id", "store_id", "on_date"),
    )

    store_id: Mapped[int] = mapped_column(BigInteger)
    resource_id: Mapped[int] = mapped_column(BigInteger)
    on_date: Mapped[date] = mapped_column(Date)
    begins: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(BigInteger)
    open: Mapped[bytes] = mapped_column(LargeBinary)
    free: Mapped[bytes] = mapped_column(LargeBinary)
