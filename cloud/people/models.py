"""Tables of the people room."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, DateTime, ForeignKeyConstraint, Index, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Patient(TenantOwned, Base):
    """A patient of the chain; ``record_number`` is what is typed or scanned at an instrument."""

    __tablename__ = "people_patient"
    __table_args__ = (
        UniqueConstraint("tenant_id", "record_number"),
        Index("ix_people_patient_name", "tenant_id", "family_name", "given_name"),
        ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"]),
        belongs_to("home_store_id", "accounts_store"),
    )

    record_number: Mapped[str] = mapped_column(String(40))
    family_name: Mapped[str] = mapped_column(String(100))
    given_name: Mapped[str] = mapped_column(String(100), default="")
    birth_date: Mapped[date | None] = mapped_column(Date)
    sex: Mapped[str | None] = mapped_column(String(10))
    language: Mapped[str | None] = mapped_column(String(10))
    phone: Mapped[str | None] = mapped_column(String(40))
    alert: Mapped[str | None] = mapped_column(String(500))
    home_store_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

    @property
    def alerts(self) -> tuple[str, ...]:
        """What must be seen before anything is done."""
        return (self.alert,) if self.alert else ()
