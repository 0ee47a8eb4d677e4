"""When the schedule last changed, as a number."""

from sqlalchemy import BigInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Version(TenantOwned, Base):
    """Triggers number every change anew: of ``hours`` by store or, without one, of the chain; of ``types``."""

    __tablename__ = "schedule_version"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        UniqueConstraint("tenant_id", "kind", "store_id", postgresql_nulls_not_distinct=True),
    )

    kind: Mapped[str] = mapped_column(String(10))
    store_id: Mapped[int | None] = mapped_column(BigInteger)
    number: Mapped[int] = mapped_column(BigInteger)
