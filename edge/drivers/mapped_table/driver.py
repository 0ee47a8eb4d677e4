"""Any program's tables: takes the files of a folder and reads them by the map in the gateway's configuration."""

from collections.abc import Mapping

from edge.drivers.listener import Emit, Listener
from edge.links.base import Link
from protocols.envelope.table_map import TableMap
from protocols.mapped_table import Decoder, faults


class Driver(Listener):
    """One exporting computer. Raises ValueError without a map, or with one that cannot be followed."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        drawn = settings.get("map")
        if not isinstance(drawn, TableMap):
            raise ValueError("it needs a map; `emmetra map EXPORT` begins one")
        if wrong := faults(drawn):
            raise ValueError("; ".join(wrong))
        self._link: Link | None = None
        super().__init__(lambda: Decoder(drawn, self._name))

    async def run(self, link: Link, emit: Emit) -> None:
        """Pump one open link until it closes."""
        self._link = link
        await super().run(link, emit)

    def _name(self) -> str:
        """What the file is called that was handed over last, where the link has files."""
        return str(getattr(self._link, "name", None) or "")
