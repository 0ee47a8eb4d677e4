"""The person, and the numbers given out."""

from datetime import date, datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to
from cloud.people import likeness


def _name_key(row: DefaultExecutionContext) -> str:
    said = row.get_current_parameters()  # type: ignore[no-untyped-call]
    return likeness.name_key(said["family_name"], said.get("given_name") or "")


def _sound_key(row: DefaultExecutionContext) -> str:
    said = row.get_current_parameters()  # type: ignore[no-untyped-call]
    return likeness.sound_key(said["family_name"], said.get("given_name") or "")


class Patient(TenantOwned, Base):
    """A person of the chain in every role they have; ``record_number`` is what is typed or scanned at an instrument.

    ``birth_year`` stands alone when the day is not known. ``phone`` repeats the contact point that lists show.
    ``merged_into`` always names the record that is open today, never one that was itself absorbed.
    ``name_key`` and ``sound_key`` are what duplicates are looked for by, see ``likeness``.
    ``version`` counts the deeds, so that a form opened before another's save is recognised.
    """

    __tablename__ = "people_patient"
    __table_args__ = (
        UniqueConstraint("tenant_id", "record_number"),
        Index("ix_people_patient_name", "tenant_id", "family_name", "given_name"),
        Index("ix_people_patient_birth", "tenant_id", "birth_date"),
        Index("ix_people_patient_store", "tenant_id", "home_store_id", "id"),
        Index("ix_people_patient_status", "tenant_id", "status", "id"),
        Index("ix_people_patient_name_key", "tenant_id", "name_key"),
        Index("ix_people_patient_sound", "tenant_id", "sound_key", "birth_date"),
        Index("ix_people_patient_merged", "tenant_id", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
        Index("ix_people_patient_id_number", "tenant_id", "id_number", postgresql_where=text("id_number IS NOT NULL")),
        ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"]),
        belongs_to("home_store_id", "accounts_store"),
        belongs_to("merged_into", "people_patient"),
        belongs_to("class_id", "people_label"),
    )

    record_number: Mapped[str] = mapped_column(String(40))
    family_name: Mapped[str] = mapped_column(String(100))
    given_name: Mapped[str] = mapped_column(String(100), default="")
    middle_name: Mapped[str | None] = mapped_column(String(100))
    native_name: Mapped[str | None] = mapped_column(String(100))
    preferred_name: Mapped[str | None] = mapped_column(String(100))
    birth_date: Mapped[date | None] = mapped_column(Date)
    birth_year: Mapped[int | None] = mapped_column(SmallInteger)
    sex: Mapped[str | None] = mapped_column(String(10))
    gender: Mapped[str | None] = mapped_column(String(60))
    id_kind: Mapped[str | None] = mapped_column(String(20))
    id_number: Mapped[str | None] = mapped_column(String(40))
    occupation: Mapped[str | None] = mapped_column(String(100))
    language: Mapped[str | None] = mapped_column(String(10))
    interpreter: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    phone: Mapped[str | None] = mapped_column(String(40))
    roles: Mapped[list[str]] = mapped_column(
        ARRAY(String(20)), default=lambda: ["patient"], server_default=text("'{patient}'")
    )
    class_id: Mapped[int | None] = mapped_column(BigInteger)
    home_store_id: Mapped[int | None] = mapped_column(BigInteger)
    allergy_state: Mapped[str] = mapped_column(String(20), default="not_asked", server_default=text("'not_asked'"))
    status: Mapped[str] = mapped_column(String(20), default="active", server_default=text("'active'"))
    moved_to: Mapped[str | None] = mapped_column(String(200))
    deceased_on: Mapped[date | None] = mapped_column(Date)
    merged_into: Mapped[int | None] = mapped_column(BigInteger)
    name_key: Mapped[str | None] = mapped_column(String(200), default=_name_key)
    sound_key: Mapped[str | None] = mapped_column(String(40), default=_sound_key)
    version: Mapped[int] = mapped_column(Integer, default=1, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Numbering(TenantOwned, Base):
    """The last serial a chain gave out; the record number is the serial with its check digit."""

    __tablename__ = "people_numbering"
    __table_args__ = (UniqueConstraint("tenant_id"), ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"]))

    last: Mapped[int] = mapped_column(BigInteger)
