"""Keeps every instrument's driver running: back-off, lost once, back once."""

from edge.supervisor.fitting import Driver, Emit, Fit, Fitting, InstrumentSettings, Misfit, Recipient
from edge.supervisor.notebook import Notebook
from edge.supervisor.supervisor import Supervisor

__all__ = [
    "Driver",
    "Emit",
    "Fit",
    "Fitting",
    "InstrumentSettings",
    "Misfit",
    "Notebook",
    "Recipient",
    "Supervisor",
]
