"""A recording of a wire as a text file: who said which bytes when, how the line stood; see docs/instruments.md."""

from protocols.capture.recording import Entry, Head, NoCapture, Recording, dump, line_of, load, looks_recorded

__all__ = ["Entry", "Head", "NoCapture", "Recording", "dump", "line_of", "load", "looks_recorded"]
