"""Tables of the clinic room. A draft may change; versions, observations, discards and recalls are only ever added."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to, current_tenant

Moment = DateTime(timezone=True)
DIAGNOSES = "element = 'diagnosis' AND field = 'code'"


class Episode(TenantOwned, Base):
    """Why somebody is in care; visits of one purpose belong together."""

    __tablename__ = "clinic_episode"
    __table_args__ = (
        belongs_to("patient_id", "people_patient"),
        Index("ix_clinic_episode_patient", "tenant_id", "patient_id"),
    )

    patient_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(30))
    opened_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())
    opened_by: Mapped[int] = mapped_column(BigInteger)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_by: Mapped[int | None] = mapped_column(BigInteger)


class Encounter(TenantOwned, Base):
    """A visit. ``layout`` is the template's elements as they were when it began, so that later ones alter nothing."""

    __tablename__ = "clinic_encounter"
    __table_args__ = (
        belongs_to("patient_id", "people_patient"),
        belongs_to("episode_id", "clinic_episode"),
        belongs_to("store_id", "accounts_store"),
        Index("ix_clinic_encounter_patient", "tenant_id", "patient_id", "began_at"),
        Index("ix_clinic_encounter_store", "tenant_id", "store_id", "began_at"),
    )

    patient_id: Mapped[int] = mapped_column(BigInteger)
    episode_id: Mapped[int] = mapped_column(BigInteger)
    store_id: Mapped[int] = mapped_column(BigInteger)
    template: Mapped[str] = mapped_column(String(40))
    template_version: Mapped[int] = mapped_column(Integer)
    layout: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    mode: Mapped[str] = mapped_column(String(20))
    began_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())
    began_by: Mapped[int] = mapped_column(BigInteger)


class Draft(TenantOwned, Base):
    """What is being written of an encounter, by one person at a time; gone when it is signed or discarded."""

    __tablename__ = "clinic_draft"
    __table_args__ = (
        UniqueConstraint("tenant_id", "encounter_id"),
        belongs_to("encounter_id", "clinic_encounter"),
        Index("ix_clinic_draft_author", "tenant_id", "author_id"),
    )

    encounter_id: Mapped[int] = mapped_column(BigInteger)
    author_id: Mapped[int] = mapped_column(BigInteger)
    amends: Mapped[int | None] = mapped_column(Integer)  # number of the version under amendment
    opened_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())
    saved_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())
    revision: Mapped[int] = mapped_column(Integer, default=0)
    before: Mapped[list[dict[str, Any]] | None] = mapped_column(
        JSONB(none_as_null=True)
    )  # what the last batch replaced


class Entry(Base):
    """One value of a draft, as entered. An accepted device value that is changed keeps what the device said."""

    __tablename__ = "clinic_entry"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "draft_id"], ["clinic_draft.tenant_id", "clinic_draft.id"], ondelete="CASCADE"
        ),
    )

    tenant_id: Mapped[int] = mapped_column(Integer, primary_key=True, default=current_tenant)
    draft_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    place: Mapped[str] = mapped_column(String(100), primary_key=True)
    entered: Mapped[str] = mapped_column(Text)
    quality: Mapped[str] = mapped_column(String(20))
    origin: Mapped[str] = mapped_column(String(20))
    source: Mapped[str | None] = mapped_column(String(60))  # a reading's id, or the encounter it was copied from
    device_value: Mapped[str | None] = mapped_column(Text)
    measured_at: Mapped[datetime | None] = mapped_column(Moment)
    confirmed: Mapped[bool] = mapped_column(Boolean, default=True)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    changed_by: Mapped[int] = mapped_column(BigInteger)


class Discard(TenantOwned, Base):
    """A visit that was begun and given up before anything was signed."""

    __tablename__ = "clinic_discard"
    __table_args__ = (
        UniqueConstraint("tenant_id", "encounter_id"),
        belongs_to("encounter_id", "clinic_encounter"),
    )

    encounter_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Moment, server_default=func.clock_timestamp())
    by: Mapped[int] = mapped_column(BigInteger)
    why: Mapped[str] = mapped_column(String(500))


