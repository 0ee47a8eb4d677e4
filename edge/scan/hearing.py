"""What is wrong with a line, told from the bytes that came over it. Pure; the port checked parity and stop bits, so
that a character with an error is a NUL.

- Seven bits with parity, read as eight without: text once the eighth bit is taken off, and that bit is the parity.
- Another parity at the right speed: NULs alone, or text with NULs among it.
- A faster instrument: few bytes, all kinds. A slower one: each of its bits is two or more of ours, so that no single
  bit ever stands alone.
"""  # noqa: D205

from dataclasses import replace
from typing import Literal, NamedTuple

from edge.links import LineSettings
from edge.links.settings import Parity

State = Literal["silence", "seven_bits", "wrong_parity", "wrong_speed", "stranger"]

ENOUGH = 8  # bytes from which a share means something
SOME, ALL = 0.2, 0.95  # shares of characters with an error
GOOD = {8: 0.6, 7: 0.97}  # share of text that is no accident, by bits: among seven bits most are text anyway
MANY = 32  # bytes from which their shape does: a request to send is shorter
SPOKEN = frozenset([*range(0x20, 0x7F), 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x09, 0x0A, 0x0D, 0x15, 0x17, 0x1A, 0x1B])

SILENT = "Nothing was heard at any setting, and no instrument shows itself on the plug."
SILENT_DO = (
    "Check that it is switched on, that the cable sits, and that its output is set to this port; then press Print."
)
SWAPPED = "Nothing was heard at any setting, though the plug shows an instrument that is switched on."
SWAPPED_DO = (
    "If its Print was pressed, its transmit and receive wires are probably swapped: use the other kind of cable."
)
UNSEEN_DO = (
    "If its Print was pressed, its transmit and receive wires are probably swapped, or it is set to another port."
)


class Judgement(NamedTuple):
    """What was made of some bytes: for a person, and for the choice of the next setting."""

    state: State
    what: str
    do: str
    line: LineSettings | None = None
    slower: bool | None = None


def silence(shown: bool | None) -> Judgement:
    """Nothing came; ``shown`` is whether DSR or CTS were ever on, absent where the port has no such wires."""
    if shown is None:
        return Judgement("silence", "Nothing was heard at any setting.", f"Press Print while it listens. {UNSEEN_DO}")
    if shown:
        return Judgement("silence", SWAPPED, SWAPPED_DO)
    return Judgement("silence", SILENT, SILENT_DO)


def judged(data: bytes, line: LineSettings | None) -> Judgement:
    """Bytes that no dialect could read."""
    clean = data.replace(b"\0", b"")
    if line is None:
        return _stranger("over the network")
    if parity := _eighth_bit(clean, line):
        return _seven_bits(line, parity)
    errors = 1 - len(clean) / len(data)
    if len(data) >= ENOUGH and (errors >= ALL or (errors >= SOME and _is_text(clean, GOOD.get(line.bits, 1)))):
        return _wrong_parity(line)
    if not _is_text(clean) or len(clean) < ENOUGH:
        return _wrong_speed(clean, line, errors)
    return _stranger(f"at {line}")


def seven(data: bytes) -> bytes:
    """Without the eighth bit."""
    return bytes(byte & 0x7F for byte in data)


def _is_text(data: bytes, share: float = 0.9) -> bool:
    return len(data) > 0 and sum(byte in SPOKEN for byte in data) >= share * len(data)


def _eighth_bit(data: bytes, line: LineSettings) -> Parity | None:
    """Which parity the eighth bit is, when it is one."""
    if line.bits != 8 or len(data) < ENOUGH or not _is_text(seven(data)) or max(data) < 0x80:
        return None
    odd = sum(byte.bit_count() % 2 for byte in data) / len(data)
    if min(data) >= 0x80:
        return "mark"
    return "even" if odd <= 0.05 else "odd" if odd >= 0.95 else None


def _seven_bits(line: LineSettings, parity: Parity) -> Judgement:
    right = replace(line, bits=7, parity=parity)
    what = f"The instrument speaks with 7 bits and {parity} parity; read as {line}, every eighth bit is its parity."
    return Judgement("seven_bits", what, f"Set the port to {right}.", right)


def _wrong_parity(line: LineSettings) -> Judgement:
    what = f"Something speaks, probably with another parity: at {line} its characters come with parity errors."
    return Judgement("wrong_parity", what, "Press Print again; another parity is tried.")


def _wrong_speed(data: bytes, line: LineSettings, errors: float) -> Judgement:
    slower = None
    if len(data) >= MANY:
        slower = True if _is_stretched(data) else False if errors < SOME else None
    kind = {True: "more slowly than", False: "faster than", None: "but not at"}[slower]
    what = f"Something speaks {kind} {line.baud} baud: what arrives cannot be text."
    return Judgement("wrong_speed", what, "Press Print again; another speed is tried.", slower=slower)


def _is_stretched(data: bytes) -> bool:
    """No bit stands alone between two others in nine of ten characters, start and stop bit included."""
    alone = sum(_stands_alone(byte) for byte in data)
    return alone <= len(data) / 10


def _stands_alone(byte: int) -> bool:
    bits = f"{1:b}{byte:08b}0"  # stop bit, data from the highest, start bit
    return "010" in bits or "101" in bits


def _stranger(where: str) -> Judgement:
    what = f"An instrument can be read {where}, but none that we know speaks like this."
    return Judgement("stranger", what, "Record it with `emmetra gateway capture` and send us the file.")
