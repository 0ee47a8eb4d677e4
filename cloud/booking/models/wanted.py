"""Examinations that are wanted because a visit was booked."""

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Wanted(TenantOwned, Base):
    """An order on the worklist that follows a visit: where the visit goes, it goes."""

    __tablename__ = "booking_wanted"
    __table_args__ = (
        belongs_to("visit_id", "booking_visit"),
        belongs_to("order_id", "worklist_order"),
        Index("ix_booking_wanted_visit", "tenant_id", "visit_id"),
    )

    visit_id: Mapped[int] = mapped_column(BigInteger)
    order_id: Mapped[int] = mapped_column(BigInteger)
