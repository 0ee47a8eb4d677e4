"""CD5220: customer displays of two lines of twenty letters, on a serial line (9600 8N1).

Sources: manuals of POS-X XP8200 and Partner CD5220. The pass-through bytes are those python-escpos 3.1 puts around
a text.
"""

COLUMNS = 20
INIT, CLEAR, NO_CURSOR = b"\x1b@", b"\x0c", b"\x1b_\x00"
UPPER, LOWER = b"\x1bQA", b"\x1bQB"
DISPLAY, PRINTER = b"\x1b=\x02", b"\x1b=\x01"  # where a display hangs behind a printer on one line


def show(upper: str, lower: str = "", *, through_printer: bool = False) -> bytes:
    """Both lines, cut and padded to twenty. Raises ValueError for anything but printable ASCII.

    A display that is left in the mode of ESC Q ends it with the clearing that stands before.
    """
    said = INIT + NO_CURSOR + CLEAR + _line(UPPER, upper) + _line(LOWER, lower)
    return DISPLAY + said + PRINTER if through_printer else said


def brightness(level: int) -> bytes:
    """From 1, dark, to 4. Raises ValueError."""
    if not 1 <= level <= 4:
        raise ValueError(f"a brightness of {level} is not from 1 to 4")
    return bytes((0x1B, 0x2A, level))


def _line(where: bytes, text: str) -> bytes:
    if not text.isascii() or not text.isprintable():
        raise ValueError("the display has letters of ASCII alone")
    return where + text[:COLUMNS].ljust(COLUMNS).encode("ascii") + b"\r"
