"""Cutting the stream into packets, and reading each with the codec.

    type and flags   remaining length                the packet
    1 byte           1 to 4 bytes, 7 bits a byte     as many bytes

The codec answers "not enough bytes" both to a packet under way and to a packet that lies about its own
insides, so the length is looked at here first.
"""

import mqtt5
from mqtt5 import DisconnectReasonCode

from deploy.broker import texts

_CONNECT = 0x10
_FROM_SERVERS = frozenset({2, 9, 11, 13})  # CONNACK, SUBACK, UNSUBACK, PINGRESP
_TEXTLESS = 4  # the plain PUBACK, PINGREQ and DISCONNECT; nothing so short can hold a wrong text
_OLD_REFUSAL = b"\x20\x02\x00\x01"  # MQTT 3.1.1, 3.2.2.3: unacceptable protocol version, in words an old client reads
_NEW_REFUSAL = mqtt5.ConnAckPacket(reason_code=mqtt5.ConnAckReasonCode.UNSUPPORTED_PROTOCOL_VERSION).write()


class Refusal(Exception):
    """The client broke the protocol. ``answer`` is what it is told when it has not been welcomed yet."""

    def __init__(self, code: DisconnectReasonCode, why: str, answer: bytes = b"") -> None:
        super().__init__(why)
        self.code = code
        self.why = why
        self.answer = answer


def frame_size(view: memoryview, at: int, limit: int, *, greeted: bool) -> int:
    """The size of the packet that begins here, 0 while that cannot be known. Raises Refusal."""
    if not greeted and view[at] != _CONNECT:
        raise Refusal(DisconnectReasonCode.PROTOCOL_ERROR, "the first packet must be CONNECT")
    if len(view) - at > 1 and view[at + 1] < 0x80:
        return _within(2 + view[at + 1], limit)
    length = 0
    for place, byte in enumerate(view[at + 1 : at + 5]):
        length |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return _within(2 + place + length, limit)
    if len(view) - at > 4:
        raise Refusal(DisconnectReasonCode.MALFORMED_PACKET, "the remaining length does not end")
    return 0


def read(frame: memoryview) -> mqtt5.Packet:
    """Read one whole packet. Raises Refusal, whatever the bytes."""
    first = frame[0]
    if first >> 4 in _FROM_SERVERS:
        raise Refusal(DisconnectReasonCode.PROTOCOL_ERROR, "only a server sends this packet")
    foreign = foreign_connect(frame) if first == _CONNECT else b""
    if foreign:
        raise Refusal(DisconnectReasonCode.PROTOCOL_ERROR, "this broker speaks MQTT 5", foreign)
    try:
        if len(frame) > _TEXTLESS:
            texts.check(frame, _body(frame))
        packet, size = mqtt5.read(frame)
    except UnicodeDecodeError:
        raise Refusal(DisconnectReasonCode.MALFORMED_PACKET, "a text is not UTF-8") from None
    except (ValueError, IndexError) as broken:
        raise Refusal(DisconnectReasonCode.MALFORMED_PACKET, str(broken)) from None
    if size != len(frame):
        raise Refusal(DisconnectReasonCode.MALFORMED_PACKET, "the packet is shorter than it says")
    return packet


def foreign_connect(frame: memoryview) -> bytes:
    """The answer to a CONNECT of another version of MQTT, nothing for one of ours."""
    head = bytes(frame[1:16])
    at = head.find(b"\x00\x04MQTT")
    if b"\x00\x06MQIsdp" in head or (at >= 0 and head[at + 6 : at + 7] in (b"\x03", b"\x04")):
        return _OLD_REFUSAL
    return _NEW_REFUSAL if at >= 0 and head[at + 6 : at + 7] > b"\x05" else b""


def _within(size: int, limit: int) -> int:
    if size > limit:
        raise Refusal(DisconnectReasonCode.PACKET_TOO_LARGE, f"packets may have {limit} bytes")
    return size


def _body(frame: memoryview) -> int:
    at = 1
    while frame[at] >= 0x80:
        at += 1
    return at + 1
