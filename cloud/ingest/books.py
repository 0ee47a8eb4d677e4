"""A thread that leaves the books of stores' queues at the broker.

There are many of them and each takes a while to write, so no order of anybody waits behind them.
"""

from sqlalchemy import Connection

from cloud.ingest.publisher import LOOK_SECONDS, Publisher
from cloud.offline import telling


class Books(Publisher):
    """Of every chain, whichever is due."""

    def _listen(self, _connection: Connection) -> None:
        while not self.stopping.is_set():
            self._round()
            self.stopping.wait(LOOK_SECONDS)

    def _round(self) -> None:
        for tenant_id, store_id in self.going(telling.due(self.engine)):
            self.tell(telling, tenant_id, store_id)
