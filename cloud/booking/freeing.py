"""Time that came free is written down; the worker looks for who waits for it.

Every claim of such a time ends somebody's waiting, so that visits given up for earlier ones never go on for ever.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from cloud.booking.models import Freed


def note(session: Session, store_id: int, starts_at: datetime, ends_at: datetime) -> None:
    """This time is free; whoever waits for it is looked for once this transaction is kept."""
    session.add(Freed(store_id=store_id, starts_at=starts_at, ends_at=ends_at))
    session.flush()
