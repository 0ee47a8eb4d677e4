"""Tables of the prescriptions room.

A draft may change until it is issued. What is issued is a row nobody can change any more: the application role has no
right to. How it stands is told by rows beside it: an ending, proofs that were printed, copies that were released.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to

POWER, PRISM, MM, FINE_MM = Numeric(6, 3), Numeric(5, 2), Numeric(4, 1), Numeric(4, 2)


class Draft(TenantOwned, Base):
    """What is being written, as typed; its author's alone until it is issued or discarded."""

    __tablename__ = "prescriptions_draft"
    __table_args__ = (
        UniqueConstraint("tenant_id", "key"),
        belongs_to("patient_id", "people_patient"),
        belongs_to("store_id", "accounts_store"),
        belongs_to("author_id", "accounts_staff"),
        belongs_to("replaces_id", "prescriptions_prescription"),
        belongs_to("prescription_id", "prescriptions_prescription"),
        belongs_to("encounter_id", "clinic_encounter"),
        Index("ix_prescriptions_draft_author", "tenant_id", "author_id", "patient_id"),
    )

    key: Mapped[UUID] = mapped_column(Uuid)
    patient_id: Mapped[int] = mapped_column(BigInteger)
    store_id: Mapped[int] = mapped_column(BigInteger)
    author_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(20))
    origin: Mapped[str] = mapped_column(String(20))
    entered: Mapped[dict[str, Any]] = mapped_column(JSONB)
    replaces_id: Mapped[int | None] = mapped_column(BigInteger)
    encounter_id: Mapped[int | None] = mapped_column(BigInteger)
    element: Mapped[str | None] = mapped_column(String(60))
    began_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    saved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    prescription_id: Mapped[int | None] = mapped_column(BigInteger)


class Prescription(TenantOwned, Base):
    """A signed prescription: what holds for the whole of it. ``findings`` are what the checks said, with reasons."""

    __tablename__ = "prescriptions_prescription"
    __table_args__ = (
        UniqueConstraint("tenant_id", "key"),
        belongs_to("patient_id", "people_patient"),
        belongs_to("store_id", "accounts_store"),
        belongs_to("signed_by", "accounts_staff"),
        belongs_to("replaces_id", "prescriptions_prescription"),
        belongs_to("encounter_id", "clinic_encounter"),
        Index("ix_prescriptions_prescription_patient", "tenant_id", "patient_id", "issued_at"),
        Index("ix_prescriptions_prescription_replaces", "tenant_id", "replaces_id"),
        Index("ix_prescriptions_prescription_signer", "tenant_id", "signed_by", "issued_at"),
    )

    key: Mapped[UUID] = mapped_column(Uuid)
    patient_id: Mapped[int] = mapped_column(BigInteger)
    store_id: Mapped[int] = mapped_column(BigInteger)
    signed_by: Mapped[int] = mapped_column(BigInteger)
    second_id: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(20))
    origin: Mapped[str] = mapped_column(String(20))
    use: Mapped[str | None] = mapped_column(String(40))
    design: Mapped[str | None] = mapped_column(String(40))
    written_on: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    dispense_until: Mapped[date | None] = mapped_column(Date)
    jurisdiction: Mapped[str] = mapped_column(String(20))
    prescriber_name: Mapped[str] = mapped_column(String(200))
    licence: Mapped[str] = mapped_column(String(60))
    practice: Mapped[str] = mapped_column(String(200))
    notes_lab: Mapped[str] = mapped_column(Text)
    notes_patient: Mapped[str] = mapped_column(Text)
    bvd: Mapped[Decimal | None] = mapped_column(MM)
    pd_far: Mapped[Decimal | None] = mapped_column(MM)
    pd_near: Mapped[Decimal | None] = mapped_column(MM)
    wear: Mapped[str | None] = mapped_column(String(40))
    care_system: Mapped[str] = mapped_column(String(200))
    max_wear_hours: Mapped[int | None] = mapped_column(Integer)
    supply_lenses: Mapped[int | None] = mapped_column(Integer)
    replaces_id: Mapped[int | None] = mapped_column(BigInteger)
    encounter_id: Mapped[int | None] = mapped_column(BigInteger)
    element: Mapped[str | None] = mapped_column(String(60))
    findings: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    issued_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    canonical: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))


