"""Who did what to which row, and who looked. Written in the same transaction as the deed; never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKeyConstraint, Index, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned


class Entry(TenantOwned, Base):
    """One line of the audit trail; ``details`` holds ids and choices, never clinical values."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "tenant_id", "subject_kind", "subject_id"),
        ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"]),
    )

    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    staff_id: Mapped[int | None] = mapped_column(BigInteger)
    verb: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(60))
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


def note(session: Session, *, by: int | None, verb: str, kind: str, subject: object, **details: Any) -> None:
    """Add a line to the trail."""
    session.add(Entry(staff_id=by, verb=verb, subject_kind=kind, subject_id=str(subject), details=details))
