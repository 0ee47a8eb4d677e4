"""Tables of the enrolment room. What a claim was made for and what a certificate says never changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Claim(TenantOwned, Base):
    """Leave for one box to become one gateway. ``serial`` binds it to a box, ``asked_…`` says who came."""

    __tablename__ = "enrolment_claim"
    __table_args__ = (
        UniqueConstraint("code_hash"),
        belongs_to("store_id", "accounts_store"),
        belongs_to("gateway_id", "fleet_gateway"),
        Index(
            "uq_enrolment_claim_live",
            "tenant_id",
            "store_id",
            "slug",
            unique=True,
            postgresql_where=text("state IN ('open', 'waiting', 'approved')"),
        ),
    )

    kind: Mapped[str] = mapped_column(String(20))
    store_id: Mapped[int] = mapped_column(BigInteger)
    slug: Mapped[str] = mapped_column(String(40))
    gateway_id: Mapped[int | None] = mapped_column(BigInteger)
    code_hash: Mapped[str] = mapped_column(String(64))
    serial: Mapped[str | None] = mapped_column(String(80))
    needs_approval: Mapped[bool] = mapped_column(Boolean)
    made_by: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    state: Mapped[str] = mapped_column(String(20), default="open")
    key_fingerprint: Mapped[str | None] = mapped_column(String(64))
    asked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    asked_serial: Mapped[str | None] = mapped_column(String(80))
    asked_hardware: Mapped[str | None] = mapped_column(String(80))
    asked_software: Mapped[str | None] = mapped_column(String(60))
    burned_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Approval(TenantOwned, Base):
    """What a second person said of the box that asked, known by the fingerprint of its key."""

    __tablename__ = "enrolment_approval"
    __table_args__ = (belongs_to("claim_id", "enrolment_claim"), UniqueConstraint("tenant_id", "claim_id"))

    claim_id: Mapped[int] = mapped_column(BigInteger)
    key_fingerprint: Mapped[str] = mapped_column(String(64))
    approved: Mapped[bool] = mapped_column(Boolean)
    by: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Certificate(TenantOwned, Base):
    """A certificate that was signed; ``pem`` holds its chain, ``roots`` the fingerprints of the bundle sent with it."""

    __tablename__ = "enrolment_certificate"
    __table_args__ = (
        UniqueConstraint("fingerprint"),
        belongs_to("gateway_id", "fleet_gateway"),
        belongs_to("claim_id", "enrolment_claim"),
        belongs_to("replaced_by", "enrolment_certificate"),
        Index("ix_enrolment_certificate_gateway", "tenant_id", "gateway_id", "id"),
        Index("ix_enrolment_certificate_address", "address"),
        Index("ix_enrolment_certificate_revoked", "not_after", postgresql_where=text("state = 'revoked'")),
    )

    gateway_id: Mapped[int] = mapped_column(BigInteger)
    claim_id: Mapped[int | None] = mapped_column(BigInteger)
    serial_number: Mapped[str] = mapped_column(String(40))
    fingerprint: Mapped[str] = mapped_column(String(64))
    key_fingerprint: Mapped[str] = mapped_column(String(64))
    signer: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(130))
    pem: Mapped[str] = mapped_column(Text)
    roots: Mapped[list[str]] = mapped_column(JSONB)
    not_before: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    not_after: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    issued_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    state: Mapped[str] = mapped_column(String(20), default="active")
    replaced_by: Mapped[int | None] = mapped_column(BigInteger)
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_by: Mapped[int | None] = mapped_column(BigInteger)
    why: Mapped[str | None] = mapped_column(String(20))
    remark: Mapped[str | None] = mapped_column(String(500))


class Passage(TenantOwned, Base):
    """A step in a gateway's identity: enrolled, renewed, moved, revoked, replaced. Only ever added."""

    __tablename__ = "enrolment_passage"
    __table_args__ = (
        belongs_to("gateway_id", "fleet_gateway"),
        Index("ix_enrolment_passage_gateway", "tenant_id", "gateway_id", "id"),
    )

    gateway_id: Mapped[int] = mapped_column(BigInteger)
    verb: Mapped[str] = mapped_column(String(20))
    by: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class Policy(TenantOwned, Base):
    """Whether a second person approves every box; the chain's latest row holds."""

    __tablename__ = "enrolment_policy"
    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"]),)

    approval: Mapped[bool] = mapped_column(Boolean)
    by: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Kick(TenantOwned, Base):
    """A live connection to be ended: whoever is connected under ``address``; ``due_at`` is absent once it is done."""

    __tablename__ = "enrolment_kick"
    __table_args__ = (
        belongs_to("gateway_id", "fleet_gateway"),
        Index("ix_enrolment_kick_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    )

    gateway_id: Mapped[int] = mapped_column(BigInteger)
    address: Mapped[str] = mapped_column(String(130))
    again: Mapped[list[int]] = mapped_column(JSONB)
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Guess(Base):
    """A claim that fits nothing, by a hash of the address it came from; outside any chain."""

    __tablename__ = "enrolment_guess"
    __table_args__ = (Index("ix_enrolment_guess_who", "who", "at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    who: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