class Eye(TenantOwned, Base):
    """The spectacle lens of one eye, in the patient's right and left, in the cylinder form it was written in."""

    __tablename__ = "prescriptions_eye"
    __table_args__ = (
        UniqueConstraint("tenant_id", "prescription_id", "eye"),
        belongs_to("prescription_id", "prescriptions_prescription"),
    )

    prescription_id: Mapped[int] = mapped_column(BigInteger)
    eye: Mapped[str] = mapped_column(String(5))
    lens: Mapped[str] = mapped_column(String(20))
    sphere: Mapped[Decimal | None] = mapped_column(POWER)
    cylinder: Mapped[Decimal | None] = mapped_column(POWER)
    axis: Mapped[int | None] = mapped_column(Integer)
    add_near: Mapped[Decimal | None] = mapped_column(POWER)
    add_intermediate: Mapped[Decimal | None] = mapped_column(POWER)
    add_second: Mapped[Decimal | None] = mapped_column(POWER)
    prism_1: Mapped[Decimal | None] = mapped_column(PRISM)
    base_1: Mapped[str | None] = mapped_column(String(5))
    prism_2: Mapped[Decimal | None] = mapped_column(PRISM)
    base_2: Mapped[str | None] = mapped_column(String(5))
    base_deg: Mapped[int | None] = mapped_column(Integer)
    prism_h: Mapped[Decimal | None] = mapped_column(PRISM)
    prism_v: Mapped[Decimal | None] = mapped_column(PRISM)
    pd_far: Mapped[Decimal | None] = mapped_column(MM)
    pd_near: Mapped[Decimal | None] = mapped_column(MM)
    va: Mapped[str] = mapped_column(String(20))
    magnification: Mapped[Decimal | None] = mapped_column(PRISM)


class Lens(TenantOwned, Base):
    """The contact lens of one eye."""

    __tablename__ = "prescriptions_lens"
    __table_args__ = (
        UniqueConstraint("tenant_id", "prescription_id", "eye"),
        belongs_to("prescription_id", "prescriptions_prescription"),
    )

    prescription_id: Mapped[int] = mapped_column(BigInteger)
    eye: Mapped[str] = mapped_column(String(5))
    design: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    material: Mapped[str] = mapped_column(String(100))
    base_curve: Mapped[Decimal | None] = mapped_column(FINE_MM)
    diameter: Mapped[Decimal | None] = mapped_column(FINE_MM)
    power: Mapped[Decimal | None] = mapped_column(POWER)
    cylinder: Mapped[Decimal | None] = mapped_column(POWER)
    axis: Mapped[int | None] = mapped_column(Integer)
    add_near: Mapped[Decimal | None] = mapped_column(POWER)
    add_class: Mapped[str | None] = mapped_column(String(20))
    dominance: Mapped[str | None] = mapped_column(String(1))
    colour: Mapped[str] = mapped_column(String(60))
    replacement: Mapped[str | None] = mapped_column(String(40))


class Drug(TenantOwned, Base):
    """One line of a drug prescription; ``taper`` is a list of frequency and days."""

    __tablename__ = "prescriptions_drug"
    __table_args__ = (
        UniqueConstraint("tenant_id", "prescription_id", "line"),
        belongs_to("prescription_id", "prescriptions_prescription"),
    )

    prescription_id: Mapped[int] = mapped_column(BigInteger)
    line: Mapped[int] = mapped_column(Integer)
    drug: Mapped[str] = mapped_column(String(200))
    strength: Mapped[str] = mapped_column(String(60))
    form: Mapped[str | None] = mapped_column(String(40))
    eye: Mapped[str | None] = mapped_column(String(10))
    dose: Mapped[str] = mapped_column(String(100))
    frequency: Mapped[str] = mapped_column(String(100))
    course_days: Mapped[int | None] = mapped_column(Integer)
    repeats: Mapped[int] = mapped_column(Integer)
    quantity: Mapped[str] = mapped_column(String(60))
    instructions: Mapped[str] = mapped_column(Text)
    taper: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


class Ending(TenantOwned, Base):
    """Why a prescription is in force no longer: superseded, cancelled or entered in error; there is one at most."""

    __tablename__ = "prescriptions_ending"
    __table_args__ = (
        UniqueConstraint("tenant_id", "prescription_id"),
        belongs_to("prescription_id", "prescriptions_prescription"),
    )

    prescription_id: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(40))
    why: Mapped[str] = mapped_column(Text)
    by: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Proof(TenantOwned, Base):
    """A paper that was made: hashes of its token and code, of which only the paper has the text, and of the file."""

    __tablename__ = "prescriptions_proof"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        UniqueConstraint("code_hash"),
        belongs_to("prescription_id", "prescriptions_prescription"),
        Index("ix_prescriptions_proof_prescription", "tenant_id", "prescription_id"),
    )

    prescription_id: Mapped[int] = mapped_column(BigInteger)
    token_hash: Mapped[str] = mapped_column(String(64))
    code_hash: Mapped[str] = mapped_column(String(64))
    paper: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(10))
    pdf_sha256: Mapped[str] = mapped_column(String(64))
    by: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Release(TenantOwned, Base):
    """A copy that the patient got, and how that is proven."""

    __tablename__ = "prescriptions_release"
    __table_args__ = (
        belongs_to("prescription_id", "prescriptions_prescription"),
        Index("ix_prescriptions_release_prescription", "tenant_id", "prescription_id"),
    )

    prescription_id: Mapped[int] = mapped_column(BigInteger)
    handed: Mapped[str] = mapped_column(String(20))
    form: Mapped[str] = mapped_column(String(40))
    received_by: Mapped[str] = mapped_column(String(200))
    evidence: Mapped[str] = mapped_column(Text)
    by: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Guess(Base):
    """A code that fits nothing, by a hash of the address it came from; no chain is known."""

    __tablename__ = "prescriptions_guess"
    __table_args__ = (Index("ix_prescriptions_guess_who", "who", "at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    who: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
