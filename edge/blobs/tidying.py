"""How long blobs stay on the gateway once the cloud has them; before that they stay whatever happens."""

import asyncio
import logging
import time
from collections.abc import Callable

from edge.blobs.store import Store

log = logging.getLogger("emmetra.blobs")

EVERY_S = 60.0
DAY_S = 86_400.0


def tidy(store: Store, days: float, now: float, is_short: Callable[[], bool]) -> int:
    """Remove what has been kept longer than ``days``, and older ones first while room is short; how many. Blocks."""
    removed = 0
    for row in store.journal.removable():
        if (row.ended_at or now) + days * DAY_S > now and not is_short():
            break
        store.remove(row.sha256)
        removed += 1
    return removed


async def keep_tidy(store: Store, days: Callable[[], float], is_short: Callable[[], bool]) -> None:
    """Again and again, until cancelled."""
    while True:
        try:
            removed = await asyncio.to_thread(tidy, store, days(), time.time(), is_short)
            if removed:
                log.info("%d blobs that the cloud has were removed", removed)
        except OSError as trouble:
            log.warning("blobs cannot be tidied up: %s", trouble)
        await asyncio.sleep(EVERY_S)
