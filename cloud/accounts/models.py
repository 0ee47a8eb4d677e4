"""Tables of the accounts room."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    String,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from cloud.kernel.database import Base
from cloud.kernel.tenancy import TenantOwned, belongs_to


class Chain(Base):
    """A tenant: one optical chain or clinic. Its own row is all that its people can see here."""

    __tablename__ = "accounts_chain"

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(10), default="en")
    require_totp: Mapped[bool] = mapped_column(Boolean, default=False)


class Region(TenantOwned, Base):
    """A group of stores."""

    __tablename__ = "accounts_region"
    __table_args__ = (UniqueConstraint("tenant_id", "name"), ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"]))

    name: Mapped[str] = mapped_column(String(200))


class Store(TenantOwned, Base):
    """A shop or clinic; ``zone`` is an IANA time zone."""

    __tablename__ = "accounts_store"
    __table_args__ = (
        UniqueConstraint("tenant_id", "slug"),
        ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"]),
        belongs_to("region_id", "accounts_region"),
        Index("ix_accounts_store_name", "tenant_id", "name", "id"),
    )

    slug: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    zone: Mapped[str] = mapped_column(String(60), default="UTC")
    region_id: Mapped[int | None] = mapped_column(BigInteger)


class Staff(TenantOwned, Base):
    """A person who signs in. The address is unique over all chains, kept in lower case."""

    __tablename__ = "accounts_staff"
    __table_args__ = (UniqueConstraint("email"), ForeignKeyConstraint(["tenant_id"], ["accounts_chain.id"]))

    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    locale: Mapped[str | None] = mapped_column(String(10))
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class Post(TenantOwned, Base):
    """A role someone has: in one store, in a region, or in the whole chain when neither is named."""

    __tablename__ = "accounts_post"
    __table_args__ = (
        belongs_to("staff_id", "accounts_staff"),
        belongs_to("store_id", "accounts_store"),
        belongs_to("region_id", "accounts_region"),
        Index("ix_accounts_post_staff", "tenant_id", "staff_id"),
    )

    staff_id: Mapped[int] = mapped_column(BigInteger)
    role: Mapped[str] = mapped_column(String(20))
    store_id: Mapped[int | None] = mapped_column(BigInteger)
    region_id: Mapped[int | None] = mapped_column(BigInteger)


class FailedSignIn(Base):
    """A wrong password, by a hash of the address; outside any chain, as the chain is not known yet."""

    __tablename__ = "accounts_failed_sign_in"
    __table_args__ = (Index("ix_accounts_failed_sign_in_who", "who", "at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    who: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
