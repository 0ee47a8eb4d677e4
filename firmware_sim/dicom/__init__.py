"""A device of the eye room that sends DICOM objects, or exports them as files: one object of each class it writes."""

from firmware_sim.dicom.sending import OBJECTS, example, exported

__all__ = ["OBJECTS", "example", "exported"]
