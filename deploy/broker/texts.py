"""Reading the texts of a packet before the codec does.

mqtt5 0.8 panics on a text that is not UTF-8, and the packet it was reading is then never freed: a stranger
could fill the memory with it. So every text a client can send is looked at here first, in the order of
MQTT 5, chapter 3. What else is wrong with a packet the codec finds by itself.
"""

from collections.abc import Callable

_BYTE, _TWO, _FOUR = 1, 2, 4
_TEXT, _DATA, _PAIR, _NUMBER = "text", "data", "pair", "number"
PROPERTIES: dict[int, int | str] = {  # MQTT 5, 2.2.2.2
    0x01: _BYTE,
    0x02: _FOUR,
    0x03: _TEXT,
    0x08: _TEXT,
    0x09: _DATA,
    0x0B: _NUMBER,
    0x11: _FOUR,
    0x12: _TEXT,
    0x13: _TWO,
    0x15: _TEXT,
    0x16: _DATA,
    0x17: _BYTE,
    0x18: _FOUR,
    0x19: _BYTE,
    0x1A: _TEXT,
    0x1C: _TEXT,
    0x1F: _TEXT,
    0x21: _TWO,
    0x22: _TWO,
    0x23: _TWO,
    0x24: _BYTE,
    0x25: _BYTE,
    0x26: _PAIR,
    0x27: _FOUR,
    0x28: _BYTE,
    0x29: _BYTE,
    0x2A: _BYTE,
}


class _End(Exception):
    """There is nothing more to look at: the packet ends here, or goes on in a way the codec will refuse."""


class _Reader:
    """Walks through one packet. Raises UnicodeDecodeError, _End."""

    def __init__(self, frame: memoryview, at: int) -> None:
        self.frame = frame
        self.at = at

    def skip(self, count: int) -> int:
        """Where the skipped bytes began."""
        start = self.at
        self.at += count
        if self.at > len(self.frame):
            raise _End
        return start

    def data(self) -> memoryview:
        start = self.skip(2)
        length = self.frame[start] << 8 | self.frame[start + 1]
        start = self.skip(length)
        return self.frame[start : start + length]

    def text(self) -> None:
        str(self.data(), "utf-8")

    def number(self) -> int:
        value = 0
        for place in range(4):
            byte = self.frame[self.skip(1)]
            value |= (byte & 0x7F) << (7 * place)
            if byte < 0x80:
                return value
        raise _End

    def properties(self) -> None:
        end = self.number() + self.at
        while self.at < end:
            self.property(PROPERTIES.get(self.frame[self.skip(1)], ""))

    def property(self, kind: int | str) -> None:
        if isinstance(kind, int):
            self.skip(kind)
            return
        for read in _READS.get(kind, (_Reader.end,)):
            read(self)

    def end(self) -> None:
        raise _End

    def rest(self, *reads: Callable[["_Reader"], object]) -> None:
        while True:
            for read in reads:
                read(self)


_READS: dict[str, tuple[Callable[[_Reader], object], ...]] = {
    _TEXT: (_Reader.text,),
    _DATA: (_Reader.data,),
    _PAIR: (_Reader.text, _Reader.text),
    _NUMBER: (_Reader.number,),
}


def check(frame: memoryview, body: int) -> None:
    """Look at every text of a whole packet whose body begins there. Raises UnicodeDecodeError."""
    kind = frame[0] >> 4
    if kind == 3 and _is_plain(frame, body):
        return
    look = _PACKETS.get(kind)
    if look is not None:
        try:
            look(_Reader(frame, body), frame[0])
        except _End:
            return


def _is_plain(frame: memoryview, body: int) -> bool:
    """The way of nearly every PUBLISH: a topic in ASCII and no properties."""
    if len(frame) < body + 2:
        return False
    end = body + 2 + (frame[body] << 8 | frame[body + 1])
    rest = end + 2 if frame[0] & 6 else end
    return rest < len(frame) and not frame[rest] and bytes(frame[body + 2 : end]).isascii()


def _connect(reader: _Reader, _: int) -> None:
    reader.text()
    flags = reader.frame[reader.skip(4) + 1]
    reader.properties()
    reader.text()
    if flags & 0x04:
        reader.properties()
        reader.text()
        reader.data()
    if flags & 0x80:
        reader.text()


def _publish(reader: _Reader, first: int) -> None:
    reader.text()
    reader.skip(2 if first & 6 else 0)
    reader.properties()


def _answer(reader: _Reader, _: int) -> None:
    reader.skip(3)
    reader.properties()


def _subscribe(reader: _Reader, _: int) -> None:
    reader.skip(2)
    reader.properties()
    reader.rest(_Reader.text, lambda one: one.skip(1))


def _unsubscribe(reader: _Reader, _: int) -> None:
    reader.skip(2)
    reader.properties()
    reader.rest(_Reader.text)


def _reason(reader: _Reader, _: int) -> None:
    reader.skip(1)
    reader.properties()


_PACKETS: dict[int, Callable[[_Reader, int], None]] = {
    1: _connect,
    3: _publish,
    4: _answer,
    5: _answer,
    6: _answer,
    7: _answer,
    8: _subscribe,
    10: _unsubscribe,
    14: _reason,
    15: _reason,
}
