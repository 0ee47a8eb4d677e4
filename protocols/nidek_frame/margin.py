"""The margin of a block."""

from collections.abc import Iterable

from protocols.framing.margin import Margin as Gathered


class Margin(Gathered):
    """Collects while a block is read."""

    def keep_blocks(self, blocks: Iterable[tuple[str, list[str]]]) -> None:
        """Keep whole blocks that gave no reading, by their header."""
        for header, texts in blocks:
            self.keep(header, " | ".join(texts))
            self.note("unknown_field", f"The instrument sent a block {header!r}, which is kept as it came.")
