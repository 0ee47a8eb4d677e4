"""The margin of a print-out."""

from protocols.framing.margin import Margin as Gathered


class Margin(Gathered):
    """Collects while a print-out is read."""

    def representative_missing(self, side: str) -> None:
        """Several readings and no choice of the instrument: none is chosen and none is averaged here."""
        self.note(
            "representative_missing", f"The instrument chose no value for the {side} eye; all readings are given."
        )
