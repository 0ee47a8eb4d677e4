"""What a wire can do to text: pieces of good transmissions, cut, bent and joined; and what must hold all the same."""

import json

from hypothesis import strategies as st

from protocols.framing import Garbled, Transmission
from protocols.readings import from_json, to_json

BLANKS = b" \t\r\n\0"


def bent(good):
    """One byte of a good transmission is another."""
    return st.tuples(st.integers(0, len(good) - 1), st.integers(0, 255)).map(
        lambda bend: good[: bend[0]] + bytes([bend[1]]) + good[bend[0] + 1 :]
    )


def cut(good):
    """A piece of a good transmission."""
    return st.tuples(st.integers(0, len(good)), st.integers(0, len(good))).map(lambda at: good[min(at) : max(at)])


def wires(*goods):
    """Anything such an instrument's wire might carry on a bad day."""
    pieces = [one for good in goods for one in (st.just(good), bent(good), cut(good))]
    return st.lists(st.one_of(*pieces, st.binary(max_size=9)), max_size=6).map(b"".join)


def fed(decoder, wire, size):
    """The events of a wire in pieces of this size, and of the quiet behind it."""
    events = [event for at in range(0, len(wire), size) for event in decoder.feed(wire[at : at + size])]
    return [*events, *decoder.silence()]


def plausible(told):
    """Nothing that was read is outside of what an eye can have."""
    if isinstance(told, list):
        return all(map(plausible, told))
    if not isinstance(told, dict):
        return True
    limits = {"sphere": 30, "cylinder": 12, "axis": 180, "iop_mmhg": 99, "cct_um": 1100}
    within = all(
        abs(float(told[key])) <= limit for key, limit in limits.items() if isinstance(told.get(key), str | int)
    )
    return within and all(plausible(one) for key, one in told.items() if key != "extra")


def broken(decoder, wire):
    """Which of the promises any bytes must keep did not hold: each is named, none is what one wants to see."""
    events = fed(decoder, wire, len(wire) or 1)
    read = [one for event in events if isinstance(event, Transmission) for one in event.readings]
    said = b"".join(event.raw for event in events)
    promises = {
        "every byte becomes an event": all(isinstance(event, Transmission | Garbled) for event in events),
        "a reading survives being written": all(from_json(to_json(one)) == one for one in read),
        "no eye is impossible": all(plausible(json.loads(to_json(one))) for one in read),
        "no byte is lost": said.translate(None, BLANKS) == wire.translate(None, BLANKS),
        "nothing stays behind": decoder.pause is None and decoder.silence() == [],
        "pieces do not matter": [event.raw for event in fed(decoder, wire, 3)] == [event.raw for event in events],
    }
    return [promise for promise, holds in promises.items() if not holds]