class Version(TenantOwned, Base):
    """A signed state of an encounter's record. ``body`` is the canonical JSON that ``sha256`` was taken of.

    ``transaction`` is the database's own number of the transaction that signed: a trigger lets observations join
    a version only within it, so that nobody adds to a signed record afterwards.
    """

    __tablename__ = "clinic_version"
    __table_args__ = (
        UniqueConstraint("tenant_id", "encounter_id", "number"),
        belongs_to("encounter_id", "clinic_encounter"),
        Index("ix_clinic_version_signed", "tenant_id", "signed_at"),
    )

    encounter_id: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[int] = mapped_column(Integer)
    act: Mapped[str] = mapped_column(String(20))
    reason_code: Mapped[str | None] = mapped_column(String(30))
    reason: Mapped[str | None] = mapped_column(String(500))
    signed_by: Mapped[int] = mapped_column(BigInteger)
    second_by: Mapped[int | None] = mapped_column(BigInteger)
    signed_at: Mapped[datetime] = mapped_column(Moment, server_default=func.clock_timestamp())
    body: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str | None] = mapped_column(String(64))
    transaction: Mapped[int] = mapped_column(BigInteger, server_default=text("(pg_current_xact_id()::text)::bigint"))


class Observation(TenantOwned, Base):
    """One value, of one eye, at one moment, in one version of a record."""

    __tablename__ = "clinic_observation"
    __table_args__ = (
        belongs_to("version_id", "clinic_version"),
        belongs_to("patient_id", "people_patient"),
        Index("ix_clinic_observation_patient", "tenant_id", "patient_id", "element"),
        Index("ix_clinic_observation_version", "tenant_id", "version_id"),
        # what cases are looked for by, the newest first
        Index(
            "ix_clinic_observation_diagnosis",
            *("tenant_id", "code", "measured_at", "id"),
            postgresql_where=text(DIAGNOSES),
        ),
    )

    version_id: Mapped[int] = mapped_column(BigInteger)
    encounter_id: Mapped[int] = mapped_column(BigInteger)
    patient_id: Mapped[int] = mapped_column(BigInteger)
    element: Mapped[str] = mapped_column(String(40))
    n: Mapped[int] = mapped_column(Integer)
    field: Mapped[str] = mapped_column(String(40))
    side: Mapped[str] = mapped_column(String(1))
    type_version: Mapped[int] = mapped_column(Integer)
    entered: Mapped[str] = mapped_column(Text)
    number: Mapped[Decimal | None] = mapped_column(Numeric)
    code: Mapped[str | None] = mapped_column(String(60))
    words: Mapped[str | None] = mapped_column(Text)
    structure: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    base: Mapped[Decimal | None] = mapped_column(Numeric)
    notation: Mapped[str | None] = mapped_column(String(20))
    unit: Mapped[str | None] = mapped_column(String(20))
    measured_at: Mapped[datetime] = mapped_column(Moment)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[int] = mapped_column(BigInteger)
    origin: Mapped[str] = mapped_column(String(20))
    source: Mapped[str | None] = mapped_column(String(60))
    device_value: Mapped[str | None] = mapped_column(Text)
    confirmed: Mapped[bool] = mapped_column(Boolean)
    quality: Mapped[str] = mapped_column(String(20))


