"""Tags and customer classes, as each chain names them."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKeyConstraint, Index, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Label(TenantOwned, Base):
    """A word of the chain: a tag anyone may carry, or a class of which a customer has one."""

    __tablename__ = "people_label"
    __table_args__ = (
        UniqueConstraint("tenant_id", "kind", "name"),
        ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"]),
    )

    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(60))


class Tagging(TenantOwned, Base):
    """Somebody's time under a tag."""

    __tablename__ = "people_tagging"
    __table_args__ = (
        belongs_to("patient_id", "people_patient"),
        belongs_to("label_id", "people_label"),
        Index("ix_people_tagging_patient", "tenant_id", "patient_id"),
        Index("ix_people_tagging_label", "tenant_id", "label_id"),
    )

    patient_id: Mapped[int] = mapped_column(BigInteger)
    label_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
