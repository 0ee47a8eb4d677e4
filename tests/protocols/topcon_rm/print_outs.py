"""Transmissions put together from docs/wire/topcon_rm.md."""

RIGHT = ["R", "- 1.25", "-0.50", " 90"]
LEFT = ["L", "+ 0.25", "-1.00", "175"]


def said(*lines):
    """As on a wire."""
    return "".join(f"{line}\r" for line in ("A", *lines)).encode("latin-1") + b"\x04"


WHOLE = said(*RIGHT, " ", *LEFT, " ", "63")
