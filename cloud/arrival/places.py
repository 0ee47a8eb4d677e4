"""The token of one's own place in the queue: the one the queue gave, or one made again from our key.

The queue keeps the digest of its token and nothing else; a ticket that is printed again needs an address all the same.
"""

import hashlib
import hmac
import re

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cloud.kernel.database import outside
from cloud.kernel.hashing import digest
from cloud.kernel.tenancy import current_tenant
from cloud.queue import queries
from cloud.queue.errors import NoSuch
from cloud.queue.models import Stay

_SEALED = re.compile(r"([0-9a-f]{1,8})\.([0-9a-f]{1,12})\.([0-9a-f]{32})")


def again(key: str, stay: Stay) -> str:
    """Another token for the same place, always the same."""
    about = f"{stay.tenant_id:x}.{stay.id:x}"
    return f"{about}.{_seal(key, about)}"


def find(engine: Engine, key: str, token: str) -> tuple[int, int]:
    """Chain and number of the stay whose token this is. Raises NoSuch."""
    if sealed := _opened(key, token):
        return sealed
    with outside(engine) as session:
        found = queries.stay_holder(session, digest(token))
    if found is None:
        raise NoSuch
    return found


def stay(session: Session, stay_id: int, store_id: int | None = None) -> Stay:
    """A stay of this chain, of this store where one is named. Raises NoSuch."""
    found = session.get(Stay, (current_tenant(), stay_id))
    if found is None or store_id not in (None, found.store_id):
        raise NoSuch
    return found


def _opened(key: str, token: str) -> tuple[int, int] | None:
    match = _SEALED.fullmatch(token)
    if match is None or not hmac.compare_digest(_seal(key, f"{match[1]}.{match[2]}"), match[3]):
        return None
    return int(match[1], 16), int(match[2], 16)


def _seal(key: str, about: str) -> str:
    return hmac.new(key.encode(), f"arrival place {about}".encode(), hashlib.sha256).hexdigest()[:32]
