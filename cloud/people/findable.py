"""The table that searching reads: one row a patient, kept in the same transaction as the patient."""

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, Integer, String, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import current_tenant


class Findable(Base):
    """Under what a patient is found: ``line`` is every word with spaces around, ``grams`` the pieces of the words.

    ``sort_key`` is the folded name, by which lists are ordered.
    """

    __tablename__ = "people_search"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "patient_id"], ["people_patient.tenant_id", "people_patient.id"], ondelete="CASCADE"
        ),
        Index("ix_people_search_grams", "grams", postgresql_using="gin"),
        Index("ix_people_search_sort", "tenant_id", "sort_key", "patient_id"),
    )

    tenant_id: Mapped[int] = mapped_column(Integer, primary_key=True, default=current_tenant)
    patient_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    line: Mapped[str] = mapped_column(Text)
    sort_key: Mapped[str] = mapped_column(String(200, collation="C"))
    grams: Mapped[list[int]] = mapped_column(ARRAY(Integer))
