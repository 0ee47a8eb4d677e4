"""What must be seen before anything is done."""

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, DateTime, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to

NOW = func.now()


class Allergy(TenantOwned, Base):
    """A substance somebody reacts to; taken off the list by its status, never removed."""

    __tablename__ = "people_allergy"
    __table_args__ = (
        belongs_to("patient_id", "people_patient"),
        Index("ix_people_allergy_patient", "tenant_id", "patient_id"),
    )

    patient_id: Mapped[int] = mapped_column(BigInteger)
    substance: Mapped[str] = mapped_column(String(100))
    reaction: Mapped[str | None] = mapped_column(String(200))
    severity: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default="active")
    noted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    noted_by: Mapped[int | None] = mapped_column(BigInteger)


class Alert(TenantOwned, Base):
    """A warning of one kind; ``seen_by`` narrows who sees it further than its kind does, empty means no further."""

    __tablename__ = "people_alert"
    __table_args__ = (
        belongs_to("patient_id", "people_patient"),
        Index("ix_people_alert_patient", "tenant_id", "patient_id"),
    )

    patient_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(500))
    seen_by: Mapped[list[str]] = mapped_column(ARRAY(String(20)), default=list)
    raised_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    raised_by: Mapped[int | None] = mapped_column(BigInteger)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
