"""An AL550 that pulls its patients over HTTP, measures one of them and posts the export."""

from firmware_sim.mediworks_al550.biometer import AL550, Answered
from firmware_sim.mediworks_al550.export import exported

__all__ = ["AL550", "Answered", "example", "exported"]


def example(model: str, kinds: tuple[str, ...]) -> bytes:
    """The export of a patient who was typed in at the instrument."""
    return exported(
        {"firstname": "Jane", "lastname": "Doe", "patientId": "0000000015", "birthday": "1980-04-23"}, model
    )
