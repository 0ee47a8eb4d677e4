"""What somebody agreed to, and how they wish to be reached. Rows are only ever added; the newest holds."""

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, DateTime, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Consent(TenantOwned, Base):
    """An answer for one purpose over one channel; ``channel`` is empty where the purpose needs none.

    ``text_version`` names the words the person was shown, in ``consents.toml``. ``given_by`` is the guardian
    who answered for the patient, None when they answered themselves.
    """

    __tablename__ = "people_consent"
    __table_args__ = (
        belongs_to("patient_id", "people_patient"),
        belongs_to("given_by", "people_patient"),
        Index("ix_people_consent_patient", "tenant_id", "patient_id"),
    )

    patient_id: Mapped[int] = mapped_column(BigInteger)
    purpose: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    text_version: Mapped[str] = mapped_column(String(20))
    method: Mapped[str] = mapped_column(String(20))
    given_by: Mapped[int | None] = mapped_column(BigInteger)
    taken_by: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Preference(TenantOwned, Base):
    """For one purpose: channels in the order to try them, and the time of day that suits."""

    __tablename__ = "people_preference"
    __table_args__ = (
        belongs_to("patient_id", "people_patient"),
        Index("ix_people_preference_patient", "tenant_id", "patient_id"),
    )

    patient_id: Mapped[int] = mapped_column(BigInteger)
    purpose: Mapped[str] = mapped_column(String(20))
    channels: Mapped[list[str]] = mapped_column(ARRAY(String(20)))
    time_of_day: Mapped[str] = mapped_column(String(20))
    taken_by: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
