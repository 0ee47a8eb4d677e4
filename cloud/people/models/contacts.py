"""How a person is reached, with whom they live, and who answers for them."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, DateTime, Index, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to

NOW = func.now()


class Contact(TenantOwned, Base):
    """A contact point; another value is another row, the old one ends.

    ``normalized`` is what is compared: digits with a leading ``+`` where the country is known, or lower case;
    ``tail`` the end of a telephone number, by which two ways of writing it are recognised.
    """

    __tablename__ = "people_contact"
    __table_args__ = (
        belongs_to("patient_id", "people_patient"),
        Index("ix_people_contact_patient", "tenant_id", "patient_id"),
        Index("ix_people_contact_normalized", "tenant_id", "normalized"),
        Index("ix_people_contact_tail", "tenant_id", "tail", postgresql_where=text("tail <> ''")),
    )

    patient_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(300))
    normalized: Mapped[str] = mapped_column(String(300))
    tail: Mapped[str] = mapped_column(String(8), default="", server_default=text("''"))
    label: Mapped[str | None] = mapped_column(String(60))
    preferred: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    verified_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)


class Household(TenantOwned, Base):
    """People who live together; somebody may belong to two."""

    __tablename__ = "people_household"
    __table_args__ = (belongs_to("founder_id", "people_patient"),)

    name: Mapped[str] = mapped_column(String(100))
    founder_id: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)


class Membership(TenantOwned, Base):
    """Somebody's time in a household."""

    __tablename__ = "people_membership"
    __table_args__ = (
        belongs_to("household_id", "people_household"),
        belongs_to("patient_id", "people_patient"),
        Index("ix_people_membership_patient", "tenant_id", "patient_id"),
        Index("ix_people_membership_household", "tenant_id", "household_id"),
    )

    household_id: Mapped[int] = mapped_column(BigInteger)
    patient_id: Mapped[int] = mapped_column(BigInteger)
    joined_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    left_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Tie(TenantOwned, Base):
    """``from_id`` is the ``kind`` of ``to_id``: the mother is the parent of the child."""

    __tablename__ = "people_tie"
    __table_args__ = (
        belongs_to("from_id", "people_patient"),
        belongs_to("to_id", "people_patient"),
        Index("ix_people_tie_from", "tenant_id", "from_id"),
        Index("ix_people_tie_to", "tenant_id", "to_id"),
    )

    from_id: Mapped[int] = mapped_column(BigInteger)
    to_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(20))
    may_consent: Mapped[bool] = mapped_column(Boolean, default=False)
    may_collect: Mapped[bool] = mapped_column(Boolean, default=False)
    emergency: Mapped[bool] = mapped_column(Boolean, default=False)
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
