"""Tables of the calculators room."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKeyConstraint, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Choice(TenantOwned, Base):
    """What a chain chose for a rule (on, off) or for a reference table (an edition); the latest one counts."""

    __tablename__ = "calculators_choice"
    __table_args__ = (
        CheckConstraint("kind IN ('rule', 'table')", name="kind"),
        Index("ix_calculators_choice_name", "tenant_id", "kind", "name", "id"),
        ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"]),
        belongs_to("chosen_by", "accounts_staff"),
    )

    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(40))
    chosen_by: Mapped[int] = mapped_column(BigInteger)
    chosen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
