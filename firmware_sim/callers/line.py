"""Modbus RTU frames as a unit hears them; its own check, so that ours is held against another."""


def check(said: bytes) -> bytes:
    """CRC-16 of Modbus by shifting, the low byte first."""
    found = 0xFFFF
    for one in said:
        found ^= one
        for _ in range(8):
            found, out = found >> 1, found & 1
            found ^= 0xA001 * out
    return found.to_bytes(2, "little")


def checked(said: bytes) -> bytes:
    """With its check."""
    return said + check(said)


def whole(held: bytes) -> bytes | None:
    """A frame that is all there; broken ones are passed over by silence, which a simulator does not wait for."""
    if len(held) < 8:
        return None
    size = 9 + held[6] if held[1] == 0x10 else 8
    return held[:size] if len(held) >= size and check(held[: size - 2]) == held[size - 2 : size] else None