class DrawnFinding(TenantOwned, Base):
    """One thing that a signed drawing says; ``size`` is in ``unit``, what does not apply is null.

    Whose it is stands with its version: a foreign key to the patient would need an index of its own.
    """

    __tablename__ = "clinic_finding"
    __table_args__ = (
        belongs_to("version_id", "clinic_version"),
        Index("ix_clinic_finding_code", "tenant_id", "code", "found_at", "id"),
        Index("ix_clinic_finding_version", "tenant_id", "version_id"),
    )

    version_id: Mapped[int] = mapped_column(BigInteger)
    encounter_id: Mapped[int] = mapped_column(BigInteger)
    patient_id: Mapped[int] = mapped_column(BigInteger)
    element: Mapped[str] = mapped_column(String(40))
    n: Mapped[int] = mapped_column(Integer)
    side: Mapped[str] = mapped_column(String(1))
    canvas: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(60))
    clock_hour: Mapped[int | None] = mapped_column(Integer)
    zone: Mapped[str | None] = mapped_column(String(40))
    quadrant: Mapped[str | None] = mapped_column(String(40))
    size: Mapped[Decimal | None] = mapped_column(Numeric)
    unit: Mapped[str | None] = mapped_column(String(20))
    grade: Mapped[Decimal | None] = mapped_column(Numeric)
    count: Mapped[int | None] = mapped_column(Integer)
    found_at: Mapped[datetime] = mapped_column(Moment)


class Figure(TenantOwned, Base):
    """A signed figure that cases are looked for by, in thousandths of its unit. See ``tables/cases.toml``.

    A whole number, because the row policy keeps PostgreSQL from comparing decimals within an index.
    """

    __tablename__ = "clinic_figure"
    __table_args__ = (
        belongs_to("version_id", "clinic_version"),
        Index("ix_clinic_figure_code", "tenant_id", "code", "found_at", "id", "thousandths"),
        Index("ix_clinic_figure_version", "tenant_id", "version_id"),
    )

    version_id: Mapped[int] = mapped_column(BigInteger)
    encounter_id: Mapped[int] = mapped_column(BigInteger)
    patient_id: Mapped[int] = mapped_column(BigInteger)
    element: Mapped[str] = mapped_column(String(40))
    n: Mapped[int] = mapped_column(Integer)
    side: Mapped[str] = mapped_column(String(1))
    code: Mapped[str] = mapped_column(String(40))
    thousandths: Mapped[int] = mapped_column(BigInteger)
    found_at: Mapped[datetime] = mapped_column(Moment)


class Recall(TenantOwned, Base):
    """When somebody should be seen again, as a signed plan says; what became of it is told by its events."""

    __tablename__ = "clinic_recall"
    __table_args__ = (
        belongs_to("patient_id", "people_patient"),
        belongs_to("encounter_id", "clinic_encounter"),
        belongs_to("version_id", "clinic_version"),
        belongs_to("store_id", "accounts_store"),
        Index("ix_clinic_recall_due", "tenant_id", "due_on"),
        Index("ix_clinic_recall_patient", "tenant_id", "patient_id"),
    )

    patient_id: Mapped[int] = mapped_column(BigInteger)
    encounter_id: Mapped[int] = mapped_column(BigInteger)
    version_id: Mapped[int] = mapped_column(BigInteger)
    store_id: Mapped[int] = mapped_column(BigInteger)
    due_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())


class RecallEvent(TenantOwned, Base):
    """What became of a recall; the newest holds, none means open."""

    __tablename__ = "clinic_recall_event"
    __table_args__ = (
        belongs_to("recall_id", "clinic_recall"),
        Index("ix_clinic_recall_event_recall", "tenant_id", "recall_id"),
    )

    recall_id: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Moment, server_default=func.clock_timestamp())
    by: Mapped[int] = mapped_column(BigInteger)
    why: Mapped[str | None] = mapped_column(String(500))


class Presence(Base):
    """Who has a patient's examination open, as of when."""

    __tablename__ = "clinic_presence"
    __table_args__ = (
        belongs_to("patient_id", "people_patient"),
        belongs_to("staff_id", "accounts_staff"),
    )

    tenant_id: Mapped[int] = mapped_column(Integer, primary_key=True, default=current_tenant)
    patient_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    staff_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(Moment)
