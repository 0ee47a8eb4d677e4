"""Questions about letters."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.kernel.tenancy import current_tenant
from cloud.messages.errors import NoSuchLetter
from cloud.messages.models import Letter, Setting


def letter(session: Session, letter_id: int, *, lock: bool = False) -> Letter:
    """One letter of this chain. Raises NoSuchLetter."""
    found = session.get(Letter, (current_tenant(), letter_id), with_for_update=lock or None)
    if found is None:
        raise NoSuchLetter(letter_id)
    return found


def setting(session: Session, store_id: int | None) -> Setting | None:
    """How a store writes, where it says so itself."""
    own = Setting.store_id == store_id if store_id else Setting.store_id.is_(None)
    return session.scalars(select(Setting).where(own)).first()
