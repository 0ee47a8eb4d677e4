"""Tables of the messages room."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
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

NOW = func.clock_timestamp()


class Letter(TenantOwned, Base):
    """Something that is told to somebody, and how far that is.

    ``address`` is where it goes as written, ``normalized`` what is compared. ``words`` fill the template; ``secret`` is
    what nobody may read again, gone once it was sent. ``others`` are ways to try where this one fails. It is sent from
    ``at`` to ``until``; ``due_at`` is when it is looked at next, ``lease_until`` when a worker that holds it counts as
    dead.
    """

    __tablename__ = "messages_letter"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        belongs_to("patient_id", "people_patient"),
        ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"]),
        UniqueConstraint("tenant_id", "key"),
        Index("ix_messages_letter_due", "due_at", postgresql_where=text("state IN ('waiting', 'sending')")),
        Index("ix_messages_letter_store", "tenant_id", "store_id", "id"),
        Index("ix_messages_letter_patient", "tenant_id", "patient_id", "id"),
        Index("ix_messages_letter_about", "tenant_id", "about"),
        Index("ix_messages_letter_normalized", "tenant_id", "channel", "normalized", "id"),
    )

    key: Mapped[str] = mapped_column(String(120))
    store_id: Mapped[int | None] = mapped_column(BigInteger)
    patient_id: Mapped[int | None] = mapped_column(BigInteger)
    about: Mapped[str | None] = mapped_column(String(40))
    purpose: Mapped[str] = mapped_column(String(10))
    urgent: Mapped[bool] = mapped_column(Boolean, default=False)
    channel: Mapped[str | None] = mapped_column(String(10))
    address: Mapped[str] = mapped_column(String(300), default="")
    normalized: Mapped[str] = mapped_column(String(300), default="")
    name: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(10))
    others: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list)
    template: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(SmallInteger)
    words: Mapped[dict[str, str]] = mapped_column(JSONB)
    secret: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    why: Mapped[str | None] = mapped_column(String(20))
    said: Mapped[str | None] = mapped_column(String(10))
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    message_id: Mapped[str | None] = mapped_column(String(200))
    written_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    lease_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Enclosure(TenantOwned, Base):
    """A file that goes with a letter."""

    __tablename__ = "messages_enclosure"
    __table_args__ = (
        belongs_to("letter_id", "messages_letter"),
        Index("ix_messages_enclosure_letter", "tenant_id", "letter_id"),
    )

    letter_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(80))
    data: Mapped[bytes] = mapped_column(LargeBinary)


class Step(TenantOwned, Base):
    """What was decided about a letter, or became of it. Rows are only ever added."""

    __tablename__ = "messages_step"
    __table_args__ = (
        belongs_to("letter_id", "messages_letter"),
        belongs_to("by", "accounts_staff"),
        Index("ix_messages_step_letter", "tenant_id", "letter_id", "id"),
    )

    letter_id: Mapped[int] = mapped_column(BigInteger)
    what: Mapped[str] = mapped_column(String(12))
    why: Mapped[str | None] = mapped_column(String(20))
    until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    by: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)


class Suppression(TenantOwned, Base):
    """An address nothing goes to any more, by what its owner said; ``purposes`` names what it stops."""

    __tablename__ = "messages_suppression"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"]),
        Index("ix_messages_suppression_normalized", "tenant_id", "channel", "normalized"),
    )

    channel: Mapped[str] = mapped_column(String(10))
    normalized: Mapped[str] = mapped_column(String(300))
    purposes: Mapped[list[str]] = mapped_column(JSONB)
    why: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Setting(TenantOwned, Base):
    """How a store writes; a row without a store is the chain's own. Minutes after midnight by the store's clock."""

    __tablename__ = "messages_setting"
    __table_args__ = (
        belongs_to("store_id", "accounts_store"),
        ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"]),
        UniqueConstraint("tenant_id", "store_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("quiet_from BETWEEN 0 AND 1439 AND quiet_to BETWEEN 0 AND 1439", name="on_the_clock"),
    )

    store_id: Mapped[int | None] = mapped_column(BigInteger)
    sender: Mapped[str] = mapped_column(String(80), default="")
    reply_to: Mapped[str] = mapped_column(String(254), default="")
    quiet_from: Mapped[int] = mapped_column(SmallInteger, default=21 * 60)
    quiet_to: Mapped[int] = mapped_column(SmallInteger, default=8 * 60)


class Kept(TenantOwned, Base):
    """What the local provider was given instead of a network: a telephone that lies on the desk."""

    __tablename__ = "messages_kept"
    __table_args__ = (
        belongs_to("letter_id", "messages_letter"),
        UniqueConstraint("tenant_id", "letter_id"),
        Index("ix_messages_kept_address", "tenant_id", "channel", "normalized", "id"),
    )

    letter_id: Mapped[int] = mapped_column(BigInteger)
    channel: Mapped[str] = mapped_column(String(10))
    normalized: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(300), default="")
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)


class Reply(TenantOwned, Base):
    """What somebody answered, and what became of it. ``letter_id`` is the letter it was taken to answer."""

    __tablename__ = "messages_reply"
    __table_args__ = (
        belongs_to("letter_id", "messages_letter"),
        belongs_to("by", "accounts_staff"),
        ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"]),
        Index("ix_messages_reply_address", "tenant_id", "channel", "normalized", "id"),
    )

    channel: Mapped[str] = mapped_column(String(10))
    normalized: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(String(500))
    meaning: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str] = mapped_column(String(20))
    letter_id: Mapped[int | None] = mapped_column(BigInteger)
    by: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
